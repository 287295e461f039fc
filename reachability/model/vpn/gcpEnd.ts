/** Google's end of each VPN tunnel (Google Cloud VPN documentation, "HA VPN topologies", "Supported IKE ciphers"). */
import type { Inventory } from '../../resources/inventory';
import { type Resource, asNumber, asText } from '../../resources/resource';
import { type Unknown, UNKNOWN } from '../../resources/value';
import { type GcpNetwork, type GcpNetworks, TUNNEL, networkOf, regionOf } from '../gcp/network';
import { type CloudRouter, type CloudRouters, ROUTER } from '../gcp/router';
import type { Choice } from './awsEnd';

export interface GcpTunnelEnd {
  readonly tunnel: Resource;
  readonly network: GcpNetwork | undefined;
  readonly region: string | undefined;
  /** The HA VPN gateway, or the Classic one. */
  readonly gateway: Resource | undefined;
  /** Interface of the HA VPN gateway: 0 or 1; undefined on a Classic gateway. */
  readonly gatewayInterface: number | Unknown | undefined;
  /** Public address of Google's end. */
  readonly outside: string | Unknown | undefined;
  readonly externalGateway: Resource | undefined;
  readonly externalInterface: number | Unknown | undefined;
  /** Address of the peer that the tunnel dials; undefined when its interface does not exist. */
  readonly peerOutside: string | Unknown | undefined;
  readonly router: CloudRouter | undefined;
  readonly interface: Resource | undefined;
  readonly peer: Resource | undefined;
  readonly ikeVersion: number | Unknown;
  readonly phase1: GcpTransforms;
  readonly phase2: GcpTransforms;
  /** Pseudo-random functions of phase 1. */
  readonly prf: Choice;
}

export interface GcpTransforms {
  readonly encryption: Choice;
  readonly integrity: Choice;
  readonly dhGroup: Choice;
}

export const HA_GATEWAY = 'gcp:compute/haVpnGateway:HaVpnGateway';
export const CLASSIC_GATEWAY = 'gcp:compute/vPNGateway:VPNGateway';
export const EXTERNAL_GATEWAY = 'gcp:compute/externalVpnGateway:ExternalVpnGateway';

export function readGcpEnds(inventory: Inventory, networks: GcpNetworks, routers: CloudRouters): GcpTunnelEnd[] {
  const interfaceOf = new Map(routers.interfaces.map((entry) => [entry.tunnel, entry]));
  return inventory.all(TUNNEL).map((tunnel) => {
    const gateway =
      inventory.find(tunnel, 'vpnGateway', HA_GATEWAY) ?? inventory.find(tunnel, 'targetVpnGateway', CLASSIC_GATEWAY);
    const gatewayInterface = gateway?.type === HA_GATEWAY ? (tunnel.number('vpnGatewayInterface') ?? 0) : undefined;
    const externalGateway = inventory.find(tunnel, 'peerExternalGateway', EXTERNAL_GATEWAY);
    const externalInterface =
      tunnel.number('peerExternalGatewayInterface') ?? (externalGateway === undefined ? undefined : 0);
    const routerInterface = interfaceOf.get(tunnel);
    // The session's router is where the interface is; a tunnel only names the router it expects.
    const routerResource = routerInterface?.router ?? inventory.find(tunnel, 'router', ROUTER);
    const peer = routers.peers.find(
      (entry) => entry.interface !== undefined && entry.interface === routerInterface?.resource,
    );
    return {
      tunnel,
      network: gateway === undefined ? undefined : networkOf(inventory, networks.networks, gateway),
      region: regionOf(inventory, tunnel),
      gateway,
      gatewayInterface,
      outside: outsideAddress(gateway, gatewayInterface),
      externalGateway,
      externalInterface,
      peerOutside:
        externalGateway === undefined ? tunnel.text('peerIp') : interfaceAddress(externalGateway, externalInterface),
      router: routerResource === undefined ? undefined : routers.routers.get(routerResource),
      interface: routerInterface?.resource,
      peer: peer?.resource,
      ikeVersion: tunnel.number('ikeVersion') ?? 2,
      phase1: transforms(tunnel, 'phase1', 'dhs'),
      phase2: transforms(tunnel, 'phase2', 'pfs'),
      prf: choice(tunnel, 'cipherSuite.phase1.prves'),
    };
  });
}

function outsideAddress(
  gateway: Resource | undefined,
  number: number | Unknown | undefined,
): string | Unknown | undefined {
  if (gateway === undefined || number === UNKNOWN) return UNKNOWN;
  if (number === undefined) return UNKNOWN;
  const interfaces = gateway.objects('vpnInterfaces');
  const found = interfaces.find((entry, index) => (asNumber(entry['id']) ?? index) === number);
  return found === undefined ? UNKNOWN : (asText(found['ipAddress']) ?? UNKNOWN);
}

function interfaceAddress(external: Resource, number: number | Unknown | undefined): string | Unknown | undefined {
  if (number === UNKNOWN || external.list('interfaces') === UNKNOWN) return UNKNOWN;
  const found = external.objects('interfaces').find((entry, index) => (asNumber(entry['id']) ?? index) === number);
  return found === undefined ? undefined : (asText(found['ipAddress']) ?? UNKNOWN);
}

function transforms(tunnel: Resource, phase: string, groups: string): GcpTransforms {
  const at = (property: string): Choice => choice(tunnel, `cipherSuite.${phase}.${property}`);
  return { encryption: at('encryptions'), integrity: at('integrities'), dhGroup: at(groups) };
}

function choice(tunnel: Resource, path: string): Choice {
  const texts = tunnel.texts(path);
  if (texts === undefined || texts === UNKNOWN) return texts;
  if (texts.includes(UNKNOWN)) return UNKNOWN;
  return texts.length === 0 ? undefined : (texts as readonly string[]);
}
