/** Nodes, add-ons and controllers of EKS that lack the permissions they work with (Amazon EKS User Guide, "Identity and access"). */
import { ROLE, hasPolicy, trusts } from '../model/aws/roles';
import type { EksCluster } from '../model/kubernetes/cluster';
import { ADDON, EKS_CLUSTER, addonOf, isAutoMode, nodeGroupsOf } from '../model/kubernetes/eks';
import { dig, textMap } from '../model/kubernetes/objects';
import { hasChart, readReleases } from '../model/kubernetes/releases';
import type { Model } from '../model/model';
import { type Resource, asText } from '../resources/resource';
import type { Finding } from '../verdict';

const ASSOCIATION = 'aws:eks/podIdentityAssociation:PodIdentityAssociation';
/** Policies of AWS's own that do, by name, and the one to take. */
interface Grant {
  readonly names: RegExp;
  readonly usual: string;
}

const grant = (usual: string, names = new RegExp(`^${usual}$`)): Grant => ({ usual, names });

const WORKER_NODE = grant('AmazonEKSWorkerNodePolicy', /^AmazonEKSWorkerNode(Minimal)?Policy$/);
const REGISTRY = grant('AmazonEC2ContainerRegistryPullOnly', /^AmazonEC2ContainerRegistry/);
/** The controller's documentation gives its policy as a file, so there is none of AWS's own. */
const CONTROLLER = grant('AWSLoadBalancerControllerIAMPolicy', /LoadBalancerController/);
const POD_IDENTITY = 'pods.eks.amazonaws.com';

export function eksRoleFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster) => {
    if (cluster.cloud !== 'aws' || isAutoMode(cluster.resource)) return [];
    return [
      ...clusterFindings(model, cluster),
      ...WORKERS.flatMap((worker) => workerFindings(model, cluster, worker)),
      ...controllerFindings(model, cluster),
      ...agentFindings(model, cluster),
    ];
  });
}

/** "Amazon EKS cluster IAM role" and "Amazon EKS node IAM role": without these nodes neither join nor fetch the add-ons' images. */
function clusterFindings(model: Model, { resource }: EksCluster): Finding[] {
  const plane = model.inventory.find(resource, 'roleArn', ROLE);
  const nodes = nodeRoles(model, resource);
  return [
    ...lacking(model, plane, grant('AmazonEKSClusterPolicy'), 'the control plane may do nothing'),
    ...nodes.flatMap((role) => [
      ...lacking(model, role, WORKER_NODE, 'nodes do not join'),
      ...lacking(model, role, REGISTRY, 'nodes get no image of an add-on'),
    ]),
  ];
}

function nodeRoles(model: Model, cluster: Resource): Resource[] {
  const roles = nodeGroupsOf(model.inventory, cluster).map((group) => model.inventory.find(group, 'nodeRoleArn', ROLE));
  return [...new Set(roles.filter((role) => role !== undefined))];
}

function lacking(model: Model, role: Resource | undefined, { names, usual }: Grant, what: string): Finding[] {
  if (role === undefined || hasPolicy(model.inventory, role, names) !== false) return [];
  const message = `${role.name} has no policy ${usual}: ${what}`;
  return [{ rule: 'role-lacks-policy', urn: role.urn, message, remedy: `Attach ${usual}` }];
}

/** An add-on that calls AWS, the service account that it does so with, and the policy that it needs. */
interface Worker {
  readonly addon: string;
  readonly account: string;
  readonly policy: Grant;
  readonly does: string;
}

const WORKERS: readonly Worker[] = [
  {
    addon: 'vpc-cni',
    account: 'aws-node',
    policy: grant('AmazonEKS_CNI_Policy'),
    does: 'pods get no addresses',
  },
  {
    addon: 'aws-ebs-csi-driver',
    account: 'ebs-csi-controller-sa',
    policy: grant('AmazonEBSCSIDriverPolicy', /^AmazonEBSCSIDriver/),
    does: 'volumes are not made',
  },
];

/** Its own role counts where it has one; otherwise it has what its node may do. */
function workerFindings(model: Model, { resource }: EksCluster, worker: Worker): Finding[] {
  const addon = addonOf(model.inventory, resource, worker.addon);
  if (addon === undefined || resource.knownText('kubernetesNetworkConfig.ipFamily') === 'ipv6') return [];
  const association = associationFor(model, resource, 'kube-system', worker.account);
  const pod =
    identityOf(model, addon, worker.account) ?? (association === undefined ? undefined : roleOf(model, association));
  if (pod !== undefined) return [...untrusting(pod), ...lacking(model, pod, worker.policy, worker.does)];
  const hasOther = [addon.value('serviceAccountRoleArn'), addon.value('podIdentityAssociations'), association];
  if (hasOther.some((other) => other !== undefined)) {
    const role = model.inventory.find(addon, 'serviceAccountRoleArn', ROLE);
    return lacking(model, role, worker.policy, worker.does);
  }
  const nodes = nodeRoles(model, resource);
  if (nodes.length === 0 || nodes.some((role) => hasPolicy(model.inventory, role, worker.policy.names) !== false))
    return [];
  const message = `${addon.name} has no role, and its nodes' has no policy ${worker.policy.usual}: ${worker.does}`;
  const remedy = `Give it a Pod Identity association of ${worker.account} with such a role`;
  return [{ rule: 'no-identity', urn: addon.urn, message, remedy }];
}

