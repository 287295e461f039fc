import type { Store, Stored } from '../../core/store';
import { flag, list, number, text, texts, type Value } from '../../core/values';
import { COLLECTIONS } from '../names';
import { contains, overlaps, parseRange, type Range } from '../ranges';
import { usesOf } from '../references';
import { nodeTag, poolsOf, type ClusterInfo } from './clusterInfo';

/** What a firewall rule says of one connection. */
type Say = 'allow' | 'deny' | undefined;

/**
 * Whether the control plane's range reaches the nodes of every pool on a TCP port, by the network's rules (VPC
 * documentation, "VPC firewall rules": the lowest priority number decides, deny before allow, ingress is denied
 * where no rule says otherwise).
 */
export function reachesNodes(store: Store, info: ClusterInfo, port: number): boolean {
  const source = info.controlPlane;
  if (!source) return false;
  const pools = poolsOf(store, info.id);
  return pools.length > 0 && pools.every((pool) => admits(store, info, pool, source, port));
}

function admits(store: Store, info: ClusterInfo, pool: Stored, source: Range, port: number): boolean {
  const tags = [nodeTag(info), ...texts(pool.outputs, 'nodeConfig', 'tags')];
  const account = text(pool.outputs, 'nodeConfig', 'serviceAccount') ?? '';
  const rules = store
    .all(COLLECTIONS.firewalls.token)
    .filter((rule) => usesOf(rule).includes(info.network) && appliesTo(rule, tags, account))
    .sort((a, b) => priorityOf(a) - priorityOf(b) || Number(isAllow(a)) - Number(isAllow(b)));
  for (const rule of rules) {
    const say = judge(rule, source, port);
    if (say) return say === 'allow';
  }
  return false;
}

function appliesTo({ outputs }: Stored, tags: readonly string[], account: string): boolean {
  if ((text(outputs, 'direction') ?? 'INGRESS') !== 'INGRESS' || flag(outputs, 'disabled')) return false;
  // A rule for other destinations than the nodes themselves: a load balancer's address.
  if (texts(outputs, 'destinationRanges').some((item) => item !== '0.0.0.0/0')) return false;
  const [targets, accounts] = [texts(outputs, 'targetTags'), texts(outputs, 'targetServiceAccounts')];
  if (targets.length > 0) return targets.some((tag) => tags.includes(tag));
  return accounts.length === 0 || accounts.includes(account);
}

function judge({ outputs }: Stored, source: Range, port: number): Say {
  const ranges = texts(outputs, 'sourceRanges').flatMap(
    (item) => parseRange(item.includes('/') ? item : `${item}/32`) ?? [],
  );
  const allows = list(outputs, 'allows');
  const matches = (items: Value[]) => items.some((item) => covers(item, port));
  if (allows.length > 0) {
    return matches(allows) && ranges.some((range) => contains(range, source)) ? 'allow' : undefined;
  }
  return matches(list(outputs, 'denies')) && ranges.some((range) => overlaps(range, source)) ? 'deny' : undefined;
}

function covers(item: Value, port: number): boolean {
  const protocol = (text(item, 'protocol') ?? '').toLowerCase();
  if (!['tcp', '6', 'all'].includes(protocol)) return false;
  const ports = texts(item, 'ports');
  return ports.length === 0 || ports.some((written) => within(written, port));
}

function within(written: string, port: number): boolean {
  const [low = '', high = low] = written.split('-');
  return Number(low) <= port && port <= Number(high);
}

function priorityOf({ outputs }: Stored): number {
  return number(outputs, 'priority') ?? 1000;
}

function isAllow({ outputs }: Stored): boolean {
  return list(outputs, 'allows').length > 0;
}
