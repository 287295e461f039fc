/** Figures of the plan: how long it takes, and how that grows. */
import { Cidr } from '../plan/cidr';
import { findOverlaps } from '../plan/overlap';
import { parseSettings, planFor } from '../plan';
import { median, timed } from './measure';
import { table } from './table';

const RUNS = 7;
const SITES = [2, 100, 1000];
const RANGES = [1_000, 10_000, 100_000];

export function planFigures(): string {
  const rows = SITES.map((count) => {
    const settings = parseSettings(configuration(count));
    const milliseconds = median(timed(RUNS, () => planFor(settings)));
    return [String(count), milliseconds.toFixed(1), ((1000 * milliseconds) / count).toFixed(0)];
  });
  return ['## Plan', '', table(['sites', 'plan, ms (median)', 'µs per site'], rows)].join('\n');
}

/** Sites of both clouds in slots of one pool: the largest stack a pool of 10.0.0.0/8 holds has 1,024. */
function configuration(count: number): Record<string, unknown> {
  return {
    access: { admittedRanges: ['203.0.113.0/24'] },
    pool: { range: '10.0.0.0/8', prefix: 18 },
    sites: Array.from({ length: count }, (_, i) => ({
      name: `site-${i}`,
      slot: i + 8,
      asn: 4_200_000_000 + i,
      ...(i % 2 === 0
        ? { cloud: 'aws', region: 'eu-west-1', zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] }
        : {
            cloud: 'gcp',
            project: 'cassandra-bench-1',
            region: 'europe-west4',
            zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
          }),
    })),
  };
}

export function overlapFigures(): { text: string; ratio: number } {
  const results = RANGES.map((count) => {
    const ranges = Array.from({ length: count }, (_, i) => ({ cidr: Cidr.parse(scattered(i)) }));
    const plain = ranges.map(({ cidr }) => ({ first: Number(cidr.first), last: Number(cidr.last) }));
    if (findOverlaps(ranges).length !== sortAndSweep(plain).length) throw new Error('the two overlap checks disagree');
    const ours = median(timed(RUNS, () => void findOverlaps(ranges)));
    const baseline = median(timed(RUNS, () => void sortAndSweep(plain)));
    return { count, ours, baseline, ratio: ours / baseline };
  });
  const rows = results.map(({ count, ours, baseline, ratio }) => [
    count.toLocaleString('en'),
    ours.toFixed(2),
    baseline.toFixed(2),
    ratio.toFixed(2),
    ((1e6 * ours) / (count * Math.log2(count))).toFixed(1),
  ]);
  const header = ['ranges', 'overlap check, ms', 'plain sort-and-sweep, ms', 'ratio', 'ns per n·log₂ n'];
  return {
    text: ['## Overlap check', '', table(header, rows)].join('\n'),
    ratio: results.find(({ count }) => count === 10_000)?.ratio ?? Number.NaN,
  };
}

/** Ranges in no order, one in twenty of them over another. */
function scattered(i: number): string {
  const shuffled = (i * 7_919) % 1_048_573;
  const block = (i % 20 === 0 ? shuffled >>> 1 : shuffled) * 16;
  return `${10 + (block >>> 24)}.${(block >>> 16) & 255}.${(block >>> 8) & 255}.${block & 255}/28`;
}

/** The textbook form on bare numbers: what any check of n ranges has to do at least. */
function sortAndSweep(ranges: readonly { first: number; last: number }[]): [number, number][] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first || b.last - a.last);
  const pairs: [number, number][] = [];
  let open: { first: number; last: number }[] = [];
  for (const range of sorted) {
    open = open.filter((other) => other.last >= range.first);
    for (const other of open) pairs.push([other.first, range.first]);
    open.push(range);
  }
  return pairs;
}
