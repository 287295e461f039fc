import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudsBusy } from '../../../sandbox/local/clouds';
import { releaseDeadLocks } from '../../../sandbox/local/engineLock';
import { temporaryWorld } from '../harness';

describe('the lock of an engine on a local stack', () => {
  const withLock = (content: string) => {
    const { directory } = temporaryWorld();
    const file = path.join(directory, '65ec204b.json');
    fs.writeFileSync(file, content);
    const said: string[] = [];
    return { file, said, release: () => releaseDeadLocks(directory, (line) => said.push(line)) };
  };

  it('is released when its engine is gone, and that is said', () => {
    // No process has this id: Linux gives none above 4,194,304.
    for (const content of ['{"pid":4194305,"username":"user","hostname":"here"}', '{"pid":41', '']) {
      const { file, said, release } = withLock(content);
      release();
      assert.equal(fs.existsSync(file), false);
      assert.equal(said.length, 1);
    }
  });

  it('is respected while its engine runs', () => {
    const { file, release } = withLock(JSON.stringify({ pid: process.pid }));
    assert.throws(release, CloudsBusy);
    assert.equal(fs.existsSync(file), true);
  });

  it('need not exist', () => {
    releaseDeadLocks(path.join(temporaryWorld().directory, 'none'), assert.fail);
  });
});
