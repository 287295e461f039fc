import { flag, isProps, list, number, object, text, texts, type Props } from '../../core/values';
import { annotationsOf, nameOf, namespaceOf } from '../meta';

export const DATACENTER = 'kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter';
export const DATACENTER_FINALIZER = 'finalizer.cassandra.datastax.com';

/** A rack with the nodes it gets, in the operator's split: the first racks take what does not divide. */
export interface Rack {
  readonly name: string;
  readonly size: number;
  readonly nodeAffinityLabels: Props;
}

/** What a CassandraDatacenter asks for, read once. */
export interface Datacenter {
  readonly live: Props;
  readonly namespace: string;
  /** Name of the object, of which the operator makes its objects' names. */
  readonly name: string;
  /** Name in Cassandra. */
  readonly datacenter: string;
  readonly cluster: string;
  readonly racks: readonly Rack[];
  readonly size: number;
  readonly additionalSeeds: readonly string[];
  readonly superuserSecret: string;
  readonly generatesSuperuser: boolean;
  readonly skipsUserCreation: boolean;
}

export function readDatacenter(live: Props): Datacenter {
  const spec = object(live, 'spec');
  const size = number(spec, 'size') ?? 0;
  const given = list(spec, 'racks').filter(isProps);
  const racks = given.length > 0 ? given : [{ name: 'default' } as Props];
  const cluster = text(spec, 'clusterName') ?? '';
  const superuser = text(spec, 'superuserSecretName');
  return {
    live,
    namespace: namespaceOf(live) ?? 'default',
    name: nameOf(live),
    datacenter: text(spec, 'datacenterName') || nameOf(live),
    cluster,
    size,
    racks: racks.map((rack, i) => ({
      name: text(rack, 'name') ?? '',
      size: Math.floor(size / racks.length) + (i < size % racks.length ? 1 : 0),
      nodeAffinityLabels: {
        ...object(spec, 'nodeAffinityLabels'),
        ...object(rack, 'nodeAffinityLabels'),
        ...(text(rack, 'zone') ? { 'topology.kubernetes.io/zone': text(rack, 'zone') ?? '' } : {}),
      },
    })),
    additionalSeeds: texts(spec, 'additionalSeeds'),
    superuserSecret: superuser || `${forKubernetes(cluster)}-superuser`,
    generatesSuperuser: !superuser,
    skipsUserCreation: annotationsOf(live)['cassandra.datastax.com/skip-user-creation'] === 'true',
  };
}

/** A Cassandra name as the operator makes it fit for object names. */
export function forKubernetes(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .replace(/^-+|-+$/g, '');
}

/** Service without a selector that lists seeds of other datacenters. */
export function additionalSeedService({ cluster, name }: Datacenter): string {
  return `${forKubernetes(cluster)}-${forKubernetes(name)}-additional-seed-service`;
}

export function clusterLabels({ cluster }: Datacenter): Record<string, string> {
  return { 'cassandra.datastax.com/cluster': cluster.replace(/[^-A-Za-z0-9_.]/g, '') };
}

export function datacenterLabels(dc: Datacenter): Record<string, string> {
  return {
    ...clusterLabels(dc),
    'cassandra.datastax.com/datacenter': dc.name,
    'app.kubernetes.io/managed-by': 'cass-operator',
    'app.kubernetes.io/name': 'cassandra',
    'app.kubernetes.io/instance': `cassandra-${dc.cluster}`,
  };
}

export function isReady(live: Props): boolean {
  return list(live, 'status', 'conditions').some(
    (one) => text(one, 'type') === 'Ready' && text(one, 'status') === 'True',
  );
}

export function sharesNodes(live: Props): boolean {
  return flag(live, 'spec', 'allowMultipleNodesPerWorker') === true;
}
