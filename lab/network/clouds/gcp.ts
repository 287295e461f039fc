/** Google Cloud's part of the model: networks, Cloud Routers and HA VPN (Cloud VPN, Cloud Router and VPC documentation). */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asNumber, asText } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import type { BgpSession, RoutingTable, TunnelEnd, VirtualNetwork } from '../model';
import { need, numberOr } from './aws';
import { gcpProfiles } from './gcpFirewalls';
import { gcpProposals } from './gcpProposals';

export const NETWORK = 'gcp:compute/network:Network';
export const SUBNETWORK = 'gcp:compute/subnetwork:Subnetwork';
const ROUTER = 'gcp:compute/router:Router';
const ROUTER_INTERFACE = 'gcp:compute/routerInterface:RouterInterface';
const ROUTER_PEER = 'gcp:compute/routerPeer:RouterPeer';
const HA_GATEWAY = 'gcp:compute/haVpnGateway:HaVpnGateway';
const EXTERNAL_GATEWAY = 'gcp:compute/externalVpnGateway:ExternalVpnGateway';
const TUNNEL = 'gcp:compute/vPNTunnel:VPNTunnel';

/** Cloud VPN, "Supported IKE ciphers": lifetimes in seconds. */
const LIFETIMES = { ike: 36_000, esp: 10_800 };
const DEFAULT_MTU = 1460;
const DEFAULT_KEEPALIVE = 20;
const DEAD_PEER_TIMEOUT = 20;
const LEARNT_TABLE = 100;

export function gcpNetworks(inventory: Inventory): VirtualNetwork[] {
  return inventory.all(NETWORK).map((network, index) => {
    const mtu = numberOr(network, 'mtu', DEFAULT_MTU);
    return {
      name: `net${index}`,
      cloud: 'gcp',
      urn: network.urn,
      localRanges: gcpSubnets(inventory, network).flatMap(allRanges),
      routingTables: [learntRoutes(inventory, network)],
      ...gcpProfiles(inventory, network),
      tunnels: tunnelEnds(inventory, network, mtu),
      multipath: true,
      mtu,
    };
  });
}

export function gcpSubnets(inventory: Inventory, network: Resource): Resource[] {
  return inventory.all(SUBNETWORK).filter((subnet) => inventory.find(subnet, 'network', NETWORK) === network);
}

/** Primary and secondary ranges: each has a subnet route. */
export function allRanges(subnet: Resource): string[] {
  const secondary = subnet.objects('secondaryIpRanges').map((range) => String(asText(range['ipCidrRange'])));
  return [need(subnet, 'ipCidrRange'), ...secondary];
}

/** With REGIONAL routing what a router learns is known in its own region only; GLOBAL is not the default. */
function learntRoutes(inventory: Inventory, network: Resource): RoutingTable {
  const global = network.knownText('routingMode') === 'GLOBAL';
  const regions = inventory
    .all(ROUTER)
    .filter((router) => inventory.find(router, 'network', NETWORK) === network)
    .map((router) => router.knownText('region'));
  const subnets = gcpSubnets(inventory, network).filter(
    (subnet) => global || regions.includes(subnet.knownText('region')),
  );
  return { table: LEARNT_TABLE, urn: network.urn, sources: subnets.flatMap(allRanges), learns: true };
}

