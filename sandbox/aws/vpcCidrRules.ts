/**
 * Which ranges a VPC may have together: VPC user guide, "VPC CIDR blocks", table "IPv4 CIDR block association
 * restrictions" and section "Manage IPv4 CIDR blocks for a VPC".
 */
import { contains, overlaps, range, type Range } from './ipv4';

interface Family {
  readonly name: string;
  readonly holds: (cidr: Range) => boolean;
}

const within = (...ranges: string[]) => {
  const parsed = ranges.map(range);
  return (cidr: Range) => parsed.some((outer) => contains(outer, cidr));
};

const TEN = within('10.0.0.0/8');
const SEVENTEEN_TWO = within('172.16.0.0/12');
const NINETEEN_TWO = within('192.168.0.0/16');
const BENCHMARK = within('198.19.0.0/16');
const SHARED = within('100.64.0.0/10');
const RFC_1918 = (cidr: Range) => TEN(cidr) || SEVENTEEN_TWO(cidr) || NINETEEN_TWO(cidr);

/** Ranges no VPC can have at all: they mean something else on every host (RFC 6890). */
const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'].map(range);

/** In the order of the table's rows; the last row is every range that is in no other. */
const FAMILIES: readonly (Family & { readonly refuses: (cidr: Range) => boolean })[] = [
  { name: '10.0.0.0/8', holds: TEN, refuses: (cidr) => SEVENTEEN_TWO(cidr) || NINETEEN_TWO(cidr) || BENCHMARK(cidr) },
  {
    name: '172.16.0.0/12',
    holds: SEVENTEEN_TWO,
    refuses: (cidr) => TEN(cidr) || NINETEEN_TWO(cidr) || BENCHMARK(cidr) || within('172.31.0.0/16')(cidr),
  },
  {
    name: '192.168.0.0/16',
    holds: NINETEEN_TWO,
    refuses: (cidr) => TEN(cidr) || SEVENTEEN_TWO(cidr) || BENCHMARK(cidr),
  },
  { name: '198.19.0.0/16', holds: BENCHMARK, refuses: RFC_1918 },
  {
    name: 'publicly routable or 100.64.0.0/10',
    holds: () => true,
    refuses: (cidr) => !SHARED(cidr) && (RFC_1918(cidr) || BENCHMARK(cidr)),
  },
];

export function neverAllowed(cidr: Range): boolean {
  return NEVER.some((reserved) => overlaps(reserved, cidr));
}

/**
 * Why a range may not join a VPC: `restricted` by the family of the primary range, or by a range of 10.0.0.0/15 that
 * keeps 10.0.0.0/16 out; undefined where it may.
 */
export function restriction(primary: Range, existing: readonly Range[], added: Range): string | undefined {
  const family = FAMILIES.find((candidate) => candidate.holds(primary));
  if (family?.refuses(added)) return `the VPC's primary range is of the family ${family.name}`;
  const fifteen = range('10.0.0.0/15');
  if (existing.some((cidr) => overlaps(fifteen, cidr)) && contains(range('10.0.0.0/16'), added)) {
    return `the VPC has a range of 10.0.0.0/15`;
  }
  return undefined;
}
