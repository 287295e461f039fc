import { flag, number, text, type Props } from '../../core/values';
import { all, between, check, cidr, ipAddress, oneOf } from '../checks';
import { googleError, invalidField } from '../errors';
import { holds, parseAddress, parseRange } from '../ranges';
import { ROUTER_INTERFACE } from './routerInterface';
import { partsOf, routerPart, type PartRequest } from './routerPart';
import { groupProblem, localAsn, validateAdvertisement } from './router';
import { nameOf } from '../names';
import type { Stored } from '../../core/store';

const ROUTER_PEER = 'gcp:compute/routerPeer:RouterPeer';

/** Cloud Router documentation, "Quotas and limits": BGP sessions of one router. */
const MAX_PEERS = 128;

const BFD: Props = { minReceiveInterval: 1000, minTransmitInterval: 1000, multiplier: 5 };

/** BGP sessions of Cloud Routers (Compute Engine API, `routers.bgpPeers`). */
export const routerPeer = routerPart({
  token: ROUTER_PEER,
  title: 'RouterBgpPeer',
  pathId: true,
  immutable: ['interface'],
  seconds: { create: 12, update: 11, delete: 12 },
  defaults: {
    advertiseMode: 'DEFAULT',
    enable: true,
    enableIpv6: false,
    zeroAdvertisedRoutePriority: false,
    zeroCustomLearnedRoutePriority: false,
  },
  blocks: { bfd: { defaults: BFD } },
  check: all(
    oneOf('advertiseMode', 'DEFAULT', 'CUSTOM'),
    check('advertisedGroups[*]', groupProblem),
    cidr('advertisedIpRanges[*].range'),
    cidr('customLearnedIpRanges[*].range'),
    ipAddress('ipAddress'),
    ipAddress('peerIpAddress'),
    between('peerAsn', 1, 4_294_967_294),
    between('advertisedRoutePriority', 0, 65535),
    oneOf('bfd.sessionInitializationMode', 'ACTIVE', 'DISABLED', 'PASSIVE'),
    between('bfd.minReceiveInterval', 1000, 30000),
    between('bfd.minTransmitInterval', 1000, 30000),
    between('bfd.multiplier', 5, 16),
  ),
  validate: (request) => {
    const { inputs, cloud, router, existing } = request;
    const via = interfaceOf(request);
    validateAddresses(request, via);
    validateAsn(request);
    validateAdvertisement('bgpPeers[0]', inputs);
    const mode = text(inputs, 'bfd', 'sessionInitializationMode') ?? 'DISABLED';
    if (mode !== 'DISABLED' && text(via.inputs, 'vpnTunnel') !== undefined) {
      // Cloud Router documentation, "BFD for Cloud Router": for Interconnect attachments and router appliances.
      throw invalidField('bgpPeers[0].bfd.sessionInitializationMode', mode, 'BFD is not supported over VPN tunnels.');
    }
    if (!existing && partsOf(cloud, ROUTER_PEER, router.id).length >= MAX_PEERS) {
      throw googleError(
        403,
        `Router ${router.id} has ${MAX_PEERS} BGP peers, the most a router can have`,
        'limitExceeded',
      );
    }
  },
  computed: (request) => {
    const { inputs } = request;
    const own = ownAddress(interfaceOf(request));
    return {
      ipAddress: text(inputs, 'ipAddress') ?? own ?? '',
      peerIpAddress: text(inputs, 'peerIpAddress') ?? '',
      enableIpv4: flag(inputs, 'enableIpv4') ?? true,
      managementType: 'MANAGED_BY_USER',
      isAdvertisedRoutePrioritySet: number(inputs, 'advertisedRoutePriority') !== undefined,
      isCustomLearnedPrioritySet: number(inputs, 'customLearnedRoutePriority') !== undefined,
      ipv4NexthopAddress: '',
      ipv6NexthopAddress: '',
      peerIpv4NexthopAddress: '',
      peerIpv6NexthopAddress: '',
      ...(inputs.bfd === undefined ? { bfd: { ...BFD, sessionInitializationMode: 'DISABLED' } } : {}),
    };
  },
});

function interfaceOf({ inputs, cloud, router }: PartRequest): Stored {
  const name = text(inputs, 'interface') ?? '';
  const found = partsOf(cloud, ROUTER_INTERFACE, router.id).find((part) => nameOf(part.id) === name);
  if (found) return found;
  throw invalidField('bgpPeers[0].interfaceName', name, `Router '${nameOf(router.id)}' has no such interface.`);
}

function ownAddress(via: Stored): string | undefined {
  return text(via.outputs, 'ipRange')?.split('/')[0] || undefined;
}

/** Both ends of a session are in its interface's range (Cloud Router documentation, "BGP session IP addresses"). */
function validateAddresses({ inputs, cloud, router, name }: PartRequest, via: Stored): void {
  const link = parseRange(text(via.outputs, 'ipRange') ?? '');
  const own = text(inputs, 'ipAddress') ?? ownAddress(via);
  const peer = text(inputs, 'peerIpAddress');
  if (!link || own === undefined) return;
  if (own !== ownAddress(via)) {
    throw invalidField('bgpPeers[0].ipAddress', own, `It is not the interface's address ${ownAddress(via) ?? ''}.`);
  }
  if (peer === undefined) throw invalidField('bgpPeers[0].peerIpAddress', '', 'It is required.');
  const address = parseAddress(peer);
  if (address === undefined || !holds(link, address) || address === link.first || address === link.last) {
    throw invalidField(
      'bgpPeers[0].peerIpAddress',
      peer,
      `It is no address of a host in the interface's ${link.text}.`,
    );
  }
  if (peer === own) throw invalidField('bgpPeers[0].peerIpAddress', peer, `It is the router's own address.`);
  const other = partsOf(cloud, ROUTER_PEER, router.id).find(
    (part) => nameOf(part.id) !== name && text(part.inputs, 'peerIpAddress') === peer,
  );
  if (other) throw invalidField('bgpPeers[0].peerIpAddress', peer, `Peer '${nameOf(other.id)}' has it.`);
}

/**
 * Sessions are external BGP, so the two numbers differ, and all sessions on one interface's router have the
 * router's own (Cloud Router documentation, "Establish BGP sessions").
 */
function validateAsn({ inputs, cloud, router }: PartRequest): void {
  const peer = number(inputs, 'peerAsn');
  const own = localAsn(cloud, router.id);
  if (own === undefined) throw invalidField('bgp', '', `Router '${nameOf(router.id)}' has no BGP configuration.`);
  if (peer === own) throw invalidField('bgpPeers[0].peerAsn', peer, `It is the router's own ASN.`);
}
