/**
 * VPCs, subnets and route tables as AWS evaluates them (Amazon VPC User Guide, "Configure route tables",
 * "Route priority", "Subnet route tables").
 */
import { type Range, parseRange } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import { type Fields, UNKNOWN } from '../../resources/value';
import { rangeOfValue } from '../ranges';

export interface Vpc {
  readonly cloud: 'aws';
  readonly resource: Resource;
  readonly cidrs: readonly VpcCidr[];
  /** A CIDR block of this VPC is not known yet. */
  readonly cidrsUnknown: boolean;
  readonly subnets: Subnet[];
  readonly routeTables: RouteTable[];
  /** The table of every subnet without an association of its own. */
  mainTable: RouteTable;
  /** Gateway route tables, by URN of the gateway: they route what comes in through it (VPC guide, "Gateway route tables"). */
  readonly edgeTables: Map<string, RouteTable>;
}

export interface VpcCidr {
  readonly range: Range;
  readonly urn: string;
}

export interface Subnet {
  readonly cloud: 'aws';
  readonly resource: Resource;
  readonly vpc: Vpc;
  readonly range: Range;
  /** Availability zone name; undefined when neither input nor output tells it. */
  readonly zone: string | undefined;
  readonly routeTable: RouteTable;
}

export interface RouteTable {
  /** The table's own URN, or the VPC's for the main table that AWS makes. */
  readonly urn: string;
  /** The VPC that it is a table of. */
  readonly vpc: Resource;
  readonly routes: Route[];
  /** Virtual private gateways that propagate into this table. */
  readonly propagating: Resource[];
}

export interface Route {
  /** Destination; UNKNOWN when it is not known yet. */
  readonly range: Range | typeof UNKNOWN;
  readonly target: RouteTarget;
  readonly urn: string;
}

export type RouteTarget =
  | { readonly kind: RouteTargetKind; readonly resource: Resource }
  /** The target is known by an id that the input does not have. */
  | { readonly kind: 'external'; readonly id: string }
  | { readonly kind: 'unknown' };

/** Whether a route says itself that its range is the VPC's own. */
export function isLocal({ target }: Route): boolean {
  return target.kind === 'external' && target.id === 'local';
}

export type RouteTargetKind = 'internet' | 'nat' | 'virtualPrivate' | 'transit' | 'peering' | 'interface' | 'endpoint';

export const VPC = 'aws:ec2/vpc:Vpc';
export const SUBNET = 'aws:ec2/subnet:Subnet';
export const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
export const TRANSIT_GATEWAY = 'aws:ec2transitgateway/transitGateway:TransitGateway';
export const VPC_TYPES = [VPC, 'aws:ec2/defaultVpc:DefaultVpc'];
export const SUBNET_TYPES = [SUBNET, 'aws:ec2/defaultSubnet:DefaultSubnet'];
const INTERNET_GATEWAY = 'aws:ec2/internetGateway:InternetGateway';
const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const DEFAULT_ROUTE_TABLE = 'aws:ec2/defaultRouteTable:DefaultRouteTable';
export const PREFIX_LIST = 'aws:ec2/managedPrefixList:ManagedPrefixList';

/** Target properties of a route and what each may point to. A gateway id names an internet or a virtual private gateway. */
const TARGETS: readonly (readonly [property: string, kind: RouteTargetKind, type: string])[] = [
  ['gatewayId', 'internet', INTERNET_GATEWAY],
  ['gatewayId', 'virtualPrivate', VPN_GATEWAY],
  ['natGatewayId', 'nat', 'aws:ec2/natGateway:NatGateway'],
  ['transitGatewayId', 'transit', TRANSIT_GATEWAY],
  ['vpcPeeringConnectionId', 'peering', 'aws:ec2/vpcPeeringConnection:VpcPeeringConnection'],
  ['networkInterfaceId', 'interface', 'aws:ec2/networkInterface:NetworkInterface'],
  ['vpcEndpointId', 'endpoint', 'aws:ec2/vpcEndpoint:VpcEndpoint'],
];

