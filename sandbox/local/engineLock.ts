import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudsBusy, isAlive } from './clouds';

/** What the engine's file backend writes into a lock (pulumi/pkg, `backend/diy/lock.go`). */
interface EngineLock {
  readonly pid: number;
}

/**
 * Removes the locks that killed engines left on a stack of a local backend, and says so; the engine itself never
 * does, since with a shared backend it cannot know. Throws `CloudsBusy` if one of them still runs.
 */
export function releaseDeadLocks(directory: string, say: (line: string) => void): void {
  if (!fs.existsSync(directory)) return;
  for (const name of fs.readdirSync(directory).filter((entry) => entry.endsWith('.json'))) {
    const file = path.join(directory, name);
    const pid = holderOf(file);
    if (pid !== undefined && isAlive(pid)) {
      throw new CloudsBusy(`the stack is in use by the engine of process ${pid}; wait for it to end, or end it`);
    }
    fs.rmSync(file, { force: true });
    say(`an earlier run was killed: its lock on the stack is released`);
  }
}

/** Nothing for a lock that was cut off while it was written. */
function holderOf(file: string): number | undefined {
  const text = fs.readFileSync(file, 'utf8');
  try {
    return (JSON.parse(text) as EngineLock).pid;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
