/** Nodes, add-ons and controllers of EKS without what they work with. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const role = (part: string): string => `Role::${n.AWS}-${part}-role`;
const attachment = (part: string, policy: string): string => `RolePolicyAttachment::${n.AWS}-${part}-role-${policy}`;
const DRIVER = `Addon::${n.AWS}-storage-driver`;
const IDENTITY = `PodIdentityAssociation::${n.AWS}-lbc-identity`;

const trust = (s: Stack, part: string, edit: (text: string) => string): unknown =>
  s.rewrite(role(part), 'assumeRolePolicy', edit);

export const eksRoles: readonly Mistake[] = [
  {
    name: "the nodes' role has no policy for nodes",
    change: (s) => s.remove(attachment('nodes', 'AmazonEKSWorkerNodePolicy')),
    findings: [`role-lacks-policy ${role('nodes')}`],
  },
  {
    name: "the nodes' role may fetch no images",
    change: (s) => s.remove(attachment('nodes', 'AmazonEC2ContainerRegistryPullOnly')),
    findings: [`role-lacks-policy ${role('nodes')}`],
  },
  {
    name: "the network plugin's role may not attach interfaces",
    change: (s) => s.remove(attachment('pods-cni', 'AmazonEKS_CNI_Policy')),
    findings: [`role-lacks-policy ${role('pods-cni')}`],
  },
  {
    name: "the network plugin has no role, and the nodes' may not attach interfaces",
    change: (s) => s.set(n.CNI, 'podIdentityAssociations', undefined).setSources(n.CNI, 'podIdentityAssociations', []),
    findings: [`no-identity ${n.CNI}`],
  },
  {
    name: 'the EBS driver has no role',
    change: (s) =>
      s.set(DRIVER, 'podIdentityAssociations', undefined).setSources(DRIVER, 'podIdentityAssociations', []),
    findings: [`no-identity ${DRIVER}`],
  },
  {
    name: "sessions of the EBS driver's role may not be tagged",
    change: (s) => trust(s, 'storage-driver', (text) => text.replace(',"sts:TagSession"', '')),
    findings: [`role-trust ${role('storage-driver')}`],
  },
  {
    name: "the load balancer controller's role is for EC2",
    change: (s) => trust(s, 'lbc', (text) => text.replace('pods.eks', 'ec2')),
    findings: [`role-trust ${role('lbc')}`],
  },
  {
    name: "the load balancer controller's role is for another service account",
    change: (s) => s.set(IDENTITY, 'serviceAccount', 'aws-lbc'),
    findings: [`no-identity ${IDENTITY}`],
  },
  {
    name: 'nothing hands the credentials to pods',
    change: (s) => s.remove(`Addon::${n.AWS}-pods-pod-identity-agent`),
    findings: [`no-identity-agent ${n.EKS}`],
  },
  {
    name: 'nothing installs kube-proxy',
    change: (s) => s.remove(`Addon::${n.AWS}-pods-kube-proxy`),
    findings: [`no-kube-proxy ${n.EKS}`],
  },
  {
    name: 'nothing installs the EBS driver',
    change: (s) => s.remove(DRIVER),
    findings: [`no-volume-driver ${n.EKS}`],
  },
  {
    name: "GKE's disk driver is switched off",
    change: (s) => s.set(n.GKE, 'addonsConfig.gcePersistentDiskCsiDriverConfig.enabled', false),
    findings: [`no-volume-driver ${n.GKE}`],
  },
  {
    name: 'nothing installs cert-manager',
    change: (s) => s.remove(n.release(n.AWS, 'cert-manager')),
    findings: [`no-cert-manager ${n.EKS}`],
  },
  {
    name: 'cert-manager comes without its definitions',
    change: (s) => s.set(n.release(n.GCP, 'cert-manager'), 'values', { crds: { enabled: false } }),
    findings: [`no-definitions ${n.release(n.GCP, 'cert-manager')}`],
  },
];
