/** What a route may say: VPC user guide, "Configure route tables" and "Route priority"; EC2 API, CreateRoute. */
import { CloudError } from '../core/errors';
import { text, type Props } from '../core/values';
import { ec2Error } from './errors';
import { contains, parseRange } from './ipv4';
import { vpcRanges } from './lookups';
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
  refuseTarget(cloud, vpcId, route);
}

/** Whether what a route leads to still exists and serves the VPC. */
export function targetExists(cloud: AwsSession, vpcId: string, route: Props): boolean {
  try {
    refuseTarget(cloud, vpcId, route);
    return true;
  } catch (error) {
    if (error instanceof CloudError) return false;
    throw error;
  }
}

function refuseTarget(cloud: AwsSession, vpcId: string, route: Props): void {
  for (const name of TARGETS) {
    const id = text(route, name);
    if (!id) continue;
    if (name === 'gatewayId') refuseGateway(cloud, vpcId, id);
    else if (name === 'natGatewayId') refuseNat(cloud, vpcId, id);
    else if (name === 'transitGatewayId') refuseTransit(cloud, vpcId, id);
    else if (name === 'networkInterfaceId') refuseForeign(cloud, NETWORK_INTERFACE, vpcId, 'NetworkInterfaceID', id);
    else if (name === 'vpcEndpointId') refuseForeign(cloud, VPC_ENDPOINT, vpcId, 'VpcEndpointId', id);
    else {
      throw notFound(`Invalid${name[0]?.toUpperCase()}${name.slice(1)}.NotFound`, `The ${name} '${id}' does not exist`);
    }
  }
}

function refuseGateway(cloud: AwsSession, vpcId: string, id: string): void {
  if (id === 'local') return;
  if (id.startsWith('igw-')) refuseInternetGateway(cloud, vpcId, id);
  else if (id.startsWith('vgw-')) refuseVpnGateway(cloud, vpcId, id);
  else throw notFound('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
}

function refuseForeign(cloud: AwsSession, token: string, vpcId: string, kind: string, id: string): void {
  if (text(cloud.existing(token, id)?.outputs, 'vpcId') === vpcId) return;
  throw notFound(`Invalid${kind}.NotFound`, `The ${kind} '${id}' does not exist`);
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

function refuseNat(cloud: AwsSession, vpcId: string, id: string): void {
  const subnet = cloud.existing(SUBNET, text(cloud.existing(NAT_GATEWAY, id)?.outputs, 'subnetId'));
  if (!subnet) throw notFound('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
  if (text(subnet.outputs, 'vpcId') !== vpcId) throw otherNetwork(vpcId, id);
}

/** To a VPC that is not attached to it, a transit gateway does not exist (EC2 answers so). */
function refuseTransit(cloud: AwsSession, vpcId: string, id: string): void {
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
