import assert from 'node:assert/strict';
import { UsageError, readArguments } from '../../lab/arguments';
import { LabError } from '../../lab/core/errors';
import { addressAt, blockAt, contains } from '../../lab/core/ip';
import { scaled } from '../../lab/kubernetes/scale';
import { proposals } from '../../lab/network/clouds/awsProposals';
import { prefixForPods } from '../../lab/network/clouds/clusters';
import { parseStatus } from '../../lab/verify/ring';

describe('addresses of the lab', () => {
  it('are counted within their range and nowhere else', () => {
    assert.equal(addressAt('10.100.0.0/16', 258), '10.100.1.2');
    assert.throws(() => addressAt('10.100.0.0/30', 4), RangeError);
    assert.equal(blockAt('10.250.0.0/16', 25, 3), '10.250.1.128/25');
    assert.throws(() => blockAt('10.250.0.0/24', 25, 2), RangeError);
    assert.ok(contains('10.200.32.0/19', '10.200.63.255'));
    assert.ok(!contains('10.200.32.0/19', '10.200.64.0'));
  });

  it('give a GKE node twice as many as it has pods, as a power of two', () => {
    assert.deepEqual([8, 16, 32, 64, 110].map(prefixForPods), [28, 27, 26, 25, 24]);
  });
});

describe('IKE proposals', () => {
  it('keep authenticated encryption and the other kind apart', () => {
    const transforms = { integrity: ['sha256'], prf: ['prfsha256'], groups: ['modp2048'] };
    assert.deepEqual(proposals({ ...transforms, encryption: ['aes256', 'aes256gcm16'] }), [
      'aes256-sha256-prfsha256-modp2048',
      'aes256gcm16-prfsha256-modp2048',
    ]);
  });
});

describe('the quick form of a stack', () => {
  it('has fewer racks, and replicas that fit them', () => {
    const racks = ['a', 'b', 'c'].map((name) => ({ name }));
    const datacenter = scaled(
      { apiVersion: 'v', kind: 'CassandraDatacenter', metadata: { name: 'dc1' }, spec: { racks, size: 3 } },
      1,
    );
    assert.deepEqual([datacenter.spec.size, datacenter.spec.racks], [1, [{ name: 'a' }]]);
    const job = scaled(
      { apiVersion: 'v', kind: 'Job', metadata: { name: 'j' }, spec: { cql: "{'class': 'N', 'dc1': 3, 'dc2': 3}" } },
      1,
    );
    assert.equal(job.spec.cql, "{'class': 'N', 'dc1': 1, 'dc2': 1}");
  });

  it('leaves the full form as the program says', () => {
    const object = { apiVersion: 'v', kind: 'CassandraDatacenter', metadata: { name: 'dc1' }, spec: { size: 3 } };
    assert.equal(scaled(object, Infinity), object);
  });
});

describe('nodetool status', () => {
  it('is read with datacenter, state, address and rack', () => {
    const text = [
      'Datacenter: dc1',
      '===============',
      '--  Address      Load        Tokens  Owns  Host ID                               Rack',
      'UN  10.200.0.19  114.36 KiB  16      ?     d30bbf67-eec4-424c-997f-cec795590f09  eu-west-1a',
      'Datacenter: dc2',
      'DN  10.250.0.4   ?           16      ?     e30bbf67-eec4-424c-997f-cec795590f09  europe-west4-a',
    ].join('\n');
    assert.deepEqual(parseStatus(text), [
      { datacenter: 'dc1', state: 'UN', address: '10.200.0.19', rack: 'eu-west-1a' },
      { datacenter: 'dc2', state: 'DN', address: '10.250.0.4', rack: 'europe-west4-a' },
    ]);
  });
});

describe('the lab’s command line', () => {
  it('takes a delay in milliseconds or seconds, and none by default', () => {
    assert.equal(readArguments(['up', '--delay', '20ms']).delay, 20);
    assert.equal(readArguments(['up', '--delay', '0.5s']).delay, 500);
    assert.equal(readArguments(['up']).delay, undefined);
  });

  it('refuses what it does not know', () => {
    assert.throws(() => readArguments(['fly']), /no command fly/);
    assert.throws(() => readArguments(['up', '--speed', '9']), /no option --speed/);
    assert.throws(() => readArguments(['up', '--nodes', '3']), /even number/);
    assert.throws(() => readArguments(['up', '--heap', '512M']), /whole MiB/);
    for (const text of ['20', '0ms', '-5ms', '11s', 'ms', '20msx'])
      assert.throws(() => readArguments(['up', '--delay', text]), /--delay wants a time/);
  });

  it('takes options before and after the command', () => {
    const { command, nodes, heap, faults, rest } = readArguments([
      '--nodes',
      '6',
      'verify',
      '--faults',
      'a',
      '--heap',
      '400',
    ]);
    assert.deepEqual(
      { command, nodes, heap, faults, rest },
      { command: 'verify', nodes: 6, heap: 400, faults: true, rest: ['a'] },
    );
  });
});

describe('what a command of the lab ends with', () => {
  it('is 2 where its arguments are wrong, and 1 where something else is', () => {
    for (const argv of [['--nonsense'], ['up', '--nodes', '3'], ['verify', '--heap'], ['upp']])
      assert.throws(
        () => readArguments(argv),
        (error) => error instanceof UsageError && error.exitCode === 2,
        argv.join(' '),
      );
    assert.equal(new LabError('the lab is down').exitCode, 1);
  });
});
