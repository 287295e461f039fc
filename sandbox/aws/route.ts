import { createHash } from 'node:crypto';
import type { Stored } from '../core/store';
import { list, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { exactlyOne, network } from './checks';
import { ec2Error } from './errors';
import { formatRange } from './ipv4';
import { requireRouteTable, vpcRanges } from './lookups';
import { quotas } from './quotas';
import { TARGETS, refuseRoute, targetExists } from './routeRules';
import type { AwsSession } from './session';
import { ROUTE, ROUTE_TABLE, VPC } from './tokens';

export const route: AwsType = {
  token: ROUTE,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['routeTableId', 'destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'],
  check: (inputs) => [
    ...exactlyOne(inputs, 'destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'),
    ...exactlyOne(inputs, ...TARGETS),
    ...network(inputs, 'destinationCidrBlock'),
  ],
  create: (inputs, cloud) => {
    const table = requireRouteTable(cloud, 'CreateRoute', text(inputs, 'routeTableId'));
    const destination = destinationOf(inputs);
    refuseExisting(cloud, table, destination);
    refuseRoute(cloud, text(table.outputs, 'vpcId') ?? '', destination, inputs);
    return {
      id: `r-${table.id}${createHash('sha256').update(destination).digest().readUInt32BE(0)}`,
      outputs: { state: 'active', origin: 'CreateRoute', instanceId: '', instanceOwnerId: '' },
    };
  },
  update: (resource, inputs, cloud) => {
    const table = requireRouteTable(cloud, 'ReplaceRoute', text(resource.outputs, 'routeTableId'));
    refuseRoute(cloud, text(table.outputs, 'vpcId') ?? '', destinationOf(inputs), inputs);
    return { state: 'active' };
  },
  // A route outlives its target and then drops what it takes (VPC user guide, "Route table concepts").
  read: (resource, cloud) => ({ ...resource.outputs, state: hasTarget(cloud, resource) ? 'active' : 'blackhole' }),
};

function hasTarget(cloud: AwsSession, resource: Stored): boolean {
  const table = cloud.existing(ROUTE_TABLE, text(resource.outputs, 'routeTableId'));
  return table !== undefined && targetExists(cloud, text(table.outputs, 'vpcId') ?? '', resource.outputs);
}

function destinationOf(inputs: Props): string {
  return (
    text(inputs, 'destinationCidrBlock') ??
    text(inputs, 'destinationIpv6CidrBlock') ??
    text(inputs, 'destinationPrefixListId') ??
    ''
  );
}

function refuseExisting(cloud: AwsSession, table: Stored, destination: string): void {
  const routes = routesOf(cloud, table);
  const vpc = cloud.existing(VPC, text(table.outputs, 'vpcId'));
  const local = vpc ? vpcRanges(cloud, vpc).map(formatRange) : [];
  if (routes.includes(destination) || local.includes(destination)) {
    throw ec2Error('CreateRoute', 'RouteAlreadyExists', `The route identified by ${destination} already exists.`);
  }
  if (routes.length >= quotas.routesPerTable) {
    throw ec2Error('CreateRoute', 'RouteLimitExceeded', 'The maximum number of routes has been reached.');
  }
}

/** Destinations of a table's static routes. */
function routesOf(cloud: AwsSession, table: Stored): string[] {
  const own = cloud.all(ROUTE).filter((stored) => text(stored.outputs, 'routeTableId') === table.id);
  return [
    ...own.map((stored) => destinationOf(stored.outputs)),
    ...list(table.outputs, 'routes').map((inline) => text(inline, 'cidrBlock') ?? ''),
  ];
}
