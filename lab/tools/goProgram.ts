import * as path from 'node:path';
import { LabError } from '../core/errors';
import { must, run } from '../core/run';
import { once } from './cache';

/** A program that is built from its Go module as `go.mod` and `go.sum` in a folder beside this file pin it. */
export interface GoProgram {
  readonly name: string;
  /** Of the module, without `v`; names the folder of the cache. */
  readonly version: string;
  /** Folder with go.mod. */
  readonly module: string;
  readonly packageName: string;
}

/** Seconds between two lines of progress. */
const PROGRESS_INTERVAL = 10;

/** The program's file, built first if it is not in the cache. */
export async function goProgram(program: GoProgram, say: (line: string) => void): Promise<string> {
  const folder = await once(program.name, program.version, (work) =>
    build(program, path.join(work, program.name), say),
  );
  return path.join(folder, program.name);
}

async function build(program: GoProgram, output: string, say: (line: string) => void): Promise<void> {
  const cwd = path.join(__dirname, program.module);
  say(`tools: building ${program.name} ${program.version} from its Go module (once)`);
  const total = (await go(cwd, ['list', '-deps', program.packageName])).split('\n').length;
  let compiled = 0;
  let last = Date.now();
  const count = (): void => {
    compiled += 1;
    if (Date.now() - last < PROGRESS_INTERVAL * 1000) return;
    last = Date.now();
    say(`tools: ${program.name} ${Math.min(99, Math.round((100 * compiled) / total))} %`);
  };
  // Below what the machine is otherwise used for: a build of Kubernetes takes every core for minutes.
  const flags = ['-v', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
  await must('nice', ['-n', '10', 'go', 'build', ...flags, '-o', output, program.packageName], { cwd, onLine: count });
  say(`tools: ${program.name} built`);
}

/** The folder of a module's source, e.g. to read the manifests that it ships. */
export async function moduleFolder(module: string, modulePath: string): Promise<string> {
  const cwd = path.join(__dirname, module);
  return (await go(cwd, ['list', '-m', '-f', '{{.Dir}}', modulePath])).trim();
}

async function go(cwd: string, args: string[]): Promise<string> {
  const found = await run('go', ['version']).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new LabError('Go is not on PATH; install Go 1.25 or newer');
    throw error;
  });
  if (found.code !== 0) throw new LabError(`go version: ${found.stderr.trim()}`);
  return must('go', args, { cwd });
}
