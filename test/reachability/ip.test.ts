import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  PrefixTable,
  contains,
  covered,
  formatAddress,
  formatRange,
  holds,
  isPrivate,
  mustRange,
  parseAddress,
  parseRange,
  rangeOf,
} from '../../reachability/ip';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.integer({ min: 0, max: 32 });

describe('IPv4 helpers of the proof', () => {
  it('read back every address they write', () => {
    fc.assert(fc.property(address, (value) => parseAddress(formatAddress(value)) === value));
  });

  it('read back every range they write', () => {
    fc.assert(
      fc.property(address, prefix, (value, length) => {
        const range = rangeOf(value, length);
        assert.deepEqual(parseRange(formatRange(range)), range);
        assert.ok(holds(range, value));
      }),
    );
  });

  for (const text of ['10.0.0', '10.0.0.256', '10.0.0.01', '::1', 'host.example', '', '10.0.0.0/33', '10.0.0.0/8/9']) {
    it(`refuse ${JSON.stringify(text)} as a range`, () => {
      assert.equal(parseRange(text), undefined);
    });
  }

  it('take a bare address for a /32', () => {
    assert.deepEqual(parseRange('10.0.0.1'), { first: 167772161, last: 167772161, prefix: 32 });
  });

  it('cover a range by its halves, and not by one of them', () => {
    const [whole, low, high] = ['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9'].map(mustRange) as [
      ReturnType<typeof mustRange>,
      ReturnType<typeof mustRange>,
      ReturnType<typeof mustRange>,
    ];
    assert.ok(covered(whole, [high, low]));
    assert.ok(!covered(whole, [low]));
  });

  it('tell private from public addresses', () => {
    const verdicts = ['10.1.2.3', '172.31.0.1', '172.32.0.1', '192.168.1.1', '100.64.0.1', '8.8.8.8'].map((text) =>
      isPrivate(parseAddress(text) ?? 0),
    );
    assert.deepEqual(verdicts, [true, true, false, true, true, false]);
  });

  it('find the longest prefix as a scan over all ranges does', () => {
    const entry = fc.tuple(address, prefix).map(([value, length]) => rangeOf(value, length));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), address, (ranges, wanted) => {
        const table = new PrefixTable<string>();
        for (const range of ranges) table.add(range, formatRange(range));
        const best = ranges.filter((range) => holds(range, wanted)).sort((a, b) => b.prefix - a.prefix)[0];
        assert.deepEqual(table.longest(wanted)?.range, best);
        for (const { range } of table.matches(wanted)) assert.ok(best !== undefined && contains(range, best));
      }),
    );
  });
});
