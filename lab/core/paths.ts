import * as os from 'node:os';
import * as path from 'node:path';

/** The checkout. */
export const projectDirectory = path.resolve(__dirname, '../..');

/** Everything the running lab writes. `down` removes it. */
export const labDirectory = path.join(projectDirectory, '.local', 'lab');

/** Export of the local stack, left by `npm run local`. */
export const localExport = path.join(projectDirectory, '.local', 'dev', 'export.json');

/** Where tools that are built or fetched once are kept, outside any checkout. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  return path.join(base, 'multicloud-cassandra');
}
