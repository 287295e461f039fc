import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { loadStack } from '../../components/config';
import { loadPlan, parseSettings } from '../../plan';

type Config = Readonly<Record<string, unknown>>;

const root = join(__dirname, '../..');
const read = (file: string) => parse(readFileSync(join(root, file), 'utf8')) as { readonly config: Config };
const project = read('Pulumi.yaml') as { readonly config: Readonly<Record<string, { readonly default: unknown }>> };
const reference = read('Pulumi.dev.yaml').config;

/** Gives the program a configuration as the engine does: texts, JSON for structures, defaults filled in. */
async function configure(stack: Config, defaults = false): Promise<void> {
  const filled = defaults
    ? Object.fromEntries(Object.entries(project.config).map(([key, { default: value }]) => [prefixed(key), value]))
    : {};
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: ({ inputs }) => ({ id: 'id', state: inputs as Config }) },
    'multicloud-cassandra',
    'dev',
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries({ ...filled, ...stack }).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
}

const prefixed = (key: string) => `multicloud-cassandra:${key}`;
const bare = (config: Config) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace('multicloud-cassandra:', ''), value]));

describe('Pulumi.yaml', () => {
  it('describes every setting and gives each a default, so that the engine demands none by itself', () => {
    const known = Object.keys(loadPlan(bare(reference)).settings);
    assert.deepEqual(
      known.filter((key) => !(key in project.config)),
      [],
    );
    for (const [key, declared] of Object.entries(project.config)) {
      assert.ok('description' in declared && 'default' in declared, key);
    }
  });

  it('has the defaults of the settings: leaving a key out is the same in both places', async () => {
    await configure(reference, true);
    assert.deepEqual(loadStack().settings, parseSettings(bare(reference)));
  });
});

describe('Pulumi.dev.yaml', () => {
  it('is the reference plan', async () => {
    await configure(reference, true);
    const { plan } = loadStack();
    assert.deepEqual(
      plan.sites.map(({ name, datacenter, nodes, pods, services }) => [name, datacenter, nodes, pods, services]),
      [
        ['aws-eu-west-1', 'dc1', '10.100.0.0/16', '10.200.0.0/16', '172.20.0.0/16'],
        ['gcp-europe-west4', 'dc2', '10.150.0.0/16', '10.250.0.0/16', '172.21.0.0/16'],
      ],
    );
    assert.equal(plan.links.length, 1);
  });
});

describe('loadStack', () => {
  const failure = (): Error => {
    try {
      loadStack();
    } catch (error) {
      assert.ok(error instanceof Error);
      return error;
    }
    return assert.fail('nothing was refused');
  };

  it('ends the program without a stack trace, with a line for each of several mistakes', async () => {
    await configure({
      ...reference,
      [prefixed('cluster')]: 'Not_A_Label',
      [prefixed('protect')]: 'perhaps',
      [prefixed('clustr')]: 'x',
    });
    const error = failure();
    assert.ok(pulumi.RunError.isInstance(error));
    const [head, ...lines] = error.message.split('\n');
    assert.equal(head, '3 problems in the configuration of stack dev:');
    assert.equal(lines.length, 3);
    for (const key of ['cluster = Not_A_Label', 'protect = perhaps', 'clustr = x']) {
      assert.ok(
        lines.some((line) => line.startsWith(`  ${key}: `)),
        key,
      );
    }
  });

  it('refuses what can be planned but is not provisioned yet', async () => {
    await configure({ ...reference, [prefixed('connectivity')]: 'overlay' });
    assert.match(failure().message, /^1 problem in .*\n {2}connectivity = overlay: /);
  });
});
