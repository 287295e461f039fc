import { type Range, contains, covered, formatRange, mustRange, overlaps } from '../../reachability/ip';
import type { Route, Vpc, VpcCidr } from '../../reachability/model/aws/network';
import { UNKNOWN } from '../../reachability/resources/value';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

const TEN = mustRange('10.0.0.0/8');
const ONE_SEVENTY_TWO = mustRange('172.16.0.0/12');
const ONE_NINETY_TWO = mustRange('192.168.0.0/16');
const BENCHMARK = mustRange('198.19.0.0/16');
const FIRST_15 = mustRange('10.0.0.0/15');
const FIRST_16 = mustRange('10.0.0.0/16');
const DEFAULT_VPC = mustRange('172.31.0.0/16');
const FAMILIES = [TEN, ONE_SEVENTY_TWO, ONE_NINETY_TWO, BENCHMARK];

/** Quota "IPv4 CIDR blocks per VPC". */
const MAX_RANGES = 5;

/**
 * What a VPC takes as its ranges together (Amazon VPC User Guide, "IPv4 CIDR block association restrictions"). The
 * API refuses the rest, but only when the network is half built.
 */
export const vpcRanges: Rule = {
  name: 'vpc-ranges',
  description: 'The ranges of a VPC may stand together: families, number, routes; and its subnets lie inside them.',
  level: 'mandatory',
  judge: (stack) => [...stack.model.aws.vpcs.values()].flatMap((vpc) => judgeVpc(stack, vpc)),
};

function judgeVpc(stack: Stack, vpc: Vpc): Finding[] {
  if (vpc.cidrsUnknown) return [undecided(vpc.resource, 'cidrBlock', 'a range')];
  const primary = vpc.cidrs.find(({ urn }) => urn === vpc.resource.urn);
  const secondary = vpc.cidrs.filter((cidr) => cidr !== primary);
  return [
    ...secondary.flatMap((cidr) => [
      ...(primary === undefined ? [] : familyOf(stack, primary.range, cidr)),
      ...routesInTheWay(stack, vpc, cidr),
    ]),
    ...(vpc.cidrs.length > MAX_RANGES
      ? [
          broken(
            vpc.resource,
            `${vpc.resource.name} has ${vpc.cidrs.length} ranges, a VPC takes ${MAX_RANGES}`,
            'use fewer, larger ranges',
          ),
        ]
      : []),
    ...subnetsOutside(vpc),
  ];
}

/** What may be added depends on the family of the first range. */
function familyOf(stack: Stack, primary: Range, { range, urn }: VpcCidr): Finding[] {
  const holder = stack.inventory.get(urn);
  const family = FAMILIES.find((candidate) => overlaps(candidate, primary));
  const restricted = [
    ...FAMILIES.filter((candidate) => candidate !== family),
    ...(family === ONE_SEVENTY_TWO ? [DEFAULT_VPC] : []),
    ...(overlaps(primary, FIRST_15) ? [FIRST_16] : []),
  ];
  const hit = restricted.find((candidate) => overlaps(candidate, range));
  if (holder === undefined || hit === undefined) return [];
  const message = `VPC range ${formatRange(range)} of ${holder.name} is of ${formatRange(hit)}, which a VPC with ${formatRange(primary)} cannot add`;
  const remedy =
    family === undefined ? 'use a range of 100.64.0.0/10' : `use a range of ${formatRange(family)} or 100.64.0.0/10`;
  return [broken(holder, message, remedy, { property: 'cidrBlock', value: formatRange(range) })];
}

/** A range must not equal or contain the destination of a route in one of the VPC's tables: it would become local. */
function routesInTheWay(stack: Stack, vpc: Vpc, { range, urn }: VpcCidr): Finding[] {
  const holder = stack.inventory.get(urn);
  if (holder === undefined) return [];
  return vpc.routeTables
    .flatMap((table) => table.routes)
    .filter((route) => route.range !== UNKNOWN && contains(range, route.range) && !leadsInside(route))
    .map((route) =>
      broken(
        holder,
        `VPC range ${formatRange(range)} of ${holder.name} contains the destination of route ${nameOf(route.urn)}`,
        'remove the route, or use another range',
        { property: 'cidrBlock', value: formatRange(range) },
      ),
    );
}

/** A route to an appliance of the VPC itself is made for its own ranges ("Middlebox routing"). */
function leadsInside({ target }: Route): boolean {
  if (target.kind === 'external') return /^(eni|vpce|nat)-|^local$/.test(target.id);
  return ['interface', 'endpoint', 'nat'].includes(target.kind);
}

function subnetsOutside(vpc: Vpc): Finding[] {
  const ranges = vpc.cidrs.map(({ range }) => range);
  return vpc.subnets
    .filter((subnet) => !ranges.some((range) => covered(subnet.range, [range])))
    .map(({ resource, range }) =>
      broken(
        resource,
        `subnet range ${formatRange(range)} of ${resource.name} is outside the ranges of VPC ${vpc.resource.name}: ${ranges.map(formatRange).join(', ')}`,
        'use a part of one of them',
        { property: 'cidrBlock', value: formatRange(range) },
      ),
    );
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf('::') + 2);
}
