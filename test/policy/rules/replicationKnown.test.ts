import { replicationKnown } from '../../../policy/rules/replicationKnown';
import { assertFails, assertPasses } from '../judging';
import { type TestResource, set, without } from '../resources';
import { shop } from '../shop';

const KEYSPACES = ['system_auth', 'system_distributed', 'system_traces'];

/** The shop with a job that replicates these keyspaces to these datacenters. */
function replicating(keyspaces: readonly string[], ...datacenters: readonly string[]): TestResource[] {
  const map = datacenters.map((name) => `'${name}': 3`).join(', ');
  const cql = keyspaces.map(
    (keyspace) => `ALTER KEYSPACE "${keyspace}" WITH replication = {'class': 'NetworkTopologyStrategy', ${map}};`,
  );
  return set(shop(), 'replication', 'spec.template.spec.containers', [
    { env: [{ name: 'CQL', value: cql.join('\n') }] },
  ]);
}

describe('replication-known', () => {
  it('finds a datacenter that is not there', () => {
    assertFails(replicationKnown, replicating(KEYSPACES, 'east', 'dc2'), [
      ['replication', /leaves system_auth out of west/],
      ['replication', /leaves system_distributed out of west/],
      ['replication', /leaves system_traces out of west/],
      ['replication', /system_auth to dc2/],
      ['replication', /system_distributed to dc2/],
      ['replication', /system_traces to dc2/],
    ]);
  });

  it('finds a system keyspace that stays on one side', () => {
    assertFails(replicationKnown, replicating(KEYSPACES.slice(0, 2), 'east', 'west'), [
      ['replication', /leaves system_traces out of east, west/],
    ]);
  });

  it('finds an absent datacenter in what the first node is told', () => {
    assertFails(
      replicationKnown,
      set(shop(), 'east', 'spec.config.jvm-server-options', {
        'additional-jvm-opts': ['-Dcassandra.system_distributed_replication=east:3,west:3'],
      }),
      [['east', /names west in system_distributed_replication/]],
    );
  });

  it('judges no stack without CQL', () => {
    assertPasses(replicationKnown, without(shop(), 'replication', 'rebuild'));
  });
});