function identityOf(model: Model, addon: Resource, account: string): Resource | undefined {
  const index = addon
    .objects('podIdentityAssociations')
    .findIndex(({ serviceAccount }) => asText(serviceAccount) === account);
  return index < 0 ? undefined : model.inventory.find(addon, `podIdentityAssociations.${index}.roleArn`, ROLE);
}

function associationsOf(model: Model, cluster: Resource): readonly Resource[] {
  return model.inventory
    .all(ASSOCIATION)
    .filter((association) => model.inventory.find(association, 'clusterName', EKS_CLUSTER) === cluster);
}

function associationFor(model: Model, cluster: Resource, namespace: string, account: string): Resource | undefined {
  return associationsOf(model, cluster).find(
    (association) =>
      association.knownText('namespace') === namespace && association.knownText('serviceAccount') === account,
  );
}

function roleOf(model: Model, association: Resource): Resource | undefined {
  return model.inventory.find(association, 'roleArn', ROLE);
}

/** "EKS Pod Identity role": sessions are tagged, so the trust policy has to allow that too. */
function untrusting(role: Resource): Finding[] {
  const actions = ['sts:AssumeRole', 'sts:TagSession'];
  if (trusts(role, POD_IDENTITY, actions) !== false) return [];
  const message = `${role.name} is of a Pod Identity association, but ${POD_IDENTITY} may not take it`;
  const remedy = `Allow ${POD_IDENTITY} ${actions.join(' and ')} in its assumeRolePolicy`;
  return [{ rule: 'role-trust', urn: role.urn, message, remedy }];
}

/** The AWS Load Balancer Controller makes network load balancers with the role of its service account. */
function controllerFindings(model: Model, { resource, objects }: EksCluster): Finding[] {
  return readReleases(objects)
    .filter(({ chart }) => chart === 'aws-load-balancer-controller')
    .flatMap((release): Finding[] => {
      const own = asText(dig(release.values, 'serviceAccount', 'name'));
      const annotations = textMap(dig(release.values, 'serviceAccount', 'annotations'));
      const create = asText(dig(release.values, 'serviceAccount', 'create'));
      if (annotations.has('eks.amazonaws.com/role-arn') || create === 'false' || typeof own !== 'string') return [];
      const association = associationFor(model, resource, release.namespace, own);
      const role = association === undefined ? undefined : roleOf(model, association);
      if (association !== undefined)
        return role === undefined
          ? []
          : [...untrusting(role), ...lacking(model, role, CONTROLLER, 'it makes no load balancer')];
      const nodes = nodeRoles(model, resource);
      if (nodes.some((node) => hasPolicy(model.inventory, node, CONTROLLER.names) !== false)) return [];
      const near = associationsOf(model, resource).filter(
        (other) => other.knownText('namespace') === release.namespace || other.knownText('serviceAccount') === own,
      );
      const urn = (near.length === 1 ? near[0] : undefined)?.urn ?? release.resource.urn;
      const message = `no Pod Identity association is for ${release.namespace}/${own}, which ${release.resource.name} runs as: it makes no load balancer`;
      const remedy = 'Associate a role with that service account, in that namespace';
      return [{ rule: 'no-identity', urn, message, remedy }];
    });
}

/** "Set up the Amazon EKS Pod Identity Agent": it hands the credentials to pods. */
function agentFindings(model: Model, { resource, objects }: EksCluster): Finding[] {
  const inAddons = model.inventory
    .all(ADDON)
    .filter((addon) => model.inventory.find(addon, 'clusterName', EKS_CLUSTER) === resource)
    .some((addon) => addon.value('podIdentityAssociations') !== undefined);
  if (!inAddons && associationsOf(model, resource).length === 0) return [];
  const installed =
    addonOf(model.inventory, resource, 'eks-pod-identity-agent') !== undefined ||
    hasChart(objects, 'eks-pod-identity-agent');
  if (installed) return [];
  const message = `${resource.name} has Pod Identity associations and no agent: pods get no credentials`;
  const remedy = 'Add the add-on eks-pod-identity-agent';
  return [{ rule: 'no-identity-agent', urn: resource.urn, message, remedy }];
}
