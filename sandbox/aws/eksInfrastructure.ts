/** What EKS makes in the customer's account for a cluster, and takes away again. */
import type { Stored } from '../core/store';
import { flag, text, texts, type Props } from '../core/values';
import { hasPolicy, roleOfArn } from './iam';
import { createInterface, deleteInterfacesOf } from './networkInterface';
import { deleteRulesOf } from './securityGroup';
import type { AwsSession } from './session';
import {
  EKS_ACCESS_ENTRY,
  EKS_ACCESS_POLICY,
  EKS_ADDON,
  EKS_POD_IDENTITY,
  LOG_GROUP,
  NETWORK_INTERFACE,
  SECURITY_GROUP,
} from './tokens';

/** The identity of whoever runs the provider. */
export function callerArn(cloud: AwsSession): string {
  return `arn:aws:iam::${cloud.accountId}:user/pulumi`;
}

export function createClusterInfrastructure(
  cloud: AwsSession,
  name: string,
  inputs: Props,
  vpc: Stored,
  subnets: readonly Stored[],
): { securityGroupId: string } {
  const securityGroupId = createClusterSecurityGroup(cloud, name, vpc.id);
  const groups = [securityGroupId, ...texts(inputs, 'vpcConfig', 'securityGroupIds')];
  for (const subnet of controlPlaneSubnets(subnets)) {
    createInterface(cloud, 'CreateCluster', {
      subnet,
      owner: controlPlaneOwner(name),
      description: `Amazon EKS ${name}`,
      interfaceType: 'interface',
      securityGroups: groups,
    });
  }
  createLogGroup(cloud, name, inputs);
  if (usesAccessEntries(inputs) && flag(inputs, 'accessConfig', 'bootstrapClusterCreatorAdminPermissions') !== false) {
    createAccessEntry(cloud, name, callerArn(cloud), 'STANDARD');
  }
  return { securityGroupId };
}

/**
 * EKS deletes its interfaces and security group with the cluster's role. Where that role has lost its policy, they
 * stay and hold the subnets and the VPC (documentation of the provider's cluster resource, example usage).
 */
export function deleteClusterInfrastructure(cloud: AwsSession, cluster: Stored): void {
  const name = text(cluster.outputs, 'name') ?? '';
  for (const token of [EKS_ADDON, EKS_ACCESS_ENTRY, EKS_ACCESS_POLICY, EKS_POD_IDENTITY]) {
    for (const stored of cloud.all(token)) {
      if (text(stored.outputs, 'clusterName') === name) cloud.remove(token, stored.id);
    }
  }
  const role = roleOfArn(cloud, text(cluster.outputs, 'roleArn') ?? '');
  if (!role || !hasPolicy(cloud, role, 'AmazonEKSClusterPolicy')) return;
  const group = text(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId') ?? '';
  deleteInterfacesOf(cloud, controlPlaneOwner(name));
  const used = cloud.all(NETWORK_INTERFACE).some((eni) => texts(eni.outputs, 'securityGroups').includes(group));
  if (used) return;
  deleteRulesOf(cloud, group);
  cloud.remove(SECURITY_GROUP, group);
}

export function usesAccessEntries(cluster: Props): boolean {
  return ['API', 'API_AND_CONFIG_MAP'].includes(text(cluster, 'accessConfig', 'authenticationMode') ?? 'CONFIG_MAP');
}

/** Access entries EKS makes by itself: for the cluster's creator and for the roles of managed node groups. */
export function createAccessEntry(cloud: AwsSession, clusterName: string, principalArn: string, type: string): void {
  const id = `${clusterName}:${principalArn}`;
  if (cloud.existing(EKS_ACCESS_ENTRY, id)) return;
  cloud.put(EKS_ACCESS_ENTRY, id, {}, { clusterName, principalArn, type, createdBy: 'eks' });
}

function createClusterSecurityGroup(cloud: AwsSession, name: string, vpcId: string): string {
  const id = cloud.newId('sg');
  const everything = { protocol: '-1', fromPort: 0, toPort: 0 };
  cloud.put(
    SECURITY_GROUP,
    id,
    {},
    {
      vpcId,
      name: `eks-cluster-sg-${name}-${id.slice(-10)}`,
      description:
        'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.',
      arn: cloud.arn('ec2', `security-group/${id}`),
      ownerId: cloud.accountId,
      ingress: [{ ...everything, self: true }],
      egress: [{ ...everything, cidrBlocks: ['0.0.0.0/0'] }],
      tagsAll: { [`kubernetes.io/cluster/${name}`]: 'owned', 'aws:eks:cluster-name': name },
    },
  );
  return id;
}

/** Two interfaces, in two zones. */
function controlPlaneSubnets(subnets: readonly Stored[]): Stored[] {
  const byZone = new Map<string, Stored>();
  for (const subnet of subnets) {
    const zone = text(subnet.outputs, 'availabilityZone') ?? '';
    if (!byZone.has(zone)) byZone.set(zone, subnet);
  }
  return [...byZone.values()].slice(0, 2);
}

/** Control plane logs go to a group of a fixed name, which EKS makes where it is missing, and never deletes. */
function createLogGroup(cloud: AwsSession, name: string, inputs: Props): void {
  const group = `/aws/eks/${name}/cluster`;
  if (texts(inputs, 'enabledClusterLogTypes').length === 0 || cloud.existing(LOG_GROUP, group)) return;
  cloud.put(LOG_GROUP, group, {}, { name: group, arn: cloud.arn('logs', `log-group:${group}`), retentionInDays: 0 });
}

function controlPlaneOwner(name: string): string {
  return `eks:${name}`;
}
