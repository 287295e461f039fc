import { spawn } from 'node:child_process';
import * as fs from 'node:fs';

/** Milliseconds of each of `runs` calls, after one that is not counted. */
export function timed(runs: number, work: () => void): number[] {
  work();
  return Array.from({ length: runs }, () => {
    const started = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - started) / 1e6;
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Usage {
  readonly seconds: number;
  /** Highest sum of resident memory over the process and all its descendants. */
  readonly peakMiB: number;
}

const SAMPLE_MILLISECONDS = 50;

/** Runs a program to its end and measures it with everything it starts. */
export function measured(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    let peak = 0;
    const sampler = setInterval(() => (peak = Math.max(peak, residentKiB(child.pid ?? 0))), SAMPLE_MILLISECONDS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(sampler);
      if (code === 0) resolve({ seconds: (Date.now() - started) / 1000, peakMiB: peak / 1024 });
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${output.slice(-2000)}`));
    });
  });
}

/** Resident memory of a process and its descendants now, from Linux's /proc. */
function residentKiB(root: number): number {
  const processes = fs
    .readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
  const parents = new Map<number, { parent: number; resident: number }>();
  for (const pid of processes) {
    const status = readStatus(pid);
    if (status) parents.set(pid, status);
  }
  const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && belongs(parents.get(pid)!.parent));
  return [...parents].reduce((sum, [pid, { resident }]) => (belongs(pid) ? sum + resident : sum), 0);
}

/** Undefined for a process that ended since it was listed. */
function readStatus(pid: number): { parent: number; resident: number } | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return { parent: field('PPid'), resident: field('VmRSS') };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
