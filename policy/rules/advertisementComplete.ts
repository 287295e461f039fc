import { type Range, contains, covered, formatRange } from '../../reachability/ip';
import type { Vpc } from '../../reachability/model/aws/network';
import type { GcpNetwork } from '../../reachability/model/gcp/network';
import type { VpnTunnel } from '../../reachability/model/vpn/tunnels';
import { gkeClusters } from '../clusters';
import { vpcsOf } from '../crossings';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/** Prefixes that an AWS gateway takes over one BGP session, and then closes it (S2S guide, "Site-to-Site VPN quotas"). */
const MOST_PREFIXES = { virtualPrivate: 100, transit: 1000 } as const;

/**
 * Each side advertises the ranges of its nodes and pods over every tunnel, and nothing that others cannot use: a
 * service address works inside its own cluster only, and the other side may use the same ones.
 */
export const advertisementComplete: Rule = {
  name: 'advertisement-complete',
  description: 'Both clouds advertise the ranges of their nodes and pods over every tunnel, and no service range.',
  level: 'mandatory',
  judge: (stack) =>
    stack.model.vpn.tunnels
      .filter(({ routing }) => routing === 'bgp')
      .flatMap((tunnel) => [...fromGoogle(stack, tunnel), ...fromAws(stack, tunnel)])
      .filter(isFirst),
};

/** Four sessions of one router say the same four times. */
function isFirst(finding: Finding, index: number, all: readonly Finding[]): boolean {
  return all.findIndex(({ urn, message }) => urn === finding.urn && message === finding.message) === index;
}

function fromGoogle(stack: Stack, tunnel: VpnTunnel): Finding[] {
  const advertisement = stack.model.routing.advertisement(tunnel);
  const network = tunnel.gcp.router?.network;
  if (advertisement === undefined || network === undefined) return [];
  const { decidedBy, unknown } = advertisement;
  if (unknown) return [undecided(decidedBy, 'advertisedIpRanges', 'what is advertised')];
  const ranges = advertisement.ranges.map(({ range }) => range);
  const where = decidedBy.name;
  const findings = neededOf(stack, network)
    .filter(([, range]) => !covered(range, ranges))
    .map(([what, range]) =>
      broken(decidedBy, `${where} does not advertise ${what} ${formatRange(range)}`, 'add it to advertisedIpRanges', {
        property: 'bgp.advertisedIpRanges',
      }),
    );
  // Only what a list says outright: with all of its subnets a router advertises their service ranges too.
  const listed = advertisement.ranges.filter(({ urn }) => urn === decidedBy.urn).map(({ range }) => range);
  const leaked = servicesOf(stack, network)
    .filter((services) => listed.some((range) => contains(services, range)))
    .map((services) =>
      broken(decidedBy, `${where} advertises service range ${formatRange(services)}`, 'leave it out', {
        property: 'bgp.advertisedIpRanges',
      }),
    );
  const most = tunnel.aws.gateway === undefined ? Infinity : MOST_PREFIXES[tunnel.aws.gateway.kind];
  const many =
    ranges.length > most
      ? [
          broken(
            decidedBy,
            `${where} advertises ${ranges.length} prefixes, AWS takes ${most}`,
            'advertise fewer, larger ones',
          ),
        ]
      : [];
  return [...findings, ...leaked, ...many];
}

/** Node and pod ranges of the network's clusters, and ranges of subnets with instances; every subnet where neither is known. */
function neededOf(stack: Stack, network: GcpNetwork): [string, Range][] {
  const clusters = gkeClusters(stack).filter((cluster) => cluster.network === network);
  const instances = [...stack.model.interfaces.gcp.keys()].filter((subnet) => subnet.network === network);
  const needed: [string, Range][] = [
    ...clusters.flatMap(({ nodes, pods }): [string, Range][] => [
      ['node range', nodes],
      ['pod range', pods],
    ]),
    ...instances.flatMap(({ ranges }) =>
      ranges.slice(0, 1).map(({ range }): [string, Range] => ['subnet range', range]),
    ),
  ];
  if (needed.length > 0) return needed;
  return network.subnets.flatMap(({ ranges }) => ranges.map(({ range }): [string, Range] => ['subnet range', range]));
}

function servicesOf(stack: Stack, network: GcpNetwork): Range[] {
  return gkeClusters(stack)
    .filter((cluster) => cluster.network === network)
    .map(({ services }) => services)
    .filter((services) => services !== undefined);
}

/** A virtual private gateway advertises its VPC by itself, a transit gateway what its route table holds. */
function fromAws({ model }: Stack, tunnel: VpnTunnel): Finding[] {
  const { gateway } = tunnel.aws;
  if (gateway === undefined) return [];
  const advertised = model.routing.advertisedByAws(tunnel).map(({ range }) => range);
  const missing = (vpc: Vpc): Range[] =>
    vpc.cidrs.map(({ range }) => range).filter((range) => !covered(range, advertised));
  return vpcsOf(gateway).flatMap((vpc) =>
    missing(vpc).map((range) =>
      broken(
        gateway.resource,
        `${gateway.resource.name} does not advertise ${formatRange(range)} of VPC ${vpc.resource.name}`,
        "propagate the VPC's attachment into the route table that the VPN attachment is associated with",
      ),
    ),
  );
}
