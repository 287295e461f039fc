/** `loadBalancerSourceRanges` of a Service, which both clouds' load balancers enforce. */
import { type Address, type Range, formatAddress, holds } from '../ip';
import type { LoadBalancer } from '../model/kubernetes/loadBalancers';
import { type Stop, type Trace, block } from '../verdict';

/** @param refusal why a source outside the ranges is refused */
export function admitSource(
  trace: Trace,
  { resource }: LoadBalancer,
  ranges: readonly Range[],
  source: Address,
  refusal: string,
): Stop | undefined {
  if (ranges.some((range) => holds(range, source))) {
    trace.pass('load-balancer', resource.urn, `${formatAddress(source)} is in the source ranges`);
    return undefined;
  }
  return block('load-balancer', resource.urn, 'source-ranges', refusal, 'Add its range to loadBalancerSourceRanges');
}
