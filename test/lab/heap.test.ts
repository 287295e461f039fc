import assert from 'node:assert/strict';
import { heapFor } from '../../lab/heap';

describe('the heap of a Cassandra node', () => {
  const GIB = 1024;

  it('is the usual where memory allows', () => {
    assert.equal(heapFor(2, undefined, 16 * GIB), 512);
    assert.equal(heapFor(6, undefined, 16 * GIB), 512);
  });

  it('is smaller where memory is short', () => {
    const heap = heapFor(6, undefined, 7 * GIB);
    assert.ok(heap >= 320 && heap < 512, `${heap} MiB`);
  });

  it('is what is wanted, if it fits', () => {
    assert.equal(heapFor(2, 1024, 16 * GIB), 1024);
    assert.throws(
      () => heapFor(2, 8192, 16 * GIB),
      /2 Cassandra nodes need \d+ MiB .* 16384 MiB are available: a smaller --heap/,
    );
    assert.throws(() => heapFor(2, 64, 16 * GIB), /--heap 64: .* at least 320 MiB/);
  });

  it('is refused where the nodes do not fit, and the message says what would', () => {
    assert.throws(() => heapFor(6, undefined, 4 * GIB), /6 Cassandra nodes need \d+ MiB .* fewer --nodes/);
  });
});
