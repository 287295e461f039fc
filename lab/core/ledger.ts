/**
 * What the lab has made, written down before it is made, so that `down` finds everything even after a crash
 * and touches nothing else.
 *
 * Every process runs in one of the lab's network namespaces and is found there, except those in the list.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { labDirectory } from './paths';
import { must, run } from './run';
import { sleep } from './wait';

type Entry =
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'process'; readonly name: string; readonly pid: number; readonly startTime: string };

const ledgerFile = path.join(labDirectory, 'ledger.jsonl');
/** Milliseconds that a process gets to end by itself. */
const GRACE = 5_000;

export function recordNamespace(name: string): void {
  append({ kind: 'namespace', name });
}

/** For a process outside the lab's namespaces. Its start time tells it from a later one with the same number. */
export function recordProcess(name: string, pid: number): void {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new Error(`${name} ended before it was written down`);
  append({ kind: 'process', name, pid, startTime });
}

export function recordedNamespaces(): string[] {
  return [...new Set(entries().flatMap((entry) => (entry.kind === 'namespace' ? [entry.name] : [])))];
}

/** Names of the recorded processes, and whether they run. */
export function recordedProcesses(): { name: string; pid: number; running: boolean }[] {
  return entries().flatMap((entry) => (entry.kind === 'process' ? [{ ...entry, running: runs(entry) }] : []));
}

/**
 * Ends every process and removes every namespace and file of the lab. Safe to repeat.
 *
 * @param grace milliseconds that a process gets to end by itself
 */
export async function takeDown(say: (line: string) => void, grace = GRACE): Promise<void> {
  await endAll(say, grace);
  fs.rmSync(labDirectory, { recursive: true, force: true });
}

/** Ends every process and namespace that is written down, and leaves the files. */
async function endAll(say: (line: string) => void, grace: number): Promise<void> {
  const processes = entries().filter((entry) => entry.kind === 'process');
  await end('recorded processes', () => processes.filter(runs).map(({ pid }) => pid), say, grace);
  const existing = new Set(await existingNamespaces());
  const namespaces = recordedNamespaces().filter((name) => existing.has(name));
  await end(
    `processes in ${namespaces.length} namespaces`,
    async () => (await Promise.all(namespaces.map(pidsIn))).flat(),
    say,
    grace,
  );
  for (const name of namespaces) await must('ip', ['netns', 'delete', name]);
}

/** Ends the processes of one namespace, e.g. those of one pod. */
export async function endNamespace(name: string): Promise<void> {
  if (!(await existingNamespaces()).includes(name)) return;
  await end(
    name,
    () => pidsIn(name),
    () => undefined,
    GRACE,
  );
  await must('ip', ['netns', 'delete', name]);
}

async function end(
  what: string,
  pids: () => Promise<number[]> | number[],
  say: (line: string) => void,
  grace: number,
): Promise<void> {
  const first = await pids();
  if (first.length === 0) return;
  say(`ending ${first.length} ${what}`);
  first.forEach((pid) => signal(pid, 'SIGTERM'));
  const deadline = Date.now() + grace;
  while (Date.now() < deadline && (await pids()).length > 0) await sleep(200);
  // Stopped processes take no other signal, and a parent may have started more.
  while ((await pids()).length > 0) {
    (await pids()).forEach((pid) => signal(pid, 'SIGKILL'));
    await sleep(100);
  }
}

export async function existingNamespaces(): Promise<string[]> {
  const { stdout } = await run('ip', ['-json', 'netns', 'list']);
  if (stdout.trim() === '') return [];
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
}

export async function pidsIn(namespace: string): Promise<number[]> {
  const { stdout } = await run('ip', ['netns', 'pids', namespace]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function append(entry: Entry): void {
  fs.mkdirSync(labDirectory, { recursive: true });
  fs.appendFileSync(ledgerFile, `${JSON.stringify(entry)}\n`);
}

function entries(): Entry[] {
  if (!fs.existsSync(ledgerFile)) return [];
  const lines = fs.readFileSync(ledgerFile, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Entry);
}

function runs(entry: Entry): boolean {
  return entry.kind === 'process' && startTimeOf(entry.pid) === entry.startTime;
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
