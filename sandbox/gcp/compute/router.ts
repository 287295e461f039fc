import { list, number, object, text, type Props, type Value } from '../../core/values';
import { all, between, check, cidr, isSet, oneOf } from '../checks';
import { googleError, invalidField } from '../errors';
import { LINK_LOCAL, contains, parseRange } from '../ranges';
import { COLLECTIONS, nameOf, resolvePath } from '../names';
import { usersOf } from '../references';
import { computeResource } from '../resource';
import type { GcpSession } from '../session';

/** Cloud Router documentation, "Quotas and limits": routers of one network in one region. */
const MAX_ROUTERS = 5;
/** Custom advertised ranges of one router or session (Cloud Router documentation, "Quotas and limits"). */
export const MAX_ADVERTISED_RANGES = 200;

const BGP: Props = { advertiseMode: 'DEFAULT', keepaliveInterval: 20 };

/** Cloud Routers (Compute Engine API, `routers`). */
export const router = computeResource({
  collection: 'routers',
  title: 'Router',
  immutable: ['encryptedInterconnectRouter', 'network', 'params'],
  seconds: { create: 12, update: 12, delete: 12 },
  blocks: { bgp: { defaults: BGP, computed: ['identifierRange'] } },
  check: all(
    oneOf('bgp.advertiseMode', 'DEFAULT', 'CUSTOM'),
    check('bgp.advertisedGroups[*]', groupProblem),
    cidr('bgp.advertisedIpRanges[*].range'),
    check('bgp.asn', (value) => (typeof value === 'number' ? asnProblem(value) : undefined)),
    between('bgp.keepaliveInterval', 20, 60),
  ),
  validate: ({ inputs, cloud, project, region, path, existing }) => {
    validateAdvertisement('bgp', inputs.bgp);
    const identifiers = parseRange(text(inputs, 'bgp', 'identifierRange') ?? '');
    if (
      isSet(inputs, 'bgp.identifierRange') &&
      !(identifiers && identifiers.prefix <= 30 && contains(LINK_LOCAL, identifiers))
    ) {
      throw invalidField(
        'bgp.identifierRange',
        text(inputs, 'bgp', 'identifierRange'),
        `At least a /30 of ${LINK_LOCAL.text}.`,
      );
    }
    if (existing) return;
    const network = resolvePath(text(inputs, 'network') ?? '', 'networks', project, region) ?? '';
    const siblings = usersOf(cloud, network).filter(
      ({ token, outputs }) => token === COLLECTIONS.routers.token && text(outputs, 'region') === region,
    );
    if (siblings.length >= MAX_ROUTERS) {
      const message = `Quota limit exceeded for routers of network '${nameOf(network)}' in region '${region}': ${MAX_ROUTERS}, adding '${path}'`;
      throw googleError(403, message, 'limitExceeded');
    }
  },
  computed: ({ inputs }): Props =>
    isSet(inputs, 'bgp') ? { bgp: { identifierRange: '', ...BGP, ...object(inputs, 'bgp') } } : {},
  deleting: (stored, cloud) => dropParts(cloud, stored.id),
});

/** Cloud Router takes private numbers of RFC 6996 for itself (and 16550, Partner Interconnect's). */
export function asnProblem(asn: number): string | undefined {
  const isPrivate = (asn >= 64512 && asn <= 65534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);
  return isPrivate || asn === 16550 ? undefined : `expected bgp.asn to be a RFC6996-compliant Local ASN, got ${asn}`;
}

export function groupProblem(value: Value): string | undefined {
  return value === 'ALL_SUBNETS'
    ? undefined
    : `expected advertised_groups to be one of ["ALL_SUBNETS"], got ${String(value)}`;
}

/** Groups and ranges of one's own go with the CUSTOM mode (Cloud Router, "Advertised routes"). */
export function validateAdvertisement(field: string, of: Value | undefined): void {
  const ranges = list(of, 'advertisedIpRanges');
  const groups = list(of, 'advertisedGroups');
  if (text(of, 'advertiseMode') !== 'CUSTOM' && ranges.length + groups.length > 0) {
    throw invalidField(
      `${field}.advertisedIpRanges`,
      ranges.map((item) => text(item, 'range')),
      'Advertised groups and ranges require the advertise mode CUSTOM.',
    );
  }
  if (ranges.length > MAX_ADVERTISED_RANGES) {
    throw invalidField(`${field}.advertisedIpRanges`, ranges.length, `At most ${MAX_ADVERTISED_RANGES}.`);
  }
  const written = ranges.map((item) => text(item, 'range'));
  const twice = written.find((item, i) => written.indexOf(item) !== i);
  if (twice !== undefined) throw invalidField(`${field}.advertisedIpRanges`, twice, 'It is advertised twice.');
}

export function localAsn(cloud: GcpSession, routerPath: string): number | undefined {
  return number(cloud.get(COLLECTIONS.routers.token, routerPath)?.outputs, 'bgp', 'asn');
}

/** Interfaces, sessions and NAT are fields of the router in the API: they go with it. */
function dropParts(cloud: GcpSession, path: string): void {
  for (const part of usersOf(cloud, path)) cloud.remove(part.token, part.id);
}
