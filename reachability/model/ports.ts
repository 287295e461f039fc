/** Protocols and ports as firewalls of every cloud write them. */

/** `all` matches every protocol. Names outside this list (esp, ah, …) match no flow that can be asked about. */
export type Protocol = 'tcp' | 'udp' | 'icmp' | 'all';

export interface PortMatch {
  readonly protocol: Protocol;
  /** First and last destination port, inclusive; not looked at for ICMP. */
  readonly from: number;
  readonly to: number;
}

/** What a packet shows to a filter. */
export interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Destination port; 0 for ICMP. */
  readonly port: number;
}

export function admitsPort(match: PortMatch, service: Service): boolean {
  return admitsPorts(match, service.protocol, service.port, service.port);
}

export function admitsPorts(match: PortMatch, protocol: Service['protocol'], from: number, to: number): boolean {
  if (match.protocol !== 'all' && match.protocol !== protocol) return false;
  return match.protocol === 'all' || protocol === 'icmp' || (match.from <= from && to <= match.to);
}

/** Ports that Cassandra's and DNS's neighbours really use: a rule for one of them is no slip for another. */
const OWN_PORTS: ReadonlySet<number> = new Set([53, 443, 7000, 7199, 8080, 8181, 9000, 9042, 9103, 9142, 9443, 10250]);

/** Whether port `a` could have been written for `b` by a slip: one digit changed, added or left out. */
export function nearlySamePort(a: number, b: number): boolean {
  if (a === b || OWN_PORTS.has(a)) return false;
  const [short, long] = [String(a), String(b)].sort((x, y) => x.length - y.length) as [string, string];
  if (short.length === long.length) return [...short].filter((digit, index) => digit !== long[index]).length === 1;
  return [...long].some((_, index) => long.slice(0, index) + long.slice(index + 1) === short);
}
