import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import { cacheDirectory } from '../core/paths';
import { type KnownProcess, knownProcess, runs } from '../core/processes';

/** After this long a work folder whose maker cannot be asked, e.g. in another container, is taken for left. */
const STALE = 24 * 3600 * 1000;

/**
 * A folder of the cache, made once for its version: into a folder of its own, renamed when it is complete, so
 * that an interrupted run leaves nothing that looks complete and two runs at once do not mix. What interrupted runs
 * left is removed. A cache that holds everything is only read.
 *
 * @param make fills the folder it is given
 * @returns the complete folder
 */
export async function once(tool: string, version: string, make: (folder: string) => Promise<void>): Promise<string> {
  const parent = path.join(cacheDirectory(), tool);
  const complete = path.join(parent, version);
  if (fs.existsSync(complete)) return complete;
  const work = workFolder(parent);
  try {
    await make(work);
    // Others may use the same cache.
    fs.chmodSync(work, 0o755);
    publish(work, complete);
    return complete;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function workFolder(parent: string): string {
  try {
    fs.mkdirSync(parent, { recursive: true });
    removeLeft(parent);
    return fs.mkdtempSync(path.join(parent, workPrefix()));
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const remedy = 'have one who may write there run the lab once, or name another folder with XDG_CACHE_HOME';
    throw new LabError(`${parent} does not hold what the lab needs, and this user may not write there: ${remedy}`);
  }
}

/** Another run that was as far earlier has made the same. */
function publish(work: string, complete: string): void {
  try {
    fs.renameSync(work, complete);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Names the process that works in it, and the namespace that its number belongs to. */
function workPrefix(): string {
  const { pid, startTime } = knownProcess(process.pid);
  return `work-${processNamespace()}-${pid}-${startTime}-`;
}

function removeLeft(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    if (name.startsWith('work-') && !isInUse(folder)) fs.rmSync(folder, { recursive: true, force: true });
  }
}

function isInUse(folder: string): boolean {
  const [, namespace, pid, startTime] = path.basename(folder).split('-');
  const maker: KnownProcess = { pid: Number(pid), startTime: startTime ?? '' };
  if (namespace === processNamespace()) return runs(maker);
  return Date.now() - fs.statSync(folder).mtimeMs < STALE;
}

/** Inode of this process's PID namespace (namespaces(7)). */
function processNamespace(): string {
  return String(fs.statSync('/proc/self/ns/pid').ino);
}
