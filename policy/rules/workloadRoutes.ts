import { type Range, formatRange } from '../../reachability/ip';
import type { RouteTable, Subnet, Vpc } from '../../reachability/model/aws/network';
import { UNKNOWN } from '../../reachability/resources/value';
import { type VpcCrossing, vpcCrossings } from '../crossings';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/**
 * Every route table that serves workloads leads to the other cloud: a table that was left out sends its replies to
 * the Internet, and then one zone of three cannot talk. A virtual private gateway propagates into one table at a
 * time; a transit gateway needs a route in each, and an attachment in each zone (Amazon VPC Transit Gateways, "VPC attachments").
 */
export const workloadRoutes: Rule = {
  name: 'workload-routes',
  description: 'Every route table of a subnet with workloads has a way to all ranges that the other cloud advertises.',
  level: 'mandatory',
  judge: (stack) => vpcCrossings(stack).flatMap((crossing) => judgeVpc(stack, crossing)),
};

function judgeVpc(stack: Stack, crossing: VpcCrossing): Finding[] {
  const subnets = workloadSubnets(stack, crossing.vpc);
  const tables = [...new Set(subnets.map(({ routeTable }) => routeTable))];
  return [
    ...tables.flatMap((table) => crossing.heard.flatMap((range) => judgeTable(stack, crossing, table, subnets, range))),
    ...zonesWithoutAttachment(crossing, subnets),
  ];
}

/**
 * Subnets of the nodes, pods and load balancers of a VPC's clusters. Without a cluster in the stack, those that are neither
 * public nor made for a transit gateway's own interfaces.
 */
function workloadSubnets({ model }: Stack, vpc: Vpc): Subnet[] {
  const clusters = model.clusters.all.filter((cluster) => cluster.cloud === 'aws' && cluster.vpc === vpc);
  const used = new Set<Subnet | undefined>([
    ...clusters.flatMap((cluster) =>
      cluster.cloud === 'aws' ? cluster.zones.flatMap(({ nodeSubnet, podSubnet }) => [nodeSubnet, podSubnet]) : [],
    ),
    ...model.balancers
      .flatMap((balancer) => (balancer.cloud === 'aws' ? balancer.subnets : []))
      .map(({ subnet }) => subnet),
  ]);
  const attached = new Set(
    [...model.gateways.transit.values()].flatMap(({ attachments }) => attachments.flatMap(({ subnets }) => subnets)),
  );
  return vpc.subnets.filter((subnet) =>
    clusters.length > 0 ? used.has(subnet) : !attached.has(subnet) && !isPublic(subnet.routeTable),
  );
}

function isPublic({ routes }: RouteTable): boolean {
  return routes.some(({ range, target }) => range !== UNKNOWN && range.prefix === 0 && target.kind === 'internet');
}

function judgeTable(
  stack: Stack,
  { gateway, vpc }: VpcCrossing,
  table: RouteTable,
  subnets: readonly Subnet[],
  range: Range,
): Finding[] {
  const resource = stack.inventory.get(table.urn) ?? vpc.resource;
  const open = table.routes.find((route) => route.range === UNKNOWN);
  const written = stack.model.staticRoutesOf(table).longest(range.first)?.values[0];
  const target = written?.target;
  if (target !== undefined && 'resource' in target && target.resource === gateway.resource) return [];
  const specific = written !== undefined && written.range !== UNKNOWN && written.range.prefix >= range.prefix;
  if (table.propagating.includes(gateway.resource) && !specific) return [];
  if (open !== undefined)
    return [undecided(stack.inventory.get(open.urn) ?? resource, 'destinationCidrBlock', 'the destination')];
  if (specific && target?.kind === 'unknown')
    return [undecided(stack.inventory.get(written.urn) ?? resource, 'target', 'the target')];
  const zones = subnets.filter(({ routeTable }) => routeTable === table).map((subnet) => subnet.resource.name);
  const message = `route table ${resource.name} has no way to ${formatRange(range)}, ${gateway.resource.name} does: it serves ${zones.join(', ')}`;
  const remedy =
    gateway.kind === 'virtualPrivate'
      ? 'propagate the gateway into it (VpnGatewayRoutePropagation)'
      : 'add a route to the transit gateway';
  return [broken(resource, message, remedy)];
}

/** Packets enter a transit gateway in their own zone only. */
function zonesWithoutAttachment({ gateway, vpc }: VpcCrossing, subnets: readonly Subnet[]): Finding[] {
  if (gateway.kind !== 'transit') return [];
  const attachments = gateway.attachments.filter((attachment) => attachment.vpc === vpc);
  const zones = new Set(attachments.flatMap((attachment) => attachment.subnets.map(({ zone }) => zone)));
  const left = [...new Set(subnets.map(({ zone }) => zone))].filter((zone) => !zones.has(zone));
  return attachments.slice(0, 1).flatMap(({ resource }) =>
    left.map((zone) =>
      zone === undefined
        ? undecided(resource, 'subnetIds', 'the zone of a subnet')
        : broken(
            resource,
            `${resource.name} has no subnet in ${zone}, which has workloads`,
            'add a subnet of that zone',
            {
              property: 'subnetIds',
            },
          ),
    ),
  );
}
