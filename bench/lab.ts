/** Figures of the lab: each form brought up, verified and taken down, as a person does it. */
import * as os from 'node:os';
import { projectDirectory } from '../sandbox/local/stack';
import { run } from '../sandbox/engine/run';
import { table } from './table';

export const LAB_TITLE = '## Lab';

/** Cassandra nodes in all. */
const FORMS = [2, 6];

/** The section of docs/figures.md; the lab must be down, and the local stack up. */
export async function labFigures(say: (line: string) => void): Promise<string> {
  const [load = 0] = os.loadavg();
  const rows: string[][] = [];
  for (const nodes of FORMS) {
    say(`bench: lab with ${nodes} nodes`);
    try {
      const up = await lab(['up', '--nodes', String(nodes)]);
      const usage = readUsage(up.output);
      const verify = await lab(['verify']);
      const checks = /^(\d+) passed, 0 failed$/m.exec(verify.output)?.[1] ?? '';
      rows.push([String(nodes), usage.seconds, usage.gibibytes, checks, verify.seconds.toFixed(0)]);
    } finally {
      const down = await lab(['down']);
      rows.at(-1)?.push(down.seconds.toFixed(0));
    }
  }
  const header = ['Cassandra nodes', 'up, s', 'memory, GiB', 'checks of verify', 'verify, s', 'down, s'];
  return [
    LAB_TITLE,
    '',
    'Made by `npm run bench -- lab`, with every tool in the cache; memory is the proportional share (PSS) of all processes.',
    `Load average of the machine before: ${load.toFixed(1)} on ${os.cpus().length} cores.`,
    '',
    table(header, rows),
  ].join('\n');
}

/** What `up` says it took, in its last line. */
export function readUsage(output: string): { seconds: string; gibibytes: string } {
  const found = /up after (\d+) s; the lab's processes hold ([\d.]+) GiB/.exec(output);
  if (found === null) throw new Error(`lab up did not tell what it took:\n${output.slice(-1000)}`);
  return { seconds: found[1] ?? '', gibibytes: found[2] ?? '' };
}

async function lab(args: readonly string[]): Promise<{ output: string; seconds: number }> {
  const started = Date.now();
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'lab', '--', ...args], {
    cwd: projectDirectory,
    env: process.env,
  });
  if (code !== 0) throw new Error(`lab ${args.join(' ')}: ${(stderr + stdout).slice(-2000)}`);
  return { output: stdout, seconds: (Date.now() - started) / 1000 };
}
