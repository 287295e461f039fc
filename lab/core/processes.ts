/** Processes by their number and start time, from Linux's /proc. */
import * as fs from 'node:fs';
import { sleep } from './wait';

/** A process; the start time tells it from a later one with the same number. */
export interface KnownProcess {
  readonly pid: number;
  readonly startTime: string;
}

/** @throws Error when there is no such process any more */
export function knownProcess(pid: number): KnownProcess {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new Error(`process ${pid} has ended already`);
  return { pid, startTime };
}

export function runs({ pid, startTime }: KnownProcess): boolean {
  return startTimeOf(pid) === startTime;
}

/** Ends a process at once and waits until it has ended. */
export async function kill(known: KnownProcess): Promise<void> {
  while (runs(known)) {
    signal(known.pid, 'SIGKILL');
    await sleep(50);
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The children of a process that has one thread. */
export function childrenOf(pid: number): number[] {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Field 22 of /proc/PID/stat, clock ticks since boot (proc(5)); a zombie has ended. */
function startTimeOf(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return undefined;
  const afterName = fs
    .readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return afterName[0] === 'Z' ? undefined : afterName[19];
}

/**
 * Memory of all processes that this one can see, in bytes: each one's proportional share of what several use together
 * (`Pss` of /proc/PID/smaps_rollup), so that the sum counts nothing twice.
 */
export function memoryInUse(): number {
  return fs
    .readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .reduce((sum, pid) => sum + shareOf(pid), 0);
}

function shareOf(pid: string): number {
  try {
    const rollup = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch (error) {
    // It has ended since it was listed.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}
