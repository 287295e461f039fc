import { findOverlaps } from '../../plan/overlap';
import { type NetworkRange, networkRanges, undecidedRanges } from '../ranges';
import { type Finding, type Rule, broken } from '../rule';

/**
 * No two ranges that packets may ever have to tell apart share an address, whichever cloud they are in: VPC and
 * subnet ranges, pod and service ranges, control planes, tunnels.
 *
 * Routing is by destination address alone, so of two networks with the same range one is unreachable from the
 * other; neither cloud refuses it, since each sees only its own side.
 */
export const cidrOverlap: Rule = {
  name: 'cidr-overlap',
  description: 'No two address ranges overlap, across clouds: VPC, subnet, pod, service, control plane and tunnel.',
  level: 'mandatory',
  judge: (stack) => {
    const { ranges, unread } = networkRanges(stack);
    const overlaps = findOverlaps(ranges).filter(([outer, inner]) => !mayContain(outer, inner));
    return [...overlaps.map(([outer, inner]) => overlapping(outer, inner)), ...undecidedRanges(unread)];
  },
};

/** A VPC's range contains its own subnets; that is what it is for. */
function mayContain(outer: NetworkRange, inner: NetworkRange): boolean {
  return (
    outer.role === 'vpc' && inner.role === 'awsSubnet' && outer.network !== undefined && outer.network === inner.network
  );
}

function overlapping(outer: NetworkRange, inner: NetworkRange): Finding {
  return broken(
    inner.resource,
    `${inner.label} ${inner.cidr.toString()} of ${inner.resource.name} overlaps ` +
      `${outer.label} ${outer.cidr.toString()} of ${outer.resource.name}`,
    'give one of the two a range of its own',
    { property: inner.property, value: inner.text },
  );
}
