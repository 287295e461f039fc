import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Cidr } from '../../plan/cidr';
import { findOverlaps } from '../../plan/overlap';
import * as oracle from './oracle';

const labelled = (cidrs: readonly string[]) => cidrs.map((text, label) => ({ label, cidr: Cidr.parse(text) }));

/** Ranges close together, so that many of them meet. */
const crowded = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 22, max: 32 }))
    .map(([value, prefix]) => oracle.text((BigInt(value) >> BigInt(32 - prefix)) << BigInt(32 - prefix), prefix)),
  { maxLength: 40 },
);

describe('findOverlaps', () => {
  it('finds exactly the pairs that comparing each with each finds', () => {
    fc.assert(
      fc.property(crowded, (cidrs) => {
        const pair = (a: number, b: number) => [a, b].sort((x, y) => x - y).join();
        const found = findOverlaps(labelled(cidrs)).map(([a, b]) => pair(a.label, b.label));
        const expected = cidrs.flatMap((a, i) =>
          cidrs.flatMap((b, j) => (i < j && oracle.overlap(a, b) ? [pair(i, j)] : [])),
        );
        assert.deepEqual(found.sort(), expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('names the containing range first', () => {
    fc.assert(
      fc.property(crowded, (cidrs) => {
        for (const [outer, inner] of findOverlaps(labelled(cidrs))) {
          assert(oracle.contains(String(outer.cidr), String(inner.cidr)));
        }
      }),
    );
  });

  it('leaves its input as it was', () => {
    const ranges = labelled(['10.1.0.0/16', '10.0.0.0/8']);
    findOverlaps(ranges);
    assert.deepEqual(
      ranges.map(({ label }) => label),
      [0, 1],
    );
  });

  it('finds nothing among none, one, and neighbours', () => {
    assert.deepEqual(findOverlaps([]), []);
    assert.deepEqual(findOverlaps(labelled(['0.0.0.0/0'])), []);
    assert.deepEqual(findOverlaps(labelled(['10.0.0.0/9', '10.128.0.0/9', '11.0.0.0/8'])), []);
  });

  it('takes time in proportion to the ranges, not to their pairs', () => {
    const ranges = (n: number) =>
      labelled(Array.from({ length: n }, (_, i) => oracle.text(BigInt((i * 7919) % n) << 8n, 24)));
    const best = (n: number) => {
      const input = ranges(n);
      return Math.min(
        ...[1, 2, 3, 4, 5].map(() => {
          const start = process.hrtime.bigint();
          assert.deepEqual(findOverlaps(input), []);
          return Number(process.hrtime.bigint() - start);
        }),
      );
    };
    best(2000);
    // Ten times the ranges in a hundred times the time would be quadratic; 40 leaves room for a busy machine.
    assert(best(20_000) < 40 * best(2000));
  });
});
