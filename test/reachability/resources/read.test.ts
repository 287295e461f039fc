import assert from 'node:assert/strict';
import { UnusableInput, readResources } from '../../../reachability';
import { Inventory } from '../../../reachability/resources/inventory';
import { Resource } from '../../../reachability/resources/resource';
import { Secret, UNKNOWN } from '../../../reachability/resources/value';

const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const signature = '4dabf18193072939515e22adb298388d';
const secret = '1b47061264138c4ac30d75fd1eb44270';

describe('reading resources', () => {
  it('takes a stack export, without what is pending deletion', () => {
    const text = JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          { urn: 'a', type: 't' },
          { urn: 'b', type: 't', delete: true },
        ],
      },
    });
    assert.deepEqual(
      readResources(text).map(({ urn }) => urn),
      ['a'],
    );
  });

  it('takes the new states of a preview, without what it deletes', () => {
    const text = JSON.stringify({
      steps: [
        { op: 'create', urn: 'a', newState: { urn: 'a', type: 't', inputs: { x: 1 } } },
        { op: 'delete', urn: 'b', oldState: { urn: 'b', type: 't' } },
      ],
    });
    assert.deepEqual(
      readResources(text).map(({ urn }) => urn),
      ['a'],
    );
  });

  it('takes an empty stack', () => {
    assert.deepEqual(readResources('{"deployment":{}}'), []);
  });

  for (const [what, text] of [
    ['text that is no JSON', 'urn:'],
    ['another JSON object', '{"a":1}'],
    ['a number', '1'],
    ['a resource without a type', '{"deployment":{"resources":[{"urn":"a"}]}}'],
    ['a resource without a URN', '[{"type":"t"}]'],
    ['resources that are no list', '{"deployment":{"resources":{}}}'],
  ] as const) {
    it(`refuses ${what}, and says what to give`, () => {
      assert.throws(
        () => readResources(text),
        (error) => error instanceof UnusableInput && error.message.includes('pulumi stack export'),
      );
    });
  }
});

describe('a resource', () => {
  it('shows inputs overlaid by outputs, and an input where the output is not known yet', () => {
    const resource = new Resource({
      urn: 'u',
      type: 't',
      inputs: { a: 'in', b: 'in', c: { d: 'in', e: 'in' }, list: ['in', 'in'] },
      outputs: { a: 'out', b: unknown, c: { d: unknown, f: 'out' }, list: [unknown, 'out'] },
    });
    assert.deepEqual(
      ['a', 'b', 'c.d', 'c.e', 'c.f', 'list.0', 'list.1'].map((path) => resource.value(path)),
      ['out', 'in', 'in', 'in', 'out', 'in', 'out'],
    );
  });

  it('keeps unknown and absent apart', () => {
    const resource = new Resource({ urn: 'u', type: 't', inputs: { a: unknown, b: null, c: { d: unknown } } });
    assert.equal(resource.value('a'), UNKNOWN);
    assert.equal(resource.value('a.deeper'), UNKNOWN);
    assert.equal(resource.value('c.d'), UNKNOWN);
    assert.equal(resource.value('b'), undefined);
    assert.equal(resource.value('missing.path'), undefined);
  });

  it('hides a secret whose text is not shown, and reads one that is', () => {
    const hidden = { [signature]: secret, ciphertext: 'v1:abc' };
    const shown = { [signature]: secret, plaintext: '"text"' };
    const resource = new Resource({ urn: 'u', type: 't', inputs: { hidden, shown, masked: '[secret]' } });
    assert.ok(resource.value('hidden') instanceof Secret);
    assert.equal(resource.text('hidden'), UNKNOWN);
    assert.equal(resource.text('masked'), UNKNOWN);
    assert.equal(resource.text('shown'), 'text');
  });
});

describe('references', () => {
  const vpc = {
    urn: 'urn:vpc',
    type: 'aws:ec2/vpc:Vpc',
    id: 'vpc-1',
    outputs: { defaultSecurityGroupId: 'sg-default' },
  };
  const network = {
    urn: 'urn:network',
    type: 'gcp:compute/network:Network',
    id: 'projects/p/global/networks/main',
    inputs: { name: 'main' },
    outputs: { selfLink: 'https://www.googleapis.com/compute/v1/projects/p/global/networks/main' },
  };
  const resolve = (value: unknown, types: string[], dependencies: readonly string[] = []) => {
    const from = { urn: 'urn:from', type: 'x', inputs: { ref: value }, propertyDependencies: { ref: dependencies } };
    const inventory = new Inventory([vpc, network, { ...vpc, urn: 'urn:vpc2', id: 'vpc-2', outputs: {} }, from]);
    const reference = inventory.resolve(inventory.get('urn:from') as Resource, 'ref', ...types);
    return reference.kind === 'resource' ? reference.resource.urn : reference.kind;
  };

  for (const [what, value] of [
    ['its id', 'projects/p/global/networks/main'],
    ['its name', 'main'],
    ['its self link', 'https://www.googleapis.com/compute/v1/projects/p/global/networks/main'],
    ['another spelling of its self link', 'https://compute.googleapis.com/compute/v1/projects/p/global/networks/main'],
  ] as const) {
    it(`find a Google resource by ${what}`, () => {
      assert.equal(resolve(value, ['gcp:compute/network:Network']), 'urn:network');
    });
  }

  it('find what AWS made along with a resource', () => {
    assert.equal(resolve('sg-default', ['aws:ec2/vpc:Vpc']), 'urn:vpc');
  });

  it('go by dependencies while the id is not known', () => {
    assert.equal(resolve(unknown, ['aws:ec2/vpc:Vpc'], ['urn:vpc2']), 'urn:vpc2');
  });

  it('go by the value and not by dependencies once it is known', () => {
    assert.equal(resolve('vpc-1', ['aws:ec2/vpc:Vpc'], ['urn:vpc2']), 'urn:vpc');
  });

  it('are unknown when several dependencies could be meant', () => {
    assert.equal(resolve(unknown, ['aws:ec2/vpc:Vpc'], ['urn:vpc', 'urn:vpc2']), 'unknown');
  });

  it('are external when the value names nothing in the input, and absent when there is none', () => {
    assert.equal(resolve('vpc-9', ['aws:ec2/vpc:Vpc']), 'external');
    assert.equal(resolve(undefined, ['aws:ec2/vpc:Vpc']), 'absent');
  });
});
