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

  it('compares ranges n log n times, not pair by pair', () => {
    const n = 20_000;
    let comparisons = 0;
    const counting = (cidr: Cidr): Cidr =>
      Object.defineProperty(Object.create(cidr) as Cidr, 'compare', {
        value: (other: Cidr) => {
          comparisons += 1;
          return cidr.compare(other);
        },
      });
    const ranges = labelled(Array.from({ length: n }, (_, i) => oracle.text(BigInt((i * 7919) % n) << 8n, 24)));
    assert.deepEqual(findOverlaps(ranges.map((range) => ({ cidr: counting(range.cidr) }))), []);
    assert.ok(comparisons <= 2 * n * Math.log2(n), `${comparisons} comparisons`);
  });
});
