import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planned, set } from './resources';
import { assertSarif } from './sarif/schema';
import { shop } from './shop';

const PROJECT = resolve(__dirname, '../..');

describe('npm run policy', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
    write('good.json', { deployment: { resources: planned(shop()) } });
    write('bad.json', { deployment: { resources: planned(set(shop(), 'west', 'spec.size', 4)) } });
    write('policies.json', { 'racks-over-zones': { enforcementLevel: 'advisory' } });
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: object): void {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }

  function run(...args: string[]) {
    const argv = ['--import', 'tsx', join(PROJECT, 'policy', 'cli.ts'), ...args];
    return spawnSync(process.execPath, argv, { cwd: PROJECT, encoding: 'utf8' });
  }

  it('ends with 0 when nothing would stop an update', () => {
    const { status, stdout } = run('--state', join(folder, 'good.json'));
    assert.deepEqual(
      [status, stdout.trim().split('\n').at(-1)],
      [0, '29 rules: 0 failures, 0 warnings, 0 undetermined'],
    );
  });

  it('ends with 1 and prints what would, for programs too, and as SARIF', () => {
    const sarif = join(folder, 'out.sarif');
    const { status, stdout } = run('--state', join(folder, 'bad.json'), '--sarif', sarif, '--json');
    assert.equal(status, 1);
    const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
    assert.deepEqual(
      findings.map(({ rule, level, outcome }) => [rule, level, outcome]),
      [['racks-over-zones', 'mandatory', 'fail']],
    );
    assertSarif(JSON.parse(readFileSync(sarif, 'utf8')));
  });

  it('takes levels from a configuration', () => {
    const { status, stdout } = run('--state', join(folder, 'bad.json'), '--config', join(folder, 'policies.json'));
    assert.equal(status, 0);
    assert.match(stdout, /^warn {2}racks-over-zones/m);
  });

  it('ends with 2 and says what it wants instead of input it cannot use', () => {
    for (const args of [
      ['--state', join(folder, 'absent.json')],
      ['--state', join(folder, 'policies.json')],
      ['--stat'],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /absent\.json cannot be read|Give the output of|--state FILE/);
      assert.doesNotMatch(stderr, /\n +at /);
    }
  });
});
