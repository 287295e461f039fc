import { parseRange } from '../../reachability/ip';
import { cidrOf, networkRanges, undecidedRanges } from '../ranges';
import { type Rule, broken } from '../rule';

interface Settings {
  readonly supernets: readonly string[];
}

/** Ranges come out of the organisation's address space; by default any private or shared one (RFC 1918, RFC 6598). */
export const cidrSupernets: Rule<Settings> = {
  name: 'cidr-supernets',
  description: "Every network is inside the organisation's supernets, so that no address belongs to somebody else.",
  level: 'mandatory',
  settings: {
    supernets: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      default: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
      description: 'Ranges in CIDR notation that all VPC, subnet, pod, service and control plane ranges come from.',
    },
  },
  judge: (stack, { supernets }) => {
    const { ranges, unread } = networkRanges(stack);
    const holders = supernets
      .map(parseRange)
      .filter((range) => range !== undefined)
      .map(cidrOf);
    const findings = ranges
      .filter(({ role, cidr }) => role !== 'tunnel' && !holders.some((holder) => holder.contains(cidr)))
      .map(({ text, label, resource, property }) =>
        broken(
          resource,
          `${label} ${text} of ${resource.name} is outside the organisation's supernets ${supernets.join(', ')}`,
          'take it from one of them',
          { property, value: text },
        ),
      );
    return [...findings, ...undecidedRanges(unread)];
  },
};
