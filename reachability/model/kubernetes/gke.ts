/** GKE clusters (Google Kubernetes Engine documentation, "VPC-native clusters", "IP masquerade agent", "Network policies"). */
import { parseDocument } from 'yaml';
import { type Range, mustRange, parseRange } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type InstanceTraits, unknownLabel } from '../gcp/firewall';
import { type GcpNetworks, type GcpSubnet, SUBNETWORK } from '../gcp/network';
import { rangesOfTexts } from '../ranges';
import type { GkeCluster, PolicyEnforcement, Snat } from './cluster';
import { kindOf, nameOf, namespaceOf, textMap } from './objects';

export const GKE_CLUSTER = 'gcp:container/cluster:Cluster';
const NODE_POOL = 'gcp:container/nodePool:NodePool';

export function readGkeCluster(
  inventory: Inventory,
  networks: GcpNetworks,
  resource: Resource,
  objects: readonly Resource[],
): GkeCluster | undefined {
  const owner = inventory.find(resource, 'subnetwork', SUBNETWORK);
  const subnet = owner === undefined ? undefined : networks.subnets.get(owner.urn);
  const nodes = subnet?.ranges[0]?.range;
  if (subnet === undefined || nodes === undefined) return undefined;
  const pools = poolsOf(inventory, resource);
  const pods = podRange(resource, subnet, pools);
  if (pods === undefined) return undefined;
  const services = rangeOf(resource, subnet, 'servicesSecondaryRangeName', [
    'ipAllocationPolicy.servicesIpv4CidrBlock',
    'servicesIpv4Cidr',
  ]);
  return {
    cloud: 'gcp',
    resource,
    objects,
    network: subnet.network,
    subnet,
    nodes,
    pods,
    services,
    controlPlane: controlPlaneRange(inventory, networks, resource),
    traits: traitsOf(resource, pools),
    zones: zonesOf(resource, pools),
    tagHolder: (pools.length === 1 ? pools[0] : undefined)?.urn ?? resource.urn,
    policies: policyEnforcement(resource),
    snat: readSnat(resource, objects),
  };
}

export function poolsOf(inventory: Inventory, cluster: Resource): Resource[] {
  return inventory.all(NODE_POOL).filter((pool) => inventory.find(pool, 'cluster', GKE_CLUSTER) === cluster);
}

/** The range of the cluster's pods, unless the node pools have one of their own; undefined when they have several. */
function podRange(cluster: Resource, subnet: GcpSubnet, pools: readonly Resource[]): Range | undefined {
  const own = pools.map((pool) => pool.knownText('networkConfig.podRange'));
  const named = (name: string): Range | undefined => subnet.ranges.find((range) => range.name === name)?.range;
  const [first] = own;
  if (new Set(own).size > 1 || lacksRange(cluster, subnet)) return undefined;
  if (first !== undefined) return named(first);
  return rangeOf(cluster, subnet, 'clusterSecondaryRangeName', [
    'ipAllocationPolicy.clusterIpv4CidrBlock',
    'clusterIpv4Cidr',
  ]);
}

/** Whether the cluster names a secondary range for its pods that its subnet does not have. */
export function lacksRange(cluster: Resource, subnet: GcpSubnet): boolean {
  const name = cluster.knownText('ipAllocationPolicy.clusterSecondaryRangeName');
  return name !== undefined && !subnet.ranges.some((range) => range.name === name);
}

function rangeOf(
  cluster: Resource,
  subnet: GcpSubnet,
  property: string,
  literal: readonly string[],
): Range | undefined {
  const name = cluster.knownText(`ipAllocationPolicy.${property}`);
  const named = subnet.ranges.find((range) => range.name !== undefined && range.name === name);
  if (named !== undefined) return named.range;
  // A range is also given as a prefix length ("/16"), which parses as no range: then only the answer tells.
  return literal.map((path) => parseRange(cluster.knownText(path) ?? '')).find((range) => range !== undefined);
}

function controlPlaneRange(inventory: Inventory, networks: GcpNetworks, cluster: Resource): Range | undefined {
  const literal = parseRange(cluster.knownText('privateClusterConfig.masterIpv4CidrBlock') ?? '');
  if (literal !== undefined) return literal;
  const owner = inventory.find(cluster, 'privateClusterConfig.privateEndpointSubnetwork', SUBNETWORK);
  const subnet = owner === undefined ? undefined : networks.subnets.get(owner.urn);
  return subnet?.ranges[0]?.range;
}

