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

/** Whether one port could have been written for the other by a slip: one digit changed, added or left out. */
export function nearlySamePort(a: number, b: number): boolean {
  if (a === b) return false;
  const [short, long] = [String(a), String(b)].sort((x, y) => x.length - y.length) as [string, string];
  if (short.length === long.length) return [...short].filter((digit, index) => digit !== long[index]).length === 1;
  return [...long].some((_, index) => long.slice(0, index) + long.slice(index + 1) === short);
}
