import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diffInputs } from '../../../sandbox/core/diff';
import { ProviderEngine } from '../../../sandbox/core/engine';
import { CloudError } from '../../../sandbox/core/errors';
import { Faults, type Fault } from '../../../sandbox/core/faults';
import type { ProviderDefinition, ResourceType } from '../../../sandbox/core/resourceType';
import { Store } from '../../../sandbox/core/store';
import { validateShape } from '../../../sandbox/core/validate';
import { UNKNOWN, revealed, type Props } from '../../../sandbox/core/values';
import { StoreSession } from '../../../sandbox/core/world';
import { Driver, calm, temporaryWorld } from '../harness';

const TOKEN = 'test:index/thing:Thing';

/** A cloud of one type: named things that refuse a size above ten. */
const thing: ResourceType<StoreSession> = {
  token: TOKEN,
  immutable: ['kind'],
  autoName: { property: 'name', maxLength: 40 },
  create: (inputs) => {
    if (Number(inputs.size) > 10) throw new CloudError('TooLarge', 'api error TooLarge: at most 10');
    return { id: String(inputs.name), outputs: { arn: `arn:thing/${String(inputs.name)}` } };
  },
  update: () => ({}),
};

const provider: ProviderDefinition<StoreSession> = {
  name: 'test',
  version: '1.0.0',
  configKeys: [],
  typeOf: (token) =>
    token === TOKEN
      ? {
          type: thing,
          schema: {
            inputs: {
              fields: { name: 'string', size: 'number', kind: 'string', tags: { map: 'string' } },
              required: ['size'],
            },
            outputs: ['arn', 'name', 'size', 'kind', 'tags'],
            optional: ['kind', 'tags'],
          },
        }
      : undefined,
  configure: () => {
    throw new Error('the tests make their own sessions');
  },
};

function drive(faults?: Fault[]) {
  const world = temporaryWorld();
  const file = path.join(world.directory, 'faults.json');
  if (faults) fs.writeFileSync(file, JSON.stringify(faults));
  const session = new StoreSession(world, world.aws);
  const around = faults ? { ...calm, faults: new Faults(file) } : calm;
  return { world, file, driver: new Driver(new ProviderEngine(provider, around, () => session)) };
}

