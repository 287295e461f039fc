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
  async function firstLine(...args: readonly string[]): Promise<string> {
    started = spawn(process.execPath, args, { cwd: PACK, stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(started.stdout);
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    return line;
  }

  it('is found in the pack', () => {
    assert.equal(path.relative(PACK, found()).split(path.sep)[0], 'node_modules');
  });

  for (const { name, args } of [
    { name: 'of the pack', args: () => [found(), '127.0.0.1:1', '.'] },
    { name: 'that is installed', args: () => [require.resolve(RUNNER), '127.0.0.1:1', '.'] },
    {
      name: 'of engines from 3.230 on',
      args: () => [require.resolve('@pulumi/pulumi/cmd/run-plugin'), '.', '127.0.0.1:1'],
    },
  ]) {
    it(`${name} serves the rules`, async () => {
      assert.match(await firstLine(...args()), /^\d+$/);
    });
  }
});
