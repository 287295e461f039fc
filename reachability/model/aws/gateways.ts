/**
 * Virtual private gateways and transit gateways: what is attached to them and how they route
 * (AWS Site-to-Site VPN User Guide; AWS Transit Gateway Guide, "How transit gateways work").
 */
import type { Range } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import type { Unknown } from '../../resources/value';
import { rangeOfValue } from '../ranges';
import {
  type AwsNetworks,
  type Subnet,
  type Vpc,
  SUBNET_TYPES,
  TRANSIT_GATEWAY,
  VPN_GATEWAY,
  ownerVpc,
} from './network';

/** ASN of an AWS gateway that names none (S2S guide, "Create a virtual private gateway"; Transit Gateway guide). */
export const DEFAULT_AWS_ASN = 64512;

export const VPN_CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const VPC_ATTACHMENT = 'aws:ec2transitgateway/vpcAttachment:VpcAttachment';
const TGW_ROUTE_TABLE = 'aws:ec2transitgateway/routeTable:RouteTable';

export interface VirtualPrivateGateway {
  readonly kind: 'virtualPrivate';
  readonly resource: Resource;
  readonly asn: number | Unknown;
  /** VPC that it is attached to; a gateway without one carries nothing. */
  readonly vpc: Vpc | undefined;
}

export interface TransitGateway {
  readonly kind: 'transit';
  readonly resource: Resource;
  readonly asn: number | Unknown;
  readonly attachments: TransitAttachment[];
  readonly tables: TransitRouteTable[];
}

export type AwsGateway = VirtualPrivateGateway | TransitGateway;

export interface TransitAttachment {
  /** The VPC attachment, or the VPN connection. */
  readonly resource: Resource;
  readonly gateway: TransitGateway;
  /** Set for a VPC attachment. */
  readonly vpc: Vpc | undefined;
  /** Subnets of a VPC attachment, one for each availability zone that it serves. */
  readonly subnets: readonly Subnet[];
  /** Table that routes what comes from this attachment. */
  association: TransitRouteTable | undefined;
}

export interface TransitRouteTable {
  /** The table's own URN, or the gateway's for the default table that AWS makes. */
  readonly urn: string;
  readonly statics: TransitRoute[];
  /** Attachments whose routes are propagated into this table. */
  readonly propagations: TransitAttachment[];
}

export interface TransitRoute {
  readonly range: Range;
  readonly urn: string;
  /** Undefined for a blackhole. */
  readonly attachment: TransitAttachment | undefined;
}

export interface AwsGateways {
  readonly virtualPrivate: ReadonlyMap<string, VirtualPrivateGateway>;
  readonly transit: ReadonlyMap<string, TransitGateway>;
}

export function readAwsGateways(inventory: Inventory, networks: AwsNetworks): AwsGateways {
  const virtualPrivate = new Map<string, VirtualPrivateGateway>();
  const attachments = inventory.all('aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment');
  for (const resource of inventory.all(VPN_GATEWAY)) {
    const attachment = attachments.find(
      (candidate) => inventory.find(candidate, 'vpnGatewayId', VPN_GATEWAY) === resource,
    );
    const vpc =
      (attachment === undefined ? undefined : ownerVpc(inventory, networks.vpcs, attachment)) ??
      ownerVpc(inventory, networks.vpcs, resource);
    virtualPrivate.set(resource.urn, { kind: 'virtualPrivate', resource, asn: asnOf(resource), vpc });
  }
  const transit = new Map<string, TransitGateway>();
  for (const resource of inventory.all(TRANSIT_GATEWAY)) {
    transit.set(resource.urn, { kind: 'transit', resource, asn: asnOf(resource), attachments: [], tables: [] });
  }
  readTransit(inventory, networks, transit);
  return { virtualPrivate, transit };
}

function asnOf(resource: Resource): number | Unknown {
  return resource.number('amazonSideAsn') ?? DEFAULT_AWS_ASN;
}

