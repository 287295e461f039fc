import type { Stored } from '../core/store';
import { flag, list, number, object, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, between, conflicts, given, known, length, matches, oneOf } from './checks';
import { createAccessEntry, usesAccessEntries } from './eksInfrastructure';
import { nodeProblem } from './eksNodeHealth';
import { eksError, waitError } from './errors';
import { roleOfArn, roleTrusting } from './iam';
import { createInterface, deleteInterfacesOf } from './networkInterface';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { EKS_NODE_GROUP, LAUNCH_TEMPLATE, SUBNET } from './tokens';
import { requireCluster } from './lookups';

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
    const role = refuseRole(cloud, inputs);
    const problem = nodeProblem(cloud, cluster, role, subnets);
    if (problem && desired(inputs) > 0) {
      throw waitError(
        `EKS Node Group (${id}) create`,
        'NodeCreationFailure',
        `unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: NodeCreationFailure: ${problem}`,
      );
    }
    launch(cloud, id, cluster, subnets, desired(inputs));
    if (usesAccessEntries(cluster.outputs))
      createAccessEntry(cloud, cluster.id, text(inputs, 'nodeRoleArn') ?? '', 'EC2_LINUX');
    return { id, outputs: computedOf(cloud, cluster, name, inputs, template) };
  },
  update: (resource, inputs, cloud) => {
    const cluster = requireCluster(cloud, 'UpdateNodegroupConfig', text(inputs, 'clusterName'));
    refuseScaling('UpdateNodegroupConfig', inputs);
    const template = requireTemplate(cloud, inputs);
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

function desired(group: Props): number {
  return number(group, 'scalingConfig', 'desiredSize') ?? 0;
}

function taints(inputs: Props) {
  const value = known(inputs, 'taints');
  if (!Array.isArray(value)) return [];
  return value.flatMap((_, index) =>
    oneOf(inputs, `taints[${index}].effect`, ['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE']),
  );
}

function requireSubnets(cloud: AwsSession, cluster: Stored, inputs: Props): Stored[] {
  return texts(inputs, 'subnetIds').map((id) => {
    const subnet = cloud.existing(SUBNET, id);
    if (!subnet) throw invalid('CreateNodegroup', `The subnet ID '${id}' does not exist`);
    if (text(subnet.outputs, 'vpcId') !== text(cluster.outputs, 'vpcConfig', 'vpcId')) {
      throw invalid('CreateNodegroup', `Subnets are not in the same VPC as the cluster: ${id}`);
    }
    return subnet;
  });
}

function refuseScaling(operation: string, inputs: Props): void {
  const [min, max] = [number(inputs, 'scalingConfig', 'minSize') ?? 0, number(inputs, 'scalingConfig', 'maxSize') ?? 0];
  if (min > max) throw invalid(operation, `Minimum capacity ${min} can't be greater than max size ${max}`);
  if (desired(inputs) < min)
    throw invalid(operation, `desired capacity ${desired(inputs)} can't be less than min size ${min}`);
  if (desired(inputs) > max)
    throw invalid(operation, `desired capacity ${desired(inputs)} can't be greater than max size ${max}`);
}

/** What a template for managed nodes may not say (EKS user guide, "Customize managed nodes with launch templates"). */
function requireTemplate(cloud: AwsSession, inputs: Props): Stored | undefined {
  if (!given(inputs, 'launchTemplate')) return undefined;
  const operation = 'CreateNodegroup';
  const id = text(inputs, 'launchTemplate', 'id');
  const name = text(inputs, 'launchTemplate', 'name');
  const template = cloud.find(
    LAUNCH_TEMPLATE,
    (stored) => stored.id === id || (name !== undefined && text(stored.outputs, 'name') === name),
  );
  if (!template)
    throw invalidRequest(
      operation,
      `Launch template details can't be null: launch template ${id ?? name} does not exist`,
    );
  const version = text(inputs, 'launchTemplate', 'version') ?? '';
  const latest = number(template.outputs, 'latestVersion') ?? 1;
  if (!['$Latest', '$Default'].includes(version) && !(Number(version) >= 1 && Number(version) <= latest)) {
    throw invalidRequest(
      operation,
      `Could not find the specified version ${version} for the launch template with ID ${template.id}`,
    );
  }
  if (given(inputs, 'diskSize')) throw invalid(operation, 'Disk size must be specified within the launch template');
  if (texts(inputs, 'instanceTypes').length > 0 && text(template.outputs, 'instanceType') !== undefined) {
    throw invalid(operation, 'Instance type cannot be specified in both the launch template and the API request');
  }
  if (text(template.outputs, 'iamInstanceProfile', 'name') ?? text(template.outputs, 'iamInstanceProfile', 'arn')) {
    throw invalidRequest(
      operation,
      'Launch template should not specify an instance profile. The noderole in your request will be used to construct an instance profile.',
    );
  }
  if (list(template.outputs, 'networkInterfaces').some((item) => text(item, 'subnetId') !== undefined)) {
    throw invalidRequest(operation, 'Launch template should not specify subnets in network interfaces');
  }
  const userData = text(template.outputs, 'userData');
  const ownImage = text(template.outputs, 'imageId') !== undefined;
  if (userData && !ownImage && !isMultipart(userData) && !text(inputs, 'amiType')?.startsWith('BOTTLEROCKET')) {
    throw invalid(operation, 'Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format.');
  }
  return template;
}

function isMultipart(userData: string): boolean {
  return /^(MIME-Version|Content-Type): *(1\.0|multipart\/mixed)/im.test(
    Buffer.from(userData, 'base64').toString('utf8').slice(0, 200),
  );
}

function refuseImage(cluster: Stored, inputs: Props, template: Stored | undefined): void {
  const operation = 'CreateNodegroup';
  const image = text(inputs, 'amiType') ?? 'AL2023_x86_64_STANDARD';
  const [own] = texts(inputs, 'instanceTypes');
  const instance = own ?? text(template?.outputs, 'instanceType') ?? 't3.medium';
  if (!/^[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/.test(instance)) {
    throw invalid(operation, `The following supplied instance types do not exist: [${instance}]`);
  }
  // Graviton families have a g after the generation: m7g, c6gn, r8gd (EC2 instance naming conventions).
  const arm = /^(a1|[a-z]+\d+g[a-z]*)\./.test(instance);
  if (image !== 'CUSTOM' && arm !== image.includes('ARM_64')) {
    throw invalid(operation, `[${instance}] is not a valid instance type for requested amiType ${image}`);
  }
  const minor = Number((text(inputs, 'version') ?? text(cluster.outputs, 'version') ?? '').split('.')[1]);
  if (/^AL2_/.test(image) && minor >= 33) {
    throw invalid(
      operation,
      `Requested Nodegroup AMI type ${image} is not supported for kubernetes version 1.${minor}`,
    );
  }
  const clusterMinor = Number((text(cluster.outputs, 'version') ?? '').split('.')[1]);
  if (minor > clusterMinor || minor < clusterMinor - 3) {
    throw invalid(
      operation,
      `Nodegroup Kubernetes version 1.${minor} is not compatible with cluster version 1.${clusterMinor}`,
    );
  }
}

function refuseRole(cloud: AwsSession, inputs: Props): Stored {
  const roleArn = text(inputs, 'nodeRoleArn') ?? '';
  if (!roleOfArn(cloud, roleArn))
    throw invalid('CreateNodegroup', `The role with name ${roleArn.split('/').pop()} cannot be found.`);
  const role = roleTrusting(cloud, roleArn, 'ec2.amazonaws.com');
  if (!role) {
    throw invalid(
      'CreateNodegroup',
      'Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ' +
        roleArn,
    );
  }
  return role;
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

function invalid(operation: string, message: string) {
  return eksError(operation, 'InvalidParameterException', message);
}

function invalidRequest(operation: string, message: string) {
  return eksError(operation, 'InvalidRequestException', message);
}
