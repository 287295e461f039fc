import type { Stored } from '../core/store';
import { flag, number, object, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, between, conflicts, known, length, matches, oneOf } from './checks';
import { createAccessEntry, usesAccessEntries } from './eksInfrastructure';
import {
  desired,
  refuseImage,
  requireNodeRole,
  refuseScaling,
  requireSubnets,
  requireTemplate,
} from './eksNodeGroupRules';
import { nodeProblem } from './eksNodeHealth';
import { eksError, waitError } from './errors';
import { requireCluster } from './lookups';
import { createInterface, deleteInterfacesOf } from './networkInterface';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { EKS_NODE_GROUP } from './tokens';

const AMI_TYPES = [
  'AL2_x86_64',
  'AL2_x86_64_GPU',
  'AL2_ARM_64',
  'AL2023_x86_64_STANDARD',
  'AL2023_ARM_64_STANDARD',
  'AL2023_x86_64_NEURON',
  'AL2023_x86_64_NVIDIA',
  'AL2023_ARM_64_NVIDIA',
  'BOTTLEROCKET_x86_64',
  'BOTTLEROCKET_ARM_64',
  'BOTTLEROCKET_x86_64_FIPS',
  'BOTTLEROCKET_ARM_64_FIPS',
  'BOTTLEROCKET_x86_64_NVIDIA',
  'BOTTLEROCKET_ARM_64_NVIDIA',
  'CUSTOM',
];

export const eksNodeGroup: AwsType = {
  token: EKS_NODE_GROUP,
  seconds: { create: 150, update: 180, delete: 240 },
  immutable: [
    'amiType',
    'capacityType',
    'clusterName',
    'diskSize',
    'instanceTypes',
    'launchTemplate.id',
    'launchTemplate.name',
    'nodeGroupName',
    'nodeGroupNamePrefix',
    'nodeRoleArn',
    'remoteAccess',
    'subnetIds',
  ],
  autoName: { property: 'nodeGroupName', maxLength: 63 },
  check: (inputs) => [
    ...length(inputs, 'nodeGroupName', 1, 63),
    ...matches(inputs, 'nodeGroupName', /^[0-9A-Za-z][A-Za-z0-9_-]*$/, 'must be alphanumeric, hyphens and underscores'),
    ...oneOf(inputs, 'amiType', AMI_TYPES),
    ...oneOf(inputs, 'capacityType', ['ON_DEMAND', 'SPOT', 'CAPACITY_BLOCK']),
    ...arn(inputs, 'nodeRoleArn'),
    ...between(inputs, 'scalingConfig.minSize', 0, Number.MAX_SAFE_INTEGER),
    ...between(inputs, 'scalingConfig.maxSize', 1, Number.MAX_SAFE_INTEGER),
    ...between(inputs, 'scalingConfig.desiredSize', 0, Number.MAX_SAFE_INTEGER),
    ...between(inputs, 'updateConfig.maxUnavailable', 1, 100),
    ...between(inputs, 'updateConfig.maxUnavailablePercentage', 1, 100),
    ...conflicts(inputs, 'launchTemplate.id', 'launchTemplate.name'),
    ...conflicts(inputs, 'remoteAccess', 'launchTemplate'),
    ...taints(inputs),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateNodegroup';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    const name = text(inputs, 'nodeGroupName') ?? '';
    const id = `${cluster.id}:${name}`;
    if (cloud.existing(EKS_NODE_GROUP, id)) {
      throw eksError(
        operation,
        'ResourceInUseException',
        `NodeGroup already exists with name ${name} and cluster name ${cluster.id}`,
      );
    }
    const siblings = cloud.all(EKS_NODE_GROUP).filter((group) => text(group.outputs, 'clusterName') === cluster.id);
    if (siblings.length >= quotas.nodeGroupsPerCluster) {
      throw eksError(
        operation,
        'ResourceLimitExceededException',
        `The number of node groups exceeds the limit of ${quotas.nodeGroupsPerCluster}`,
      );
    }
    const subnets = requireSubnets(cloud, cluster, inputs);
    const template = requireTemplate(cloud, inputs);
    refuseScaling(operation, inputs);
    refuseImage(cluster, inputs, template);
    const role = requireNodeRole(cloud, inputs);
    const problem = nodeProblem(cloud, cluster, role, subnets);
    if (problem && desired(inputs) > 0) {
      throw waitError(
        `EKS Node Group (${id}) create`,
        'NodeCreationFailure',
        `unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: NodeCreationFailure: ${problem}`,
      );
    }
    launch(cloud, id, cluster, subnets, desired(inputs));
    if (usesAccessEntries(cluster.outputs)) {
      createAccessEntry(cloud, cluster.id, text(inputs, 'nodeRoleArn') ?? '', 'EC2_LINUX');
    }
    return { id, outputs: computedOf(cloud, cluster, name, inputs, template) };
  },
  update: (resource, inputs, cloud) => {
    const cluster = requireCluster(cloud, 'UpdateNodegroupConfig', text(inputs, 'clusterName'));
    refuseScaling('UpdateNodegroupConfig', inputs);
    const template = requireTemplate(cloud, inputs);
    refuseImage(cluster, inputs, template);
    deleteInterfacesOf(cloud, nodesOwner(resource.id));
    launch(cloud, resource.id, cluster, requireSubnets(cloud, cluster, inputs), desired(inputs));
    const version = text(inputs, 'version') ?? text(resource.outputs, 'version') ?? '';
    return { version, ...templateOutput(inputs, template), scalingConfig: object(inputs, 'scalingConfig') };
  },
  delete: (resource, cloud) => deleteInterfacesOf(cloud, nodesOwner(resource.id)),
};