function readTransit(inventory: Inventory, networks: AwsNetworks, gateways: ReadonlyMap<string, TransitGateway>): void {
  const byResource = new Map<Resource, TransitAttachment>();
  for (const resource of inventory.all(VPC_ATTACHMENT, VPN_CONNECTION)) {
    const gateway = gatewayOf(inventory, gateways, resource);
    if (gateway === undefined) continue;
    const vpc = resource.type === VPC_ATTACHMENT ? ownerVpc(inventory, networks.vpcs, resource) : undefined;
    const subnets = inventory
      .resolveAll(resource, 'subnetIds', ...SUBNET_TYPES)
      .resources.map((subnet) => networks.subnets.get(subnet.urn))
      .filter((subnet) => subnet !== undefined);
    const attachment: TransitAttachment = { resource, gateway, vpc, subnets, association: undefined };
    gateway.attachments.push(attachment);
    byResource.set(resource, attachment);
  }
  const tables = new Map<Resource, TransitRouteTable>();
  for (const resource of inventory.all(TGW_ROUTE_TABLE)) {
    const table: TransitRouteTable = { urn: resource.urn, statics: [], propagations: [] };
    tables.set(resource, table);
    gatewayOf(inventory, gateways, resource)?.tables.push(table);
  }
  const defaults = new Map<TransitGateway, TransitRouteTable>();
  for (const gateway of gateways.values()) defaults.set(gateway, joinDefaultTable(gateway));
  joinTables(inventory, gateways, tables, defaults, byResource);
}

function gatewayOf(
  inventory: Inventory,
  gateways: ReadonlyMap<string, TransitGateway>,
  resource: Resource,
): TransitGateway | undefined {
  const owner = inventory.find(resource, 'transitGatewayId', TRANSIT_GATEWAY);
  return owner === undefined ? undefined : gateways.get(owner.urn);
}

/** Unless switched off, every attachment is associated with the default table and propagates into it. */
function joinDefaultTable(gateway: TransitGateway): TransitRouteTable {
  const table: TransitRouteTable = { urn: gateway.resource.urn, statics: [], propagations: [] };
  gateway.tables.push(table);
  const enabled = (on: Resource, property: string, off: string | boolean): boolean => on.value(property) !== off;
  for (const attachment of gateway.attachments) {
    const own = attachment.vpc === undefined ? undefined : attachment.resource;
    if (
      enabled(gateway.resource, 'defaultRouteTableAssociation', 'disable') &&
      (own === undefined || enabled(own, 'transitGatewayDefaultRouteTableAssociation', false))
    ) {
      attachment.association = table;
    }
    if (
      enabled(gateway.resource, 'defaultRouteTablePropagation', 'disable') &&
      (own === undefined || enabled(own, 'transitGatewayDefaultRouteTablePropagation', false))
    ) {
      table.propagations.push(attachment);
    }
  }
  return table;
}

function joinTables(
  inventory: Inventory,
  gateways: ReadonlyMap<string, TransitGateway>,
  tables: ReadonlyMap<Resource, TransitRouteTable>,
  defaults: ReadonlyMap<TransitGateway, TransitRouteTable>,
  attachments: ReadonlyMap<Resource, TransitAttachment>,
): void {
  const attachmentOf = (resource: Resource): TransitAttachment | undefined => {
    const found = inventory.find(resource, 'transitGatewayAttachmentId', VPC_ATTACHMENT, VPN_CONNECTION);
    return found === undefined ? undefined : attachments.get(found);
  };
  const tableOf = (resource: Resource): TransitRouteTable | undefined => {
    const found = inventory.find(resource, 'transitGatewayRouteTableId', TGW_ROUTE_TABLE, TRANSIT_GATEWAY);
    if (found === undefined) return undefined;
    const gateway = gateways.get(found.urn);
    return gateway === undefined ? tables.get(found) : defaults.get(gateway);
  };
  for (const resource of inventory.all('aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation')) {
    const attachment = attachmentOf(resource);
    const table = tableOf(resource);
    if (attachment !== undefined && table !== undefined) attachment.association = table;
  }
  for (const resource of inventory.all('aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation')) {
    const attachment = attachmentOf(resource);
    if (attachment !== undefined) tableOf(resource)?.propagations.push(attachment);
  }
  for (const resource of inventory.all('aws:ec2transitgateway/route:Route')) {
    const range = rangeOfValue(resource.value('destinationCidrBlock'));
    const attachment = resource.flag('blackhole') === true ? undefined : attachmentOf(resource);
    if (range !== undefined) tableOf(resource)?.statics.push({ range, urn: resource.urn, attachment });
  }
}

/** The gateway at AWS's end of a VPN connection. */
export function gatewayOfConnection(
  inventory: Inventory,
  gateways: AwsGateways,
  connection: Resource,
): AwsGateway | undefined {
  const found =
    inventory.find(connection, 'vpnGatewayId', VPN_GATEWAY) ??
    inventory.find(connection, 'transitGatewayId', TRANSIT_GATEWAY);
  if (found === undefined) return undefined;
  return gateways.virtualPrivate.get(found.urn) ?? gateways.transit.get(found.urn);
}
