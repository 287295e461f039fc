/** Whether every datacenter gets replicas: of the system keyspaces, and of the data that was there before it. */
import { asText } from '../resources/resource';
import { isList, reveal } from '../resources/value';
import { type Datacenter, joins } from '../model/kubernetes/cassandra';
import { dig, kindOf, nameOf, namespaceOf, objectsOf } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import type { Finding } from '../verdict';
import { configOf } from './datacenters';
import { clustersOf } from './seeds';
import { replicationHolder, replicationsIn, textOf } from './statements';

export function replicationFindings(model: Model): Finding[] {
  return clustersOf(model).flatMap((datacenters) => [
    ...statementFindings(datacenters),
    ...datacenters.flatMap((datacenter) => rebuildFindings(datacenter, datacenters)),
    ...datacenters.flatMap((datacenter) => firstReplicationFindings(datacenter, datacenters)),
  ]);
}

/** Keyspaces of Cassandra's own that the operator leaves on the first datacenter. */
const SYSTEM_KEYSPACES = ['system_auth', 'system_distributed', 'system_traces'];

/** A Job or a ConfigMap of the stack has to alter the keyspaces: the operator does not. */
function statementFindings(datacenters: readonly Datacenter[]): Finding[] {
  const holder = replicationHolder(datacenters);
  const [first] = datacenters;
  if (first === undefined) return [];
  if (holder === undefined) {
    const message = `nothing in the stack replicates ${SYSTEM_KEYSPACES.join(', ')} to every datacenter`;
    const remedy = 'Run ALTER KEYSPACE for them once every datacenter is ready';
    return [{ rule: 'no-replication', urn: first.resource.urn, message, remedy }];
  }
  const remedy = 'Name exactly the datacenters of the cluster in every ALTER KEYSPACE';
  const finding = (rule: string, message: string): Finding => ({ rule, urn: holder.urn, message, remedy });
  const text = textOf(holder);
  const named = replicationsIn(holder).map((factors) => [...factors.keys()]);
  const known = datacenters.map(({ name }) => name);
  return [
    ...SYSTEM_KEYSPACES.filter((keyspace) => !text.includes(keyspace)).map((keyspace) =>
      finding('keyspace-left-out', `${keyspace} is left on one datacenter`),
    ),
    ...named
      .flatMap((names) => names.filter((name) => !known.includes(name)))
      .map((name) => finding('absent-datacenter', `the replication names ${name}, which no datacenter is called`)),
    ...named
      .flatMap((names) => known.filter((name) => !names.includes(name)))
      .map((name) => finding('keyspace-left-out', `a keyspace gets no replicas in ${name}`)),
  ];
}

/** A datacenter that joins gets new writes only; what was there before has to be streamed. */
function rebuildFindings(datacenter: Datacenter, all: readonly Datacenter[]): Finding[] {
  if (!joins(datacenter, all)) return [];
  const jobs = datacenter.cluster.objects
    .filter((object) => kindOf(object) === 'CassandraTask' && namespaceOf(object) === datacenter.namespace)
    .filter((object) => asText(dig(object.value('spec.datacenter'), 'name')) === nameOf(datacenter.resource))
    .flatMap((object) => objectsOf(object.value('spec.jobs')).map((job) => ({ object, job })));
  const rebuild = jobs.find(({ job }) => asText(job['command']) === 'rebuild');
  if (rebuild === undefined) {
    const message = `${datacenter.name} joins, but nothing rebuilds it from the data of the others`;
    return [
      {
        rule: 'no-rebuild',
        urn: datacenter.resource.urn,
        message,
        remedy: 'Add a CassandraTask with command rebuild and source_datacenter',
      },
    ];
  }
  const source = asText(dig(rebuild.job['args'], 'source_datacenter'));
  if (typeof source !== 'string' || all.some(({ name }) => name === source && name !== datacenter.name)) return [];
  const message = `${datacenter.name} is rebuilt from ${source}, which is no other datacenter of the cluster`;
  return [
    {
      rule: 'rebuild-source',
      urn: rebuild.object.urn,
      message,
      remedy: 'Set source_datacenter to the first datacenter',
    },
  ];
}

/** Since 4.0 naming an absent datacenter is refused: while the first one is alone, only itself may be named. */
function firstReplicationFindings(datacenter: Datacenter, all: readonly Datacenter[]): Finding[] {
  const config = configOf(datacenter);
  const options = reveal(dig(config, 'jvm-server-options', 'additional-jvm-opts'));
  const texts = isList(options) ? options.map((option) => asText(option)) : [];
  return texts.flatMap((text): Finding[] => {
    const list = typeof text === 'string' ? /system_distributed_replication=(.*)$/.exec(text)?.[1] : undefined;
    const names = (list ?? '')
      .split(',')
      .map((part) => part.split(':')[0] ?? '')
      .filter((name) => name !== '');
    const absent = names.filter((name) => name !== datacenter.name);
    if (absent.length === 0) return [];
    const message = `system_distributed_replication of ${datacenter.name} names ${absent.join(', ')}, which does not exist when it starts`;
    const remedy = `Name ${datacenter.name} only${all.length > 1 ? ', and alter the keyspaces once all are ready' : ''}`;
    return [{ rule: 'absent-datacenter', urn: datacenter.resource.urn, message, remedy }];
  });
}
