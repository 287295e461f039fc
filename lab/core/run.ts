import { spawn, type SpawnOptions } from 'node:child_process';
import { LabError } from './errors';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions extends Pick<SpawnOptions, 'cwd' | 'env'> {
  /** Written to the program's standard input. */
  readonly input?: string;
  /** Milliseconds after which the program is ended; its exit code is 124 then, as with `timeout`. */
  readonly timeout?: number;
  /** Sees each line of standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end and keeps what it printed. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { input, timeout, onLine, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeout);
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (onLine) chunk.toString().split('\n').filter(Boolean).forEach(onLine);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), stdout, stderr });
    });
    // A program that ends without reading its input closes the pipe; its exit code tells what that means.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin.end(input ?? '');
  });
}

/** As `run`, but a program that fails is an error with its last words. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new LabError(`${command} is not installed; run lab/install.sh as root`);
    throw error;
  });
  if (code === 0) return stdout;
  const words = (stderr.trim() || stdout.trim()).split('\n').slice(-8).join('\n');
  throw new Error(`${[command, ...args].join(' ').slice(0, 300)} ended with exit code ${code}:\n${words}`);
}
