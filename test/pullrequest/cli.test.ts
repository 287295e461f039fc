import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shop } from '../policy/shop';
import { previewText } from './previews';

const PROJECT = resolve(__dirname, '../..');

describe('npm run pull-request', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pull-request-'));
    writeFileSync(join(folder, 'base.json'), previewText(shop()));
    writeFileSync(join(folder, 'head.json'), previewText(shop(), { vpc: { op: 'replace' } }));
    const partial = JSON.parse(previewText(shop())) as object;
    writeFileSync(join(folder, 'partial.json'), JSON.stringify({ ...partial, changeSummary: { same: 1000 } }));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function run(...args: string[]) {
    const argv = ['--import', 'tsx', join(PROJECT, 'pullrequest', 'cli.ts'), ...args];
    return spawnSync(process.execPath, argv, { cwd: PROJECT, encoding: 'utf8' });
  }

  it('prints the comment', () => {
    const { status, stdout } = run('--base', join(folder, 'base.json'), '--head', join(folder, 'head.json'));
    assert.equal(status, 0);
    assert.match(stdout, /1 resource replaced or deleted/);
  });

  it('ends with 2 and says what is wrong with its input', () => {
    const base = join(folder, 'base.json');
    const cases: [string[], RegExp][] = [
      [['--base', base], /--head must name a preview/],
      [['--base', base, '--head', join(folder, 'none.json')], /none\.json cannot be read/],
      [['--base', base, '--head', join(folder, 'partial.json')], /use --show-sames/],
    ];
    for (const [args, message] of cases) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, message);
    }
  });
});
