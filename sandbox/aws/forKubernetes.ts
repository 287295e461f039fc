/** What the Kubernetes server sees of AWS: clusters by their endpoint, and what controllers make for them. */
import type { Stored } from '../core/store';
import { text, number, object, texts, type Props } from '../core/values';
import type { World } from '../core/world';
import { ACCOUNT_ID } from './account';
import { ec2Error } from './errors';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  type LoadBalancerRequest,
  type LoadBalancerView,
} from './loadBalancer';
import { AwsSession } from './session';
import {
  EKS_ADDON,
  EKS_CLUSTER,
  EKS_NODE_GROUP,
  EKS_POD_IDENTITY,
  LAUNCH_TEMPLATE,
  LOAD_BALANCER,
  SUBNET,
  VOLUME,
} from './tokens';

export interface EksView {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly clusterSecurityGroupId: string;
  readonly version: string;
  readonly serviceCidr: string;
  readonly nodeGroups: EksNodeGroupView[];
  readonly addons: { readonly name: string; readonly configuration: Props }[];
  readonly podIdentityAssociations: {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly roleArn: string;
  }[];
}

export interface EksNodeGroupView {
  readonly name: string;
  readonly zoneNames: string[];
  readonly desiredSize: number;
  readonly instanceType: string;
  readonly labels: Record<string, string>;
  readonly subnetIds: string[];
}

/** The cluster behind an API endpoint; undefined where no cluster answers there. */
export function findEksCluster(world: World, endpoint: string): EksView | undefined {
  const wanted = endpoint.replace(/\/+$/, '');
  const cluster = world.aws.find(EKS_CLUSTER, (stored) => text(stored.outputs, 'endpoint') === wanted);
  return cluster && view(world, cluster);
}

