/** Which AWS tunnel end belongs to which Google one, and what keeps the tunnel between them from carrying packets. */
import { PrefixTable, parseAddress } from '../../ip';
import { type Inventory, push } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type AwsTunnelEnd, nameOf } from './awsEnd';
import { bgpFaults } from './bgpFaults';
import type { Fault, Finder } from './fault';
import { type Pair, insideMatches } from './pair';
import type { GcpTunnelEnd } from './gcpEnd';
import { ikeFaults } from './ikeFaults';
import { mappingFaults } from './mappingFaults';
import { optionFaults } from './optionFaults';

export interface VpnTunnel {
  readonly aws: AwsTunnelEnd;
  readonly gcp: GcpTunnelEnd;
  /** Routes are exchanged by BGP, or written down statically on both sides. */
  readonly routing: 'bgp' | 'static';
  /** Everything that keeps it from carrying packets, in the order a session would meet it. Empty: it works. */
  readonly faults: readonly Fault[];
  /** Values taken for granted because only the clouds will know them. */
  readonly assumed: readonly string[];
}

export interface VpnTunnels {
  readonly tunnels: readonly VpnTunnel[];
  /** Tunnel ends without a counterpart in the input. */
  readonly loneAws: readonly AwsTunnelEnd[];
  readonly loneGcp: readonly GcpTunnelEnd[];
}

export function pairTunnels(
  inventory: Inventory,
  awsEnds: readonly AwsTunnelEnd[],
  gcpEnds: readonly GcpTunnelEnd[],
): VpnTunnels {
  const pairs = assign(inventory, awsEnds, gcpEnds);
  const finder: Finder = { inventory, pairs };
  const tunnels = pairs.map(({ aws, gcp }): VpnTunnel => {
    const assumed: string[] = [];
    const routing = gcp.router === undefined && gcp.interface === undefined ? 'static' : 'bgp';
    const faults = [
      ...mappingFaults(finder, aws, gcp, assumed),
      ...ikeFaults(finder, aws, gcp, assumed),
      ...optionFaults(aws, gcp, routing),
      ...bgpFaults(finder, aws, gcp, routing, assumed),
    ];
    if (routing === 'bgp') assumed.push(`the BGP session over ${nameOf(aws)} comes up`);
    return { aws, gcp, routing, faults, assumed };
  });
  const paired = new Set<AwsTunnelEnd | GcpTunnelEnd>(pairs.flatMap(({ aws, gcp }) => [aws, gcp]));
  return {
    tunnels,
    loneAws: awsEnds.filter((end) => !paired.has(end)),
    loneGcp: gcpEnds.filter((end) => !paired.has(end)),
  };
}

/**
 * The outside address that Google dials decides. Where it is not known yet, the inside range of the BGP session, the
 * connections that the external gateway depends on, and the key's origin stand in, so that one wrong value
 * still leaves a tunnel recognisable.
 */
function assign(inventory: Inventory, awsEnds: readonly AwsTunnelEnd[], gcpEnds: readonly GcpTunnelEnd[]): Pair[] {
  const index = indexEnds(awsEnds);
  const scored: (Pair & { readonly score: number })[] = [];
  for (const gcp of gcpEnds) {
    for (const aws of candidates(inventory, index, gcp)) scored.push({ aws, gcp, score: score(gcp, aws) });
  }
  scored.sort((a, b) => b.score - a.score);
  const taken = new Set<AwsTunnelEnd | GcpTunnelEnd>();
  const pairs = new Map<GcpTunnelEnd, Pair>();
  for (const { aws, gcp } of scored) {
    if (taken.has(aws) || taken.has(gcp)) continue;
    taken.add(aws).add(gcp);
    pairs.set(gcp, { aws, gcp });
  }
  return gcpEnds.map((gcp) => pairs.get(gcp)).filter((pair) => pair !== undefined);
}

interface EndIndex {
  readonly byOutside: ReadonlyMap<string, AwsTunnelEnd[]>;
  readonly byInside: PrefixTable<AwsTunnelEnd>;
  readonly byConnection: ReadonlyMap<Resource, AwsTunnelEnd[]>;
}

function indexEnds(ends: readonly AwsTunnelEnd[]): EndIndex {
  const byOutside = new Map<string, AwsTunnelEnd[]>();
  const byConnection = new Map<Resource, AwsTunnelEnd[]>();
  const byInside = new PrefixTable<AwsTunnelEnd>();
  for (const end of ends) {
    push(byConnection, end.connection, end);
    if (typeof end.outside === 'string') push(byOutside, end.outside, end);
    if (end.inside !== undefined && end.inside !== UNKNOWN) byInside.add(end.inside, end);
  }
  return { byOutside, byInside, byConnection };
}

function candidates(inventory: Inventory, index: EndIndex, gcp: GcpTunnelEnd): Set<AwsTunnelEnd> {
  const found = new Set<AwsTunnelEnd>();
  if (typeof gcp.peerOutside === 'string') index.byOutside.get(gcp.peerOutside)?.forEach((end) => found.add(end));
  const inside = parseAddress(gcp.peer?.knownText('peerIpAddress') ?? '');
  if (inside !== undefined) index.byInside.longest(inside)?.values.forEach((end) => found.add(end));
  for (const connection of dependedConnections(inventory, gcp)) {
    index.byConnection.get(connection)?.forEach((end) => found.add(end));
  }
  // An address that is known and is no connection's, with no session that would tell, dials somebody else.
  return found;
}

function dependedConnections(inventory: Inventory, gcp: GcpTunnelEnd): Resource[] {
  const urns = [...(gcp.externalGateway?.allDependencies() ?? []), ...gcp.tunnel.allDependencies()];
  return urns
    .map((urn) => inventory.get(urn))
    .filter((resource): resource is Resource => resource?.type === 'aws:ec2/vpnConnection:VpnConnection');
}

function score(gcp: GcpTunnelEnd, aws: AwsTunnelEnd): number {
  let points = 0;
  if (typeof gcp.peerOutside === 'string' && gcp.peerOutside === aws.outside) points += 16;
  if (insideMatches(gcp, aws)) points += 8;
  if (sameKeyOrigin(gcp, aws)) points += 4;
  // Google's order for AWS: external interfaces 0 and 1 are one connection's tunnels 1 and 2, 2 and 3 the other's.
  if (typeof gcp.externalInterface === 'number' && (gcp.externalInterface % 2) + 1 === aws.number) points += 1;
  return points;
}

function sameKeyOrigin(gcp: GcpTunnelEnd, aws: AwsTunnelEnd): boolean {
  const key = asText(aws.connection.value(`tunnel${aws.number}PresharedKey`));
  if (typeof key === 'string' && key === asText(gcp.tunnel.value('sharedSecret'))) return true;
  const sources = aws.connection.sources(`tunnel${aws.number}PresharedKey`);
  return sources.length > 0 && sources.every((urn) => gcp.tunnel.sources('sharedSecret').includes(urn));
}
