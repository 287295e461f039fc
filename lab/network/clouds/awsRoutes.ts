/** Route tables of a VPC (Amazon VPC user guide, "Configure route tables", "Route priority"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asText } from '../../../reachability/resources/resource';
import type { RouteTarget, RoutingTable, StaticRoute } from '../model';
import { SUBNET, VPC, need, subnetsOf } from './aws';
import { TRANSIT_GATEWAY, transitName } from './awsTransit';
import { VPN_GATEWAY } from './awsTunnels';

const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const DEFAULT_ROUTE_TABLE = 'aws:ec2/defaultRouteTable:DefaultRouteTable';
const MAIN_ASSOCIATION = 'aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation';
const ASSOCIATION = 'aws:ec2/routeTableAssociation:RouteTableAssociation';
const PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const ROUTE = 'aws:ec2/route:Route';
const PREFIX_LIST = 'aws:ec2/managedPrefixList:ManagedPrefixList';
const PREFIX_LIST_ENTRY = 'aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry';

const FIRST_TABLE = 100;
/** Before learnt routes: a static route wins over a propagated one of the same destination. */
const STATIC_METRIC = 10;

/** Who asks: one VPC, with the virtual private gateway that is attached to it. */
interface Scope {
  readonly inventory: Inventory;
  readonly vpc: Resource;
  readonly gateway: Resource | undefined;
}

/** One kernel table for each route table; a subnet without an association uses the VPC's main one. */
export function routingTables(inventory: Inventory, vpc: Resource, gateway: Resource | undefined): RoutingTable[] {
  const scope = { inventory, vpc, gateway };
  const adopted = inventory
    .all(DEFAULT_ROUTE_TABLE)
    .filter((table) => inventory.find(table, 'defaultRouteTableId', VPC) === vpc);
  const own = inventory.all(ROUTE_TABLE).filter((table) => inventory.find(table, 'vpcId', VPC) === vpc);
  // The table that AWS makes with a VPC goes by the VPC where no resource of its own adopts it.
  const made = adopted[0] ?? vpc;
  const main = chosenMain(scope) ?? made;
  const associated = new Map(
    inventory
      .all(ASSOCIATION)
      .map((association) => [inventory.find(association, 'subnetId', SUBNET), tableOf(scope, association, made)]),
  );
  const propagating = inventory
    .all(PROPAGATION)
    .filter((propagation) => inventory.find(propagation, 'vpnGatewayId', VPN_GATEWAY) === gateway)
    .map((propagation) => tableOf(scope, propagation, made));
  const subnets = subnetsOf(inventory, vpc);
  return [...own, made].map((table, index) => ({
    table: FIRST_TABLE + index,
    urn: table.urn,
    sources: subnets
      .filter((subnet) => (associated.get(subnet) ?? main) === table)
      .map((subnet) => need(subnet, 'cidrBlock')),
    members: [],
    learns:
      gateway !== undefined &&
      (propagating.includes(table) ||
        inventory.resolveAll(table, 'propagatingVgws', VPN_GATEWAY).resources.includes(gateway)),
    routes: staticRoutes(scope, table, made),
  }));
}

function chosenMain({ inventory, vpc }: Scope): Resource | undefined {
  const chosen = inventory
    .all(MAIN_ASSOCIATION)
    .find((association) => inventory.find(association, 'vpcId', VPC) === vpc);
  return chosen === undefined ? undefined : inventory.find(chosen, 'routeTableId', ROUTE_TABLE, DEFAULT_ROUTE_TABLE);
}

/** The table that a resource's `routeTableId` names; the id of the one that AWS made is an output of the VPC. */
function tableOf({ inventory, vpc }: Scope, resource: Resource, made: Resource): Resource | undefined {
  const found = inventory.find(resource, 'routeTableId', ROUTE_TABLE, DEFAULT_ROUTE_TABLE, VPC);
  return found === vpc ? made : found;
}

/** Routes of resources of their own first: after a refresh the table lists them again among its inline ones. */
function staticRoutes(scope: Scope, table: Resource, made: Resource): StaticRoute[] {
  const standalone = scope.inventory
    .all(ROUTE)
    .filter((route) => tableOf(scope, route, made) === table)
    .flatMap((route) => routesOf(scope, route, '', 'destinationCidrBlock'));
  const inline = table.objects('routes').flatMap((_, index) => routesOf(scope, table, `routes.${index}.`, 'cidrBlock'));
  const byDestination = new Map<string, StaticRoute>();
  for (const route of [...standalone, ...inline]) {
    if (!byDestination.has(route.destination)) byDestination.set(route.destination, route);
  }
  return [...byDestination.values()];
}

/** A route has one destination, or those of a prefix list. What is left, IPv6 and AWS's own lists, leads to no flow. */
function routesOf(scope: Scope, holder: Resource, prefix: string, destination: string): StaticRoute[] {
  const to = targetOf(scope, holder, prefix);
  if (to === undefined) return [];
  const range = holder.knownText(`${prefix}${destination}`) ?? '';
  const ranges = range === '' ? listedRanges(scope.inventory, holder, `${prefix}destinationPrefixListId`) : [range];
  return ranges.map((item) => ({ destination: item, metric: STATIC_METRIC, urn: holder.urn, to }));
}

/** Undefined for the local route, which every table has anyway. */
function targetOf({ inventory, vpc, gateway }: Scope, holder: Resource, prefix: string): RouteTarget | undefined {
  const target = (property: string, type: string): Resource | undefined => {
    const id = holder.knownText(`${prefix}${property}`) ?? '';
    return id === '' ? undefined : inventory.find(holder, `${prefix}${property}`, type);
  };
  if (holder.knownText(`${prefix}gatewayId`) === 'local') return undefined;
  const transit = target('transitGatewayId', TRANSIT_GATEWAY);
  const name = transit === undefined ? undefined : transitName(inventory, transit, vpc);
  if (name !== undefined) return { kind: 'router', name };
  const virtualPrivate = target('gatewayId', VPN_GATEWAY);
  return virtualPrivate !== undefined && virtualPrivate === gateway ? { kind: 'learnt' } : { kind: 'nowhere' };
}

function listedRanges(inventory: Inventory, holder: Resource, path: string): string[] {
  const id = holder.knownText(path) ?? '';
  const list = id === '' ? undefined : inventory.find(holder, path, PREFIX_LIST);
  if (list === undefined) return [];
  const inline = list.objects('entries').map((entry) => asText(entry['cidr']));
  const standalone = inventory
    .all(PREFIX_LIST_ENTRY)
    .filter((entry) => inventory.find(entry, 'prefixListId', PREFIX_LIST) === list)
    .map((entry) => entry.knownText('cidr'));
  return [...new Set([...inline, ...standalone])].filter((range) => typeof range === 'string');
}
