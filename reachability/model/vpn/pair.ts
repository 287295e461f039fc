import { contains, parseRange } from '../../ip';
import { UNKNOWN } from '../../resources/value';
import type { AwsTunnelEnd } from './awsEnd';
import type { GcpTunnelEnd } from './gcpEnd';

/** The two ends of one tunnel. */
export interface Pair {
  readonly aws: AwsTunnelEnd;
  readonly gcp: GcpTunnelEnd;
}

/** Whether Google's BGP session is in the inside range of the AWS end. */
export function insideMatches(gcp: GcpTunnelEnd, aws: AwsTunnelEnd): boolean {
  if (aws.inside === undefined || aws.inside === UNKNOWN) return false;
  const peer = parseRange(gcp.peer?.knownText('peerIpAddress') ?? '');
  const own = parseRange(gcp.interface?.knownText('ipRange') ?? '');
  return (peer !== undefined && contains(aws.inside, peer)) || (own !== undefined && contains(aws.inside, own));
}
