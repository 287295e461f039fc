import { contains, formatRange } from '../ip';
import type { Subnet } from '../model/aws/network';
import { type Stop, block } from '../verdict';

/** A subnet is cut from one of its VPC's CIDR blocks; without that block AWS refuses it. */
export function outsideVpc(subnet: Subnet, hop: 'source' | 'destination'): Stop | undefined {
  const { vpc, range, resource } = subnet;
  if (vpc.cidrsUnknown || vpc.cidrs.some((cidr) => contains(cidr.range, range))) return undefined;
  const why = `${formatRange(range)} of ${resource.name} is in no CIDR block of ${vpc.resource.name}`;
  return block(hop, resource.urn, 'outside-vpc', why, 'Associate the CIDR block with the VPC');
}
