/** Figures of the lab: each form brought up, verified and taken down, as a person does it. */
import { projectDirectory } from '../sandbox/local/stack';
import { run } from '../sandbox/engine/run';
import { table } from './table';

export const LAB_TITLE = '## Lab';

/** Cassandra nodes in all. */
const FORMS = [2, 6];

/** The section of docs/figures.md; the lab must be down, and the local stack up. */
export async function labFigures(say: (line: string) => void): Promise<string> {
  const rows: string[][] = [];
  for (const nodes of FORMS) {
    say(`bench: lab with ${nodes} nodes`);
    try {
      const up = await lab(['up', '--nodes', String(nodes)]);
      const usage = /up after (\d+) s; the lab's processes hold ([\d.]+) GiB/.exec(up.output);
      if (usage === null) throw new Error(`lab up did not tell what it took:\n${up.output.slice(-1000)}`);
      const verify = await lab(['verify']);
      const checks = /^(\d+) passed, 0 failed$/m.exec(verify.output)?.[1] ?? '';
      rows.push([String(nodes), usage[1] ?? '', usage[2] ?? '', checks, verify.seconds.toFixed(0)]);
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
    '',
    table(header, rows),
  ].join('\n');
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
