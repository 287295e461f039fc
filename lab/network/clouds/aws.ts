/** AWS's part of the model: VPCs, route tables, gateways and VPN connections (VPC and Site-to-Site VPN user guides). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import { addressAt, contains } from '../../core/ip';
import type { RoutingTable, TunnelEnd, VirtualNetwork } from '../model';
import { awsProposals } from './awsProposals';
import { awsProfiles } from './awsSecurityGroups';

export const VPC = 'aws:ec2/vpc:Vpc';
export const SUBNET = 'aws:ec2/subnet:Subnet';
const CIDR_ASSOCIATION = 'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation';
const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const ROUTE_TABLE_ASSOCIATION = 'aws:ec2/routeTableAssociation:RouteTableAssociation';
const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
const ATTACHMENT = 'aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment';
const PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const CUSTOMER_GATEWAY = 'aws:ec2/customerGateway:CustomerGateway';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';

/** Site-to-Site VPN guide, "Tunnel options": defaults where the resource is silent. */
const DEFAULTS = { phase1Lifetime: 28_800, phase2Lifetime: 3_600, deadPeerTimeout: 30, holdTime: 30 };
/** Site-to-Site VPN guide, "Best practices": largest packet with AES-CBC and SHA2-256. */
const TUNNEL_MTU = 1438;
/** Largest frame of EKS's interfaces; a veth takes it. */
const VPC_MTU = 9001;
const FIRST_TABLE = 100;

/** @throws LabError for a stack with a transit gateway, which the lab does not build */
export function awsNetworks(inventory: Inventory): VirtualNetwork[] {
  const transit = inventory
    .all(CONNECTION)
    .find((connection) => connection.knownText('transitGatewayId') !== undefined);
  if (transit !== undefined) {
    throw new LabError(
      `${transit.urn} ends at a transit gateway; the lab builds virtual private gateways only: set link.awsGateway to virtualPrivate`,
    );
  }
  return inventory.all(VPC).map((vpc, index) => {
    const localRanges = rangesOf(inventory, vpc);
    const gateway = gatewayOf(inventory, vpc);
    return {
      name: `vpc${index}`,
      cloud: 'aws',
      urn: vpc.urn,
      localRanges,
      routingTables: routingTables(inventory, vpc, gateway),
      ...awsProfiles(inventory, vpc),
      tunnels: gateway === undefined ? [] : tunnelEnds(inventory, gateway, localRanges),
      // A virtual private gateway sends by one tunnel at a time.
      multipath: false,
      mtu: VPC_MTU,
    };
  });
}

export function rangesOf(inventory: Inventory, vpc: Resource): string[] {
  const more = inventory
    .all(CIDR_ASSOCIATION)
    .filter((association) => inventory.find(association, 'vpcId', VPC) === vpc)
    .map((association) => need(association, 'cidrBlock'));
  return [need(vpc, 'cidrBlock'), ...more];
}

export function subnetsOf(inventory: Inventory, vpc: Resource): Resource[] {
  return inventory.all(SUBNET).filter((subnet) => inventory.find(subnet, 'vpcId', VPC) === vpc);
}

/** A gateway that is not attached routes nothing. */
function gatewayOf(inventory: Inventory, vpc: Resource): Resource | undefined {
  const attached = inventory
    .all(ATTACHMENT)
    .filter((attachment) => inventory.find(attachment, 'vpcId', VPC) === vpc)
    .map((attachment) => inventory.find(attachment, 'vpnGatewayId', VPN_GATEWAY));
  const own = inventory.all(VPN_GATEWAY).filter((gateway) => inventory.find(gateway, 'vpcId', VPC) === vpc);
  return attached.find((gateway) => gateway !== undefined) ?? own[0];
}

