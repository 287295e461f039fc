/** Google Cloud's part of the model: networks, Cloud Routers and HA VPN (Cloud VPN, Cloud Router and VPC documentation). */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asNumber, asText } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import type { BgpSession, TunnelEnd, VirtualNetwork } from '../model';
import { need, numberOr } from './aws';
import { NETWORK, ROUTER, TUNNEL, allRanges, gcpSubnets } from './gcp';
import { gcpProfiles } from './gcpFirewalls';
import { gcpProposals } from './gcpProposals';
import { routingTables } from './gcpRoutes';

const ROUTER_INTERFACE = 'gcp:compute/routerInterface:RouterInterface';
const ROUTER_PEER = 'gcp:compute/routerPeer:RouterPeer';
const HA_GATEWAY = 'gcp:compute/haVpnGateway:HaVpnGateway';
const EXTERNAL_GATEWAY = 'gcp:compute/externalVpnGateway:ExternalVpnGateway';

/** Cloud VPN, "Supported IKE ciphers": lifetimes in seconds. */
const LIFETIMES = { ike: 36_000, esp: 10_800 };
const DEFAULT_MTU = 1460;
const DEFAULT_KEEPALIVE = 20;
const DEAD_PEER_TIMEOUT = 20;

export function gcpNetworks(inventory: Inventory): VirtualNetwork[] {
  return inventory.all(NETWORK).map((network, index) => {
    const mtu = numberOr(network, 'mtu', DEFAULT_MTU);
    const tunnels = inventory.all(TUNNEL).filter((tunnel) => networkOfTunnel(inventory, tunnel) === network);
    return {
      name: `net${index}`,
      cloud: 'gcp',
      urn: network.urn,
      localRanges: gcpSubnets(inventory, network).flatMap(allRanges),
      routingTables: routingTables(inventory, network, tunnels),
      ...gcpProfiles(inventory, network),
      acls: [],
      tunnels: tunnelEnds(inventory, network, tunnels, mtu),
      multipath: true,
      mtu,
    };
  });
}

function tunnelEnds(inventory: Inventory, network: Resource, tunnels: readonly Resource[], mtu: number): TunnelEnd[] {
  return tunnels.map((tunnel, index) => {
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
