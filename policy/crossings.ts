import { type Range, contains, sameRange } from '../reachability/ip';
import type { AwsGateway } from '../reachability/model/aws/gateways';
import type { Vpc } from '../reachability/model/aws/network';
import type { GcpNetwork } from '../reachability/model/gcp/network';
import { rangeOfValue } from '../reachability/model/ranges';
import type { VpnTunnel } from '../reachability/model/vpn/tunnels';
import type { Stack } from './stack';

/** A VPC that is linked with Google Cloud networks by one gateway. */
export interface VpcCrossing {
  readonly vpc: Vpc;
  readonly gateway: AwsGateway;
  /** What Google Cloud advertises over the gateway's tunnels. */
  readonly heard: readonly Range[];
}

/** A Google Cloud network that is linked with VPCs. */
export interface NetworkCrossing {
  readonly network: GcpNetwork;
  readonly heard: readonly Range[];
}

export function vpcCrossings(stack: Stack): VpcCrossing[] {
  const { routing } = stack.model;
  return [...routing.tunnelsOfGateway].flatMap(([gateway, tunnels]) => {
    const heard = distinct(tunnels.flatMap((tunnel) => advertisedByGoogle(stack, tunnel)));
    return vpcsOf(gateway).map((vpc) => ({ vpc, gateway, heard }));
  });
}

export function networkCrossings(stack: Stack): NetworkCrossing[] {
  const { routing } = stack.model;
  return [...routing.tunnelsOfNetwork].map(([network, tunnels]) => ({
    network,
    heard: distinct(tunnels.flatMap((tunnel) => routing.advertisedByAws(tunnel).map(({ range }) => range))),
  }));
}

export function vpcsOf(gateway: AwsGateway): Vpc[] {
  if (gateway.kind === 'virtualPrivate') return gateway.vpc === undefined ? [] : [gateway.vpc];
  return gateway.attachments.map(({ vpc }) => vpc).filter((vpc) => vpc !== undefined);
}

function advertisedByGoogle({ inventory, model }: Stack, tunnel: VpnTunnel): Range[] {
  const advertisement = model.routing.advertisement(tunnel);
  if (advertisement !== undefined) return advertisement.ranges.map(({ range }) => range);
  return inventory
    .all('aws:ec2/vpnConnectionRoute:VpnConnectionRoute')
    .filter((route) => inventory.find(route, 'vpnConnectionId', tunnel.aws.connection.type) === tunnel.aws.connection)
    .map((route) => rangeOfValue(route.value('destinationCidrBlock')))
    .filter((range) => range !== undefined);
}

/** In order of address; a range inside another one of the list is left out. */
export function distinct(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first || a.prefix - b.prefix);
  return sorted.filter(
    (range, index) =>
      !sorted.some((other, at) => (sameRange(other, range) ? at < index : contains(other, range) && other !== range)),
  );
}
