/**
 * The world that a lab lives in: mount, network and process namespaces of its own, and a user namespace where the
 * person is not root. A holder process keeps it; with the holder ends everything that runs in it, and what the kernel
 * keeps for it: network namespaces, mounts and files in memory. So labs of several checkouts stay apart, and a crash
 * leaves nothing that `down` does not find.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from './errors';
import { labDirectory, projectDirectory } from './paths';
import { type KnownProcess, childrenOf, kill, knownProcess, runs } from './processes';
import { STARTED } from './say';

const RECORD = 'world.json';
/** In the world's own memory. */
const TEMPORARY = '/run/tmp';

/**
 * The holder: the first process of its namespace, so it inherits orphans; with SIGCHLD ignored the kernel takes their
 * ends from it. It goes on only when it is told to, so that it never lives unrecorded.
 */
const HOLDER = [
  'set -e',
  'mount -t tmpfs -o mode=755 tmpfs /run',
  `mkdir /run/netns ${TEMPORARY}`,
  'ip link set lo up',
  'echo ready',
  'read -r go',
  "trap '' CHLD",
  'exec sleep infinity </dev/null >/dev/null 2>&1',
].join('\n');

/** `unshare` options that make a world: without root, a user namespace comes first and gives the rights to the others. */
export function worldOptions(): string[] {
  const user = isRoot() ? [] : ['--user', '--map-root-user'];
  return [...user, '--mount', '--net', '--pid', '--fork', '--mount-proc'];
}

/** @param folder of the lab's files */
export function worldRuns(folder: string = labDirectory): boolean {
  const holder = recordedHolder(folder);
  return holder !== undefined && runs(holder);
}

/**
 * Makes the world, and an empty folder for the lab's files.
 *
 * @throws LabError when it runs already, or the kernel refuses
 */
export async function startWorld(folder: string = labDirectory): Promise<void> {
  if (worldRuns(folder)) throw new LabError('the lab is up; take it down first: npm run lab -- down');
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child = spawn('unshare', [...worldOptions(), 'sh', '-c', HOLDER], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const trouble = await untilReady(child);
  if (trouble !== undefined) throw new LabError(`the lab's namespaces cannot be made: ${trouble}`);
  const [holder] = childrenOf(child.pid ?? 0);
  if (holder === undefined) throw new Error('the holder of the lab ended at once');
  fs.writeFileSync(path.join(folder, RECORD), JSON.stringify(knownProcess(holder)), { mode: 0o600 });
  child.stdin?.end('go\n');
  child.unref();
}

/** @returns what it said if it ended instead */
async function untilReady(child: ChildProcess): Promise<string | undefined> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ready = once(child.stdout as NodeJS.ReadableStream, 'data').then(() => undefined);
  const ended = once(child, 'close').then(([code]) => errors.trim() || `exit code ${String(code)}`);
  return Promise.race([ready, ended]);
}

/**
 * Runs a TypeScript file of the project in the world, at this terminal.
 *
 * @returns its exit code
 */
export async function runInWorld(file: string, args: readonly string[]): Promise<number> {
  const holder = recordedHolder(labDirectory);
  if (holder === undefined || !runs(holder)) throw new LabError('the lab is not up: npm run lab -- up');
  const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
  const enter = ['--target', String(holder.pid), ...user, '--mount', '--net', '--pid'];
  // The folder has to be looked up again among the world's mounts.
  const inProject = ['sh', '-c', 'cd "$0" && exec "$@"', projectDirectory];
  const command = [process.execPath, '--import', 'tsx', file, ...args];
  const child = spawn('nsenter', [...enter, ...inProject, ...command], {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: TEMPORARY, [STARTED.variable]: String(STARTED.at) },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** Ends the world with everything in it, and removes the lab's files. Safe to repeat. */
export async function endWorld(folder: string = labDirectory): Promise<void> {
  const holder = recordedHolder(folder);
  // The kernel lets the first process of a namespace end only after all others (pid_namespaces(7)).
  if (holder !== undefined) await kill(holder);
  fs.rmSync(folder, { recursive: true, force: true });
}

function recordedHolder(folder: string): KnownProcess | undefined {
  const file = path.join(folder, RECORD);
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, 'utf8')) as KnownProcess;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