function tunnelEnds(inventory: Inventory, network: Resource, mtu: number): TunnelEnd[] {
  return inventory
    .all(TUNNEL)
    .filter((tunnel) => networkOfTunnel(inventory, tunnel) === network)
    .map((tunnel, index) => {
      const gateway = required(inventory.find(tunnel, 'vpnGateway', HA_GATEWAY), tunnel, 'vpnGateway');
      const external = inventory.find(tunnel, 'peerExternalGateway', EXTERNAL_GATEWAY);
      const proposal = gcpProposals(tunnel);
      return {
        name: String(index),
        urn: tunnel.urn,
        outside: interfaceAddress(gateway, 'vpnInterfaces', numberOr(tunnel, 'vpnGatewayInterface', 0)),
        peerOutside:
          external === undefined
            ? need(tunnel, 'peerIp')
            : interfaceAddress(external, 'interfaces', numberOr(tunnel, 'peerExternalGatewayInterface', 0)),
        presharedKey: need(tunnel, 'sharedSecret'),
        ikeVersions: [numberOr(tunnel, 'ikeVersion', 2) === 1 ? 1 : 2],
        ...proposal,
        ikeLifetime: LIFETIMES.ike,
        espLifetime: LIFETIMES.esp,
        initiates: true,
        deadPeerTimeout: DEAD_PEER_TIMEOUT,
        mtu,
        session: sessionOf(inventory, tunnel, network),
      };
    });
}

function networkOfTunnel(inventory: Inventory, tunnel: Resource): Resource | undefined {
  const gateway = inventory.find(tunnel, 'vpnGateway', HA_GATEWAY);
  return gateway === undefined ? undefined : inventory.find(gateway, 'network', NETWORK);
}

function interfaceAddress(gateway: Resource, list: string, number: number): string {
  const found = gateway.objects(list).find((entry, index) => (asNumber(entry['id']) ?? index) === number);
  const address = asText(found?.['ipAddress']);
  if (typeof address !== 'string') throw new LabError(`${gateway.urn} has no address on interface ${number}`);
  return address;
}

/** A tunnel carries BGP if a router interface stands on it and a peer on that. */
function sessionOf(inventory: Inventory, tunnel: Resource, network: Resource): BgpSession | undefined {
  const face = inventory.all(ROUTER_INTERFACE).find((entry) => inventory.find(entry, 'vpnTunnel', TUNNEL) === tunnel);
  if (face === undefined) return undefined;
  const peer = inventory
    .all(ROUTER_PEER)
    .find((entry) => inventory.find(entry, 'interface', ROUTER_INTERFACE) === face);
  const router = inventory.find(face, 'router', ROUTER);
  if (peer === undefined || router === undefined || peer.flag('enable') === false) return undefined;
  const keepalive = numberOr(router, 'bgp.keepaliveInterval', DEFAULT_KEEPALIVE);
  return {
    urn: peer.urn,
    localAddress: peer.knownText('ipAddress') ?? need(face, 'ipRange').split('/')[0] ?? '',
    localAsn: numberOr(router, 'bgp.asn', 0),
    peerAddress: need(peer, 'peerIpAddress'),
    peerAsn: numberOr(peer, 'peerAsn', 0),
    holdTime: 3 * keepalive,
    keepalive,
    advertised: advertisedBy(inventory, peer, router, network),
    metric: numberOr(peer, 'advertisedRoutePriority', 100),
  };
}

/** A peer in CUSTOM mode has its own list; one in DEFAULT mode follows its router. */
function advertisedBy(inventory: Inventory, peer: Resource, router: Resource, network: Resource): string[] {
  const subnets = (): string[] => {
    const global = network.knownText('routingMode') === 'GLOBAL';
    return gcpSubnets(inventory, network)
      .filter((subnet) => global || subnet.knownText('region') === router.knownText('region'))
      .flatMap(allRanges);
  };
  const custom = (owner: Resource, prefix: string): string[] => [
    ...owner.objects(`${prefix}advertisedIpRanges`).map((entry) => String(asText(entry['range']))),
    ...(owner.knownTexts(`${prefix}advertisedGroups`).includes('ALL_SUBNETS') ? subnets() : []),
  ];
  if (peer.knownText('advertiseMode') === 'CUSTOM') return custom(peer, '');
  return router.knownText('bgp.advertiseMode') === 'CUSTOM' ? custom(router, 'bgp.') : subnets();
}

function required(resource: Resource | undefined, of: Resource, what: string): Resource {
  if (resource === undefined) throw new LabError(`${of.urn}: its ${what} is not in the export`);
  return resource;
}
