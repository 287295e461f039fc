/** Transit gateways: attachments, route tables and what is in them (AWS Transit Gateway guide, "How transit gateways work"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import {
  type RouteTarget,
  type StaticRoute,
  type TransitGateway,
  type TransitTable,
  type VirtualNetwork,
  type VpcAttachment,
  advertisedOf,
} from '../model';
import { SUBNET, VPC, need, subnetsOf } from './aws';
import { CONNECTION, tunnelEnds, tunnelNames } from './awsTunnels';

export const TRANSIT_GATEWAY = 'aws:ec2transitgateway/transitGateway:TransitGateway';
const VPC_ATTACHMENT = 'aws:ec2transitgateway/vpcAttachment:VpcAttachment';
const TABLE = 'aws:ec2transitgateway/routeTable:RouteTable';
const ASSOCIATION = 'aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation';
const PROPAGATION = 'aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation';
const ROUTE = 'aws:ec2transitgateway/route:Route';

const FIRST_TABLE = 100;
/** "Route evaluation order": of equal destinations static routes come first, then those of VPCs, then those of VPNs. */
const METRICS = { written: 10, vpc: 20 };

/** A VPC or a VPN connection at a transit gateway. */
interface Attachment {
  readonly resource: Resource;
  /** Set for a VPC. */
  readonly network: VirtualNetwork | undefined;
  /** Tunnels of a connection. */
  readonly tunnels: readonly string[];
  /** The table or, for the default one, the gateway that routes what comes from here. */
  readonly association: Resource | undefined;
  /** The tables or gateways into which it propagates. */
  readonly propagations: readonly Resource[];
}

/** @param networks the VPCs of the export, as the attachments name them */
export function transitGateways(inventory: Inventory, networks: readonly VirtualNetwork[]): TransitGateway[] {
  return inventory.all(TRANSIT_GATEWAY).map((gateway, index) => {
    const connections = inventory.all(CONNECTION).filter((entry) => isAt(inventory, entry, gateway));
    const attachments = attachmentsOf(inventory, gateway, connections, networks);
    const own = inventory.all(TABLE).filter((table) => isAt(inventory, table, gateway));
    const tables = [...own, gateway].map((table, number) =>
      tableOf(inventory, table, FIRST_TABLE + number, attachments),
    );
    return {
      name: `tgw${index}`,
      cloud: 'aws',
      urn: gateway.urn,
      attachments: attachments.flatMap((attachment) => vpcAttachment(inventory, attachment)),
      tables,
      tunnels: tunnelEnds(inventory, gateway, connections, (connection) => {
        const association = attachments.find(({ resource }) => resource === connection)?.association;
        const table = tables.find(({ urn }) => urn === association?.urn);
        return table === undefined ? [] : advertisedOf(table);
      }),
      // On unless switched off ("Create a transit gateway", VPN ECMP support).
      multipath: gateway.knownText('vpnEcmpSupport') !== 'disable',
    };
  });
}

/** The transit gateway's name in the model, if the VPC is attached to it. */
export function transitName(inventory: Inventory, gateway: Resource, vpc: Resource): string | undefined {
  const attached = inventory
    .all(VPC_ATTACHMENT)
    .some((entry) => isAt(inventory, entry, gateway) && inventory.find(entry, 'vpcId', VPC) === vpc);
  return attached ? `tgw${inventory.all(TRANSIT_GATEWAY).indexOf(gateway)}` : undefined;
}

function isAt(inventory: Inventory, resource: Resource, gateway: Resource): boolean {
  const id = resource.knownText('transitGatewayId') ?? '';
  return id !== '' && inventory.find(resource, 'transitGatewayId', TRANSIT_GATEWAY) === gateway;
}

