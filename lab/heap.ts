import * as os from 'node:os';
import { LabError } from './core/errors';

/** MiB. With the least, Cassandra starts and bootstraps an empty node; more than the usual serves nothing here. */
const HEAP = { usual: 512, least: 320 };
/** MiB that a node holds besides its heap: classes, code, buffers, threads. */
const BESIDE_HEAP = 390;
/** MiB of everything else: two control planes, operators, DNS, routers, agents. */
const BASE = 1_900;

/**
 * Heap of each Cassandra node in MiB: as wanted, else what the machine's memory allows.
 *
 * @param available MiB of memory that programs can have
 * @throws LabError when the nodes do not fit
 */
export function heapFor(nodes: number, wanted: number | undefined, available: number = availableMemory()): number {
  const room = Math.floor((available - BASE) / nodes - BESIDE_HEAP);
  const heap = wanted ?? Math.min(HEAP.usual, room);
  if (heap <= room && heap >= HEAP.least) return heap;
  if (heap < HEAP.least && wanted !== undefined)
    throw new LabError(`--heap ${wanted}: Cassandra needs a heap of at least ${HEAP.least} MiB`);
  const needed = BASE + nodes * ((wanted ?? HEAP.least) + BESIDE_HEAP);
  const fewer = nodes > 2 ? 'fewer --nodes, ' : '';
  throw new LabError(
    `${nodes} Cassandra nodes need ${needed} MiB of memory, and ${Math.floor(available)} MiB are available: ` +
      `${fewer}a smaller --heap or a machine with more memory`,
  );
}

/** MiB; what the kernel thinks it can give without swapping. */
function availableMemory(): number {
  return os.freemem() / 2 ** 20;
}
