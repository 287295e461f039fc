/** AWS's ends of VPN tunnels, whichever gateway they end at (Site-to-Site VPN user guide, "Tunnel options"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import { addressAt } from '../../core/ip';
import type { TunnelEnd } from '../model';
import { need, numberOr } from './aws';
import { awsProposals } from './awsProposals';

export const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
export const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
const CUSTOMER_GATEWAY = 'aws:ec2/customerGateway:CustomerGateway';

/** Site-to-Site VPN guide, "Tunnel options": defaults where the resource is silent. */
const DEFAULTS = { phase1Lifetime: 28_800, phase2Lifetime: 3_600, deadPeerTimeout: 30, holdTime: 30 };
/** Site-to-Site VPN guide, "Best practices": largest packet with AES-CBC and SHA2-256. */
const TUNNEL_MTU = 1438;

/** Both tunnels of each connection of a gateway; each connection is told what `advertised` says. */
export function tunnelEnds(
  inventory: Inventory,
  gateway: Resource,
  connections: readonly Resource[],
  advertised: (connection: Resource) => readonly string[],
): TunnelEnd[] {
  return connections.flatMap((connection, index) =>
    ([1, 2] as const).map((number) =>
      tunnelEnd(inventory, { gateway, connection, index, number, advertised: advertised(connection) }),
    ),
  );
}

/** Names of a connection's tunnels among those of its gateway. */
export function tunnelNames(index: number): string[] {
  return [tunnelName(index, 1), tunnelName(index, 2)];
}

function tunnelName(index: number, number: 1 | 2): string {
  return `${index}${number}`;
}

interface ConnectionTunnel {
  readonly gateway: Resource;
  readonly connection: Resource;
  readonly index: number;
  readonly number: 1 | 2;
  readonly advertised: readonly string[];
}

function tunnelEnd(inventory: Inventory, tunnel: ConnectionTunnel): TunnelEnd {
  const { gateway, connection, index, number, advertised } = tunnel;
  const at = (property: string): string => `tunnel${number}${property}`;
  const customer = inventory.find(connection, 'customerGatewayId', CUSTOMER_GATEWAY);
  if (customer === undefined) throw new LabError(`${connection.urn}: its customer gateway is not in the export`);
  const inside = need(connection, at('InsideCidr'));
  const versions = connection.knownTexts(at('IkeVersions'));
  const peerAsn = customer.number('bgpAsn') ?? customer.number('bgpAsnExtended');
  return {
    name: tunnelName(index, number),
    urn: connection.urn,
    outside: need(connection, at('Address')),
    peerOutside: need(customer, 'ipAddress'),
    presharedKey: need(connection, at('PresharedKey')),
    ikeVersions: versions.length === 0 ? [1, 2] : versions.map((version) => (version === 'ikev1' ? 1 : 2)),
    ikeProposals: awsProposals(connection, at('Phase1')),
    espProposals: awsProposals(connection, at('Phase2')),
    ikeLifetime: numberOr(connection, at('Phase1LifetimeSeconds'), DEFAULTS.phase1Lifetime),
    espLifetime: numberOr(connection, at('Phase2LifetimeSeconds'), DEFAULTS.phase2Lifetime),
    initiates: connection.knownText(at('StartupAction')) === 'start',
    deadPeerTimeout: numberOr(connection, at('DpdTimeoutSeconds'), DEFAULTS.deadPeerTimeout),
    mtu: TUNNEL_MTU,
    session:
      connection.flag('staticRoutesOnly') === true
        ? undefined
        : {
            urn: connection.urn,
            // The first address of the /30 is AWS's, the second the customer's ("Inside tunnel IPv4 CIDR").
            localAddress: addressAt(inside, 1),
            localAsn: numberOr(gateway, 'amazonSideAsn', 64_512),
            peerAddress: addressAt(inside, 2),
            peerAsn: typeof peerAsn === 'number' ? peerAsn : 65_000,
            holdTime: DEFAULTS.holdTime,
            keepalive: 10,
            advertised,
            metric: undefined,
          },
  };
}
