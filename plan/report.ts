/** A plan as a person reads it, and as a program does. */
import { count } from './count';
import { type Problem, formatProblem } from './problem';
import type { Loaded } from './plan';
import { table } from './table';
import type { LinkPlan, Plan, PlannedRange, SitePlan } from './types';
import { unsupported } from './unsupported';

/** The plan as text: a section for each site and each link. */
export function textReport({ plan }: Loaded): string {
  const counts = [
    count(plan.sites.length, 'site'),
    count(plan.links.length, 'link'),
    count(plan.ranges.length, 'range'),
  ];
  return [
    `Cluster ${plan.cluster}: ${counts.join(', ')}`,
    ...plan.sites.flatMap((site) => ['', ...siteLines(plan, site)]),
    ...plan.links.flatMap((link) => ['', ...linkLines(link)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * The whole plan as JSON. Each range has its `site` (for tunnels the name of the link), `role`, `zone`,
 * `cidr`, `usable` addresses, `capacity` and, if it is a part of another, the one it is `within`.
 */
export function jsonReport({ plan, warnings, settings }: Loaded): string {
  const ranges = plan.ranges.map(({ owner, ...range }) => ({ site: owner, ...range }));
  return `${JSON.stringify({ ...plan, ranges, warnings, unsupported: unsupported(settings) }, null, 2)}\n`;
}

/** Problems or warnings, one line each. */
export function problemLines(problems: readonly Problem[], prefix: string): string {
  return problems.map((problem) => `${prefix}: ${formatProblem(problem)}\n`).join('');
}

function siteLines(plan: Plan, site: SitePlan): string[] {
  const own = plan.ranges.filter((range) => range.owner === site.name);
  return [
    `Site ${site.name}: ${site.cloud} ${site.region}, datacenter ${site.datacenter}, ASN ${site.asn}`,
    ...indent(table(['range', 'zone', 'role', 'usable', 'holds'], own.map(rangeRow))),
    ...indent([
      `gateway    ${site.gateway.addresses.join(', ')} port ${site.gateway.port} (service ${site.gateway.service})`,
      `dns        ${site.dns.addresses.join(', ')} for ${site.dns.zone}; own cluster DNS ${site.clusterDns}`,
      `advertises ${site.advertised.join(', ')}`,
      `peers      ${site.peers.map((peer) => `${peer.site} (${peer.advertised.join(', ')})`).join('; ') || 'none'}`,
      `seeds      ${site.remoteSeeds.join(', ') || 'none'}`,
    ]),
    ...indent(capacityLines(site)),
  ];
}

function rangeRow(range: PlannedRange): (string | number)[] {
  const depth = range.role === 'loadBalancerReservation' ? '    ' : range.within === undefined ? '' : '  ';
  const { of, max } = range.capacity;
  return [`${depth}${range.cidr}`, range.zone ?? '', range.role, range.usable, `${max} ${of}`];
}

function capacityLines({ capacity }: SitePlan): string[] {
  const { nodes, pods, cassandraNodes } = capacity;
  const rows = [
    ['nodes', nodes.used, nodes.max],
    ['pods', pods.used, pods.max],
    ['Cassandra nodes', cassandraNodes.used, cassandraNodes.max],
  ] as const;
  return [...table(['capacity', 'planned', 'most'], rows), `runs out first: ${capacity.firstLimit}`];
}

function linkLines(link: LinkPlan): string[] {
  const rows = link.tunnels.map((tunnel) => [
    tunnel.externalInterface,
    tunnel.cidr,
    `connection ${tunnel.connection} tunnel ${tunnel.connectionTunnel}`,
    tunnel.awsAddress,
    `HA interface ${tunnel.haInterface}`,
    tunnel.gcpAddress,
  ]);
  return [
    `Link ${link.name}: ASN ${link.awsAsn} (${link.aws}) and ${link.gcpAsn} (${link.gcp})`,
    ...indent(table(['tunnel', 'inside range', 'AWS side', 'AWS address', 'GCP side', 'GCP address'], rows)),
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
