import type { Stored } from '../../core/store';
import { list, text, type Props } from '../../core/values';
import { rangesUsedByClusters } from '../compute/clusterRanges';
import { secondaryRange, usedRanges } from '../compute/vpcRanges';
import { badRequest, googleError } from '../errors';
import { COLLECTIONS, nameOf, placeOf, projectOf, resolvePath } from '../names';
import { formatAddress, overlaps, parseRange, prohibited, range, type Range } from '../ranges';
import { usesOf } from '../references';
import type { GcpSession } from '../session';
import { clusterHash } from './clusterInfo';

/** Where a cluster is to be, as paths. */
export interface ClusterPlace {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly network: string;
  readonly subnetwork: string;
}

/** Secondary ranges of a cluster after GKE has chosen what the program left open. */
export interface ClusterRanges {
  readonly pods: { readonly name: string; readonly range: Range };
  readonly services: { readonly name: string; readonly range: Range };
}

/** Service range of clusters that name none (GKE documentation, "Service ranges managed by GKE"; 1.29 and later). */
const MANAGED_SERVICES = range('34.118.224.0/20');
/** What GKE takes for pods and services when only a size, or nothing, is asked for. */
const POOL = range('10.0.0.0/8');
const DEFAULT_PODS_PREFIX = 14;

/** The Docker bridge of the nodes (GKE documentation, "Creating a private cluster", limitations). */
const DOCKER_BRIDGE = range('172.17.0.0/16');

export function requirePlace(cloud: GcpSession, place: ClusterPlace): Stored {
  const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, place.subnetwork);
  if (!subnetwork || !usesOf(subnetwork).includes(place.network)) {
    throw badRequest(`Subnetwork "${nameOf(place.subnetwork)}" is not in network "${nameOf(place.network)}".`);
  }
  if (placeOf(place.subnetwork) !== place.region) {
    throw badRequest(`Subnetwork "${nameOf(place.subnetwork)}" is not in region "${place.region}".`);
  }
  return subnetwork;
}

/** The pod and service ranges, and what is wrong with them (GKE documentation, "VPC-native clusters"). */
export function chooseRanges(inputs: Props, cloud: GcpSession, place: ClusterPlace): ClusterRanges {
  const subnetwork = requirePlace(cloud, place);
  const pods = chooseRange(inputs, cloud, place, subnetwork, 'cluster');
  const services = chooseRange(inputs, cloud, place, subnetwork, 'services');
  if (overlaps(pods.range, services.range)) {
    throw badRequest(
      `Pod range ${pods.range.text} and service range ${services.range.text} must not be the same or overlap.`,
    );
  }
  // Documented limits of the service range: /16 to /27.
  if (services.range.prefix > 27 || services.range.prefix < 16) {
    throw badRequest(`Services range ${services.range.text} must be between /16 and /27.`);
  }
  const other = rangesUsedByClusters(cloud, place.subnetwork).find(
    ({ name, cluster, role }) =>
      cluster !== place.id && (name === services.name || (name === pods.name && role === 'services')),
  );
  if (other && other.name !== '') {
    const message = `Secondary range "${other.name}" is already in use as ${other.role} of cluster "${other.cluster}".`;
    throw googleError(400, `Services range is already in use by another cluster: ${message}`, 'badRequest');
  }
  return { pods, services };
}

function chooseRange(
  inputs: Props,
  cloud: GcpSession,
  place: ClusterPlace,
  subnetwork: Stored,
  kind: 'cluster' | 'services',
) {
  const policy = inputs.ipAllocationPolicy;
  const named = text(policy, `${kind}SecondaryRangeName`);
  if (named) {
    const found = secondaryRange(subnetwork, named);
    if (found) return { name: named, range: found };
    const role = kind === 'cluster' ? 'Pod' : 'Services';
    throw badRequest(`${role} secondary range "${named}" does not exist in subnetwork "${nameOf(place.subnetwork)}".`);
  }
  const block =
    text(policy, `${kind}Ipv4CidrBlock`) ?? (kind === 'cluster' ? text(inputs, 'clusterIpv4Cidr') : undefined);
  if (kind === 'services' && !block) return { name: '', range: MANAGED_SERVICES };
  const made = `gke-${place.name}-${kind === 'cluster' ? 'pods' : 'services'}-${clusterHash(place.id)}`;
  const explicit = parseRange(block ?? '');
  if (!explicit)
    return { name: made, range: firstFree(cloud, place, block ? Number(block.slice(1)) : DEFAULT_PODS_PREFIX) };
  requireFree(cloud, place, explicit);
  return { name: made, range: explicit };
}