/** Label that GKE's own firewall rules aim at: the network tag it gives every node. */
export function nodeLabel(cluster: Resource): string {
  return `gke-node:${cluster.urn}`;
}

/** Only what every pool has counts: a pod may run on any. */
function traitsOf(cluster: Resource, pools: readonly Resource[]): InstanceTraits {
  const holders = pools.length > 0 ? pools : [cluster];
  const labels = holders.map((holder) => new Set(poolLabels(holder)));
  const common = [...(labels[0] ?? [])].filter((label) => labels.every((set) => set.has(label)));
  const unknown = holders.some((holder) => holder.texts('nodeConfig.tags') === UNKNOWN);
  return { labels: [nodeLabel(cluster), ...common], assumed: false, unknown };
}

function poolLabels(pool: Resource): string[] {
  const account = asText(pool.value('nodeConfig.serviceAccount'));
  return [
    ...pool.knownTexts('nodeConfig.tags'),
    ...pool.knownTexts('nodePoolAutoConfig.networkTags.tags'),
    ...(typeof account === 'string' ? [account] : []),
    ...(account === UNKNOWN ? pool.sources('nodeConfig').map(unknownLabel) : []),
  ];
}

function zonesOf(cluster: Resource, pools: readonly Resource[]): string[] {
  const located = [...new Set(pools.flatMap((pool) => pool.knownTexts('nodeLocations')))];
  return located.length > 0 ? located.sort() : [...cluster.knownTexts('nodeLocations')].sort();
}

/** Dataplane V2 always enforces; otherwise `networkPolicy` must be on. */
function policyEnforcement(cluster: Resource): PolicyEnforcement {
  const dataplane = cluster.knownText('datapathProvider') === 'ADVANCED_DATAPATH';
  const enabled = cluster.flag('networkPolicy.enabled') === true;
  return { enforced: dataplane || enabled || cluster.flag('enableAutopilot') === true, urn: cluster.urn };
}

/** Destinations that GKE does not masquerade unless told otherwise ("IP masquerade agent", "Default non-masquerade destinations"). */
const DEFAULT_KEPT = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
].map(mustRange);

/** An ip-masq-agent ConfigMap's list replaces the defaults; `defaultSnatStatus.disabled` keeps every source. */
function readSnat(cluster: Resource, objects: readonly Resource[]): Snat {
  if (cluster.flag('defaultSnatStatus.disabled') === true) {
    return { kept: [], off: true, urn: cluster.urn, why: 'default SNAT is disabled', unknown: undefined };
  }
  const config = objects.find(
    (object) =>
      ['ConfigMap', 'ConfigMapPatch'].includes(kindOf(object)) &&
      nameOf(object) === 'ip-masq-agent' &&
      namespaceOf(object) === 'kube-system',
  );
  if (config === undefined) {
    return {
      kept: DEFAULT_KEPT,
      off: false,
      urn: cluster.urn,
      why: 'GKE masquerades what is not private',
      unknown: undefined,
    };
  }
  const text = textMap(config.value('data')).get('config');
  if (text === undefined && config.value('data') === UNKNOWN) {
    return { kept: [], off: false, urn: config.urn, why: 'the list is not known', unknown: 'data' };
  }
  const kept = nonMasqueradeRanges(text);
  if (kept === undefined) {
    return { kept: [], off: false, urn: config.urn, why: 'the list is no YAML', unknown: 'data.config' };
  }
  const why = 'nonMasqueradeCIDRs of ip-masq-agent does not list it';
  return { kept, off: false, urn: config.urn, why, unknown: undefined };
}

/** The agent's file is YAML or JSON; without `nonMasqueradeCIDRs` its defaults hold. Undefined when it does not parse. */
function nonMasqueradeRanges(text: string | undefined): readonly Range[] | undefined {
  if (text === undefined) return DEFAULT_KEPT;
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const config: unknown = document.toJS();
  if (typeof config !== 'object' || config === null || !('nonMasqueradeCIDRs' in config)) return DEFAULT_KEPT;
  const list = config.nonMasqueradeCIDRs;
  return Array.isArray(list) ? rangesOfTexts(list.filter((item) => typeof item === 'string')) : DEFAULT_KEPT;
}
