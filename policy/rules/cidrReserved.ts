import { RESERVED, type ReservedRange } from '../../plan/reserved';
import { parseRange } from '../../reachability/ip';
import { cidrOf, networkRanges, undecidedRanges } from '../ranges';
import { type Rule, broken } from '../rule';

interface Settings {
  /** Ranges that the organisation keeps for something else. */
  readonly also: readonly string[];
}

/**
 * No network takes addresses that hosts or clouds give a meaning of their own: packets to them never leave the
 * node, or reach a service of the cloud. Tunnels are of link-local addresses by design; `tunnel-inside-ranges` is theirs.
 */
export const cidrReserved: Rule<Settings> = {
  name: 'cidr-reserved',
  description:
    'No network uses loopback, link-local, multicast or other ranges that hosts and clouds keep for themselves.',
  level: 'mandatory',
  settings: {
    also: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'More ranges in CIDR notation that no network may use.',
    },
  },
  judge: (stack, { also }) => {
    const { ranges, unread } = networkRanges(stack);
    const reserved = [...RESERVED, ...also.flatMap(ownReserve)];
    const findings = ranges
      .filter(({ role }) => role !== 'tunnel')
      .flatMap(({ cidr, text, label, resource, property }) =>
        reserved
          .filter((entry) => entry.cidr.overlaps(cidr))
          .map((entry) =>
            broken(
              resource,
              `${label} ${text} of ${resource.name} overlaps ${entry.cidr.toString()}, ${entry.use}`,
              'use another range',
              { property, value: text },
            ),
          ),
      );
    return [...findings, ...undecidedRanges(unread)];
  },
};

function ownReserve(text: string): ReservedRange[] {
  const range = parseRange(text);
  return range === undefined ? [] : [{ cidr: cidrOf(range), use: 'which the organisation keeps', source: 'settings' }];
}
