/** What a route may say: VPC user guide, "Configure route tables" and "Route priority"; EC2 API, CreateRoute. */
import { text, type Props } from '../core/values';
import { ec2Error } from './errors';
import { contains, parseRange } from './ipv4';
import type { AwsSession } from './session';
import {
  INTERNET_GATEWAY,
  NAT_GATEWAY,
  NETWORK_INTERFACE,
  SUBNET,
  TRANSIT_GATEWAY,
  TRANSIT_VPC_ATTACHMENT,
  VPC,
  VPC_ENDPOINT,
  VPN_GATEWAY,
  VPN_GATEWAY_ATTACHMENT,
} from './tokens';
import { vpcRanges } from './lookups';

export const TARGETS = [
  'carrierGatewayId',
  'coreNetworkArn',
  'egressOnlyGatewayId',
  'gatewayId',
  'localGatewayId',
  'natGatewayId',
  'networkInterfaceId',
  'odbNetworkArn',
  'transitGatewayId',
  'vpcEndpointId',
  'vpcPeeringConnectionId',
] as const;

/** Throws unless the target exists and serves this VPC, and the destination may have a route to it. */
export function refuseRoute(cloud: AwsSession, vpcId: string, destination: string, route: Props): void {
  refuseLocalDestination(cloud, vpcId, destination, route);
  const gateway = text(route, 'gatewayId');
  if (gateway?.startsWith('igw-')) refuseInternetGateway(cloud, vpcId, gateway);
  else if (gateway?.startsWith('vgw-')) refuseVpnGateway(cloud, vpcId, gateway);
  else if (gateway !== undefined && gateway !== 'local') {
    throw notFound('InvalidGatewayID.NotFound', `The gateway ID '${gateway}' does not exist`);
  }
  refuseNat(cloud, vpcId, text(route, 'natGatewayId'));
  refuseTransit(cloud, vpcId, text(route, 'transitGatewayId'));
  const eni = text(route, 'networkInterfaceId');
  if (eni !== undefined && text(cloud.existing(NETWORK_INTERFACE, eni)?.outputs, 'vpcId') !== vpcId) {
    throw notFound('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${eni}' does not exist`);
  }
  const endpoint = text(route, 'vpcEndpointId');
  if (endpoint !== undefined && text(cloud.existing(VPC_ENDPOINT, endpoint)?.outputs, 'vpcId') !== vpcId) {
    throw notFound('InvalidVpcEndpointId.NotFound', `The vpcEndpoint ID '${endpoint}' does not exist`);
  }
}

/** Only an interface or a Gateway Load Balancer endpoint can take traffic that is local to the VPC. */
function refuseLocalDestination(cloud: AwsSession, vpcId: string, destination: string, route: Props): void {
  const parsed = parseRange(destination);
  const vpc = cloud.existing(VPC, vpcId);
  const inside = parsed && vpc && vpcRanges(cloud, vpc).some((cidr) => contains(cidr, parsed));
  if (!inside || text(route, 'networkInterfaceId') !== undefined || text(route, 'vpcEndpointId') !== undefined) return;
  throw ec2Error(
    'CreateRoute',
    'InvalidParameterValue',
    `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  );
}

function refuseInternetGateway(cloud: AwsSession, vpcId: string, id: string): void {
  const gateway = cloud.existing(INTERNET_GATEWAY, id);
  if (!gateway) throw notFound('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  if (text(gateway.outputs, 'vpcId') !== vpcId) throw otherNetwork(vpcId, id);
}

function refuseVpnGateway(cloud: AwsSession, vpcId: string, id: string): void {
  if (!cloud.existing(VPN_GATEWAY, id)) {
    throw notFound('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  }
  const attachment = cloud.find(VPN_GATEWAY_ATTACHMENT, (stored) => text(stored.outputs, 'vpnGatewayId') === id);
  if (text(attachment?.outputs, 'vpcId') !== vpcId) throw otherNetwork(vpcId, id);
}

function refuseNat(cloud: AwsSession, vpcId: string, id: string | undefined): void {
  if (id === undefined) return;
  const subnet = cloud.existing(SUBNET, text(cloud.existing(NAT_GATEWAY, id)?.outputs, 'subnetId'));
  if (!subnet) throw notFound('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
  if (text(subnet.outputs, 'vpcId') !== vpcId) throw otherNetwork(vpcId, id);
}

/** To a VPC that is not attached to it, a transit gateway does not exist (EC2 answers so). */
function refuseTransit(cloud: AwsSession, vpcId: string, id: string | undefined): void {
  if (id === undefined) return;
  const attachment = cloud.find(
    TRANSIT_VPC_ATTACHMENT,
    (stored) => text(stored.outputs, 'transitGatewayId') === id && text(stored.outputs, 'vpcId') === vpcId,
  );
  if (!cloud.existing(TRANSIT_GATEWAY, id) || !attachment) {
    throw notFound('InvalidTransitGatewayID.NotFound', `The transitGateway ID '${id}' does not exist.`);
  }
}

function notFound(code: string, message: string) {
  return ec2Error('CreateRoute', code, message);
}

function otherNetwork(vpcId: string, gateway: string) {
  return ec2Error(
    'CreateRoute',
    'InvalidParameterValue',
    `route table and network gateway ${gateway} belong to different networks (${vpcId})`,
  );
}