export interface AwsNetworks {
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly subnets: ReadonlyMap<string, Subnet>;
}

export function readAwsNetworks(inventory: Inventory): AwsNetworks {
  const vpcs = new Map<string, Vpc>();
  for (const resource of inventory.all(...VPC_TYPES)) vpcs.set(resource.urn, emptyVpc(inventory, resource));
  const tables = readRouteTables(inventory, vpcs);
  const tableOfSubnet = readAssociations(inventory, vpcs, tables);
  const subnets = new Map<string, Subnet>();
  for (const resource of inventory.all(...SUBNET_TYPES)) {
    const vpc = ownerVpc(inventory, vpcs, resource);
    const range = parseRange(resource.knownText('cidrBlock') ?? '');
    if (vpc === undefined || range === undefined) continue;
    const zone = resource.knownText('availabilityZone') ?? resource.knownText('availabilityZoneId');
    const routeTable = tableOfSubnet.get(resource.urn) ?? vpc.mainTable;
    const subnet: Subnet = { cloud: 'aws', resource, vpc, range, zone, routeTable };
    vpc.subnets.push(subnet);
    subnets.set(resource.urn, subnet);
  }
  return { vpcs, subnets };
}

/** The VPC that a resource's `vpcId` points to. */
export function ownerVpc(inventory: Inventory, vpcs: ReadonlyMap<string, Vpc>, resource: Resource): Vpc | undefined {
  const owner = inventory.find(resource, 'vpcId', ...VPC_TYPES);
  return owner === undefined ? undefined : vpcs.get(owner.urn);
}

function emptyVpc(inventory: Inventory, resource: Resource): Vpc {
  const cidrs: VpcCidr[] = [];
  let cidrsUnknown = false;
  const associations = inventory
    .all('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation')
    .filter((association) => inventory.find(association, 'vpcId', ...VPC_TYPES) === resource);
  for (const holder of [resource, ...associations]) {
    const range = parseRange(holder.knownText('cidrBlock') ?? '');
    if (range === undefined) cidrsUnknown = true;
    else cidrs.push({ range, urn: holder.urn });
  }
  return {
    cloud: 'aws',
    resource,
    cidrs,
    cidrsUnknown,
    subnets: [],
    routeTables: [],
    mainTable: { urn: resource.urn, vpc: resource, routes: [], propagating: [] },
    edgeTables: new Map(),
  };
}

function readRouteTables(inventory: Inventory, vpcs: ReadonlyMap<string, Vpc>): Map<string, RouteTable> {
  const tables = new Map<string, RouteTable>();
  const add = (resource: Resource, vpc: Vpc): RouteTable => {
    const table: RouteTable = {
      urn: resource.urn,
      vpc: vpc.resource,
      routes: inlineRoutes(inventory, resource),
      propagating: [...inventory.resolveAll(resource, 'propagatingVgws', VPN_GATEWAY).resources],
    };
    tables.set(resource.urn, table);
    vpc.routeTables.push(table);
    return table;
  };
  for (const resource of inventory.all(ROUTE_TABLE)) {
    const vpc = ownerVpc(inventory, vpcs, resource);
    if (vpc !== undefined) add(resource, vpc);
  }
  for (const resource of inventory.all(DEFAULT_ROUTE_TABLE)) {
    // The resource adopts the main table that AWS made; its id is an output of the VPC.
    const owner = inventory.find(resource, 'defaultRouteTableId', ...VPC_TYPES);
    const vpc = owner === undefined ? undefined : vpcs.get(owner.urn);
    if (vpc !== undefined) vpc.mainTable = add(resource, vpc);
  }
  readStandaloneRoutes(inventory, vpcs, tables);
  return tables;
}

