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
    const report = prove(readResources(await readState(state)), { flows });
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
  if (path === '-') return readStandardInput();
  if (path !== undefined) return readFile(path, '');
  const piped = isPiped() ? await readStandardInput() : '';
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

/** A terminal or /dev/null is no input; a pipe or a redirected file is. */
function isPiped(): boolean {
  const stat = fstatSync(0);
  return stat.isFIFO() || stat.isFile();
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