/** Number of nodes all node groups of a cluster are meant to have. */
export function nodeCount(cloud: AwsSession, clusterName: string): number {
  return cloud
    .all(EKS_NODE_GROUP)
    .filter((group) => text(group.outputs, 'clusterName') === clusterName)
    .reduce((sum, group) => sum + desired(group.outputs), 0);
}

function taints(inputs: Props) {
  const value = known(inputs, 'taints');
  if (!Array.isArray(value)) return [];
  return value.flatMap((_, index) =>
    oneOf(inputs, `taints[${index}].effect`, ['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE']),
  );
}

/** Instances go to the subnets in turn; each keeps an address there and carries the cluster security group. */
function launch(cloud: AwsSession, id: string, cluster: Stored, subnets: readonly Stored[], count: number): void {
  for (let index = 0; index < count; index += 1) {
    const subnet = subnets[index % subnets.length];
    if (!subnet) return;
    createInterface(cloud, 'RunInstances', {
      subnet,
      owner: nodesOwner(id),
      description: `node ${index + 1} of ${id}`,
      interfaceType: 'interface',
      securityGroups: [text(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId') ?? ''],
    });
  }
}

function nodesOwner(id: string): string {
  return `eks-nodegroup:${id}`;
}

function computedOf(
  cloud: AwsSession,
  cluster: Stored,
  name: string,
  inputs: Props,
  template: Stored | undefined,
): Props {
  const group = `eks-${name}-${cloud.uuid()}`;
  const version = text(inputs, 'version') ?? text(cluster.outputs, 'version') ?? '';
  const update = object(inputs, 'updateConfig');
  return {
    arn: cloud.arn('eks', `nodegroup/${cluster.id}/${name}/${cloud.uuid()}`),
    status: 'ACTIVE',
    resources: [{ autoscalingGroups: [{ name: group }], remoteAccessSecurityGroupId: '' }],
    amiType: text(inputs, 'amiType') ?? 'AL2023_x86_64_STANDARD',
    capacityType: text(inputs, 'capacityType') ?? 'ON_DEMAND',
    diskSize: number(inputs, 'diskSize') ?? (template ? 0 : 20),
    instanceTypes:
      texts(inputs, 'instanceTypes').length > 0 || template ? texts(inputs, 'instanceTypes') : ['t3.medium'],
    releaseVersion: text(inputs, 'releaseVersion') ?? `${version}.2-20260101`,
    version,
    updateConfig: Object.keys(update).length > 0 ? update : { maxUnavailable: 1 },
    nodeRepairConfig: {
      enabled: flag(inputs, 'nodeRepairConfig', 'enabled') ?? false,
      ...object(inputs, 'nodeRepairConfig'),
    },
    ...templateOutput(inputs, template),
  };
}

function templateOutput(inputs: Props, template: Stored | undefined): Props {
  if (!template) return {};
  const name = text(template.outputs, 'name') ?? '';
  return { launchTemplate: { ...object(inputs, 'launchTemplate'), id: template.id, name } };
}
