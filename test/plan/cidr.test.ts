import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Address, Cidr, CidrError } from '../../plan/cidr';
import * as oracle from './oracle';

const anyAddress = fc.integer({ min: 0, max: 0xffffffff });
const anyCidr = fc
  .tuple(anyAddress, fc.integer({ min: 0, max: 32 }))
  .map(([value, prefix]) => oracle.text((BigInt(value) >> BigInt(32 - prefix)) << BigInt(32 - prefix), prefix));

describe('Cidr.parse', () => {
  const refused: [string, RegExp, string?][] = [
    ['', /is empty/],
    ['   ', /white space/],
    [' 10.0.0.0/8', /white space/],
    ['10.0.0.0/8\n', /white space/],
    ['10.0.0.0 /8', /white space/],
    ['10.0.0.0', /no prefix length/, "write 10.0.0.0/32 for this one address, or the range's prefix"],
    ['10.0.0.0/', /prefix length that is not a number/],
    ['10.0.0.0/x', /prefix length that is not a number/],
    ['10.0.0.0/+8', /prefix length that is not a number/],
    ['10.0.0.0/-1', /prefix length that is not a number/],
    ['10.0.0.0/8.0', /prefix length that is not a number/],
    ['10.0.0.0/8/8', /prefix length that is not a number/],
    ['10.0.0.0/08', /prefix length with a leading zero/, 'write /8'],
    ['10.0.0.0/00', /prefix length with a leading zero/, 'write /0'],
    ['10.0.0.0/33', /above 32/],
    ['10.0.0.0/999', /above 32/],
    ['10.0.0.5/24', /host bits set: its range starts at 10.0.0.0/, 'write 10.0.0.0/24'],
    ['255.255.255.255/31', /host bits set/, 'write 255.255.255.254/31'],
    ['0.0.0.1/0', /host bits set/, 'write 0.0.0.0/0'],
    ['010.0.0.0/8', /leading zero in 010/],
    ['10.00.0.0/8', /leading zero in 00/],
    ['10.0.0/8', /not four numbers/],
    ['10.0.0.0.0/8', /not four numbers/],
    ['10/8', /not four numbers/],
    ['/8', /not four numbers/],
    ['256.0.0.0/8', /from 0 to 255/],
    ['10.0.0.1000/32', /from 0 to 255/],
    ['10.0.0.a/32', /from 0 to 255/],
    ['0x0a.0.0.0/8', /from 0 to 255/],
    ['1e1.0.0.0/8', /from 0 to 255/],
    ['-1.0.0.0/8', /from 0 to 255/],
    ['10..0.0/8', /from 0 to 255/],
    ['::/0', /IPv6/],
    ['fd00::/8', /IPv6/],
    ['::ffff:10.0.0.0/104', /IPv6/],
  ];
  for (const [text, reason, remedy] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => Cidr.parse(text),
        (error) => {
          assert(error instanceof CidrError);
          assert.equal(error.value, text);
          assert.match(error.reason, reason);
          assert.notEqual(error.remedy, '');
          assert.equal(error.message, `${JSON.stringify(text)} ${error.reason}; ${error.remedy}`);
          if (remedy !== undefined) {
            assert.equal(error.remedy, remedy);
          }
          return true;
        },
      );
    });
  }

  it('reads back every canonical range as it was written', () => {
    fc.assert(fc.property(anyCidr, (text) => assert.equal(Cidr.parse(text).toString(), text)));
  });

  it('agrees with an independent reading on first, last and size', () => {
    fc.assert(
      fc.property(anyCidr, (text) => {
        const cidr = Cidr.parse(text);
        const { first, last } = oracle.span(text);
        assert.deepEqual([BigInt(cidr.first), BigInt(cidr.last), BigInt(cidr.size)], [first, last, last - first + 1n]);
      }),
    );
  });

  it('accepts a text with host bits only as its canonical form', () => {
    fc.assert(
      fc.property(anyAddress, fc.integer({ min: 0, max: 31 }), (value, prefix) => {
        const written = oracle.text(BigInt(value), prefix);
        const canonical = oracle.text((BigInt(value) >> BigInt(32 - prefix)) << BigInt(32 - prefix), prefix);
        if (written === canonical) {
          assert.equal(Cidr.parse(written).toString(), canonical);
        } else {
          assert.throws(
            () => Cidr.parse(written),
            (error) => error instanceof CidrError && error.remedy === `write ${canonical}`,
          );
        }
      }),
    );
  });

  it('accepts no text that an exact grammar does not', () => {
    const octet = '(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
    const grammar = new RegExp(`^(${octet}\\.){3}${octet}/(\\d|[12]\\d|3[0-2])$`);
    const nearly = fc.string({
      unit: fc.constantFrom('0', '1', '2', '5', '9', '.', '/', ' ', ':', 'a', '-'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(nearly, anyCidr, fc.string()), (text) => {
        try {
          Cidr.parse(text);
          assert.match(text, grammar);
        } catch (error) {
          assert(error instanceof CidrError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('Cidr', () => {
  it('contains and overlaps what big integers say', () => {
    const near = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
      .map(([value, prefix]) => oracle.text((BigInt(value) >> BigInt(32 - prefix)) << BigInt(32 - prefix), prefix));
    fc.assert(
      fc.property(fc.oneof(near, anyCidr), fc.oneof(near, anyCidr), (a, b) => {
        assert.equal(Cidr.parse(a).contains(Cidr.parse(b)), oracle.contains(a, b));
        assert.equal(Cidr.parse(a).overlaps(Cidr.parse(b)), oracle.overlap(a, b));
        assert.equal(Cidr.parse(a).equals(Cidr.parse(b)), a === b);
      }),
      { numRuns: 1000 },
    );
  });

  it('contains its own addresses and no other', () => {
    const range = Cidr.parse('10.1.2.0/24');
    assert(range.contains(Address.parse('10.1.2.0')));
    assert(range.contains(Address.parse('10.1.2.255')));
    assert(!range.contains(Address.parse('10.1.1.255')));
    assert(!range.contains(Address.parse('10.1.3.0')));
  });

  it('splits into equal blocks that cover it in order', () => {
    fc.assert(
      fc.property(anyCidr, fc.integer({ min: 0, max: 6 }), (text, bits) => {
        const cidr = Cidr.parse(text);
        if (cidr.prefix + bits > 32) {
          assert.throws(() => cidr.split(2 ** bits), /does not split into/);
          return;
        }
        const parts = cidr.split(2 ** bits).map(String);
        assert.equal(parts.length, 2 ** bits);
        assert.equal(oracle.span(parts[0]!).first, oracle.span(text).first);
        assert.equal(oracle.span(parts.at(-1)!).last, oracle.span(text).last);
        parts.slice(1).forEach((part, n) => assert.equal(oracle.span(part).first, oracle.span(parts[n]!).last + 1n));
      }),
    );
  });

  for (const parts of [0, 3, -2, 1.5, Number.NaN]) {
    it(`does not split into ${parts} parts`, () => {
      assert.throws(() => Cidr.parse('10.0.0.0/16').split(parts), RangeError);
    });
  }

  it('finds a block by number from either end', () => {
    const range = Cidr.parse('10.64.0.0/10');
    assert.equal(String(range.block(14, 0)), '10.64.0.0/14');
    assert.equal(String(range.block(14, 15)), '10.124.0.0/14');
    assert.equal(String(range.block(14, -1)), '10.124.0.0/14');
    assert.equal(String(range.block(10, 0)), '10.64.0.0/10');
    assert.equal(String(Cidr.parse('0.0.0.0/0').block(32, -1)), '255.255.255.255/32');
  });

  for (const [prefix, n] of [
    [14, 16],
    [14, -17],
    [14, 0.5],
    [9, 0],
    [33, 0],
    [14.5, 0],
  ] as const) {
    it(`has no block ${n} of /${prefix}`, () => {
      assert.throws(() => Cidr.parse('10.64.0.0/10').block(prefix, n), /10\.64\.0\.0\/10 has no/);
    });
  }

  it('finds an address by number from either end', () => {
    const range = Cidr.parse('10.0.0.0/29');
    assert.equal(String(range.at(0)), '10.0.0.0');
    assert.equal(String(range.at(7)), '10.0.0.7');
    assert.equal(String(range.at(-1)), '10.0.0.7');
    assert.equal(String(range.at(-8)), '10.0.0.0');
  });

  for (const n of [8, -9, 0.5]) {
    it(`has no address ${n} in eight`, () => {
      assert.throws(() => Cidr.parse('10.0.0.0/29').at(n), /has no address/);
    });
  }

  it('orders by first address, and a range before its parts', () => {
    const texts = ['10.0.0.0/8', '9.0.0.0/8', '10.0.0.0/16', '200.0.0.0/8', '10.1.0.0/16'];
    const sorted = texts.map((text) => Cidr.parse(text)).sort((a, b) => a.compare(b));
    assert.deepEqual(sorted.map(String), ['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/16', '10.1.0.0/16', '200.0.0.0/8']);
  });

  it('is made from numbers only where a range starts', () => {
    assert.equal(String(Cidr.of(0xffffff00, 24)), '255.255.255.0/24');
    assert.equal(Cidr.of(0, 0).size, 2 ** 32);
    for (const [first, prefix] of [
      [1, 24],
      [0, 33],
      [0, -1],
      [0, 1.5],
      [2 ** 32, 8],
    ] as const) {
      assert.throws(() => Cidr.of(first, prefix), RangeError);
    }
  });
});

describe('Address', () => {
  it('reads back every address as it was written', () => {
    fc.assert(
      fc.property(anyAddress, (value) => {
        const text = oracle.text(BigInt(value), 32).replace('/32', '');
        assert.equal(Address.parse(text).value, value);
        assert.equal(String(Address.of(value)), text);
      }),
    );
  });

  for (const text of ['', '10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.0/32', '::1', ' 10.0.0.1']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => Address.parse(text), CidrError);
    });
  }

  it('compares by number', () => {
    const [low, high] = [Address.parse('9.255.255.255'), Address.parse('10.0.0.0')];
    assert(low.compare(high) < 0 && high.compare(low) > 0 && low.compare(low) === 0);
    assert(low.equals(Address.parse('9.255.255.255')) && !low.equals(high));
  });

  for (const value of [-1, 2 ** 32, 0.5, Number.NaN]) {
    it(`has no number ${value}`, () => {
      assert.throws(() => Address.of(value), RangeError);
    });
  }
});
