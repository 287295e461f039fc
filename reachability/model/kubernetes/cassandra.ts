/** Cassandra datacenters as cass-operator makes them (k8ssandra/cass-operator, `apis/cassandra/v1beta1`). */
import { parseAddress } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { UNKNOWN, type Unknown } from '../../resources/value';
import type { Cluster, Pod } from './cluster';
import type { Clusters } from './clusters';
import { annotationsOf, dig, nameOf, namespaceOf, objectsOf } from './objects';

export interface Datacenter {
  readonly resource: Resource;
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** Name that Cassandra knows it by. */
  readonly name: string;
  readonly namespace: string;
  readonly racks: readonly Rack[];
  /** Its pods share their nodes' network and have their addresses. */
  readonly hostNetwork: boolean;
  /** Addresses and names of other datacenters' seeds; undefined when the list is not known. */
  readonly additionalSeeds: readonly string[] | undefined;
  readonly annotations: ReadonlyMap<string, string>;
  /** URNs of everything that the program makes before it. */
  readonly dependencies: ReadonlySet<string>;
}

export interface Rack {
  readonly name: string;
  /** Zone that the rack's pods run in; undefined when it names none. */
  readonly zone: string | undefined;
}

export const DATACENTER_TYPE = /^kubernetes:cassandra\.datastax\.com\/[^:]+:CassandraDatacenter$/;

/** Ports of a Cassandra pod (cass-operator, `construct_podtemplatespec.go`; Cassandra 4.0 and later use 7000 for TLS too). */
export const PORTS = {
  internode: 7000,
  native: 9042,
  management: 8080,
  metrics: 9000,
  exporter: 9103,
  jmx: 7199,
} as const;

/** Storage class that a datacenter's volumes ask for; undefined where it leaves that to the cluster. */
export function storageClassOf({ resource }: Datacenter): string | Unknown | undefined {
  return asText(dig(resource.value('spec.storageConfig'), 'cassandraDataVolumeClaimSpec', 'storageClassName'));
}

export function readDatacenters(inventory: Inventory, clusters: Clusters): Datacenter[] {
  const datacenters: Datacenter[] = [];
  for (const resource of inventory.resources) {
    const cluster = DATACENTER_TYPE.test(resource.type) ? clusters.byObject.get(resource) : undefined;
    if (cluster === undefined) continue;
    const name = nameOf(resource);
    const seeds = resource.texts('spec.additionalSeeds');
    datacenters.push({
      resource,
      cluster,
      clusterName: resource.knownText('spec.clusterName') ?? name,
      name: resource.knownText('spec.datacenterName') ?? name,
      namespace: namespaceOf(resource),
      racks: racksOf(resource),
      hostNetwork: resource.flag('spec.networking.hostNetwork') === true,
      additionalSeeds: seeds === UNKNOWN || seeds?.includes(UNKNOWN) === true ? undefined : ((seeds ?? []) as string[]),
      annotations: annotationsOf(resource),
      dependencies: inventory.dependenciesOf(resource),
    });
  }
  return datacenters.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function racksOf(resource: Resource): Rack[] {
  return objectsOf(resource.value('spec.racks')).map((_, index) => {
    const affinity = resource.value(`spec.racks.${index}.nodeAffinityLabels`);
    const labels =
      typeof affinity === 'object' && !Array.isArray(affinity) ? (affinity as Readonly<Record<string, unknown>>) : {};
    const zone = labels['topology.kubernetes.io/zone'] ?? resource.knownText(`spec.racks.${index}.zone`);
    return {
      name: resource.knownText(`spec.racks.${index}.name`) ?? 'default',
      zone: typeof zone === 'string' ? zone : undefined,
    };
  });
}

/** Labels that the operator puts on a Cassandra pod. Every rack has a seed while there are at most three. */
export function cassandraPod(datacenter: Datacenter, rack: Rack | undefined): Pod {
  const labels = new Map([
    ['app.kubernetes.io/name', 'cassandra'],
    ['app.kubernetes.io/managed-by', 'cass-operator'],
    ['cassandra.datastax.com/cluster', datacenter.clusterName],
    ['cassandra.datastax.com/datacenter', datacenter.name],
    ['cassandra.datastax.com/seed-node', 'true'],
  ]);
  if (rack !== undefined) labels.set('cassandra.datastax.com/rack', rack.name);
  const { name, namespace, hostNetwork } = datacenter;
  return { name: `a Cassandra pod of ${name}`, namespace, labels, ...(hostNetwork ? { hostNetwork } : {}) };
}

export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

/** Service that the operator makes without a selector, where seeds of other datacenters are listed. */
export function additionalSeedService(datacenter: Datacenter): string {
  return `${datacenter.clusterName}-${datacenter.name}-additional-seed-service`;
}

/** Whether a later datacenter leaves the users to the first. */
export function skipsUsers({ annotations }: Datacenter): boolean {
  return annotations.get('cassandra.datastax.com/skip-user-creation') === 'true';
}

/**
 * The datacenter that starts a cluster, of those in the input: it makes the users, is made after none of the others and has
 * no additional seeds; as much of that as holds for any, in this order, then by name. Undefined where the only one in the
 * input leaves the users to another.
 */
export function starterOf(clusterName: string, all: readonly Datacenter[]): Datacenter | undefined {
  const members = all.filter((member) => member.clusterName === clusterName);
  const isFirst = ({ dependencies }: Datacenter): boolean =>
    !members.some(({ resource }) => dependencies.has(resource.urn));
  const isUntold = ({ additionalSeeds }: Datacenter): boolean => additionalSeeds?.length === 0;
  const makesUsers = (member: Datacenter): boolean => !skipsUsers(member);
  if (members.length === 1) return members.find(makesUsers);
  return [makesUsers, isFirst, isUntold].reduce(
    (left, fits) => (left.some(fits) ? left.filter(fits) : left),
    members,
  )[0];
}

/** Whether a datacenter joins a cluster that another one starts. */
export function joins(datacenter: Datacenter, all: readonly Datacenter[]): boolean {
  return starterOf(datacenter.clusterName, all) !== datacenter;
}
