/** One Cassandra cluster of two datacenters: start, users, replication and configuration. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const SKIP = ['metadata', 'annotations', 'cassandra.datastax.com/skip-user-creation'];
const cql = (s: Stack, edit: (text: string) => string): unknown => s.rewrite(n.REPLICATION, 'spec.template.spec.containers.0.env.3.value', edit);

/** Changes the configuration that a datacenter takes from its Secret. */
function configure(s: Stack, datacenter: 'dc1' | 'dc2', edit: (config: Record<string, Record<string, unknown>>) => void): void {
  const key = `Secret::xcloud-${datacenter}-settings`;
  const encoded = s.get(key, 'data.config');
  if (typeof encoded !== 'string') return;
  const config = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, Record<string, unknown>>;
  edit(config);
  s.set(key, 'data', { config: Buffer.from(JSON.stringify(config)).toString('base64') });
}
const HIDDEN = 'the configuration, which is in a Secret with a password that is made during the update';

export const cassandra: readonly Mistake[] = [
  { name: 'the first datacenter has additional seeds', traps: ['cassandra 1'], change: (s) => s.set(n.DC1, 'spec.additionalSeeds', ['10.150.127.250']) },
  { name: 'the second datacenter has no additional seeds', traps: ['cassandra 1'], change: (s) => s.set(n.DC2, 'spec.additionalSeeds', undefined) },
  {
    name: 'the seeds are names',
    traps: ['cassandra 2'],
    change: (s) => s.set(n.DC2, 'spec.additionalSeeds', ['xcloud-seed-service.cassandra-aws-eu-west-1.svc.cluster.local']),
  },
  {
    name: 'the seeds are addresses of pods',
    traps: ['cassandra 11'],
    change: (s) => s.set(n.DC2, 'spec.additionalSeeds', ['10.200.0.10', '10.200.32.10', '10.200.64.10']),
  },
  { name: 'the seeds leave a zone out', change: (s) => {
    const addresses = ['10.100.19.250', '10.100.51.250'];
    s.set(n.DC2, 'spec.additionalSeeds', addresses).set(n.SEEDS2, 'subsets.0.addresses', addresses.map((ip) => ({ ip })));
  } },
  { name: "a seed is the address of the other side's DNS", change: (s) => s.set(n.DC2, 'spec.additionalSeeds.0', '10.100.19.251') },
  { name: 'the first datacenter never learns the seeds of the second', change: (s) => s.remove(n.SEEDS1) },
  { name: 'the published seeds are stale', traps: ['cassandra 11'], change: (s) => s.set(n.SEEDS1, 'subsets.0.addresses.0.ip', '10.250.3.17') },
  {
    name: 'the published seeds carry a label of the operator',
    change: (s) => s.set(n.SEEDS1, 'metadata.labels', { 'cassandra.datastax.com/cluster': 'xcloud' }),
  },
  {
    name: 'the seeds are published under another name',
    change: (s) => s.set(n.SEEDS1, 'metadata.name', 'xcloud-additional-seed-service'),
  },
  {
    name: "kube-dns is left with the operator's EndpointSlices",
    traps: ['network 2', 'cassandra 3'],
    change: (s) => s.remove(n.SEEDS2),
  },
  { name: 'the second datacenter makes the users again', traps: ['cassandra 7'], change: (s) => s.set(n.DC2, SKIP, undefined) },
  {
    name: 'the superusers have different passwords',
    traps: ['cassandra 7'],
    change: (s) => {
      const key = n.superuser(n.GCP);
      const random = s.addLike('RandomPassword::xcloud-identity-superuser', 'another-superuser');
      s.setSources(key, 'data', [s.urn(random)]);
      if (typeof s.get(key, 'data.password') === 'string')
        s.set(key, 'data', { username: s.get(key, 'data.username') as string, password: Buffer.from('another').toString('base64') });
    },
  },
  { name: 'the second site has no superuser', traps: ['cassandra 7'], change: (s) => s.remove(n.superuser(n.GCP)) },
  { name: 'the datacenters have different cluster names', change: (s) => s.set(n.DC2, 'spec.clusterName', 'xcloud2') },
  { name: 'both datacenters have one name', change: (s) => s.set(n.DC2, 'spec.datacenterName', 'dc1') },
  { name: 'the second datacenter does not wait for the first', traps: ['cassandra 6'], change: (s) => s.forgetDependencies(n.DC2, /::xcloud-dc1/).forgetDependencies(n.PROBE, /::xcloud-dc1/) },
  {
    name: 'the second datacenter does not wait until packets cross',
    traps: ['cassandra 6'],
    change: (s) => s.forgetDependencies(n.DC2, /probe/),
  },
  { name: 'the replication names a datacenter that does not exist', traps: ['cassandra 8'], change: (s) => cql(s, (text) => text.replaceAll("'dc2'", "'dc3'")) },
  { name: 'a keyspace of the system is left on one side', traps: ['cassandra 8'], change: (s) => cql(s, (text) => text.replace(/ALTER KEYSPACE "system_distributed".*\n/, '')) },
  { name: 'the roles are left on one side', traps: ['cassandra 8', 'cassandra 9'], change: (s) => cql(s, (text) => text.replace("'dc1': 3, 'dc2': 3", "'dc1': 3")) },
  { name: 'the roles have more replicas than the second datacenter has nodes', traps: ['cassandra 9'], change: (s) => cql(s, (text) => text.replace("'dc2': 3", "'dc2': 5")) },
  { name: 'nothing replicates the keyspaces of the system', traps: ['cassandra 8'], change: (s) => s.remove(n.REPLICATION) },
  { name: 'the replication changes before the second datacenter is ready', traps: ['cassandra 8'], change: (s) => s.forgetDependencies(n.REPLICATION, /xcloud-dc2|dc2-gateway/) },
  { name: 'nothing rebuilds the second datacenter', traps: ['cassandra 8'], change: (s) => s.remove(n.REBUILD) },
  { name: 'the second datacenter is rebuilt from itself', traps: ['cassandra 8'], change: (s) => s.set(n.REBUILD, 'spec.jobs.0.args.source_datacenter', 'dc2') },
  {
    name: 'the first datacenter starts with replicas in the second',
    traps: ['cassandra 8'],
    change: (s) => configure(s, 'dc1', (config) => Object.assign(config['jvm-server-options'] ?? {}, { 'additional-jvm-opts': ['-Dcassandra.system_distributed_replication=dc1:3,dc2:3'] })),
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets broadcast_address',
    traps: ['cassandra 10'],
    change: (s) => configure(s, 'dc2', (config) => Object.assign(config['cassandra-yaml'] ?? {}, { broadcast_address: '10.150.127.250' })),
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets the seeds',
    traps: ['cassandra 10'],
    change: (s) => configure(s, 'dc2', (config) => Object.assign(config['cassandra-yaml'] ?? {}, { seed_provider: [{ parameters: [{ seeds: '10.100.19.250' }] }] })),
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets the snitch',
    traps: ['cassandra 10'],
    change: (s) => configure(s, 'dc1', (config) => Object.assign(config['cassandra-yaml'] ?? {}, { endpoint_snitch: 'Ec2MultiRegionSnitch' })),
    untold: HIDDEN,
  },
  {
    name: 'the configuration moves the internode port',
    change: (s) => configure(s, 'dc1', (config) => Object.assign(config['cassandra-yaml'] ?? {}, { storage_port: 7001 })),
    untold: HIDDEN,
  },
  {
    name: 'the configuration has jvm-options',
    change: (s) => configure(s, 'dc2', (config) => Object.assign(config, { 'jvm-options': { max_heap_size: '8G' } })),
    untold: HIDDEN,
  },
  {
    name: 'the operator watches its own namespace only',
    traps: ['cassandra 12'],
    change: (s) => s.set(n.release(n.GCP, 'cass-operator'), 'values.global.clusterScoped', false),
  },
  {
    name: 'two racks share a zone',
    change: (s) => s.set(n.DC2, ['spec', 'racks', '2', 'nodeAffinityLabels', 'topology.kubernetes.io/zone'], 'europe-west4-b'),
  },
  {
    name: 'a rack is in a zone without nodes',
    change: (s) => s.set(n.DC1, ['spec', 'racks', '2', 'nodeAffinityLabels', 'topology.kubernetes.io/zone'], 'eu-west-1d'),
  },
];
