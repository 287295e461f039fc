/** What the proof says: the form that `reach --json` prints. */

export interface Flow {
  /** IPv4 address. */
  readonly source: string;
  readonly destination: string;
  /** 0 for ICMP. */
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** What the flow is for, where it was derived from resources. */
  readonly purpose?: string;
}

export interface Hop {
  readonly hop: HopName;
  readonly urn: string;
  readonly why: string;
}

export type HopName =
  | 'source'
  | 'snat'
  | 'network-policy'
  | 'security-group'
  | 'network-acl'
  | 'firewall'
  | 'route-table'
  | 'route'
  | 'virtual-private-gateway'
  | 'transit-gateway'
  | 'tunnel'
  | 'bgp'
  | 'load-balancer'
  | 'control-plane'
  | 'dns'
  | 'internet'
  | 'destination';

/** Why a packet does not get through, or which value is missing to tell. */
export interface Stop {
  readonly kind: 'blocked' | 'undetermined';
  readonly hop: HopName;
  /** The resource at fault. */
  readonly urn: string;
  /** Name of the rule that was broken; `unknown-value` when undetermined. */
  readonly rule: string;
  readonly why: string;
  readonly remedy: string;
}

export interface FlowVerdict extends Flow {
  readonly verdict: 'reachable' | 'blocked' | 'undetermined';
  /** Hops passed, request first, then the reply; the last one is where a blocked flow ends. */
  readonly path: readonly Hop[];
  readonly blockedAt: {
    readonly hop: HopName;
    readonly urn: string;
    readonly rule: string;
    readonly remedy: string;
  } | null;
  /** What was taken for granted because only the clouds will know it. */
  readonly assumed: readonly string[];
}

export interface Finding {
  readonly rule: string;
  readonly urn: string;
  readonly message: string;
  readonly remedy: string;
}

/** One end of a BGP session over a VPN tunnel. */
export interface Session {
  /** The VPN connection on AWS's end, the router peer on Google's. */
  readonly urn: string;
  /** Name of the tunnel on this side: of AWS's connection with the tunnel's number, or of Google's tunnel. */
  readonly tunnel: string;
  /** Inside addresses of this end and of the other; null where they are not known yet. */
  readonly local: string | null;
  readonly peer: string | null;
  /** `undetermined` when a value is missing to tell whether it comes up, or what is learned over it. */
  readonly state: 'established' | 'down' | 'undetermined';
  /** Prefixes that this end learns from the other, by address; none from a session that is down. */
  readonly learned: readonly string[];
  /** Why it is not established. */
  readonly blockedAt: FlowVerdict['blockedAt'];
}

export interface Report {
  readonly flows: readonly FlowVerdict[];
  /** Both ends of every BGP session of the VPN tunnels. */
  readonly sessions: readonly Session[];
  readonly findings: readonly Finding[];
}

/** Collects the hops of one walk. */
export class Trace {
  readonly hops: Hop[] = [];
  readonly assumed = new Set<string>();

  pass(hop: HopName, urn: string, why: string): void {
    this.hops.push({ hop, urn, why });
  }

  assume(...texts: readonly string[]): void {
    for (const text of texts) this.assumed.add(text);
  }
}

export function block(hop: HopName, urn: string, rule: string, why: string, remedy: string): Stop {
  return { kind: 'blocked', hop, urn, rule, why, remedy };
}

export function unknownValue(hop: HopName, urn: string, property: string): Stop {
  const remedy = `Make ${property} known at preview, or ask again after the update`;
  return { kind: 'undetermined', hop, urn, rule: 'unknown-value', why: `${property} is not known`, remedy };
}

export function verdictOf(flow: Flow, trace: Trace, stop: Stop | undefined): FlowVerdict {
  const { source, destination, port, protocol, purpose } = flow;
  const asked: Flow = { source, destination, port, protocol, ...(purpose === undefined ? {} : { purpose }) };
  const assumed = [...trace.assumed];
  if (stop === undefined) return { ...asked, verdict: 'reachable', path: trace.hops, blockedAt: null, assumed };
  const { kind, hop, urn, rule, why, remedy } = stop;
  const path = [...trace.hops, { hop, urn, why }];
  return { ...asked, verdict: kind, path, blockedAt: { hop, urn, rule, remedy }, assumed };
}
