import type { Stored } from '../core/store';
import { flag, list, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { exactlyOne, fail, known, network } from './checks';
import { dependencyViolation, ec2Error } from './errors';
import { parseRange } from './ipv4';
import { requireRouteTable, requireSubnet, requireVpc } from './lookups';
import { quotas } from './quotas';
import { TARGETS, refuseRoute } from './routeRules';
import type { AwsSession } from './session';
import { INTERNET_GATEWAY, ROUTE, ROUTE_TABLE, ROUTE_TABLE_ASSOCIATION, VPN_GATEWAY_PROPAGATION } from './tokens';

export const routeTable: AwsType = {
  token: ROUTE_TABLE,
  seconds: { create: 1, delete: 1 },
  immutable: ['vpcId'],
  check: (inputs) => inlineRoutes(inputs),
  create: (inputs, cloud) => {
    const vpc = requireVpc(cloud, 'CreateRouteTable', text(inputs, 'vpcId'));
    const siblings = cloud.all(ROUTE_TABLE).filter((table) => text(table.outputs, 'vpcId') === vpc.id);
    if (siblings.length >= quotas.routeTablesPerVpc) {
      throw ec2Error(
        'CreateRouteTable',
        'RouteTableLimitExceeded',
        'The maximum number of route tables has been reached.',
      );
    }
    refuseInlineRoutes(cloud, vpc.id, inputs);
    const id = cloud.newId('rtb');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `route-table/${id}`),
        ownerId: cloud.accountId,
        routes: inputs['routes'] ?? [],
        propagatingVgws: inputs['propagatingVgws'] ?? [],
      },
    };
  },
  update: (resource, inputs, cloud) => {
    refuseInlineRoutes(cloud, text(resource.outputs, 'vpcId') ?? '', inputs);
    return { routes: inputs['routes'] ?? [], propagatingVgws: inputs['propagatingVgws'] ?? [] };
  },
  delete: (resource, cloud) => {
    const associated = cloud.find(
      ROUTE_TABLE_ASSOCIATION,
      (stored) => text(stored.outputs, 'routeTableId') === resource.id,
    );
    if (associated) {
      throw dependencyViolation(
        'DeleteRouteTable',
        `The routeTable '${resource.id}' has dependencies and cannot be deleted.`,
      );
    }
    // What is in a route table goes with it.
    for (const token of [ROUTE, VPN_GATEWAY_PROPAGATION]) {
      for (const stored of cloud.all(token)) {
        if (text(stored.outputs, 'routeTableId') === resource.id) cloud.remove(token, stored.id);
      }
    }
  },
};

export const routeTableAssociation: AwsType = {
  token: ROUTE_TABLE_ASSOCIATION,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['subnetId', 'gatewayId'],
  check: (inputs) => exactlyOne(inputs, 'subnetId', 'gatewayId'),
  create: (inputs, cloud) => {
    const operation = 'AssociateRouteTable';
    const table = requireRouteTable(cloud, operation, text(inputs, 'routeTableId'));
    refuseAssociation(cloud, operation, table, inputs);
    return { id: cloud.newId('rtbassoc'), outputs: {} };
  },
  // The API gives the association a new id when its table is replaced; the provider keeps its own.
  update: (resource, inputs, cloud) => {
    const operation = 'ReplaceRouteTableAssociation';
    const table = requireRouteTable(cloud, operation, text(inputs, 'routeTableId'));
    refuseOtherVpc(cloud, operation, table, text(resource.outputs, 'subnetId'));
    return {};
  },
};

/** The route table that serves a subnet: its own or the VPC's main one. */
export function tableOfSubnet(cloud: AwsSession, subnet: Stored): Stored | undefined {
  const association = cloud.find(ROUTE_TABLE_ASSOCIATION, (stored) => text(stored.outputs, 'subnetId') === subnet.id);
  const own = cloud.existing(ROUTE_TABLE, text(association?.outputs, 'routeTableId'));
  return (
    own ??
    cloud.find(
      ROUTE_TABLE,
      (table) => flag(table.outputs, 'main') === true && text(table.outputs, 'vpcId') === text(subnet.outputs, 'vpcId'),
    )
  );
}

/** Whether a subnet's default route leads to an internet gateway (VPC user guide: what makes a subnet public). */
export function isPublic(cloud: AwsSession, subnet: Stored): boolean {
  const table = tableOfSubnet(cloud, subnet);
  if (!table) return false;
  const standalone = cloud
    .all(ROUTE)
    .filter((route) => text(route.outputs, 'routeTableId') === table.id)
    .map((route) => ({ cidr: text(route.outputs, 'destinationCidrBlock'), gateway: text(route.outputs, 'gatewayId') }));
  const inline = list(table.outputs, 'routes').map((route) => ({
    cidr: text(route, 'cidrBlock'),
    gateway: text(route, 'gatewayId'),
  }));
  return [...standalone, ...inline].some(
    ({ cidr, gateway }) => cidr === '0.0.0.0/0' && cloud.existing(INTERNET_GATEWAY, gateway) !== undefined,
  );
}

/** A subnet has one association (VPC user guide, "Subnet route tables"). */
function refuseAssociation(cloud: AwsSession, operation: string, table: Stored, inputs: Props): void {
  const subnetId = text(inputs, 'subnetId');
  if (subnetId === undefined) return;
  refuseOtherVpc(cloud, operation, table, subnetId);
  const other = cloud.find(ROUTE_TABLE_ASSOCIATION, (stored) => text(stored.outputs, 'subnetId') === subnetId);
  if (other) {
    throw ec2Error(
      operation,
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.id} conflicts with an existing association`,
    );
  }
}

function refuseOtherVpc(cloud: AwsSession, operation: string, table: Stored, subnetId: string | undefined): void {
  const subnet = requireSubnet(cloud, operation, subnetId);
  if (text(subnet.outputs, 'vpcId') === text(table.outputs, 'vpcId')) return;
  throw ec2Error(
    operation,
    'InvalidParameterValue',
    `Route table ${table.id} and subnet ${subnet.id} belong to different networks`,
  );
}

function inlineRoutes(inputs: Props) {
  const routes = known(inputs, 'routes');
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route, index) => {
    const path = `routes[${index}]`;
    const targets = TARGETS.filter((target) => (route as Props)[target] !== undefined);
    const none =
      targets.length === 1 ? [] : [fail(path, `one and only one target of [${TARGETS.join(', ')}] must be specified`)];
    return [...none, ...network(inputs, `${path}.cidrBlock`)];
  });
}

function refuseInlineRoutes(cloud: AwsSession, vpcId: string, inputs: Props): void {
  const seen = new Set<string>();
  for (const route of list(inputs, 'routes')) {
    const destination = text(route, 'cidrBlock') ?? '';
    if (seen.has(destination)) {
      throw ec2Error('CreateRoute', 'RouteAlreadyExists', `The route identified by ${destination} already exists.`);
    }
    seen.add(destination);
    if (parseRange(destination)) refuseRoute(cloud, vpcId, destination, route as Props);
  }
  for (const gateway of texts(inputs, 'propagatingVgws')) {
    if (!cloud.existing('aws:ec2/vpnGateway:VpnGateway', gateway)) {
      throw ec2Error(
        'EnableVgwRoutePropagation',
        'InvalidVpnGatewayID.NotFound',
        `The vpnGateway ID '${gateway}' does not exist`,
      );
    }
  }
}