function requireFree(cloud: GcpSession, place: ClusterPlace, wanted: Range): void {
  const taken = prohibited(wanted);
  if (taken) throw badRequest(`Invalid IPCidrRange: ${wanted.text} overlaps ${taken.text}, which cannot be used.`);
  const other = usedRanges(cloud, place.network).find(({ range: used }) => overlaps(used, wanted));
  if (other)
    throw badRequest(`Conflicting IP cidr range: Invalid IPCidrRange: ${wanted.text} conflicts with ${other.what}.`);
}

function firstFree(cloud: GcpSession, place: ClusterPlace, prefix: number): Range {
  const used = usedRanges(cloud, place.network);
  const size = 2 ** (32 - prefix);
  for (let first = POOL.first; first < POOL.last; first += size) {
    const candidate = range(`${formatAddress(first)}/${prefix}`);
    if (!used.some((other) => overlaps(other.range, candidate))) return candidate;
  }
  throw badRequest(`No /${prefix} is free in network "${nameOf(place.network)}".`);
}

/** The control plane's range or subnetwork (GKE documentation, "Create a cluster with private nodes"). */
export function validateControlPlane(inputs: Props, cloud: GcpSession, place: ClusterPlace): void {
  const config = inputs.privateClusterConfig;
  const block = text(config, 'masterIpv4CidrBlock');
  const home = text(config, 'privateEndpointSubnetwork');
  if (block && home) {
    throw badRequest('master_ipv4_cidr_block and private_endpoint_subnetwork exclude one another.');
  }
  if (block) {
    const wanted = range(block);
    if (overlaps(wanted, DOCKER_BRIDGE))
      throw badRequest(`Master CIDR ${block} overlaps ${DOCKER_BRIDGE.text}, which is reserved.`);
    requireFree(cloud, place, wanted);
  }
  if (home) validateEndpointSubnetwork(home, cloud, place);
}

function validateEndpointSubnetwork(written: string, cloud: GcpSession, place: ClusterPlace): void {
  const path = resolvePath(written, 'subnetworks', projectOf(place.id), place.region);
  const stored = cloud.store.get(COLLECTIONS.subnetworks.token, path);
  if (!stored || placeOf(stored.id) !== place.region || !usesOf(stored).includes(place.network)) {
    throw badRequest(`private_endpoint_subnetwork "${nameOf(written)}" must be in the cluster's network and region.`);
  }
  if (text(stored.outputs, 'purpose') !== 'PRIVATE') {
    throw badRequest(`private_endpoint_subnetwork "${nameOf(written)}" must have the purpose PRIVATE.`);
  }
  const primary = parseRange(text(stored.outputs, 'ipCidrRange') ?? '');
  if (!primary || primary.prefix > 28) {
    throw badRequest(`private_endpoint_subnetwork "${nameOf(written)}" must be at least a /28.`);
  }
}

/** The secondary ranges that the subnetwork must get for ranges GKE has chosen. */
export function madeRanges(inputs: Props, ranges: ClusterRanges): { rangeName: string; ipCidrRange: string }[] {
  const policy = inputs.ipAllocationPolicy;
  const made = [];
  if (!text(policy, 'clusterSecondaryRangeName')) made.push(ranges.pods);
  if (!text(policy, 'servicesSecondaryRangeName') && ranges.services.name) made.push(ranges.services);
  return made.map(({ name, range: { text: ipCidrRange } }) => ({ rangeName: name, ipCidrRange }));
}

export function setSecondaryRanges(cloud: GcpSession, subnetwork: string, change: (items: Props[]) => Props[]): void {
  const stored = cloud.get(COLLECTIONS.subnetworks.token, subnetwork);
  if (!stored) return;
  const items = change(list(stored.outputs, 'secondaryIpRanges') as Props[]);
  cloud.put(stored.token, stored.id, stored.inputs, { ...stored.outputs, secondaryIpRanges: items });
}
