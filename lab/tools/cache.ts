import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheDirectory } from '../core/paths';

/**
 * A folder of the cache, made once for its version: into a folder of its own, renamed when it is complete, so
 * that an interrupted run leaves nothing that looks complete and two runs at once do not mix.
 *
 * @param make fills the folder it is given
 * @returns the complete folder
 */
export async function once(tool: string, version: string, make: (folder: string) => Promise<void>): Promise<string> {
  const parent = path.join(cacheDirectory(), tool);
  const complete = path.join(parent, version);
  if (fs.existsSync(complete)) return complete;
  fs.mkdirSync(parent, { recursive: true });
  const work = fs.mkdtempSync(path.join(parent, 'work-'));
  try {
    await make(work);
    if (!fs.existsSync(complete)) fs.renameSync(work, complete);
    return complete;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
