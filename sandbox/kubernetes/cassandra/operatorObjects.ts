import { object, type Props } from '../../core/values';
import { ownedBy } from '../deletion';
import { SERVICE } from '../services';
import type { ClusterState } from '../state';
import {
  additionalSeedService,
  clusterLabels,
  datacenterLabels,
  forKubernetes,
  type Datacenter,
  type Rack,
} from './datacenter';

const SECRET = 'kubernetes:core/v1:Secret';

/** The objects cass-operator makes for a datacenter (v1.28, `construct_service.go`, `construct_statefulset.go`). */
export function ensureServices(state: ClusterState, dc: Datacenter): void {
  const stem = `${forKubernetes(dc.cluster)}-${forKubernetes(dc.name)}`;
  const own = { ...clusterLabels(dc), 'cassandra.datastax.com/datacenter': dc.name };
  const additions = object(dc.live, 'spec', 'additionalServiceConfig');
  const services: [string, string, Props, readonly [string, number][], boolean][] = [
    [`${stem}-service`, 'dcService', own, CLIENT_PORTS, false],
    [
      `${forKubernetes(dc.cluster)}-seed-service`,
      'seedService',
      { ...clusterLabels(dc), 'cassandra.datastax.com/seed-node': 'true' },
      [],
      true,
    ],
    [additionalSeedService(dc), 'additionalSeedService', {}, [], true],
    [`${stem}-all-pods-service`, 'allpodsService', own, POD_PORTS, true],
  ];
  for (const [name, key, selector, ports, unready] of services) {
    const extra = object(additions, key);
    state.ensure(SERVICE, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: ownedBy(dc.live, {
        name,
        namespace: dc.namespace,
        labels: { ...datacenterLabels(dc), ...object(extra, 'additionalLabels') },
        annotations: object(extra, 'additionalAnnotations'),
      }),
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        clusterIPs: ['None'],
        ...(Object.keys(selector).length > 0 ? { selector } : {}),
        ...(unready ? { publishNotReadyAddresses: true } : {}),
        ports: ports.map(([portName, port]) => ({ name: portName, port, targetPort: port, protocol: 'TCP' })),
      },
      status: { loadBalancer: {} },
    });
  }
}

const CLIENT_PORTS: readonly [string, number][] = [
  ['native', 9042],
  ['tls-native', 9142],
  ['mgmt-api', 8080],
  ['prometheus', 9103],
  ['metrics', 9000],
];
const POD_PORTS: readonly [string, number][] = [
  ['native', 9042],
  ['mgmt-api', 8080],
  ['prometheus', 9103],
  ['metrics', 9000],
];

/** The superuser that the operator makes up where the datacenter names none: another one in every datacenter. */
export function ensureSuperuser(state: ClusterState, dc: Datacenter): void {
  const password = Buffer.from(`${state.cluster.key}/${dc.namespace}/${dc.name}`).toString('base64url').slice(-24);
  const encode = (value: string) => Buffer.from(value).toString('base64');
  state.ensure(SECRET, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: ownedBy(dc.live, { name: dc.superuserSecret, namespace: dc.namespace, labels: datacenterLabels(dc) }),
    data: { username: encode(dc.superuserSecret), password: encode(password) },
  });
}

/** One StatefulSet per rack; its first pod is a seed of the datacenter. */
export function statefulSet(dc: Datacenter, rack: Rack): { name: string; object: Props } {
  const name = `${forKubernetes(dc.cluster)}-${forKubernetes(dc.name)}-${forKubernetes(rack.name)}-sts`;
  const labels = { ...datacenterLabels(dc), 'cassandra.datastax.com/rack': rack.name };
  return {
    name,
    object: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: ownedBy(dc.live, { name, namespace: dc.namespace, labels }),
      spec: {
        replicas: rack.size,
        serviceName: `${forKubernetes(dc.cluster)}-${forKubernetes(dc.name)}-all-pods-service`,
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        template: { metadata: { labels: { ...labels, 'cassandra.datastax.com/seed-node': 'true' } } },
      },
    },
  };
}
