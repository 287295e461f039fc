import assert from 'node:assert/strict';
import { randomProvider } from '../../../sandbox/random/provider';
import { UNKNOWN } from '../../../sandbox/core/values';
import { configured, temporaryWorld } from '../harness';

const PASSWORD = 'random:index/randomPassword:RandomPassword';

describe('local random provider', () => {
  it('makes passwords of the asked length and alphabet, different each time', async () => {
    const random = await configured(randomProvider(temporaryWorld()));
    const make = () => random.create(PASSWORD, 'psk', { length: 40, special: false });
    const results = (await Promise.all([make(), make()])).map(({ outputs }) => String(outputs.result));
    for (const result of results) assert.match(result, /^[A-Za-z0-9]{40}$/);
    assert.notEqual(results[0], results[1]);
  });

  it('keeps the minimums of each class', async () => {
    const random = await configured(randomProvider(temporaryWorld()));
    const { outputs } = await random.create(PASSWORD, 'p', { length: 8, minNumeric: 4, minUpper: 4 });
    assert.equal(String(outputs.result).replace(/[^0-9]/g, '').length, 4);
    assert.equal(String(outputs.result).replace(/[^A-Z]/g, '').length, 4);
  });

  it('refuses a length below the sum of the minimums', async () => {
    const random = await configured(randomProvider(temporaryWorld()));
    await assert.rejects(random.create(PASSWORD, 'p', { length: 3, minNumeric: 4 }), /sum of the minimums/);
  });

  it('leaves the result unknown at preview', async () => {
    const random = await configured(randomProvider(temporaryWorld()));
    assert.equal(random.engine.previewCreate(random.urn(PASSWORD, 'p'), { length: 8 }).result, UNKNOWN);
  });
});
