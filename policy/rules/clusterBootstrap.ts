import { seedEndpoints } from '../../reachability/flows/seeds';
import { type Datacenter, additionalSeedService, joins } from '../../reachability/model/kubernetes/cassandra';
import { kindOf, nameOf, namespaceOf } from '../../reachability/model/kubernetes/objects';
import { TUNNEL } from '../../reachability/model/gcp/network';
import { push } from '../../reachability/resources/inventory';
import { type Resource, asText } from '../../reachability/resources/resource';
import { Secret, UNKNOWN } from '../../reachability/resources/value';
import { propertiesAt } from '../properties';
import { type Finding, type Rule, broken } from '../rule';
import type { Stack } from '../stack';

const SKIP_USERS = 'cassandra.datastax.com/skip-user-creation';

/**
 * The datacenters of a cluster become one ring: one starts, the others are told its gateway by own Endpoints, wait for it
 * and for the link, ask it for its data, and share its superuser. cass-operator has no notion of clusters over regions, so
 * nothing else tells of a mistake but two rings. What seeds may be is the rule `seeds-planned`.
 */
export const clusterBootstrap: Rule = {
  name: 'cluster-bootstrap',
  description: 'Datacenters of one cluster start one after another, told of the first, with one superuser.',
  level: 'mandatory',
  judge: (stack) => {
    const clusters = new Map<string, Datacenter[]>();
    for (const datacenter of stack.model.datacenters) push(clusters, datacenter.clusterName, datacenter);
    return [...clusters.values()]
      .filter((datacenters) => datacenters.length > 1)
      .flatMap((datacenters) => judgeCluster(stack, datacenters));
  },
};

function judgeCluster(stack: Stack, datacenters: readonly Datacenter[]): Finding[] {
  const starter = datacenters.find((datacenter) => !joins(datacenter, datacenters));
  if (starter === undefined) return [];
  const later = datacenters.filter((datacenter) => datacenter !== starter);
  return [
    ...usersNotMade(starter),
    ...later.flatMap((datacenter) => [
      ...secondRing(datacenter, starter),
      ...usersMadeTwice(datacenter),
      ...startsTooEarly(stack, datacenter, starter),
      ...rebuildMissing(stack, datacenter, datacenters),
    ]),
    ...sharedNamespaces(datacenters),
    ...superusers(starter, later),
  ];
}

/** Without additional seeds the first node is a seed: where it is told of no other it starts a ring of its own. */
function secondRing(datacenter: Datacenter, starter: Datacenter): Finding[] {
  const { resource, name, additionalSeeds, dependencies } = datacenter;
  if (additionalSeeds?.length !== 0) return [];
  const holders = seedEndpoints(datacenter);
  if (holders.length === 0) {
    const message = `nothing tells datacenter ${name} of ${starter.name}: they become two rings`;
    const remedy = `make Endpoints ${additionalSeedService(datacenter)} with the gateway addresses of ${starter.name}`;
    return [fault(resource, message, remedy)];
  }
  if (holders.some(({ urn }) => dependencies.has(urn))) return [];
  const message = `datacenter ${name} does not wait until it is told of ${starter.name}: they may become two rings`;
  return [fault(resource, message, `let it depend on ${holders.map((holder) => holder.name).join(', ')}`)];
}

function usersNotMade({ resource, name, clusterName, annotations }: Datacenter): Finding[] {
  if (annotations.get(SKIP_USERS) !== 'true') return [];
  const message = `every datacenter of ${clusterName} leaves the roles to another: none makes them`;
  return [fault(resource, message, `leave ${SKIP_USERS} off ${name}, which starts`, 'metadata.annotations')];
}

function usersMadeTwice({ resource, name, annotations }: Datacenter): Finding[] {
  if (annotations.get(SKIP_USERS) === 'true') return [];
  const message = `datacenter ${name} makes the roles again that the first has made`;
  return [fault(resource, message, `annotate it with ${SKIP_USERS}: "true"`, 'metadata.annotations')];
}

/** Cassandra refuses two bootstraps at once, and the operator deletes pods that cannot reach their seeds. */
function startsTooEarly({ inventory }: Stack, datacenter: Datacenter, starter: Datacenter): Finding[] {
  const { resource, name, dependencies: before } = datacenter;
  const findings: Finding[] = [];
  if (!before.has(starter.resource.urn)) {
    const message = `datacenter ${name} does not wait for ${starter.name}`;
    findings.push(fault(resource, message, `let it depend on ${starter.resource.name}`));
  }
  const tunnels = inventory.all(TUNNEL);
  if (tunnels.length > 0 && !tunnels.some(({ urn }) => before.has(urn))) {
    findings.push(
      fault(
        resource,
        `datacenter ${name} does not wait for the link`,
        'let it depend on what proves that packets cross',
      ),
    );
  }
  return findings;
}

