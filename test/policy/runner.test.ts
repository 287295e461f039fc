import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

const PACK = path.resolve(__dirname, '../../policy');
const RUNNER = '@pulumi/pulumi/cmd/run-policy-pack';

/** As the engine's `pulumi-analyzer-policy` looks for it. */
const found = (): string =>
  execFileSync(process.execPath, ['-p', `require.resolve(${JSON.stringify(RUNNER)})`], {
    cwd: PACK,
    encoding: 'utf8',
  }).trim();

describe('the runner of the policy pack', () => {
  let started: ChildProcess | undefined;

  afterEach(() => started?.kill());

  /** What it first says on stdout, where the engine reads the port of its server. */
  async function firstLine(runner: string): Promise<string> {
    started = spawn(process.execPath, [runner, '127.0.0.1:1', '.'], {
      cwd: PACK,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(started.stdout);
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    return line;
  }

  it('is found in the pack', () => {
    assert.equal(path.relative(PACK, found()).split(path.sep)[0], 'node_modules');
  });

  for (const [name, runner] of [
    ['of the pack', found],
    ['that is installed', () => require.resolve(RUNNER)],
  ] as const) {
    it(`${name} serves the rules`, async () => {
      assert.match(await firstLine(runner()), /^\d+$/);
    });
  }
});
