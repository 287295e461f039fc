import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as semver from 'semver';
import { buildEngine } from './build';
import { downloadEngine } from './download';
import { run } from './run';
import { ENGINE_VERSION, LANGUAGE_HOST_VERSION, OLDEST_ENGINE } from './versions';

/** A Pulumi engine with its Node language host beside it. */
export interface Engine {
  /** Folder to put first on PATH. */
  readonly binDirectory: string;
  readonly version: string;
  readonly source: 'installed' | 'cached' | 'downloaded' | 'built';
}

/** Programs an engine needs to run a Node program and a Node policy pack. */
const PROGRAMS = ['pulumi', 'pulumi-language-nodejs', 'pulumi-analyzer-policy', 'pulumi-resource-pulumi-nodejs'];

/** Where tools that are built or fetched once are kept, outside any checkout. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  return path.join(base, 'multicloud-cassandra');
}

/**
 * The real engine: the one on PATH if it is recent enough, else the one fetched or built before, else the
 * release download, else a build from its Go modules.
 *
 * @param say where progress goes, a line at a time
 * @throws Error that names what was tried when none of it worked
 */
export async function ensureEngine(say: (line: string) => void): Promise<Engine> {
  const installed = await engineOnPath();
  if (installed) return installed;
  const directory = path.join(cacheDirectory(), 'engine', `${ENGINE_VERSION}-${LANGUAGE_HOST_VERSION}`, 'bin');
  if (complete(directory)) return { binDirectory: directory, version: ENGINE_VERSION, source: 'cached' };
  return once(path.dirname(directory), directory, say);
}

async function engineOnPath(): Promise<Engine | undefined> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const folder = folders.find((candidate) => candidate && complete(candidate));
  if (!folder) return undefined;
  const { code, stdout } = await run(path.join(folder, 'pulumi'), ['version'], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  const version = stdout.trim().replace(/^v/, '');
  if (code !== 0 || !semver.valid(version) || semver.lt(version, OLDEST_ENGINE)) return undefined;
  return { binDirectory: folder, version, source: 'installed' };
}

function complete(directory: string): boolean {
  return PROGRAMS.every((program) => fs.existsSync(path.join(directory, program)));
}

/**
 * Fetches or builds into a folder of its own and renames it into place, so that an interrupted run leaves nothing
 * that looks complete, and two runs at once cannot mix.
 */
async function once(parent: string, directory: string, say: (line: string) => void): Promise<Engine> {
  fs.mkdirSync(parent, { recursive: true });
  const work = fs.mkdtempSync(path.join(parent, 'work-'));
  try {
    const failures: string[] = [];
    const source = await firstThatWorks(work, say, failures);
    if (!source) throw new Error(`no Pulumi engine could be had:\n${failures.join('\n')}`);
    if (!complete(directory)) fs.renameSync(path.join(work, 'bin'), directory);
    return { binDirectory: directory, version: ENGINE_VERSION, source };
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function firstThatWorks(
  work: string,
  say: (line: string) => void,
  failures: string[],
): Promise<'downloaded' | 'built' | undefined> {
  const ways = [
    { source: 'downloaded', get: downloadEngine },
    { source: 'built', get: buildEngine },
  ] as const;
  for (const { source, get } of ways) {
    try {
      await get(work, say);
      if (complete(path.join(work, 'bin'))) return source;
      failures.push(`${source}: not every program of ${PROGRAMS.join(', ')} was there`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${source}: ${reason}`);
      say(`engine: not ${source} (${reason.split('\n')[0]})`);
    }
  }
  return undefined;
}