/** A datacenter that joins holds no data until it is told to stream it. */
function rebuildMissing(
  { inventory }: Stack,
  { resource, name, cluster }: Datacenter,
  all: readonly Datacenter[],
): Finding[] {
  const tasks = cluster.objects.filter(
    (object) => kindOf(object) === 'CassandraTask' && object.knownText('spec.datacenter.name') === nameOf(resource),
  );
  const sources = tasks.flatMap((task) =>
    propertiesAt(task, 'spec.jobs.*.command').map(({ path, value }) => ({
      task,
      command: asText(value),
      source: task.knownText(path.replace(/command$/, 'args.source_datacenter')),
    })),
  );
  const rebuilds = sources.filter(({ command }) => command === 'rebuild');
  if (rebuilds.length === 0) {
    const message = `nothing rebuilds datacenter ${name} from the others: it joins empty`;
    return [fault(resource, message, 'add a CassandraTask with the command rebuild')];
  }
  const names = all.filter((datacenter) => datacenter.resource !== resource).map((datacenter) => datacenter.name);
  return rebuilds
    .filter(({ source }) => source === undefined || !names.includes(source))
    .map(({ task, source }) =>
      fault(
        inventory.get(task.urn) ?? task,
        `${task.name} rebuilds from ${source ?? 'no datacenter'}, which is none of the cluster's others`,
        `use one of ${names.join(', ')}`,
        'spec.jobs',
      ),
    );
}

/** Both clusters are cluster.local: in equal namespaces the seed service of one has the name of the other's. */
function sharedNamespaces(datacenters: readonly Datacenter[]): Finding[] {
  const owners = new Map<string, Datacenter>();
  return datacenters.flatMap((datacenter) => {
    const owner = owners.get(datacenter.namespace);
    if (owner === undefined) owners.set(datacenter.namespace, datacenter);
    if (owner === undefined || owner.cluster === datacenter.cluster) return [];
    const message = `datacenters ${owner.name} and ${datacenter.name} are both in a namespace ${datacenter.namespace}: their seed services have one name`;
    return [fault(datacenter.resource, message, 'use a namespace of its own for each site', 'metadata.namespace')];
  });
}

/** Without a Secret of the same user and password the operator makes one of its own on each side. */
function superusers(starter: Datacenter, later: readonly Datacenter[]): Finding[] {
  const own = superuserSecret(starter);
  return later.flatMap((datacenter) => {
    const other = superuserSecret(datacenter);
    if (own === undefined || other === undefined) {
      const message = `the superuser of ${datacenter.name} is not the one of ${starter.name}: the operator makes one for each`;
      return [
        fault(
          datacenter.resource,
          message,
          'make the Secret named by superuserSecretName on both sides',
          'spec.superuserSecretName',
        ),
      ];
    }
    if (sameValue(own, other)) return [];
    const message = `superuser secrets ${own.name} and ${other.name} are different`;
    return [fault(other, message, 'use the same user and password on both sides', 'data')];
  });
}

function superuserSecret({ resource, cluster, namespace }: Datacenter): Resource | undefined {
  const name = resource.knownText('spec.superuserSecretName');
  return cluster.objects.find(
    (object) => kindOf(object) === 'Secret' && nameOf(object) === name && namespaceOf(object) === namespace,
  );
}

/** Compared by what they hold where that is known, else by where it comes from. */
function sameValue(a: Resource, b: Resource): boolean {
  const [left, right] = [a, b].map((secret) =>
    JSON.stringify(comparable(secret.value('data') ?? secret.value('stringData'))),
  );
  if (left !== undefined && right !== undefined) return left === right;
  const sources = (secret: Resource) => [...secret.sources('data'), ...secret.sources('stringData')].sort().join(' ');
  return sources(a) === sources(b);
}

function comparable(value: unknown): unknown {
  if (value === UNKNOWN) return undefined;
  if (value instanceof Secret) return value.plain === undefined ? undefined : comparable(value.plain);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, comparable(item)] as const);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
}

function fault(resource: Resource, message: string, remedy: string, property?: string): Finding {
  return broken(resource, message, remedy, { property });
}
