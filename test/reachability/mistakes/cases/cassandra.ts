/** One Cassandra cluster of two datacenters: start, users, replication and configuration. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';
import { HIDDEN, configure } from './configure';

const SKIP = ['metadata', 'annotations', 'cassandra.datastax.com/skip-user-creation'];
const cql = (s: Stack, edit: (text: string) => string): unknown =>
  s.rewrite(n.REPLICATION, 'spec.template.spec.containers.0.env.3.value', edit);

const GATEWAY1_ADDRESSES = ['10.100.19.250', '10.100.51.250', '10.100.83.250'];

export const cassandra: readonly Mistake[] = [
  {
    name: 'the first datacenter has additional seeds',
    traps: ['cassandra 1'],
    change: (s) => s.set(n.DC1, 'spec.additionalSeeds', ['10.150.127.250']),
    findings: [`no-local-seed ${n.DC1}`],
  },
  {
    name: 'the second datacenter has the gateway as additional seeds, beside its own Endpoints',
    change: (s) => s.set(n.DC2, 'spec.additionalSeeds', GATEWAY1_ADDRESSES),
    findings: [`no-local-seed ${n.DC2}`],
  },
  {
    name: 'every datacenter has additional seeds',
    traps: ['cassandra 1'],
    change: (s) =>
      s.set(n.DC1, 'spec.additionalSeeds', ['10.250.3.17']).set(n.DC2, 'spec.additionalSeeds', ['10.200.0.10']),
    findings: [
      `seed-deadlock ${n.DC1}`,
      `seed-deadlock ${n.DC2}`,
      `seed-not-gateway ${n.DC1}`,
      `seed-not-gateway ${n.DC2}`,
    ],
  },
  {
    name: 'nothing tells the second datacenter of the first',
    traps: ['cassandra 1'],
    change: (s) => s.remove(n.SEEDS2),
    findings: [`second-ring ${n.DC2}`],
  },
  {
    name: 'the second datacenter does not wait until it is told of the first',
    traps: ['cassandra 1'],
    change: (s) => s.forgetDependencies(n.DC2, /remote-seeds/),
    findings: [`start-before-seeds ${n.DC2}`],
    policy: [`cluster-bootstrap ${n.DC2}`],
  },
  {
    name: 'the additional seeds are names',
    traps: ['cassandra 2'],
    change: (s) =>
      s.set(n.DC2, 'spec.additionalSeeds', ['xcloud-seed-service.cassandra-aws-eu-west-1.svc.cluster.local']),
    findings: [`no-local-seed ${n.DC2}`, `seed-by-name ${n.DC2}`],
  },
  {
    name: 'the seeds are addresses of pods',
    traps: ['cassandra 11'],
    change: (s) =>
      s.set(
        n.SEEDS2,
        'subsets.0.addresses',
        ['10.200.0.10', '10.200.32.10', '10.200.64.10'].map((ip) => ({ ip })),
      ),
    findings: [`seed-not-gateway ${n.SEEDS2}`, `seeds-missing ${n.SEEDS2}`],
  },
  {
    name: 'the seeds leave a zone out',
    change: (s) =>
      s.set(
        n.SEEDS2,
        'subsets.0.addresses',
        GATEWAY1_ADDRESSES.slice(0, 2).map((ip) => ({ ip })),
      ),
    findings: [`seeds-incomplete ${n.SEEDS2}`],
  },
  {
    name: "a seed is the address of the other side's DNS",
    change: (s) =>
      s.set(
        n.SEEDS2,
        'subsets.0.addresses',
        [...GATEWAY1_ADDRESSES, '10.100.19.251'].map((ip) => ({ ip })),
      ),
    blocks: [[/> 10\.100\.19\.251 \| 7000/, 'load-balancer', n.EKS_DNS, 'no-listener']],
  },
  {
    name: 'the first datacenter never learns the seeds of the second',
    change: (s) => s.remove(n.SEEDS1),
    findings: [`seeds-missing ${n.DC1}`],
  },
  {
    name: 'the published seeds are stale',
    traps: ['cassandra 11'],
    change: (s) => s.set(n.SEEDS1, 'subsets.0.addresses.0.ip', '10.250.3.17'),
    findings: [`seed-not-gateway ${n.SEEDS1}`, `seeds-missing ${n.SEEDS1}`],
  },
  {
    name: 'the published seeds carry a label of the operator',
    change: (s) => s.set(n.SEEDS1, 'metadata.labels', { 'cassandra.datastax.com/cluster': 'xcloud' }),
    findings: [`seed-endpoints-labelled ${n.SEEDS1}`],
  },
  {
    name: 'the seeds are published under another name',
    change: (s) => s.set(n.SEEDS1, 'metadata.name', 'xcloud-additional-seed-service'),
    findings: [`seeds-missing ${n.DC1}`],
  },
  {
    name: "kube-dns is left with the operator's EndpointSlices",
    traps: ['network 2', 'cassandra 3'],
    change: (s) => s.set(n.DC2, 'spec.additionalSeeds', GATEWAY1_ADDRESSES).remove(n.SEEDS2),
    findings: [`endpoint-slices-unseen ${n.DC2}`, `no-local-seed ${n.DC2}`],
  },
  {
    name: 'the second datacenter makes the users again',
    traps: ['cassandra 7'],
    change: (s) => s.set(n.DC2, SKIP, undefined),
    findings: [`user-creation ${n.DC2}`],
  },
  {
    name: 'the first datacenter leaves the users to the second, which leaves them to the first',
    change: (s) => s.set(n.DC1, SKIP, 'true'),
    findings: [`no-user-creation ${n.DC1}`],
    policy: [`cluster-bootstrap ${n.DC1}`],
  },
  {
    name: 'the superusers have different passwords',
    traps: ['cassandra 7'],
    change: (s) => {
      const key = n.superuser(n.GCP);
      const random = s.addLike('RandomPassword::xcloud-identity-superuser', 'another-superuser');
      s.setSources(key, 'data', [s.urn(random)]);
      if (typeof s.get(key, 'data.password') === 'string')
        s.set(key, 'data', {
          username: s.get(key, 'data.username') as string,
          password: Buffer.from('another').toString('base64'),
        });
    },
    findings: [`superuser-differs ${n.superuser(n.GCP)}`],
  },
  {
    name: 'the second site has no superuser',
    traps: ['cassandra 7'],
    change: (s) => s.remove(n.superuser(n.GCP)),
    findings: [`superuser-missing ${n.DC2}`],
  },
  {
    name: 'the datacenters have different cluster names',
    change: (s) => s.set(n.DC2, 'spec.clusterName', 'xcloud2'),
    blocks: [
      [
        /^(internode, within dc2|management API, dc2|metrics, dc2)/,
        'network-policy',
        n.policy(n.GCP, 'deny'),
        'no-policy-ingress',
      ],
    ],
    findings: [`cluster-name-differs ${n.DC2}`],
  },
  {
    name: 'both datacenters have one name',
    change: (s) => s.set(n.DC2, 'spec.datacenterName', 'dc1'),
    blocks: [[/^seeds, dc1 to dc1.*> 10\.150/, 'load-balancer', n.GATEWAY2, 'no-targets']],
    findings: [
      `absent-datacenter ${n.REPLICATION}`,
      `rebuild-source ${n.REBUILD}`,
      `second-ring ${n.DC2}`,
      `shared-datacenter-name ${n.DC2}`,
    ],
  },
  {
    name: 'the second datacenter does not wait for the first',
    traps: ['cassandra 6'],
    change: (s) => s.forgetDependencies(n.DC2, /::xcloud-dc1/).forgetDependencies(n.PROBE, /::xcloud-dc1/),
    findings: [`start-order ${n.DC2}`],
  },
  {
    name: 'the second datacenter does not wait until packets cross',
    traps: ['cassandra 6'],
    change: (s) => s.forgetDependencies(n.DC2, /probe/),
    findings: [`start-before-link ${n.DC2}`],
  },
  {
    name: 'the replication names a datacenter that does not exist',
    traps: ['cassandra 8'],
    change: (s) => cql(s, (text) => text.replaceAll("'dc2'", "'dc3'")),
    findings: [`absent-datacenter ${n.REPLICATION}`, `keyspace-left-out ${n.REPLICATION}`],
  },
  {
    name: 'a keyspace of the system is left on one side',
    traps: ['cassandra 8'],
    change: (s) => cql(s, (text) => text.replace(/ALTER KEYSPACE "system_distributed".*\n/, '')),
    findings: [`keyspace-left-out ${n.REPLICATION}`],
  },
  {
    name: 'the roles are left on one side',
    traps: ['cassandra 8', 'cassandra 9'],
    change: (s) => cql(s, (text) => text.replace("'dc1': 3, 'dc2': 3", "'dc1': 3")),
    findings: [`keyspace-left-out ${n.REPLICATION}`],
  },
  {
    name: 'the roles have more replicas than the second datacenter has nodes',
    traps: ['cassandra 9'],
    change: (s) => cql(s, (text) => text.replace("'dc2': 3", "'dc2': 5")),
    findings: [`more-replicas-than-nodes ${n.REPLICATION}`],
  },
  {
    name: 'nothing replicates the keyspaces of the system',
    traps: ['cassandra 8'],
    change: (s) => s.remove(n.REPLICATION),
    findings: [`no-replication ${n.DC1}`],
  },
  {
    name: 'the replication changes before the second datacenter is ready',
    traps: ['cassandra 8'],
    change: (s) => s.forgetDependencies(n.REPLICATION, /xcloud-dc2|dc2-gateway/),
    findings: [`replication-early ${n.REPLICATION}`],
  },
  {
    name: 'nothing rebuilds the second datacenter',
    traps: ['cassandra 8'],
    change: (s) => s.remove(n.REBUILD),
    findings: [`no-rebuild ${n.DC2}`],
  },
  {
    name: 'the second datacenter is rebuilt from itself',
    traps: ['cassandra 8'],
    change: (s) => s.set(n.REBUILD, 'spec.jobs.0.args.source_datacenter', 'dc2'),
    findings: [`rebuild-source ${n.REBUILD}`],
  },
  {
    name: 'the first datacenter starts with replicas in the second',
    traps: ['cassandra 8'],
    change: (s) =>
      configure(s, 'dc1', (config) =>
        Object.assign(config['jvm-server-options'] ?? {}, {
          'additional-jvm-opts': ['-Dcassandra.system_distributed_replication=dc1:3,dc2:3'],
        }),
      ),
    findings: [`absent-datacenter ${n.DC1}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets broadcast_address',
    traps: ['cassandra 10'],
    change: (s) =>
      configure(s, 'dc2', (config) =>
        Object.assign(config['cassandra-yaml'] ?? {}, { broadcast_address: '10.150.127.250' }),
      ),
    findings: [`config-overridden ${n.DC2}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets the seeds',
    traps: ['cassandra 10'],
    change: (s) =>
      configure(s, 'dc2', (config) =>
        Object.assign(config['cassandra-yaml'] ?? {}, {
          seed_provider: [{ parameters: [{ seeds: '10.100.19.250' }] }],
        }),
      ),
    findings: [`config-overridden ${n.DC2}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration sets the snitch',
    traps: ['cassandra 10'],
    change: (s) =>
      configure(s, 'dc1', (config) =>
        Object.assign(config['cassandra-yaml'] ?? {}, { endpoint_snitch: 'Ec2MultiRegionSnitch' }),
      ),
    findings: [`config-overridden ${n.DC1}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration moves the internode port',
    change: (s) =>
      configure(s, 'dc1', (config) => Object.assign(config['cassandra-yaml'] ?? {}, { storage_port: 7001 })),
    findings: [`config-port ${n.DC1}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration has jvm-options',
    change: (s) => configure(s, 'dc2', (config) => Object.assign(config, { 'jvm-options': { max_heap_size: '8G' } })),
    findings: [`config-refused ${n.DC2}`],
    untold: HIDDEN,
  },
  {
    name: 'the operator watches its own namespace only',
    traps: ['cassandra 12'],
    change: (s) => s.set(n.release(n.GCP, 'cass-operator'), 'values.global.clusterScoped', false),
    findings: [`operator-scope ${n.release(n.GCP, 'cass-operator')}`],
  },
  {
    name: 'two racks share a zone',
    change: (s) =>
      s.set(n.DC2, ['spec', 'racks', '2', 'nodeAffinityLabels', 'topology.kubernetes.io/zone'], 'europe-west4-b'),
    findings: [`racks-share-zone ${n.DC2}`],
  },
  {
    name: 'a rack is in a zone without nodes',
    change: (s) =>
      s.set(n.DC1, ['spec', 'racks', '2', 'nodeAffinityLabels', 'topology.kubernetes.io/zone'], 'eu-west-1d'),
    blocks: [
      [
        /^(internode, dc1 to dc2|native protocol, dc1 to dc2|path MTU, dc1 to dc2|seeds, dc1 to dc2|internode, within dc1).*\| pod in eu-west-1d >/,
        'source',
        n.DC1,
        'no-nodes-in-zone',
      ],
      [
        /^(internode, dc2 to dc1|native protocol, dc2 to dc1|path MTU, dc2 to dc1|internode, within dc1|management API, dc1|metrics, dc1).*pod in eu-west-1d /,
        'destination',
        n.DC1,
        'no-nodes-in-zone',
      ],
    ],
  },
  {
    name: 'the datacenters are of different major versions',
    change: (s) => s.set(n.DC2, 'spec.serverVersion', '4.1.9'),
    findings: [`versions-differ ${n.DC2}`],
  },
];
