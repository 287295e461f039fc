/** Routes of a VPC network (Google Cloud VPC documentation, "Routes", "Routing order"; Cloud Router, "Dynamic routing mode"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import type { RouteTarget, RoutingTable, StaticRoute } from '../model';
import { need, numberOr } from './aws';
import { NETWORK, ROUTER, SUBNETWORK, TUNNEL, allRanges, gcpSubnets } from './gcp';
import { tagProfile, tagsOf } from './gcpFirewalls';

const ROUTE = 'gcp:compute/route:Route';
const CLUSTER = 'gcp:container/cluster:Cluster';
const NODE_POOL = 'gcp:container/nodePool:NodePool';

const FIRST_TABLE = 100;
const DEFAULT_PRIORITY = 1000;

/**
 * With REGIONAL routing what a router learns is known in its own region only; GLOBAL is not the default. Static routes hold
 * in every region, but for those with network tags: machines with such tags have tables of their own.
 *
 * @param tunnels the network's tunnels in the order of their names
 */
export function routingTables(inventory: Inventory, network: Resource, tunnels: readonly Resource[]): RoutingTable[] {
  const own = inventory.all(ROUTE).filter((route) => inventory.find(route, 'network', NETWORK) === network);
  const routesFor = (tags: readonly string[]): StaticRoute[] =>
    best(own.filter((route) => holdsFor(route, tags)).map((route) => staticRoute(inventory, route, tunnels)));
  const learning = learningRegions(inventory, network);
  const subnets = gcpSubnets(inventory, network);
  const inRegion = (learns: boolean): string[] =>
    subnets.filter((subnet) => learning(subnet.knownText('region')) === learns).flatMap(allRanges);
  const table = (learns: boolean, of: Pick<RoutingTable, 'sources' | 'members' | 'routes'>) => ({ learns, ...of });
  const bySource = [true, false].map((learns) =>
    table(learns, { sources: inRegion(learns), members: [], routes: routesFor([]) }),
  );
  const tagged = own.some((route) => route.knownTexts('tags').length > 0) ? taggedPools(inventory, network) : [];
  const byTags = tagged.map(({ tags, region }) =>
    table(learning(region), { sources: [], members: [tagProfile(tags)], routes: routesFor(tags) }),
  );
  return [...bySource, ...byTags]
    .filter(({ sources, members }) => sources.length + members.length > 0)
    .map((entry, index) => ({ table: FIRST_TABLE + index, urn: network.urn, ...entry }));
}

function learningRegions(inventory: Inventory, network: Resource): (region: string | undefined) => boolean {
  if (network.knownText('routingMode') === 'GLOBAL') return () => true;
  const regions = inventory
    .all(ROUTER)
    .filter((router) => inventory.find(router, 'network', NETWORK) === network)
    .map((router) => router.knownText('region'));
  return (region) => regions.includes(region);
}

/** Each set of tags that machines of the network carry, once. */
function taggedPools(inventory: Inventory, network: Resource): { tags: string[]; region: string | undefined }[] {
  const bySet = new Map<string, { tags: string[]; region: string | undefined }>();
  for (const pool of inventory.all(NODE_POOL)) {
    const cluster = inventory.find(pool, 'cluster', CLUSTER);
    if (cluster === undefined || inventory.find(cluster, 'network', NETWORK) !== network) continue;
    const tags = [...tagsOf(pool)];
    const region = inventory.find(cluster, 'subnetwork', SUBNETWORK)?.knownText('region');
    if (tags.length > 0) bySet.set(tagProfile(tags), { tags, region });
  }
  return [...bySet.values()];
}

function holdsFor(route: Resource, tags: readonly string[]): boolean {
  const wanted = route.knownTexts('tags');
  return wanted.length === 0 || wanted.some((tag) => tags.includes(tag));
}

function staticRoute(inventory: Inventory, route: Resource, tunnels: readonly Resource[]): StaticRoute {
  return {
    destination: need(route, 'destRange'),
    metric: 2 * numberOr(route, 'priority', DEFAULT_PRIORITY),
    urn: route.urn,
    to: targetOf(inventory, route, tunnels),
  };
}

function targetOf(inventory: Inventory, route: Resource, tunnels: readonly Resource[]): RouteTarget {
  const named = route.knownText('nextHopVpnTunnel') ?? '';
  const tunnel = named === '' ? undefined : inventory.find(route, 'nextHopVpnTunnel', TUNNEL);
  const index = tunnel === undefined ? -1 : tunnels.indexOf(tunnel);
  return index < 0 ? { kind: 'nowhere' } : { kind: 'tunnels', names: [String(index)] };
}

/** Of routes that are equal in destination and priority the kernel takes one; tunnels among them share the load. */
function best(routes: readonly StaticRoute[]): StaticRoute[] {
  const equal = new Map<string, StaticRoute>();
  for (const route of routes) {
    const key = `${route.destination} ${route.metric}`;
    const other = equal.get(key);
    if (other === undefined) equal.set(key, route);
    else if (other.to.kind === 'tunnels' && route.to.kind === 'tunnels')
      equal.set(key, { ...other, to: { kind: 'tunnels', names: [...other.to.names, ...route.to.names] } });
  }
  return [...equal.values()];
}
