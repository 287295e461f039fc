import type { Stored } from '../../core/store';
import { flag, list, number, text, type Props, type Value } from '../../core/values';
import { all, check, oneOf } from '../checks';
import { googleError, invalidField, inUse } from '../errors';
import { COLLECTIONS, checkName, resolvePath, uniqueNumber } from '../names';
import { contains, formatAddress, overlaps, parseRange, prohibited, range, type Range } from '../ranges';
import { computeResource, type Request } from '../resource';
import { hex } from '../session';
import { rangesUsedByClusters } from './clusterRanges';
import { usedRanges } from './vpcRanges';

/** VPC documentation, "Quotas and limits": secondary ranges of one subnetwork. */
const MAX_SECONDARY_RANGES = 170;

/** Ranges of an auto mode network's own subnetworks (VPC documentation, "Auto mode IPv4 ranges"). */
const AUTO_MODE = range('10.128.0.0/9');

/** Subnetworks (Compute Engine API, `subnetworks`; VPC documentation, "Subnets"). */
export const subnetwork = computeResource({
  collection: 'subnetworks',
  title: 'Subnetwork',
  immutable: ['description', 'ipCollection', 'network', 'params', 'purpose', 'reservedInternalRange'],
  // VPC documentation, "Subnets": a primary range can be expanded, and cannot shrink or move.
  immutableFor: (olds, news) => (isExpansion(olds, news) ? [] : ['ipCidrRange']),
  seconds: { create: 22, update: 12, delete: 22 },
  defaults: { sendSecondaryIpRangeIfEmpty: false },
  blocks: {
    logConfig: {
      defaults: {
        aggregationInterval: 'INTERVAL_5_SEC',
        flowSampling: 0.5,
        metadata: 'INCLUDE_ALL_METADATA',
        filterExpr: 'true',
      },
    },
  },
  check: all(
    oneOf(
      'purpose',
      'PRIVATE',
      'REGIONAL_MANAGED_PROXY',
      'GLOBAL_MANAGED_PROXY',
      'PRIVATE_SERVICE_CONNECT',
      'PEER_MIGRATION',
      'PRIVATE_NAT',
    ),
    oneOf('role', 'ACTIVE', 'BACKUP'),
    oneOf('stackType', 'IPV4_ONLY', 'IPV4_IPV6', 'IPV6_ONLY'),
    oneOf('ipv6AccessType', 'EXTERNAL', 'INTERNAL'),
    oneOf(
      'logConfig.aggregationInterval',
      'INTERVAL_5_SEC',
      'INTERVAL_30_SEC',
      'INTERVAL_1_MIN',
      'INTERVAL_5_MIN',
      'INTERVAL_10_MIN',
      'INTERVAL_15_MIN',
    ),
    oneOf('logConfig.metadata', 'EXCLUDE_ALL_METADATA', 'INCLUDE_ALL_METADATA', 'CUSTOM_METADATA'),
    check('ipCidrRange', isRange),
    check('secondaryIpRanges[*].ipCidrRange', isRange),
    check('secondaryIpRanges[*].rangeName', (value) => checkName('rangeName', String(value))[0]?.reason),
  ),
  validate: (request) => {
    validateRanges(request);
    if (request.existing) requireRemovedRangesUnused(request, request.existing);
  },
  computed: ({ inputs, cloud, existing, path }) => {
    const primary = parseRange(text(inputs, 'ipCidrRange') ?? '');
    return {
      subnetworkId: number(existing?.outputs, 'subnetworkId') ?? Number(uniqueNumber(cloud).slice(0, 15)),
      gatewayAddress: primary ? formatAddress(primary.first + 1) : '',
      fingerprint: hex(path, 12),
      purpose: text(inputs, 'purpose') ?? 'PRIVATE',
      stackType: text(inputs, 'stackType') ?? 'IPV4_ONLY',
      privateIpGoogleAccess: flag(inputs, 'privateIpGoogleAccess') ?? false,
      privateIpv6GoogleAccess: text(inputs, 'privateIpv6GoogleAccess') ?? 'DISABLE_GOOGLE_ACCESS',
      secondaryIpRanges: list(inputs, 'secondaryIpRanges'),
      allowSubnetCidrRoutesOverlap: flag(inputs, 'allowSubnetCidrRoutesOverlap') ?? false,
      externalIpv6Prefix: '',
      internalIpv6Prefix: '',
      ipv6CidrRange: '',
      ipv6GceEndpoint: '',
      state: '',
      resolveSubnetMask: text(inputs, 'resolveSubnetMask') ?? '',
    };
  },
});

