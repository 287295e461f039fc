import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as readline from 'node:readline';

/** The local clouds of one stack, answering on loopback. */
export interface RunningClouds {
  /** Value for `PULUMI_DEBUG_PROVIDERS`. */
  readonly providers: string;
  /** Names the engine that works with the clouds, or none any more: should this process be killed, it ends too. */
  watch(engine: number | undefined): void;
  stop(): Promise<void>;
}

/** Another run holds the same local clouds. */
export class CloudsBusy extends Error {}

/** Starts the provider servers on the state in `directory`; one run at a time may hold it. */
export async function startClouds(directory: string): Promise<RunningClouds> {
  const release = lock(directory);
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', path.join(__dirname, '..', 'serve.ts'), directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const ports = await firstLine(child);
    const providers = Object.entries(JSON.parse(ports) as Record<string, number>)
      .map(([name, port]) => `${name}:${port}`)
      .join(',');
    return {
      providers,
      watch: (engine) => void child.stdin?.write(`${engine ?? ''}\n`),
      stop: async () => {
        await ended(child);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout) readline.createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the local clouds did not start (exit code ${code})`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.stdin?.end();
  });
}

/** A file with the holder's process id; one whose process is gone was left by a crash and is taken over. */
function lock(directory: string): () => void {
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'lock');
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(fs.readFileSync(file, 'utf8'));
      if (holder && isAlive(holder)) {
        throw new CloudsBusy(`the local clouds in ${directory} are in use by process ${holder}; wait for it to end`);
      }
      fs.rmSync(file, { force: true });
    }
  }
}

/** Whether a process of this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
