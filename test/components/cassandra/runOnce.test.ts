import assert from 'node:assert/strict';
import { runKey } from '../../../components/cassandra/jobs';
import type { Settings } from '../../../plan/settings';
import { awsPlan } from '../fixtures';
import type { Recording, Registered } from '../recorder';
import { CASSANDRA_TASK, JOB, asObject, clusterOverTwoSites } from './sites';

interface JobSpec {
  readonly ttlSecondsAfterFinished?: number;
  readonly template: { readonly spec: PodSpec };
}
interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly securityContext: Readonly<Record<string, unknown>>;
  }[];
}

const job = (recording: Recording, prefix: string): Registered => {
  const found = recording.ofType(JOB).find((resource) => asObject(resource).metadata.name.startsWith(prefix));
  assert.ok(found, `a Job ${prefix}…`);
  return found;
};
const nameOf = (recording: Recording, prefix: string) => asObject(job(recording, prefix)).metadata.name;
const spec = (resource: Registered) => asObject(resource).spec as unknown as JobSpec;
const environment = (resource: Registered) =>
  Object.fromEntries(spec(resource).template.spec.containers[0]!.env.map(({ name, value }) => [name, value]));

describe('what runs once', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });

  const varied = (settings: Partial<Settings['cassandra']>) => clusterOverTwoSites({ settings });

  it('is kept for good: no Job and no task expires', () => {
    for (const prefix of ['link-probe-', 'replication-']) {
      assert.equal(spec(job(recording, prefix)).ttlSecondsAfterFinished, undefined);
    }
    assert.equal(asObject(recording.one(CASSANDRA_TASK)).spec.ttlSecondsAfterFinished, 0);
  });

  it('keeps its name while datacenters, replicas and keyspaces stay', async () => {
    const upgraded = await varied({ version: '5.0.10', phiConvictThreshold: 10 });
    assert.equal(nameOf(upgraded, 'replication-'), nameOf(recording, 'replication-'));
    assert.equal(nameOf(upgraded, 'link-probe-'), nameOf(recording, 'link-probe-'));
    assert.equal(
      asObject(upgraded.one(CASSANDRA_TASK)).metadata.name,
      asObject(recording.one(CASSANDRA_TASK)).metadata.name,
    );
  });

  it('does not run again because a later version brings another image', () => {
    for (const prefix of ['link-probe-', 'replication-']) {
      assert.deepEqual(job(recording, prefix).ignoreChanges, ['spec.template.spec.containers[0].image']);
    }
  });

  for (const [what, settings] of [
    ['the replication factor', { replicationFactor: 2 }],
    ['the keyspaces', { keyspaces: ['orders'] }],
  ] as const) {
    it(`changes its name with ${what}: replication and rebuild, not the probe`, async () => {
      const changed = await varied(settings);
      assert.notEqual(nameOf(changed, 'replication-'), nameOf(recording, 'replication-'));
      assert.notEqual(
        asObject(changed.one(CASSANDRA_TASK)).metadata.name,
        asObject(recording.one(CASSANDRA_TASK)).metadata.name,
      );
      assert.equal(nameOf(changed, 'link-probe-'), nameOf(recording, 'link-probe-'));
    });
  }

  it('is tried anew by the next update when a Job has failed', () => {
    for (const resource of recording.ofType(JOB)) {
      assert.equal(asObject(resource).metadata.annotations?.['pulumi.com/replaceUnready'], 'true');
    }
  });

  it('runs without privileges, token of the API or writable root', () => {
    for (const resource of recording.ofType(JOB)) {
      const pod = spec(resource).template.spec;
      assert.equal(pod.automountServiceAccountToken, false);
      assert.deepEqual(pod.containers[0]!.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });
});

describe('the link probe', () => {
  it('asks every planned gateway address of the first site', async () => {
    const recording = await clusterOverTwoSites();
    assert.deepEqual(environment(job(recording, 'link-probe-')), {
      ADDRESSES: awsPlan.gateway.addresses.join(' '),
      PORT: '7000',
    });
  });
});

describe('replication', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites({ settings: { keyspaces: ['orders'] } });
  });

  it('runs at the first datacenter, over TLS, against the service of its ready nodes', () => {
    const resource = job(recording, 'replication-');
    assert.equal(asObject(resource).metadata.namespace, awsPlan.namespace);
    const env = environment(resource);
    assert.equal(env.CONTACT_POINT, 'xcloud-dc1-service.cassandra-aws-eu-west-1.svc.cluster.local');
    assert.equal(env.SSL_CERTFILE, '/etc/cassandra-ca/ca.crt');
    assert.match(spec(resource).template.spec.containers[0]!.command.at(-1) ?? '', /cqlsh --ssl/);
  });

  it('gives both datacenters the system keyspaces that must be everywhere, and those of applications', () => {
    const replicas = `{'class': 'NetworkTopologyStrategy', 'dc1': 3, 'dc2': 3}`;
    assert.deepEqual(environment(job(recording, 'replication-')).CQL?.split('\n'), [
      `ALTER KEYSPACE "system_auth" WITH replication = ${replicas};`,
      `ALTER KEYSPACE "system_distributed" WITH replication = ${replicas};`,
      `ALTER KEYSPACE "system_traces" WITH replication = ${replicas};`,
      `CREATE KEYSPACE IF NOT EXISTS "orders" WITH replication = ${replicas};`,
      `ALTER KEYSPACE "orders" WITH replication = ${replicas};`,
    ]);
  });

  it('gives a datacenter no more replicas than it has nodes', async () => {
    const many = await clusterOverTwoSites({ settings: { replicationFactor: 5 } });
    assert.match(environment(job(many, 'replication-')).CQL ?? '', /'dc1': 3, 'dc2': 3/);
  });

  it('is followed by a rebuild of the second datacenter from the first', () => {
    const task = asObject(recording.one(CASSANDRA_TASK));
    assert.deepEqual(task.spec.datacenter, { name: 'dc2', namespace: 'cassandra-gcp-europe-west4' });
    assert.deepEqual(task.spec.jobs, [{ name: 'rebuild-dc2', command: 'rebuild', args: { source_datacenter: 'dc1' } }]);
    assert.equal(task.metadata.annotations?.['pulumi.com/waitFor'], 'condition=Complete');
  });
});

describe('runKey', () => {
  it('depends on the facts alone and makes a valid end of a name', () => {
    assert.equal(runKey({ a: [1, 2] }), runKey({ a: [1, 2] }));
    assert.notEqual(runKey({ a: [1, 2] }), runKey({ a: [2, 1] }));
    assert.match(runKey('anything'), /^[0-9a-f]{10}$/);
  });
});
