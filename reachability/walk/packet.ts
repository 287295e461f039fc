import { type Address, formatAddress } from '../ip';
import type { Service } from '../model/ports';

/** One packet of a connection. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  /** Protocol and port of the service that the connection is to; the reply's packets carry it as their source port. */
  readonly service: Service;
  readonly kind: 'request' | 'reply';
}

export function describe(packet: Packet): string {
  return `${formatAddress(packet.source)} to ${formatAddress(packet.destination)}`;
}

export function describeService(service: Service): string {
  return service.protocol === 'icmp' ? 'icmp' : `${service.port}/${service.protocol}`;
}

/** The answer to a request. */
export function replyTo(packet: Packet): Packet {
  return { ...packet, source: packet.destination, destination: packet.source, kind: 'reply' };
}