function isRange(value: Value): string | undefined {
  return typeof value !== 'string' || parseRange(value) ? undefined : `invalid CIDR address: ${value}`;
}

function isExpansion(olds: Props, news: Props): boolean {
  const before = parseRange(text(olds, 'ipCidrRange') ?? '');
  const after = parseRange(text(news, 'ipCidrRange') ?? '');
  return before !== undefined && after !== undefined && contains(after, before);
}

interface Wanted {
  readonly field: string;
  readonly range: Range;
}

function validateRanges(request: Request): void {
  const { inputs, cloud, path } = request;
  const wanted = wantedRanges(inputs);
  const network = resolvePath(text(inputs, 'network') ?? '', 'networks', request.project, request.region) ?? '';
  const used = usedRanges(cloud, network).filter(({ owner }) => owner !== path);
  const isAutoMode = flag(cloud.get(COLLECTIONS.networks.token, network)?.outputs, 'autoCreateSubnetworks') ?? false;
  wanted.forEach(({ field, range: mine }, i) => {
    if (isAutoMode && overlaps(AUTO_MODE, mine)) {
      throw invalidField(field, mine.text, `It is in ${AUTO_MODE.text}, which an auto mode network keeps for itself.`);
    }
    const other = used.find(({ range: theirs }) => overlaps(theirs, mine));
    if (other) throw conflict(mine, other.what);
    const sibling = wanted.slice(0, i).find((earlier) => overlaps(earlier.range, mine));
    if (sibling) throw conflict(mine, `${sibling.field} (${sibling.range.text}) of the same subnetwork`);
  });
}

function wantedRanges(inputs: Props): Wanted[] {
  const primary = text(inputs, 'ipCidrRange');
  if (primary === undefined && inputs.reservedInternalRange === undefined) {
    throw invalidField('ipCidrRange', '', 'It is required where no reserved internal range is given.');
  }
  const secondary = list(inputs, 'secondaryIpRanges');
  if (secondary.length > MAX_SECONDARY_RANGES) {
    throw invalidField('secondaryIpRanges', secondary.length, `A subnetwork has at most ${MAX_SECONDARY_RANGES}.`);
  }
  const names = secondary.map((item) => text(item, 'rangeName'));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw invalidField('secondaryIpRanges', twice, 'Secondary range names must be unique within the subnetwork.');
  }
  return [
    ...(primary === undefined ? [] : [usable('ipCidrRange', primary)]),
    ...secondary.flatMap((item, i) => {
      const written = text(item, 'ipCidrRange');
      return written === undefined ? [] : [usable(`secondaryIpRanges[${i}].ipCidrRange`, written)];
    }),
  ];
}

/** VPC documentation, "Subnets", sections "IPv4 subnet ranges" and "Prohibited IPv4 subnet ranges". */
function usable(field: string, value: string): Wanted {
  const parsed = parseRange(value);
  if (!parsed) throw invalidField(field, value, 'Must be an IPv4 CIDR range.');
  if (parsed.hostBits) throw invalidField(field, value, `Its first address is not the one written: ${parsed.text}.`);
  if (parsed.prefix > 29) throw invalidField(field, value, 'The smallest range of a subnetwork is a /29.');
  if (parsed.prefix < 4) throw invalidField(field, value, 'The largest range of a subnetwork is a /4.');
  const taken = prohibited(parsed);
  if (taken) throw invalidField(field, value, `It overlaps ${taken.text}, which subnetworks cannot use.`);
  return { field, range: parsed };
}

function conflict(mine: Range, what: string): Error {
  return googleError(400, `Invalid IPCidrRange: ${mine.text} conflicts with ${what}.`, 'badRequest');
}

/** A secondary range cannot be taken from under a cluster's pods or services. */
function requireRemovedRangesUnused({ inputs, cloud, path }: Request, existing: Stored): void {
  const kept = new Set(list(inputs, 'secondaryIpRanges').map((item) => JSON.stringify(identity(item))));
  for (const item of list(existing.outputs, 'secondaryIpRanges')) {
    if (kept.has(JSON.stringify(identity(item)))) continue;
    const user = rangesUsedByClusters(cloud, path).find(({ name }) => name === text(item, 'rangeName'));
    if (user) throw inUse('subnetwork secondary range', `${path}/${user.name}`, user.cluster);
  }
}

function identity(item: Value): (string | undefined)[] {
  return [text(item, 'rangeName'), text(item, 'ipCidrRange')];
}
