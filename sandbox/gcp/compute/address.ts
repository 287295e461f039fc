import { number, text, type Props } from '../../core/values';
import { all, conflicts, ipAddress, isSet, oneOf } from '../checks';
import { googleError, invalidField } from '../errors';
import { COLLECTIONS, nameOf, resolvePath, selfLinkOf, uniqueNumber } from '../names';
import { formatAddress, holds, parseAddress, parseRange, type Range } from '../ranges';
import { usersOf, usesOf } from '../references';
import { allocateExternalAddress } from '../publicAddresses';
import { computeResource, type Request } from '../resource';
import type { GcpSession } from '../session';
import { addressInUse } from './addressesInUse';

/** Reserved addresses of a region (Compute Engine API, `addresses`). */
export const address = computeResource({
  collection: 'addresses',
  title: 'Address',
  immutable: [
    'address',
    'addressType',
    'description',
    'ipCollection',
    'ipVersion',
    'ipv6EndpointType',
    'network',
    'networkTier',
    'prefixLength',
    'purpose',
    'subnetwork',
  ],
  labels: true,
  seconds: { create: 12, update: 6, delete: 12 },
  defaults: { addressType: 'EXTERNAL' },
  check: all(
    oneOf('addressType', 'INTERNAL', 'EXTERNAL'),
    oneOf('networkTier', 'PREMIUM', 'STANDARD'),
    oneOf('ipVersion', 'IPV4', 'IPV6'),
    oneOf(
      'purpose',
      'GCE_ENDPOINT',
      'SHARED_LOADBALANCER_VIP',
      'VPC_PEERING',
      'IPSEC_INTERCONNECT',
      'PRIVATE_SERVICE_CONNECT',
      'DNS_RESOLVER',
      'NAT_AUTO',
    ),
    ipAddress('address'),
    conflicts('subnetwork', 'network'),
  ),
  validate: (request) => {
    if (request.existing) return;
    if (isInternal(request.inputs)) validateInternal(request);
    else validateExternal(request.inputs);
  },
  computed: (request) => {
    const { inputs, cloud, existing } = request;
    const internal = isInternal(inputs);
    const found = text(inputs, 'address') ?? text(existing?.outputs, 'address');
    const purpose = text(inputs, 'purpose') ?? (internal ? 'GCE_ENDPOINT' : '');
    return {
      addressId: number(existing?.outputs, 'addressId') ?? Number(uniqueNumber(cloud).slice(0, 15)),
      address: found ?? (internal ? freeAddress(request) : allocateExternalAddress(cloud)),
      networkTier: text(inputs, 'networkTier') ?? 'PREMIUM',
      purpose,
      prefixLength: number(inputs, 'prefixLength') ?? 0,
      subnetwork: text(inputs, 'subnetwork') ?? '',
      network: text(inputs, 'network') ?? '',
      users: existing ? usersOf(cloud, existing.id).map(({ id }) => selfLinkOf(id)) : [],
    };
  },
});

export function isInternal(inputs: Props): boolean {
  return text(inputs, 'addressType') === 'INTERNAL';
}

function validateExternal(inputs: Props): void {
  if (isSet(inputs, 'subnetwork')) {
    throw invalidField('subnetwork', text(inputs, 'subnetwork'), 'Only INTERNAL addresses are in a subnetwork.');
  }
  if (isSet(inputs, 'address')) {
    throw invalidField(
      'address',
      text(inputs, 'address'),
      'An external address cannot be chosen; it may name one in use only.',
    );
  }
  if (isSet(inputs, 'purpose') && text(inputs, 'purpose') !== 'GCE_ENDPOINT') {
    throw invalidField('purpose', text(inputs, 'purpose'), 'The purpose applies to INTERNAL addresses only.');
  }
}

function validateInternal(request: Request): void {
  const { inputs, cloud, path } = request;
  if (isSet(inputs, 'networkTier')) {
    throw invalidField('networkTier', text(inputs, 'networkTier'), 'INTERNAL addresses have no network tier.');
  }
  const subnetwork = subnetworkOf(request);
  const wanted = text(inputs, 'address');
  if (wanted === undefined) return;
  requireUsable('address', wanted, subnetwork.range, subnetwork.path);
  const user = addressInUse(cloud, subnetwork.network, wanted);
  if (user && user !== path) throw ipInUse(wanted, user);
}

function subnetworkOf({ inputs, cloud, project, region }: Request) {
  const written = text(inputs, 'subnetwork');
  if (written === undefined) {
    throw invalidField(
      'subnetwork',
      '',
      'An INTERNAL address of purpose GCE_ENDPOINT or SHARED_LOADBALANCER_VIP names its subnetwork.',
    );
  }
  const path = resolvePath(written, 'subnetworks', project, region) ?? '';
  return subnetworkAt(cloud, path);
}

export function subnetworkAt(cloud: GcpSession, path: string): { path: string; network: string; range: Range } {
  const stored = cloud.get(COLLECTIONS.subnetworks.token, path);
  const range = parseRange(text(stored?.outputs, 'ipCidrRange') ?? '');
  const network = stored && usesOf(stored).find((used) => used.includes('/networks/'));
  if (!range || !network) throw invalidField('subnetwork', path, 'It has no primary IPv4 range.');
  return { path, network, range };
}

/**
 * The first two and the last two addresses of a primary range are not given out (VPC documentation, "Subnets",
 * section "Unusable addresses in IPv4 subnet ranges").
 */
export function requireUsable(field: string, wanted: string, range: Range, subnetwork: string): void {
  const value = parseAddress(wanted);
  if (value === undefined || !holds(range, value)) {
    const why = `IP address '${wanted}' is not within the primary range ${range.text} of subnetwork '${nameOf(subnetwork)}'.`;
    throw invalidField(field, wanted, why);
  }
  if (!isUsable(value, range)) {
    throw invalidField(field, wanted, `The first two and the last two addresses of ${range.text} are reserved.`);
  }
}

export function isUsable(value: number, range: Range): boolean {
  return value > range.first + 1 && value < range.last - 1;
}

export function ipInUse(wanted: string, user: string): Error {
  return googleError(400, `IP '${wanted}' is already being used by another resource: '${user}'.`, 'invalid');
}

/** The lowest free address of the subnetwork. */
function freeAddress(request: Request): string {
  const { path, network, range } = subnetworkOf(request);
  return lowestFree(request.cloud, network, range, path);
}

export function lowestFree(cloud: GcpSession, network: string, range: Range, subnetwork: string): string {
  for (let value = range.first + 2; isUsable(value, range); value += 1) {
    const candidate = formatAddress(value);
    if (addressInUse(cloud, network, candidate) === undefined) return candidate;
  }
  const message = `IP_SPACE_EXHAUSTED: the IP space of '${subnetwork}' is exhausted.`;
  throw googleError(400, message, 'ipSpaceExhausted');
}