function view(world: World, cluster: Stored): EksView {
  const cloud = sessionIn(world, text(cluster.outputs, 'region') ?? '');
  const name = text(cluster.outputs, 'name') ?? '';
  const ofCluster = (token: string) =>
    cloud.all(token).filter((stored) => text(stored.outputs, 'clusterName') === name);
  return {
    name,
    region: cloud.region,
    vpcId: text(cluster.outputs, 'vpcConfig', 'vpcId') ?? '',
    subnetIds: texts(cluster.outputs, 'vpcConfig', 'subnetIds'),
    clusterSecurityGroupId: text(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId') ?? '',
    version: text(cluster.outputs, 'version') ?? '',
    serviceCidr: text(cluster.outputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr') ?? '',
    nodeGroups: ofCluster(EKS_NODE_GROUP).map((group) => nodeGroup(cloud, group)),
    addons: ofCluster(EKS_ADDON).map((addon) => ({
      name: text(addon.outputs, 'addonName') ?? '',
      configuration: JSON.parse(text(addon.outputs, 'configurationValues') || '{}') as Props,
    })),
    podIdentityAssociations: ofCluster(EKS_POD_IDENTITY).map(({ outputs }) => ({
      namespace: text(outputs, 'namespace') ?? '',
      serviceAccount: text(outputs, 'serviceAccount') ?? '',
      roleArn: text(outputs, 'roleArn') ?? '',
    })),
  };
}

function nodeGroup(cloud: AwsSession, group: Stored): EksNodeGroupView {
  const subnetIds = texts(group.outputs, 'subnetIds');
  const zones = subnetIds.map((id) => text(cloud.existing(SUBNET, id)?.outputs, 'availabilityZone') ?? '');
  return {
    name: text(group.outputs, 'nodeGroupName') ?? '',
    zoneNames: [...new Set(zones)].sort(),
    desiredSize: number(group.outputs, 'scalingConfig', 'desiredSize') ?? 0,
    instanceType: instanceType(cloud, group),
    labels: object(group.outputs, 'labels') as Record<string, string>,
    subnetIds,
  };
}

function instanceType(cloud: AwsSession, group: Stored): string {
  const { outputs } = group;
  const [own] = texts(outputs, 'instanceTypes');
  const template = cloud.find(
    LAUNCH_TEMPLATE,
    (stored) =>
      stored.id === text(outputs, 'launchTemplate', 'id') ||
      text(stored.outputs, 'name') === text(outputs, 'launchTemplate', 'name'),
  );
  // "If you don't specify an instance type in a launch template or for instanceTypes, t3.medium is used" (EKS API).
  return own ?? text(template?.outputs, 'instanceType') ?? 't3.medium';
}

/**
 * Makes an internal or internet-facing network load balancer with one interface per subnet. Throws a `CloudError`
 * where Elastic Load Balancing refuses: unknown or doubled subnets, a name in use, an address outside its subnet,
 * among the five AWS keeps, or taken.
 */
export function createNetworkLoadBalancer(world: World, request: LoadBalancerRequest): LoadBalancerView {
  const cluster = clusterNamed(world, request.clusterName);
  const cloud = sessionIn(world, text(cluster.outputs, 'region') ?? '');
  return createLoadBalancer(cloud, text(cluster.outputs, 'vpcConfig', 'vpcId') ?? '', request);
}

/** Deletes a load balancer with its interfaces; one that is gone already is no error, as with the API. */
export function deleteNetworkLoadBalancer(world: World, arn: string): void {
  deleteLoadBalancer(sessionIn(world, arn.split(':')[3] ?? ''), arn);
}

export interface VolumeRequest {
  readonly clusterName: string;
  readonly zone: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
}

/** Makes a gp3 volume; throws a `CloudError` for a zone of another region or a size gp3 does not have. */
export function createVolume(world: World, request: VolumeRequest): { volumeId: string } {
  const cluster = clusterNamed(world, request.clusterName);
  const cloud = sessionIn(world, text(cluster.outputs, 'region') ?? '');
  if (!cloud.zones().includes(request.zone)) {
    throw ec2Error('CreateVolume', 'InvalidZone.NotFound', `The zone '${request.zone}' does not exist.`);
  }
  if (!Number.isInteger(request.sizeGiB) || request.sizeGiB < 1 || request.sizeGiB > 65536) {
    throw ec2Error(
      'CreateVolume',
      'InvalidParameterValue',
      `Volume of ${request.sizeGiB}GiB is not in the range of 1 to 65536GiB for volume type gp3.`,
    );
  }
  const volumeId = cloud.newId('vol');
  cloud.put(
    VOLUME,
    volumeId,
    {},
    {
      region: cloud.region,
      availabilityZone: request.zone,
      size: request.sizeGiB,
      encrypted: request.encrypted,
      type: 'gp3',
      clusterName: request.clusterName,
    },
  );
  return { volumeId };
}

export function deleteVolume(world: World, volumeId: string): void {
  world.aws.remove(VOLUME, volumeId);
}

/** What controllers made and nobody deleted: load balancers and volumes, in words. */
export function leftovers(world: World): string[] {
  const balancers = world.aws
    .all(LOAD_BALANCER)
    .map(
      (stored) => `load balancer ${text(stored.outputs, 'name')} in ${text(stored.outputs, 'vpcId')} (${stored.id})`,
    );
  const volumes = world.aws
    .all(VOLUME)
    .map(
      (stored) =>
        `volume ${stored.id} of ${number(stored.outputs, 'size')} GiB in ${text(stored.outputs, 'availabilityZone')}`,
    );
  return [...balancers, ...volumes];
}

function clusterNamed(world: World, name: string): Stored {
  const cluster = world.aws.find(EKS_CLUSTER, (stored) => text(stored.outputs, 'name') === name);
  if (!cluster) throw new Error(`no EKS cluster is named ${name}`);
  return cluster;
}

/** Controllers act with the cluster's own account and region, whatever provider made the cluster. */
function sessionIn(world: World, region: string): AwsSession {
  return new AwsSession(world, ACCOUNT_ID, region, {});
}
