/**
 * What runs in the lab's world: network namespaces with their processes, and the agents, which are outside of them and
 * written down.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { labDirectory } from './paths';
import { type KnownProcess, knownProcess, runs, signal } from './processes';
import { must } from './run';
import { sleep } from './wait';

interface Entry extends KnownProcess {
  readonly name: string;
}

const ledgerFile = path.join(labDirectory, 'processes.jsonl');
/** Milliseconds that a process gets to end by itself. */
const GRACE = 5_000;

/** For a process outside the network namespaces. */
export function recordProcess(name: string, pid: number): void {
  fs.appendFileSync(ledgerFile, `${JSON.stringify({ name, ...knownProcess(pid) })}\n`);
}

/** The recorded processes, and whether they run. */
export function recordedProcesses(): { name: string; running: boolean }[] {
  if (!fs.existsSync(ledgerFile)) return [];
  const lines = fs.readFileSync(ledgerFile, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Entry).map((entry) => ({ name: entry.name, running: runs(entry) }));
}

/**
 * Ends every network namespace and what runs in it.
 *
 * @param grace milliseconds that a process gets to end by itself
 */
export async function endNamespaces(grace: number): Promise<void> {
  const names = existingNamespaces();
  await end(() => pidsIn(...names), grace);
  await must('ip', ['-batch', '-'], { input: names.map((name) => `netns delete ${name}\n`).join('') });
}

/** Ends the processes of one namespace, e.g. those of one pod. */
export async function endNamespace(name: string): Promise<void> {
  if (!existingNamespaces().includes(name)) return;
  await end(() => pidsIn(name), GRACE);
  await must('ip', ['netns', 'delete', name]);
}

async function end(pids: () => number[], grace: number): Promise<void> {
  pids().forEach((pid) => signal(pid, 'SIGTERM'));
  const deadline = Date.now() + grace;
  while (Date.now() < deadline && pids().length > 0) await sleep(200);
  // Stopped processes take no other signal, and a parent may have started more.
  for (let left = pids(); left.length > 0; left = pids()) {
    left.forEach((pid) => signal(pid, 'SIGKILL'));
    await sleep(100);
  }
}

/** Where `ip netns` keeps each namespace, under its name (ip-netns(8)). */
const NAMESPACES = '/run/netns';

/** Names of the network namespaces; the world has no others than the lab's. */
export function existingNamespaces(): string[] {
  return fs.existsSync(NAMESPACES) ? fs.readdirSync(NAMESPACES) : [];
}

/** The processes in some network namespaces; read from /proc, as asking `ip` for each takes seconds. */
export function pidsIn(...names: readonly string[]): number[] {
  const wanted = new Set(names.map((name) => fs.statSync(path.join(NAMESPACES, name)).ino));
  return fs
    .readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => wanted.has(networkNamespaceOf(pid)))
    .map(Number);
}

/** Its inode (namespaces(7)); 0 for a process that has ended meanwhile. */
function networkNamespaceOf(pid: string): number {
  try {
    return fs.statSync(`/proc/${pid}/ns/net`).ino;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A zombie has no namespaces any more, and the kernel's threads show theirs to root only.
    if (code !== 'ENOENT' && code !== 'ESRCH' && code !== 'EACCES') throw error;
    return 0;
  }
}