/** One kernel table for each route table; a subnet without an association uses the VPC's main one. */
function routingTables(inventory: Inventory, vpc: Resource, gateway: Resource | undefined): RoutingTable[] {
  const associations = new Map(
    inventory
      .all(ROUTE_TABLE_ASSOCIATION)
      .map((association) => [
        inventory.find(association, 'subnetId', SUBNET),
        inventory.find(association, 'routeTableId', ROUTE_TABLE, VPC),
      ]),
  );
  const tables = inventory.all(ROUTE_TABLE).filter((table) => inventory.find(table, 'vpcId', VPC) === vpc);
  const propagating = new Set(
    inventory
      .all(PROPAGATION)
      .filter((propagation) => inventory.find(propagation, 'vpnGatewayId', VPN_GATEWAY) === gateway)
      .map((propagation) => inventory.find(propagation, 'routeTableId', ROUTE_TABLE, VPC)),
  );
  const subnets = subnetsOf(inventory, vpc);
  return [...tables, vpc].map((table, index) => ({
    table: FIRST_TABLE + index,
    urn: table.urn,
    sources: subnets
      .filter((subnet) => (associations.get(subnet) ?? vpc) === table)
      .map((subnet) => need(subnet, 'cidrBlock')),
    learns:
      gateway !== undefined &&
      (propagating.has(table) ||
        inventory.resolveAll(table, 'propagatingVgws', VPN_GATEWAY).resources.includes(gateway)),
  }));
}

function tunnelEnds(inventory: Inventory, gateway: Resource, advertised: readonly string[]): TunnelEnd[] {
  return inventory
    .all(CONNECTION)
    .filter((connection) => inventory.find(connection, 'vpnGatewayId', VPN_GATEWAY) === gateway)
    .flatMap((connection, index) =>
      ([1, 2] as const).map((number) => tunnelEnd(inventory, { gateway, connection, index, number, advertised })),
    );
}

interface ConnectionTunnel {
  readonly gateway: Resource;
  readonly connection: Resource;
  readonly index: number;
  readonly number: 1 | 2;
  readonly advertised: readonly string[];
}

function tunnelEnd(inventory: Inventory, tunnel: ConnectionTunnel): TunnelEnd {
  const { gateway, connection, index, number, advertised } = tunnel;
  const at = (property: string): string => `tunnel${number}${property}`;
  const customer = inventory.find(connection, 'customerGatewayId', CUSTOMER_GATEWAY);
  if (customer === undefined) throw new LabError(`${connection.urn}: its customer gateway is not in the export`);
  const inside = need(connection, at('InsideCidr'));
  const versions = connection.knownTexts(at('IkeVersions'));
  const peerAsn = customer.number('bgpAsn') ?? customer.number('bgpAsnExtended');
  return {
    name: `${index}${number}`,
    urn: connection.urn,
    outside: need(connection, at('Address')),
    peerOutside: need(customer, 'ipAddress'),
    presharedKey: need(connection, at('PresharedKey')),
    ikeVersions: versions.length === 0 ? [1, 2] : versions.map((version) => (version === 'ikev1' ? 1 : 2)),
    ikeProposals: awsProposals(connection, at('Phase1')),
    espProposals: awsProposals(connection, at('Phase2')),
    ikeLifetime: numberOr(connection, at('Phase1LifetimeSeconds'), DEFAULTS.phase1Lifetime),
    espLifetime: numberOr(connection, at('Phase2LifetimeSeconds'), DEFAULTS.phase2Lifetime),
    initiates: connection.knownText(at('StartupAction')) === 'start',
    deadPeerTimeout: numberOr(connection, at('DpdTimeoutSeconds'), DEFAULTS.deadPeerTimeout),
    mtu: TUNNEL_MTU,
    session:
      connection.flag('staticRoutesOnly') === true
        ? undefined
        : {
            urn: connection.urn,
            // The first address of the /30 is AWS's, the second the customer's ("Inside tunnel IPv4 CIDR").
            localAddress: addressAt(inside, 1),
            localAsn: numberOr(gateway, 'amazonSideAsn', 64_512),
            peerAddress: addressAt(inside, 2),
            peerAsn: typeof peerAsn === 'number' ? peerAsn : 65_000,
            holdTime: DEFAULTS.holdTime,
            keepalive: 10,
            // A virtual private gateway advertises the VPC's ranges.
            advertised,
            metric: undefined,
          },
  };
}

/** Subnet of a VPC that holds an address. */
export function subnetAt(inventory: Inventory, vpc: Resource, address: string): Resource | undefined {
  return subnetsOf(inventory, vpc).find((subnet) => contains(need(subnet, 'cidrBlock'), address));
}

export function need(resource: Resource, path: string): string {
  const text = resource.knownText(path);
  if (text === undefined || text === '') {
    throw new LabError(
      `${resource.urn} has no ${path} in the export; the lab needs a stack that is up, with its secrets`,
    );
  }
  return text;
}

export function numberOr(resource: Resource, path: string, otherwise: number): number {
  const value = resource.number(path);
  return typeof value === 'number' ? value : otherwise;
}
