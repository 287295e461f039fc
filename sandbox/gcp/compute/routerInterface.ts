import { text } from '../../core/values';
import { all, atMostOne, check, isSet, oneOf } from '../checks';
import { inUse, invalidField } from '../errors';
import { COLLECTIONS, nameOf, resolvePath } from '../names';
import { LINK_LOCAL, contains, holds, overlaps, parseAddress, parseRange, type Range } from '../ranges';
import { usersOf, usesOf } from '../references';
import { partsOf, routerPart, type PartRequest } from './routerPart';

export const ROUTER_INTERFACE = 'gcp:compute/routerInterface:RouterInterface';
const ROUTER_PEER = 'gcp:compute/routerPeer:RouterPeer';

/** The metadata server (Compute Engine, "About VM metadata"). */
const METADATA_SERVER = parseAddress('169.254.169.254') ?? 0;

/** Interfaces of Cloud Routers (Compute Engine API, `routers.interfaces`). */
export const routerInterface = routerPart({
  token: ROUTER_INTERFACE,
  title: 'RouterInterface',
  immutable: 'all',
  seconds: { create: 11, delete: 12 },
  check: all(
    oneOf('ipVersion', 'IPV4', 'IPV6'),
    check('ipRange', (value) => (parseRange(String(value)) ? undefined : `invalid CIDR address: ${String(value)}`)),
    atMostOne('vpnTunnel', 'interconnectAttachment', 'subnetwork'),
  ),
  validate: (request) => {
    validateTunnel(request);
    validateRange(request);
  },
  computed: ({ inputs }) => ({
    ipVersion: text(inputs, 'ipVersion') ?? 'IPV4',
    ipRange: text(inputs, 'ipRange') ?? '',
  }),
  deleting: (stored, cloud) => {
    const router = usesOf(stored).find((path) => path.includes('/routers/')) ?? '';
    const name = nameOf(stored.id);
    const peer = partsOf(cloud, ROUTER_PEER, router).find(({ inputs }) => text(inputs, 'interface') === name);
    if (peer) throw inUse('router interface', `${router}/${name}`, peer.id);
  },
});

/** A tunnel is linked to one interface, of the router that the tunnel names. */
function validateTunnel({ inputs, cloud, project, region, router }: PartRequest): void {
  const written = text(inputs, 'vpnTunnel');
  if (written === undefined) return;
  const tunnel = resolvePath(written, 'vpnTunnels', project, region) ?? '';
  const found = cloud.get(COLLECTIONS.vpnTunnels.token, tunnel);
  if (!found || !usesOf(found).includes(router.id)) {
    const why = `The tunnel does not use router '${nameOf(router.id)}'.`;
    throw invalidField('interfaces[0].linkedVpnTunnel', written, why);
  }
  const other = usersOf(cloud, tunnel).find(({ token }) => token === ROUTER_INTERFACE);
  if (other) throw inUse('vpn_tunnel', tunnel, `${router.id}/${nameOf(other.id)}`);
}

/**
 * Cloud Router documentation, "BGP session IP addresses": an IPv4 address and mask in 169.254.0.0/16, unique
 * among all Cloud Routers of the VPC network; Cloud VPN takes a /30.
 */
function validateRange({ inputs, cloud, router }: PartRequest): void {
  const written = text(inputs, 'ipRange');
  if (written === undefined || text(inputs, 'ipVersion') === 'IPV6') return;
  const mine = parseRange(written);
  const field = 'interfaces[0].ipRange';
  if (!mine) throw invalidField(field, written, 'Must be an address with a prefix length.');
  if (isSet(inputs, 'vpnTunnel')) {
    if (!contains(LINK_LOCAL, mine)) throw invalidField(field, written, `It must be in ${LINK_LOCAL.text} (RFC 3927).`);
    if (mine.prefix !== 30) throw invalidField(field, written, 'The range of an interface to a VPN tunnel is a /30.');
    if (holds(mine, METADATA_SERVER)) throw invalidField(field, written, 'It holds the metadata server.');
    const own = parseAddress(written.split('/')[0] ?? '') ?? 0;
    if (own === mine.first || own === mine.last) {
      throw invalidField(field, written, `It is no address of a host in ${mine.text}.`);
    }
  }
  const network = usesOf(router).find((path) => path.includes('/networks/')) ?? '';
  for (const other of usersOf(cloud, network).filter(({ token }) => token === COLLECTIONS.routers.token)) {
    const taken = partsOf(cloud, ROUTER_INTERFACE, other.id).find((part) => meets(mine, text(part.inputs, 'ipRange')));
    if (taken) {
      const why = `It overlaps the range of interface '${nameOf(taken.id)}' of router '${nameOf(other.id)}'.`;
      throw invalidField(field, written, why);
    }
  }
}

function meets(mine: Range, other: string | undefined): boolean {
  const theirs = parseRange(other ?? '');
  return theirs !== undefined && overlaps(mine, theirs);
}