function readStandaloneRoutes(
  inventory: Inventory,
  vpcs: ReadonlyMap<string, Vpc>,
  tables: Map<string, RouteTable>,
): void {
  const tableOf = (resource: Resource): RouteTable | undefined => {
    const owner = inventory.find(resource, 'routeTableId', ROUTE_TABLE, DEFAULT_ROUTE_TABLE, ...VPC_TYPES);
    return owner === undefined ? undefined : (tables.get(owner.urn) ?? vpcs.get(owner.urn)?.mainTable);
  };
  for (const resource of inventory.all('aws:ec2/route:Route')) {
    tableOf(resource)?.routes.push(...routesOf(inventory, resource, '', 'destinationCidrBlock'));
  }
  for (const resource of inventory.all('aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation')) {
    const gateway = inventory.find(resource, 'vpnGatewayId', VPN_GATEWAY);
    if (gateway !== undefined) tableOf(resource)?.propagating.push(gateway);
  }
}

function inlineRoutes(inventory: Inventory, table: Resource): Route[] {
  return table.objects('routes').flatMap((_, index) => routesOf(inventory, table, `routes.${index}.`, 'cidrBlock'));
}

/** A route has one destination range, or one for each entry of a prefix list. */
function routesOf(inventory: Inventory, resource: Resource, prefix: string, destination: string): Route[] {
  const target = readTarget(inventory, resource, prefix);
  const route = (range: Route['range']): Route => ({ range, target, urn: resource.urn });
  const text = resource.text(`${prefix}${destination}`);
  if (text === UNKNOWN) return [route(UNKNOWN)];
  const range = text === undefined ? undefined : parseRange(text);
  if (range !== undefined) return [route(range)];
  const list = inventory.find(resource, `${prefix}destinationPrefixListId`, PREFIX_LIST);
  if (list !== undefined) return prefixListRanges(inventory, list).map(route);
  // What is left is an IPv6 destination, or a prefix list that AWS or somebody else owns (S3, DynamoDB).
  return [];
}

function readTarget(inventory: Inventory, resource: Resource, prefix: string): RouteTarget {
  let target: RouteTarget = { kind: 'unknown' };
  for (const [property, kind, type] of TARGETS) {
    const reference = inventory.resolve(resource, `${prefix}${property}`, type);
    if (reference.kind === 'resource') return { kind, resource: reference.resource };
    if (reference.kind === 'external') target = { kind: 'external', id: reference.value };
  }
  return target;
}

/** The ranges of a managed prefix list, inline or in resources of their own. */
export function prefixListRanges(inventory: Inventory, list: Resource): Range[] {
  const inline = list.objects('entries').map((entry: Fields) => entry['cidr']);
  const standalone = inventory
    .all('aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry')
    .filter((entry) => inventory.find(entry, 'prefixListId', PREFIX_LIST) === list)
    .map((entry) => entry.value('cidr'));
  return [...inline, ...standalone].map(rangeOfValue).filter((range) => range !== undefined);
}

function readAssociations(
  inventory: Inventory,
  vpcs: ReadonlyMap<string, Vpc>,
  tables: ReadonlyMap<string, RouteTable>,
): Map<string, RouteTable> {
  const tableOfSubnet = new Map<string, RouteTable>();
  const tableOf = (resource: Resource): RouteTable | undefined => {
    const owner = inventory.find(resource, 'routeTableId', ROUTE_TABLE, DEFAULT_ROUTE_TABLE);
    return owner === undefined ? undefined : tables.get(owner.urn);
  };
  for (const resource of inventory.all('aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation')) {
    const vpc = ownerVpc(inventory, vpcs, resource);
    const table = tableOf(resource);
    if (vpc !== undefined && table !== undefined) vpc.mainTable = table;
  }
  for (const resource of inventory.all('aws:ec2/routeTableAssociation:RouteTableAssociation')) {
    const subnet = inventory.find(resource, 'subnetId', ...SUBNET_TYPES);
    const table = tableOf(resource);
    if (subnet !== undefined && table !== undefined) tableOfSubnet.set(subnet.urn, table);
    const gateway = inventory.find(resource, 'gatewayId', VPN_GATEWAY, INTERNET_GATEWAY);
    if (gateway !== undefined && table !== undefined) vpcs.get(table.vpc.urn)?.edgeTables.set(gateway.urn, table);
  }
  return tableOfSubnet;
}