describe('a resource behind a local provider', () => {
  it('of a type nobody knows is an error', () => {
    const { driver } = drive();
    assert.throws(() => driver.engine.check(driver.urn('test:index/other:Other', 'x'), {}, {}), /not a type/);
  });

  it('with a property nobody knows, a missing one and one of another type has three failures', () => {
    const { driver } = drive();
    const { failures } = driver.engine.check(driver.urn(TOKEN, 'x'), {}, { colour: 'red', tags: 'none' });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ['colour', 'size', 'tags']);
  });

  it('is named by the provider, and keeps that name', () => {
    const { driver } = drive();
    const urn = driver.urn(TOKEN, 'x');
    const first = driver.engine.check(urn, {}, { size: 1 }).inputs;
    assert.match(String(first.name), /^x-[0-9a-f]{7}$/);
    assert.equal(driver.engine.check(urn, { ...first, name: 'x-old' }, { size: 2 }).inputs.name, 'x-old');
  });

  it('has unknown outputs at preview only where the cloud decides', () => {
    const { driver } = drive();
    const outputs = driver.engine.previewCreate(driver.urn(TOKEN, 'x'), { size: 1, name: 'n' });
    assert.deepEqual(outputs, { arn: UNKNOWN, size: 1, name: 'n' });
  });

  it('outlives the process that made it, and is gone after its delete', async () => {
    const { world, driver } = drive();
    await driver.create(TOKEN, 'x', { size: 1, name: 'n' });
    assert.equal(new Store(world.directory, 'aws').get(TOKEN, 'n')?.outputs.arn, 'arn:thing/n');
    await driver.delete(TOKEN, 'x', 'n');
    assert.equal(new Store(world.directory, 'aws').get(TOKEN, 'n'), undefined);
  });

  it('is not kept when the cloud refuses it', async () => {
    const { world, driver } = drive();
    await assert.rejects(driver.create(TOKEN, 'x', { size: 11, name: 'n' }), /TooLarge/);
    assert.deepEqual(world.aws.everything(), []);
  });

  it('loses an output whose input is gone', async () => {
    const { driver } = drive();
    await driver.create(TOKEN, 'x', { size: 1, name: 'n', tags: { a: 'b' } });
    const outputs = await driver.engine.update(driver.urn(TOKEN, 'x'), 'n', { size: 2, name: 'n' });
    assert.deepEqual(outputs, { arn: 'arn:thing/n', size: 2, name: 'n' });
  });

  it('fails once for a fault that strikes once', async () => {
    const { file, driver } = drive([
      { operation: 'create', type: 'test:*', name: 'x*', action: 'fail', message: 'no' },
    ]);
    await assert.rejects(driver.create(TOKEN, 'xy', { size: 1, name: 'n' }), /no/);
    await driver.create(TOKEN, 'xy', { size: 1, name: 'n' });
    assert.equal((JSON.parse(fs.readFileSync(file, 'utf8')) as Fault[])[0]?.times, 0);
  });

  for (const { action, exists } of [
    { action: 'stall', exists: false },
    { action: 'stallAfter', exists: true },
  ] as const) {
    it(`${exists ? 'exists' : 'does not exist yet'} during a ${action}`, async () => {
      const { world, driver } = drive([{ operation: 'create', type: TOKEN, action, seconds: 0.2 }]);
      const made = driver.create(TOKEN, 'x', { size: 1, name: 'n' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(world.aws.get(TOKEN, 'n') !== undefined, exists);
      await made;
      assert.ok(world.aws.get(TOKEN, 'n'));
    });
  }
});

describe('differences of inputs', () => {
  const cases: { name: string; olds: Props; news: Props; paths: string[]; replaced: string[] }[] = [
    { name: 'nothing', olds: { a: [1, { b: 2 }] }, news: { a: [1, { b: 2 }] }, paths: [], replaced: [] },
    { name: 'a nested value', olds: { a: { b: 1 } }, news: { a: { b: 2 } }, paths: ['a.b'], replaced: [] },
    { name: 'an item', olds: { a: [1, 2] }, news: { a: [1, 3, 4] }, paths: ['a[1]', 'a[2]'], replaced: [] },
    { name: 'an immutable value', olds: { k: { x: 1 } }, news: { k: { x: 2 } }, paths: ['k.x'], replaced: ['k.x'] },
    { name: 'an unknown value', olds: { k: 'v' }, news: { k: UNKNOWN }, paths: ['k'], replaced: ['k'] },
    { name: 'a key with dots', olds: {}, news: { t: { 'a.b/c': '1' } }, paths: ['t'], replaced: [] },
  ];
  for (const { name, olds, news, paths, replaced } of cases) {
    it(`are found: ${name}`, () => {
      const changes = diffInputs(olds, news, ['k']);
      assert.deepEqual(
        changes.map(({ path: changed }) => changed),
        paths,
      );
      assert.deepEqual(
        changes.filter(({ replace }) => replace).map(({ path: changed }) => changed),
        replaced,
      );
    });
  }
});

describe('shapes', () => {
  it('let unknown values pass anywhere', () => {
    const shape = { fields: { a: { list: { fields: { b: 'number' as const }, required: [] } } }, required: ['a'] };
    assert.deepEqual(validateShape({ a: UNKNOWN }, shape), []);
    assert.deepEqual(validateShape({ a: [{ b: UNKNOWN }, { b: 'x' }] }, shape), [
      { property: 'a[1].b', reason: 'expected a number, got a string' },
    ]);
  });
});

describe('secret wrappers', () => {
  it('are taken off at any depth', () => {
    const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: { a: ['s'] } };
    assert.deepEqual(revealed({ x: [secret], y: 1 }), { x: [{ a: ['s'] }], y: 1 });
  });
});
