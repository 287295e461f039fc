import assert from 'node:assert/strict';
import { UsageError, parseArguments } from '../../../sandbox/local/arguments';

describe('arguments of npm run local', () => {
  for (const { given, stack, configFile, pulumi } of [
    { given: [], stack: 'dev', configFile: undefined, pulumi: [] },
    { given: ['preview', '--json'], stack: 'dev', configFile: undefined, pulumi: ['preview', '--json'] },
    { given: ['up', '--stack', 'a', '--yes'], stack: 'a', configFile: undefined, pulumi: ['up', '--yes'] },
    { given: ['up', '-s', 'a'], stack: 'a', configFile: undefined, pulumi: ['up'] },
    { given: ['up', '--stack=a', '--config-file=f.yaml'], stack: 'a', configFile: 'f.yaml', pulumi: ['up'] },
    {
      given: ['destroy', '--target=urn:x=y'],
      stack: 'dev',
      configFile: undefined,
      pulumi: ['destroy', '--target=urn:x=y'],
    },
  ]) {
    it(`name stack, stack file and Pulumi command: ${given.join(' ') || 'none'}`, () => {
      const parsed = parseArguments(given);
      assert.deepEqual({ ...parsed }, { help: false, stack, configFile, pulumi });
    });
  }

  for (const given of [
    ['up', '--stack'],
    ['up', '--stack', '../other'],
    ['up', '--config-file'],
    ['--nonsense'],
    ['--yes', 'up'],
  ]) {
    it(`are refused: ${given.join(' ')}`, () => {
      assert.throws(() => parseArguments(given), UsageError);
    });
  }

  it('ask for help', () => {
    assert.equal(parseArguments(['--help']).help, true);
  });
});
