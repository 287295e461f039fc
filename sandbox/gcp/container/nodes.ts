import type { Stored } from '../../core/store';
import { number, text, texts, type Props } from '../../core/values';
import { lowestFree } from '../compute/address';
import { badRequest } from '../errors';
import { COLLECTIONS, nameOf, pathOf, selfLinkOf } from '../names';
import { parseRange, sizeOf, type Range } from '../ranges';
import { hex, type GcpSession } from '../session';
import {
  NODE_POOL,
  clusterInfo,
  clusterOfPool,
  nodeTag,
  podRangeName,
  zonesOfPool,
  type ClusterInfo,
} from './clusterInfo';

const INSTANCE = COLLECTIONS.instances.token;

/** Pods of one node unless the pool or the cluster says otherwise (GKE, "Configure maximum Pods per node"). */
export const DEFAULT_PODS_PER_NODE = 110;

/** Addresses of one node's pods: the next power of two above twice their number (same document). */
export function podBlock(podsPerNode: number): number {
  return 2 ** Math.ceil(Math.log2(podsPerNode * 2));
}

/** Nodes a pool wants in each of its zones. */
export function nodesPerZone(pool: Props): number {
  return number(pool, 'nodeCount') ?? number(pool, 'initialNodeCount') ?? 0;
}

/**
 * Refuses nodes that do not fit: every node takes one address of the subnetwork's primary range, which loses four,
 * and one block of the pod range, which loses none (GKE documentation, "VPC-native clusters", "Limits").
 */
export function requireRoom(cloud: GcpSession, info: ClusterInfo, pool: Stored, nodes: number, pods: Range): void {
  const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, info.subnetwork);
  const primary = parseRange(text(subnetwork?.outputs, 'ipCidrRange') ?? '');
  const existing = instancesOf(cloud, pool).length;
  if (primary && nodes - existing > sizeOf(primary) - 4 - addressesTaken(cloud, info.subnetwork)) {
    const what = `the primary range ${primary.text} of subnetwork '${nameOf(info.subnetwork)}'`;
    throw badRequest(`IP_SPACE_EXHAUSTED: ${what} has no room for ${nodes} nodes of pool '${nameOf(pool.id)}'.`);
  }
  const each = podBlock(podsPerNode(pool.outputs));
  const free = sizeOf(pods) - podAddressesTaken(cloud, info, pool);
  if (nodes * each <= free) return;
  throw badRequest(
    `IP_SPACE_EXHAUSTED: the pod range '${podRangeName(info.stored, pool)}' (${pods.text}) has ${free} of ${sizeOf(pods)} addresses free; ` +
      `${nodes} nodes of pool '${nameOf(pool.id)}' take a /${32 - Math.log2(each)} each for ${podsPerNode(pool.outputs)} pods.`,
  );
}

/** Addresses that the nodes of all other pools have of the same pod range, whichever cluster they are of. */
function podAddressesTaken(cloud: GcpSession, info: ClusterInfo, pool: Stored): number {
  const range = podRangeName(info.stored, pool);
  const shares = (other: Stored) => {
    const home = clusterInfo(cloud.store, clusterOfPool(other.id));
    return home?.subnetwork === info.subnetwork && podRangeName(home.stored, other) === range;
  };
  return cloud.store
    .all(NODE_POOL)
    .filter((other) => other.id !== pool.id && shares(other))
    .reduce((sum, other) => sum + instancesOf(cloud, other).length * podBlock(podsPerNode(other.outputs)), 0);
}

function podsPerNode(pool: Props): number {
  return number(pool, 'maxPodsPerNode') ?? DEFAULT_PODS_PER_NODE;
}

/** Addresses of a subnetwork that machines, load balancers and reservations have. */
function addressesTaken(cloud: GcpSession, subnetwork: string): number {
  const reserved = cloud.store
    .all(COLLECTIONS.addresses.token)
    .filter(({ inputs }) => nameOf(text(inputs, 'subnetwork') ?? '') === nameOf(subnetwork));
  const machines = cloud.store.all(INSTANCE).filter(({ inputs }) => text(inputs, 'subnetwork') === subnetwork);
  const rules = cloud.store
    .all(COLLECTIONS.forwardingRules.token)
    .filter(({ inputs }) => text(inputs, 'subnetwork') === subnetwork && inputs.reservedAddress === undefined);
  return reserved.length + machines.length + rules.length;
}

export function instancesOf(cloud: GcpSession, pool: Stored): Stored[] {
  return cloud.store.all(INSTANCE).filter(({ inputs }) => text(inputs, 'nodePool') === pool.id);
}

/** Makes and deletes machines until each zone of the pool has as many as it should. */
export function reconcileNodes(cloud: GcpSession, info: ClusterInfo, pool: Stored, perZone: number): void {
  const zones = zonesOfPool(info, pool);
  const existing = instancesOf(cloud, pool);
  for (const machine of existing) {
    if (!zones.includes(text(machine.inputs, 'zone') ?? '')) cloud.remove(INSTANCE, machine.id);
  }
  for (const zone of zones) {
    const here = existing.filter(({ inputs }) => text(inputs, 'zone') === zone);
    for (const machine of here.slice(perZone)) cloud.remove(INSTANCE, machine.id);
    for (let i = here.length; i < perZone; i += 1) addMachine(cloud, info, pool, zone);
  }
}

export function removeNodes(cloud: GcpSession, pool: Stored): void {
  for (const machine of instancesOf(cloud, pool)) cloud.remove(INSTANCE, machine.id);
}

function addMachine(cloud: GcpSession, info: ClusterInfo, pool: Stored, zone: string): void {
  const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, info.subnetwork);
  const primary = parseRange(text(subnetwork?.outputs, 'ipCidrRange') ?? '');
  if (!primary) throw badRequest(`Subnetwork '${info.subnetwork}' has no primary IPv4 range.`);
  const networkIp = lowestFree(cloud, info.network, primary, info.subnetwork);
  const id = unusedPath(cloud, info, pool, zone);
  const inputs: Props = {
    name: nameOf(id),
    project: info.project,
    zone,
    network: info.network,
    subnetwork: info.subnetwork,
    nodePool: pool.id,
    machineType: text(pool.outputs, 'nodeConfig', 'machineType') ?? '',
    tags: [nodeTag(info), ...texts(pool.outputs, 'nodeConfig', 'tags')],
  };
  cloud.put(INSTANCE, id, inputs, { ...inputs, networkIp, selfLink: selfLinkOf(id) });
}

/** Machines end in four characters of chance; here in the first that no other of the group has. */
function unusedPath(cloud: GcpSession, info: ClusterInfo, pool: Stored, zone: string): string {
  const group = groupName(info, pool, zone).replace(/-grp$/, '');
  for (;;) {
    const suffix = hex(`${pool.id}/${cloud.store.nextSerial()}`, 4);
    const path = pathOf('instances', info.project, zone, `${group}-${suffix}`);
    if (!cloud.get(INSTANCE, path)) return path;
  }
}

/** Name of the managed instance group of a pool in a zone. */
export function groupName(info: ClusterInfo, pool: Stored, zone: string): string {
  const stem = `gke-${info.name}-${nameOf(pool.id)}`.slice(0, 45).replace(/-$/, '');
  return `${stem}-${hex(`${pool.id}/${zone}`, 8)}-grp`;
}
