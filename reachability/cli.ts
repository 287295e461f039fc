/** `npm run reach`: verdicts from a stack export on the command line. */
import { fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USAGE, UsageError, readArguments } from './arguments';
import { type Report, UnusableInput, prove, readResources } from './index';
import { renderReport } from './render';

/** Where `npm run local` leaves the export of the local stack. */
const LOCAL_EXPORT = join(__dirname, '..', '.local', 'dev', 'export.json');

/** Exit codes: 0 all reachable, 1 some blocked or undetermined, 2 unusable input. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { help, json, state, flows } = readArguments(argv);
    if (help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const resources = readResources(await readState(state));
    if (resources.length === 0) throw new UnusableInput('The input has no resources, so there is nothing to prove');
    const report = prove(resources, { flows });
    if (report.flows.length === 0)
      process.stderr.write('The input has no CassandraDatacenter, so it needs no flow; ask with --flow.\n');
    process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : renderReport(report)}\n`);
    return passes(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnusableInput)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`);
    return 2;
  }
}

function passes(report: Report): boolean {
  return report.flows.every((flow) => flow.verdict === 'reachable');
}

/** A named file; otherwise what is piped in, if anything is; otherwise the local stack's export. */
async function readState(path: string | undefined): Promise<string> {
  if (path === '-') return readStandardInput(undefined);
  if (path !== undefined) return readFile(path, '');
  const piped = await readPiped();
  if (piped.trim() !== '') return piped;
  return readFile(LOCAL_EXPORT, '; bring the local stack up with `npm run local`, or name a file with --state');
}

function readFile(path: string, hint: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UnusableInput(`${path} cannot be read (${String(error.code)})${hint}`);
  }
}

/** Milliseconds that a socket may take to its first byte: a program that starts this one often leaves it open, unused. */
const SOCKET_PATIENCE = 2000;

/** A terminal or /dev/null is no input; a pipe or a redirected file is, and a socket may be. */
async function readPiped(): Promise<string> {
  const stat = fstatSync(0);
  if (stat.isFIFO() || stat.isFile()) return readStandardInput(undefined);
  return stat.isSocket() ? readStandardInput(SOCKET_PATIENCE) : '';
}

async function readStandardInput(patience: number | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  const timer = patience === undefined ? undefined : setTimeout(() => process.stdin.destroy(), patience);
  try {
    for await (const chunk of process.stdin) {
      clearTimeout(timer);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    // What ends the wait for a first byte.
    if (
      chunks.length > 0 ||
      !(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')
    )
      throw error;
  }
  clearTimeout(timer);
  return Buffer.concat(chunks).toString('utf8');
}

// Whoever reads only the beginning closes the pipe, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
