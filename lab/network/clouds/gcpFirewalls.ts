/** VPC firewall rules as filters (Cloud NGFW, "VPC firewall rules"): by priority, deny before allow, stateful. */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asText, asTexts } from '../../../reachability/resources/resource';
import type { FilterRule, Profile } from '../model';
import { gkeNodeRules } from './gkeFirewalls';

const FIREWALL = 'gcp:compute/firewall:Firewall';
const NETWORK = 'gcp:compute/network:Network';
const CLUSTER = 'gcp:container/cluster:Cluster';
const NODE_POOL = 'gcp:container/nodePool:NodePool';
const DEFAULT_PRIORITY = 1000;

/** GKE's control plane is in Google's own network behind an endpoint, to which no firewall rule of the network applies. */
export const GKE_CONTROL_PLANE: Profile = {
  name: 'profile_control_plane',
  memberOf: [],
  ingress: [],
  egress: [],
  otherwise: { ingress: 'accept', egress: 'accept' },
};

/** The profile of machines that carry the given network tags. */
export function tagProfile(tags: readonly string[]): string {
  return tags.length === 0
    ? 'profile_untagged'
    : `profile_${[...tags]
        .sort()
        .join('_')
        .replace(/[^A-Za-z0-9]/g, '_')}`;
}

export function gcpProfiles(inventory: Inventory, network: Resource): { profiles: Profile[]; memberSets: string[] } {
  const firewalls = inventory
    .all(FIREWALL)
    .filter((rule) => inventory.find(rule, 'network', NETWORK) === network && rule.flag('disabled') !== true)
    .sort((a, b) => priority(a) - priority(b) || Number(denies(b)) - Number(denies(a)));
  const tagLists = [[], ...inventory.all(NODE_POOL, CLUSTER).map((owner) => tagsOf(owner))];
  const names = new Set<string>();
  const profiles = tagLists.flatMap((tags) => {
    const name = tagProfile(tags);
    if (names.has(name)) return [];
    names.add(name);
    const aimed = firewalls.filter((rule) => aimsAt(rule, tags));
    return [
      {
        name,
        memberOf: tags.map(tagSet),
        ingress: inOrder([
          ...aimed.filter((rule) => !isEgress(rule)).flatMap(rulesOf),
          ...clustersOf(inventory, network, name).flatMap((cluster) => gkeNodeRules(inventory, cluster)),
        ]),
        egress: aimed.filter(isEgress).flatMap(rulesOf),
        // The implied rules of every network.
        otherwise: { ingress: 'drop', egress: 'accept' } as const,
      },
    ];
  });
  const sources = firewalls.flatMap((rule) => rule.knownTexts('sourceTags'));
  return {
    profiles: [...profiles, GKE_CONTROL_PLANE],
    memberSets: [...new Set([...tagLists.flat(), ...sources].map(tagSet))],
  };
}

/** Clusters of the network that have nodes with a profile. */
function clustersOf(inventory: Inventory, network: Resource, profile: string): Resource[] {
  const pools = inventory.all(NODE_POOL).filter((pool) => tagProfile(tagsOf(pool)) === profile);
  return inventory
    .all(CLUSTER)
    .filter((cluster) => inventory.find(cluster, 'network', NETWORK) === network)
    .filter((cluster) => pools.some((pool) => inventory.find(pool, 'cluster', CLUSTER) === cluster));
}

/** GKE's own rules come after the stack's of the same priority, so that these still deny first. */
function inOrder(rules: readonly FilterRule[]): FilterRule[] {
  return [...rules].sort((a, b) => (a.priority ?? DEFAULT_PRIORITY) - (b.priority ?? DEFAULT_PRIORITY));
}

export function tagsOf(pool: Resource): string[] {
  return [...pool.knownTexts('nodeConfig.tags')];
}

function tagSet(tag: string): string {
  return `tag_${tag.replace(/[^A-Za-z0-9]/g, '_')}`;
}

function aimsAt(rule: Resource, tags: readonly string[]): boolean {
  const targets = rule.knownTexts('targetTags');
  return targets.length === 0
    ? rule.knownTexts('targetServiceAccounts').length === 0
    : targets.some((tag) => tags.includes(tag));
}

function rulesOf(rule: Resource): FilterRule[] {
  const services = rule.objects(denies(rule) ? 'denies' : 'allows');
  return services.map((service) => {
    const protocol = String(asText(service['protocol']) ?? 'all').toLowerCase();
    return {
      action: denies(rule) ? 'drop' : 'accept',
      ranges: rule.knownTexts(isEgress(rule) ? 'destinationRanges' : 'sourceRanges'),
      sets: rule.knownTexts('sourceTags').map(tagSet),
      protocol,
      ports: asTexts(service['ports']).filter((port) => typeof port === 'string'),
      priority: priority(rule),
      urn: rule.urn,
    };
  });
}

function priority(rule: Resource): number {
  const value = rule.number('priority');
  return typeof value === 'number' ? value : DEFAULT_PRIORITY;
}

function denies(rule: Resource): boolean {
  return rule.objects('denies').length > 0;
}

function isEgress(rule: Resource): boolean {
  return rule.knownText('direction') === 'EGRESS';
}