function attachmentsOf(
  inventory: Inventory,
  gateway: Resource,
  connections: readonly Resource[],
  networks: readonly VirtualNetwork[],
): Attachment[] {
  const vpcs = inventory.all(VPC_ATTACHMENT).filter((entry) => isAt(inventory, entry, gateway));
  return [...vpcs, ...connections].map((resource) => {
    const vpc = resource.type === VPC_ATTACHMENT ? inventory.find(resource, 'vpcId', VPC) : undefined;
    const joined = (type: string): Resource[] =>
      inventory
        .all(type)
        .filter((entry) => attachmentNamedBy(inventory, entry) === resource)
        .map((entry) => tableNamedBy(inventory, entry))
        .filter((table) => table !== undefined);
    const byDefault = (what: 'Association' | 'Propagation'): Resource[] =>
      joinsDefault(gateway, resource, what) ? [gateway] : [];
    return {
      resource,
      network: networks.find(({ urn }) => urn === vpc?.urn),
      tunnels: resource.type === CONNECTION ? tunnelNames(connections.indexOf(resource)) : [],
      association: [...joined(ASSOCIATION), ...byDefault('Association')][0],
      propagations: [...new Set([...joined(PROPAGATION), ...byDefault('Propagation')])],
    };
  });
}

/** "Default route table association" and "propagation": on unless the gateway, or a VPC's attachment, switches it off. */
function joinsDefault(gateway: Resource, attachment: Resource, what: 'Association' | 'Propagation'): boolean {
  return (
    gateway.knownText(`defaultRouteTable${what}`) !== 'disable' &&
    attachment.flag(`transitGatewayDefaultRouteTable${what}`) !== false
  );
}

function attachmentNamedBy(inventory: Inventory, resource: Resource): Resource | undefined {
  const id = resource.knownText('transitGatewayAttachmentId') ?? '';
  return id === '' ? undefined : inventory.find(resource, 'transitGatewayAttachmentId', VPC_ATTACHMENT, CONNECTION);
}

/** The id of the default table is an output of the gateway, so that it leads there. */
function tableNamedBy(inventory: Inventory, resource: Resource): Resource | undefined {
  return inventory.find(resource, 'transitGatewayRouteTableId', TABLE, TRANSIT_GATEWAY);
}

function tableOf(
  inventory: Inventory,
  table: Resource,
  number: number,
  attachments: readonly Attachment[],
): TransitTable {
  const associated = attachments.filter(({ association }) => association === table);
  const propagating = attachments.filter(({ propagations }) => propagations.includes(table));
  const written = inventory
    .all(ROUTE)
    .filter((route) => tableNamedBy(inventory, route) === table)
    .map((route) => ({
      destination: need(route, 'destinationCidrBlock'),
      metric: METRICS.written,
      urn: route.urn,
      to: targetOf(inventory, route, attachments),
    }));
  const ofVpcs = propagating.flatMap(({ resource, network }) =>
    (network?.localRanges ?? []).map((destination): StaticRoute => ({
      destination,
      metric: METRICS.vpc,
      urn: resource.urn,
      to: { kind: 'router', name: network?.name ?? '' },
    })),
  );
  return {
    table: number,
    urn: table.urn,
    networks: associated.flatMap(({ network }) => network?.name ?? []),
    tunnels: associated.flatMap(({ tunnels }) => tunnels),
    learnsFrom: propagating.flatMap(({ tunnels }) => tunnels),
    routes: [...written, ...ofVpcs],
  };
}

function targetOf(inventory: Inventory, route: Resource, attachments: readonly Attachment[]): RouteTarget {
  const named = route.flag('blackhole') === true ? undefined : attachmentNamedBy(inventory, route);
  const attachment = attachments.find(({ resource }) => resource === named);
  if (attachment?.network !== undefined) return { kind: 'router', name: attachment.network.name };
  return attachment === undefined ? { kind: 'nowhere' } : { kind: 'tunnels', names: attachment.tunnels };
}

function vpcAttachment(inventory: Inventory, { resource, network }: Attachment): VpcAttachment[] {
  const vpc = inventory.find(resource, 'vpcId', VPC);
  if (network === undefined || vpc === undefined) return [];
  const zones = inventory
    .resolveAll(resource, 'subnetIds', SUBNET)
    .resources.map((subnet) => need(subnet, 'availabilityZone'));
  const unserved = subnetsOf(inventory, vpc).filter((subnet) => !zones.includes(need(subnet, 'availabilityZone')));
  return [{ urn: resource.urn, network: network.name, unserved: unserved.map((subnet) => need(subnet, 'cidrBlock')) }];
}
