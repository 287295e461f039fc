/** Runs every check and suite and closes with a line `N passed, N failed` that any CI can read. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checks, suites, type Suite } from './suites';

interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

const HELP = `Usage: npm test [-- NAME …]    every check and suite, or those whose name contains one of the words
Names: ${[...checks, ...suites].map(({ name }) => name).join(' · ')}`;

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const chosen = (suite: Suite) => words.length === 0 || words.some((word) => suite.name.includes(word));
  const counts = await Promise.all(checks.filter(chosen).map((suite) => runSuite(suite, 'quiet')));
  for (const suite of suites.filter(chosen)) counts.push(await runSuite(suite, 'shown'));
  const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
  const skipped = sum('pending') > 0 ? `, ${sum('pending')} skipped` : '';
  process.stdout.write(`${sum('passes')} passed, ${sum('failures')} failed${skipped}\n`);
  return counts.length > 0 && sum('passes') > 0 && sum('failures') === 0 ? 0 : 1;
}

/** A quiet suite shows its output only when it fails, so that suites run side by side do not mix. */
async function runSuite(suite: Suite, output: 'quiet' | 'shown'): Promise<Counts> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'test-run-'));
  const countsFile = path.join(directory, 'counts.json');
  const started = Date.now();
  if (output === 'shown') process.stdout.write(`\n── ${suite.name}\n`);
  const { code, text } = await spawned(suite.command, { ...process.env, MOCHA_COUNTS: countsFile }, output);
  const counts = countsOf(suite, code, countsFile);
  fs.rmSync(directory, { recursive: true });
  if (output === 'quiet' && counts.failures > 0) process.stdout.write(text);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`── ${suite.name}: ${counts.passes} good, ${counts.failures} bad, ${seconds} s\n`);
  return counts;
}

/** A suite that ends badly without a failed test (a crash, coverage too low) counts as one failure. */
function countsOf(suite: Suite, code: number, file: string): Counts {
  const failed = code === 0 ? 0 : 1;
  if (!suite.mocha) return { passes: 1 - failed, failures: failed, pending: 0 };
  if (!fs.existsSync(file)) return { passes: 0, failures: 1, pending: 0 };
  const counts = JSON.parse(fs.readFileSync(file, 'utf8')) as Counts;
  return { ...counts, failures: Math.max(counts.failures, failed) };
}

function spawned(command: readonly string[], env: NodeJS.ProcessEnv, output: 'quiet' | 'shown') {
  return new Promise<{ code: number; text: string }>((resolve, reject) => {
    const child = spawn('npx', ['--no-install', ...command], {
      env,
      stdio: ['ignore', output === 'shown' ? 'inherit' : 'pipe', output === 'shown' ? 'inherit' : 'pipe'],
    });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
