import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudsBusy, startClouds } from '../../../sandbox/local/clouds';
import { temporaryWorld } from '../harness';

describe('the local clouds of a stack', () => {
  it('answer for all five packages, are held by one run at a time, and are free again after it', async function () {
    this.timeout(60_000);
    const { directory } = temporaryWorld();
    const clouds = await startClouds(directory);
    const names = clouds.providers.split(',').map((pair) => pair.split(':')[0]);
    assert.deepEqual(names, ['aws', 'gcp', 'kubernetes', 'random', 'tls']);
    await assert.rejects(startClouds(directory), CloudsBusy);
    await clouds.stop();
    assert.equal(fs.existsSync(path.join(directory, 'lock')), false);
  });

  it('are taken over from a run that died', async function () {
    this.timeout(60_000);
    const { directory } = temporaryWorld();
    // No process has this id: Linux gives none above 4,194,304.
    fs.writeFileSync(path.join(directory, 'lock'), '4194305');
    await (await startClouds(directory)).stop();
  });
});
