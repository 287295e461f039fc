/**
 * What runs in the lab's world: network namespaces with their processes, and the agents, which are outside of them and
 * written down.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { labDirectory } from './paths';
import { type KnownProcess, knownProcess, runs, signal } from './processes';
import { must, run } from './run';
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
  const names = await existingNamespaces();
  await end(async () => (await Promise.all(names.map(pidsIn))).flat(), grace);
  for (const name of names) await must('ip', ['netns', 'delete', name]);
}

/** Ends the processes of one namespace, e.g. those of one pod. */
export async function endNamespace(name: string): Promise<void> {
  if (!(await existingNamespaces()).includes(name)) return;
  await end(() => pidsIn(name), GRACE);
  await must('ip', ['netns', 'delete', name]);
}

async function end(pids: () => Promise<number[]>, grace: number): Promise<void> {
  (await pids()).forEach((pid) => signal(pid, 'SIGTERM'));
  const deadline = Date.now() + grace;
  while (Date.now() < deadline && (await pids()).length > 0) await sleep(200);
  // Stopped processes take no other signal, and a parent may have started more.
  for (let left = await pids(); left.length > 0; left = await pids()) {
    left.forEach((pid) => signal(pid, 'SIGKILL'));
    await sleep(100);
  }
}

/** Names of the network namespaces; the world has no others than the lab's. */
export async function existingNamespaces(): Promise<string[]> {
  const { stdout } = await run('ip', ['-json', 'netns', 'list']);
  if (stdout.trim() === '') return [];
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
}

export async function pidsIn(namespace: string): Promise<number[]> {
  const { stdout } = await run('ip', ['netns', 'pids', namespace]);
  return stdout.split('\n').filter(Boolean).map(Number);
}
