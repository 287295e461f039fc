/** Whether instances become Ready nodes of a cluster: EKS user guide, "Troubleshoot problems" (NodeCreationFailure). */
import type { Stored } from '../core/store';
import { flag, list, text, texts } from '../core/values';
import { natReachesInternet } from './gateways';
import { hasPolicy } from './iam';
import { contains, parseNetwork } from './ipv4';
import { tableOfSubnet, isPublic } from './routeTable';
import type { AwsSession } from './session';
import { EKS_ADDON, NAT_GATEWAY, ROUTE, VPC, VPC_ENDPOINT } from './tokens';
import { serviceOf } from './vpcEndpoint';

const NOT_JOINED = 'Instances failed to join the kubernetes cluster';
const NOT_READY = 'Unhealthy nodes in the kubernetes cluster';

/** Services a node without a way to the internet needs an endpoint of (EKS user guide, "Deploy private clusters"). */
const PRIVATE_SERVICES = ['ec2', 'ecr.api', 'ecr.dkr', 's3', 'sts'];

/** What EKS reports after a quarter of an hour; undefined where the nodes become Ready. */
export function nodeProblem(
  cloud: AwsSession,
  cluster: Stored,
  role: Stored,
  subnets: readonly Stored[],
): string | undefined {
  const vpc = cloud.existing(VPC, text(cluster.outputs, 'vpcConfig', 'vpcId'));
  if (flag(vpc?.outputs, 'enableDnsHostnames') !== true || flag(vpc?.outputs, 'enableDnsSupport') !== true) {
    return NOT_JOINED;
  }
  if (!hasPolicy(cloud, role, 'AmazonEKSWorkerNodePolicy', 'AmazonEKSWorkerNodeMinimalPolicy')) return NOT_JOINED;
  if (!hasPolicy(cloud, role, 'AmazonEC2ContainerRegistryReadOnly', 'AmazonEC2ContainerRegistryPullOnly')) {
    return NOT_JOINED;
  }
  if (subnets.some((subnet) => !reachesServices(cloud, subnet) || !reachesControlPlane(cloud, cluster, subnet))) {
    return NOT_JOINED;
  }
  return hasNetworking(cloud, cluster, role) ? undefined : NOT_READY;
}

/** Pods, and so nodes, are not ready without the VPC CNI; it needs its policy on the node or on its own role. */
function hasNetworking(cloud: AwsSession, cluster: Stored, role: Stored): boolean {
  const addon = cloud.existing(EKS_ADDON, `${cluster.id}:vpc-cni`);
  if (!addon && flag(cluster.outputs, 'bootstrapSelfManagedAddons') === false) return false;
  const ownRole = text(addon?.outputs, 'serviceAccountRoleArn') ?? list(addon?.outputs, 'podIdentityAssociations')[0];
  return ownRole !== undefined || hasPolicy(cloud, role, 'AmazonEKS_CNI_Policy');
}

/** Instances in a private subnet pull images through a NAT gateway or through endpoints of the VPC. */
function reachesServices(cloud: AwsSession, subnet: Stored): boolean {
  if (isPublic(cloud, subnet) && flag(subnet.outputs, 'mapPublicIpOnLaunch') === true) return true;
  const nat = defaultNat(cloud, subnet);
  if (nat && natReachesInternet(cloud, nat)) return true;
  const services = cloud
    .all(VPC_ENDPOINT)
    .filter((endpoint) => text(endpoint.outputs, 'vpcId') === text(subnet.outputs, 'vpcId'))
    .map((endpoint) => serviceOf(endpoint.outputs));
  return PRIVATE_SERVICES.every((service) => services.includes(service));
}

/** With the private endpoint off, nodes come to the public one from their NAT gateway's address, which must be admitted. */
function reachesControlPlane(cloud: AwsSession, cluster: Stored, subnet: Stored): boolean {
  if (flag(cluster.outputs, 'vpcConfig', 'endpointPrivateAccess') === true) return true;
  const admitted = texts(cluster.outputs, 'vpcConfig', 'publicAccessCidrs').map((cidr) => parseNetwork(cidr));
  if (admitted.some((cidr) => cidr?.prefix === 0)) return true;
  const source = parseNetwork(`${text(defaultNat(cloud, subnet)?.outputs, 'publicIp')}/32`);
  return source !== undefined && admitted.some((cidr) => cidr !== undefined && contains(cidr, source));
}

function defaultNat(cloud: AwsSession, subnet: Stored): Stored | undefined {
  const table = tableOfSubnet(cloud, subnet);
  if (!table) return undefined;
  const standalone = cloud.find(
    ROUTE,
    (route) =>
      text(route.outputs, 'routeTableId') === table.id && text(route.outputs, 'destinationCidrBlock') === '0.0.0.0/0',
  );
  const inline = list(table.outputs, 'routes').find((route) => text(route, 'cidrBlock') === '0.0.0.0/0');
  return cloud.existing(NAT_GATEWAY, text(standalone?.outputs, 'natGatewayId') ?? text(inline, 'natGatewayId'));
}
