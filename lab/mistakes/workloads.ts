/** The pods that a stack would run, as far as Services and NetworkPolicies tell them apart. */
import type { Labels } from '../agent/policies';
import type { Json, KubernetesObject } from '../kubernetes/objects';
import { RELEASE, objectOf, stackObjects } from '../kubernetes/stackObjects';
import type { Cluster, LabModel } from '../network/model';
import type { Stack } from '../stack/stack';

export interface Workload {
  readonly kind: 'cassandra' | 'dns' | 'operator' | 'collector' | 'other';
  /** Unique in its cluster, but for the racks of one datacenter. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Zone that its pods are pinned to. */
  readonly zone: string | undefined;
  readonly ports: Readonly<Record<string, number>>;
}

/** Names of a Cassandra pod's ports (cass-operator, `construct_podtemplatespec.go`). */
const CASSANDRA_PORTS = {
  ...{ native: 9042, 'tls-native': 9142, internode: 7000, 'tls-internode': 7001, jmx: 7199 },
  ...{ 'mgmt-api-http': 8080, prometheus: 9103, metrics: 9000 },
};
const CONTROLLERS = ['Deployment', 'StatefulSet', 'DaemonSet'];

export interface ClusterObjects {
  readonly services: readonly KubernetesObject[];
  readonly policies: readonly KubernetesObject[];
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly workloads: readonly Workload[];
}

/** What the stack registers in a cluster, and what cloud and operator add to it. */
export function clusterObjects(stack: Stack, { clusters }: LabModel, cluster: Cluster): ClusterObjects {
  const own = [...stackObjects(stack, clusters).values()].filter((object) => object.cluster === cluster);
  const objects = own.filter(({ type }) => type !== RELEASE).map(objectOf);
  const ofKind = (kind: string): KubernetesObject[] => objects.filter((object) => object.kind === kind);
  return {
    services: ofKind('Service'),
    policies: ofKind('NetworkPolicy'),
    namespaces: new Map(ofKind('Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    workloads: [
      ...ofKind('CassandraDatacenter').flatMap(cassandraPods),
      CLUSTER_DNS,
      ...(cluster.cloud === 'gcp' ? [GOOGLE_COLLECTOR] : []),
      ...own.filter(({ type }) => type === RELEASE).map(({ inputs }) => releasePod(inputs)),
      ...objects.filter(({ kind }) => CONTROLLERS.includes(kind)).map(templatePod),
    ],
  };
}

/** The label that both EKS's CoreDNS and kube-dns give their pods. */
const CLUSTER_DNS: Workload = {
  ...{ kind: 'dns', name: 'cluster DNS', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  ...{ zone: undefined, ports: { dns: 53, 'dns-tcp': 53 } },
};

/** Google Cloud Managed Service for Prometheus, "Managed collection". */
const GOOGLE_COLLECTOR: Workload = {
  ...{ kind: 'collector', name: 'metrics collector', namespace: 'gmp-system' },
  ...{ labels: { app: 'managed-prometheus-collector' }, zone: undefined, ports: {} },
};

/** One for each rack, with the labels that cass-operator gives (cass-operator, `pkg/oplabels`, `cassandradatacenter_types.go`). */
function cassandraPods({ metadata, spec }: KubernetesObject): Workload[] {
  const datacenter = (spec.datacenterName as string | undefined) ?? metadata.name;
  const racks = (spec.racks ?? [{ name: 'default' }]) as { name: string; nodeAffinityLabels?: Labels }[];
  return racks.map((rack) => ({
    kind: 'cassandra',
    name: `Cassandra of ${datacenter}`,
    namespace: metadata.namespace ?? 'default',
    labels: {
      'app.kubernetes.io/name': 'cassandra',
      'app.kubernetes.io/managed-by': 'cass-operator',
      'cassandra.datastax.com/cluster': spec.clusterName as string,
      'cassandra.datastax.com/datacenter': datacenter,
      'cassandra.datastax.com/rack': rack.name,
      // While there are at most three racks, each has a seed.
      'cassandra.datastax.com/seed-node': 'true',
    },
    zone: rack.nodeAffinityLabels?.['topology.kubernetes.io/zone'],
    ports: CASSANDRA_PORTS,
  }));
}

function releasePod(inputs: Json): Workload {
  const chart = String(inputs.chart).split('/').at(-1) ?? '';
  return {
    kind: chart === 'cass-operator' ? 'operator' : 'other',
    name: chart,
    namespace: (inputs.namespace as string | undefined) ?? 'default',
    labels: { 'app.kubernetes.io/name': chart },
    ...{ zone: undefined, ports: {} },
  };
}

function templatePod({ kind, metadata, spec }: KubernetesObject): Workload {
  return {
    kind: 'other',
    name: `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`,
    namespace: metadata.namespace ?? 'default',
    labels: (spec.template?.metadata?.labels ?? {}) as Labels,
    ...{ zone: undefined, ports: {} },
  };
}
