import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { TestStack, project, type Config } from './local';

describe('stack files that differ from the reference', () => {
  const twoZones = (config: Config) => {
    config['sites'][0].zones = ['eu-west-1a', 'eu-west-1b'];
    config['sites'][1].zones = ['europe-west4-a', 'europe-west4-c'];
  };
  const slots = (config: Config) => {
    config['sites'].forEach((site: Config, index: number) => {
      delete site['ranges'];
      site['slot'] = index + 1;
    });
  };
  const transit = (config: Config) => {
    config['link'] = { awsGateway: 'transit' };
  };
  for (const { name, change } of [
    { name: 'a transit gateway', change: transit },
    { name: 'slots of the pool', change: slots },
    { name: 'two zones a site', change: twoZones },
    {
      name: 'all of these at once',
      change: (config: Config) => [twoZones, slots, transit].forEach((edit) => edit(config)),
    },
  ]) {
    it(`come up and down: ${name}`, async () => {
      const stack = new TestStack(change);
      const up = await stack.up();
      assert.equal(up.code, 0, up.stdout + up.stderr);
      const destroy = await stack.pulumi(['destroy', '--yes', '--skip-preview', '--non-interactive']);
      assert.equal(destroy.code, 0, destroy.stdout + destroy.stderr);
      await stack.remove();
    });
  }

  it('with twenty mistakes are answered by twenty messages at once, and nothing is registered', async () => {
    const stack = new TestStack();
    fs.copyFileSync(path.join(project, 'test/plan/fixtures/twenty-mistakes.yaml'), stack.configFile);
    const { code, stdout, stderr } = await stack.pulumi(['preview', '--non-interactive']);
    assert.equal(code, 1);
    const printed = stdout + stderr;
    assert.match(printed, /20 problems in the configuration/);
    assert.doesNotMatch(printed, /^\s+at .+\(.+:\d+:\d+\)/m);
    await stack.remove();
  });

  it('with overlapping pod ranges fail the preview by the pack’s rule when the settings let them through', async () => {
    const stack = new TestStack((config) => {
      config['sites'][1].ranges.pods = config['sites'][0].ranges.pods;
    });
    const { code, stdout, stderr } = await stack.pulumi(['preview', '--non-interactive'], {
      MULTICLOUD_CASSANDRA_UNCHECKED: 'disjoint ranges',
    });
    assert.equal(code, 1);
    assert.match(stdout + stderr, /cidr-overlap/);
    await stack.remove();
  });
});
