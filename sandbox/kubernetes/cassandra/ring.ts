import { list, object, sameValue, text, texts, type Props } from '../../core/values';
import { toNumber } from '../addresses';
import { loadBalancerAddresses } from '../loadBalancers';
import { linkExists } from '../link';
import type { ClusterState } from '../state';
import { DATACENTER, additionalSeedService, isReady, readDatacenter, type Datacenter } from './datacenter';

const SECRET = 'kubernetes:core/v1:Secret';
const ENDPOINTS = 'kubernetes:core/v1:Endpoints';
const JOINED = 'kubernetes:cassandraRing';

/** A datacenter somewhere in the world, with the cluster it runs in. */
export interface Member {
  readonly cluster: string;
  readonly dc: Datacenter;
}

/** Datacenters of all Kubernetes clusters, by Cassandra's cluster name. */
export function members(state: ClusterState, cassandraCluster: string): Member[] {
  return state.world.kubernetes
    .all(DATACENTER)
    .map(({ id, outputs }) => ({ cluster: id.split('|')[0] ?? '', dc: readDatacenter(outputs) }))
    .filter(({ dc }) => dc.cluster === cassandraCluster);
}

/**
 * Why a first node with `additionalSeeds` never starts. While none of its own is ready the operator labels no local
 * seed (cass-operator 1.28, `reconcile_racks.go`), so the node bootstraps, and for that one of the addresses must be
 * a node's own in gossip (Cassandra, `Gossiper.seenAnySeed`); a load balancer's is nobody's.
 */
export function additionalSeedsProblem(state: ClusterState, dc: Datacenter): string {
  const stuck = (why: string) => `Unable to contact any seeds: ${why}`;
  const addresses = dc.additionalSeeds.filter((seed) => toNumber(seed) !== undefined);
  if (addresses.length === 0)
    return stuck(`no additional seed of ${dc.additionalSeeds.join(', ')} resolves to an address`);
  if (holdersOf(state, addresses).length === 0) return stuck(`no seed answers at ${addresses.join(', ')}`);
  return stuck(
    `no node has the address of a load balancer (${addresses.join(', ')}), and with additionalSeeds no node is a local seed`,
  );
}

/**
 * Ready datacenters whose ring a first node joins. It is a local seed and starts in any case; it joins whoever
 * answers at the `Endpoints` of its additional-seed service: a Ready datacenter of its cluster name behind a load
 * balancer, across the VPN where that is another Kubernetes cluster. Nobody: it starts a ring of its own.
 */
export function joinedThroughEndpoints(state: ClusterState, dc: Datacenter): Member[] {
  const near = holdersOf(state, publishedSeeds(state, dc)).filter(
    ({ cluster }) => cluster === state.cluster.key || linkExists(state),
  );
  return members(state, dc.cluster).filter(
    (member) =>
      near.some(({ cluster }) => cluster === member.cluster) &&
      !(member.cluster === state.cluster.key && member.dc.name === dc.name && member.dc.namespace === dc.namespace) &&
      isReady(member.dc.live),
  );
}

function publishedSeeds(state: ClusterState, dc: Datacenter): string[] {
  const published = state.get(ENDPOINTS, additionalSeedService(dc), dc.namespace);
  return list(published, 'subsets')
    .flatMap((subset) => list(subset, 'addresses'))
    .flatMap((address) => text(address, 'ip') ?? []);
}

/** Load balancers at any of the addresses. */
function holdersOf(state: ClusterState, addresses: readonly string[]) {
  return loadBalancerAddresses(state).filter((holder) =>
    holder.addresses.some((address) => addresses.includes(address)),
  );
}

/** What is wrong with the roles of a datacenter that joined: they exist already, and the passwords have to agree. */
export function roleProblem(state: ClusterState, dc: Datacenter, joined: readonly Member[]): string | undefined {
  if (!dc.skipsUserCreation) {
    return 'creating the superuser role failed: the role exists in the ring already (annotate cassandra.datastax.com/skip-user-creation: "true")';
  }
  const own = credentials(state.get(SECRET, dc.superuserSecret, dc.namespace));
  for (const { cluster, dc: other } of joined) {
    const theirs = credentials(
      state.world.kubernetes.get(SECRET, `${cluster}|${other.namespace}/${other.superuserSecret}`)?.outputs,
    );
    if (!sameValue(own, theirs)) {
      return `authentication failed: the superuser secret ${dc.superuserSecret} is not that of datacenter ${other.datacenter}`;
    }
  }
  return undefined;
}

function credentials(secret: Props | undefined): Props {
  const { username = null, password = null } = object(secret, 'data');
  return { username, password };
}

/** Remembers whom a datacenter joined; a ring is everything so connected. */
export function rememberJoin(state: ClusterState, dc: Datacenter, joined: readonly Member[]): void {
  state.note(JOINED, keyOf({ cluster: '', dc }).slice(1), { with: joined.map(keyOf) });
}

export function forgetJoin(state: ClusterState, dc: Datacenter): void {
  state.remove(JOINED, keyOf({ cluster: '', dc }).slice(1));
}

/** The datacenters that form one ring with this one, itself included. */
export function ringOf(state: ClusterState, dc: Datacenter): Member[] {
  const all = members(state, dc.cluster);
  const links = state.world.kubernetes.all(JOINED).map(({ id, inputs }) => ({ from: id, to: texts(inputs, 'with') }));
  const ring = new Set([keyOf({ cluster: state.cluster.key, dc })]);
  for (let size = 0; size !== ring.size;) {
    size = ring.size;
    for (const { from, to } of links) {
      if (ring.has(from) || to.some((other) => ring.has(other))) [from, ...to].forEach((other) => ring.add(other));
    }
  }
  return all.filter((member) => ring.has(keyOf(member)));
}

function keyOf({ cluster, dc }: Member): string {
  return `${cluster}|${dc.namespace}/${dc.name}`;
}
