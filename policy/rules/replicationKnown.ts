import { nameOf } from '../../reachability/model/kubernetes/objects';
import { type Resource, asText } from '../../reachability/resources/resource';
import { type Value, isFields, isList, reveal } from '../../reachability/resources/value';
import { configOf } from '../cassandraConfig';
import { kubernetesObjects } from '../clusters';
import { type Finding, type Rule, broken } from '../rule';
import type { Stack } from '../stack';

/** Keyspaces of Cassandra's own that roles and repairs need in every datacenter. */
const SYSTEM_KEYSPACES = ['system_auth', 'system_distributed', 'system_traces'];

/**
 * Replication names datacenters that there are, and the system keyspaces reach all of them. Naming an absent one is
 * refused since Cassandra 4.0; a system keyspace that stays on one side takes logins away with that side. Read from the
 * CQL in the stack's Jobs and from `-Dcassandra.system_distributed_replication`; a stack without either is not judged.
 */
export const replicationKnown: Rule = {
  name: 'replication-known',
  description: 'Replication names the datacenters of the stack, and system keyspaces are replicated to all of them.',
  level: 'mandatory',
  judge: (stack) => {
    const names = stack.model.datacenters.map(({ name }) => name);
    if (names.length === 0) return [];
    const jobs = kubernetesObjects(stack, 'Job', 'CronJob', 'ConfigMap').map((object) => ({
      object,
      statements: statementsIn(texts(object.fields).join('\n')),
    }));
    return [
      ...jobs.flatMap(({ object, statements }) => absentDatacenters(object, statements, names)),
      ...jobs.flatMap(({ object, statements }) => leftOut(object, statements, names)),
      ...systemReplication(stack, names),
    ];
  },
};

interface Statement {
  readonly keyspace: string;
  readonly datacenters: readonly string[];
}

/** CREATE and ALTER KEYSPACE statements by NetworkTopologyStrategy. */
function statementsIn(text: string): Statement[] {
  const pattern =
    /(?:CREATE|ALTER)\s+KEYSPACE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"?(\w+)"?\s+WITH\s+replication\s*=\s*\{([^}]*)\}/gi;
  return [...text.matchAll(pattern)]
    .filter(([, , options = '']) => options.includes('NetworkTopologyStrategy'))
    .map(([, keyspace = '', options = '']) => ({
      keyspace,
      datacenters: [...options.matchAll(/'([^']+)'\s*:\s*'?\d+'?/g)].map(([, name = '']) => name),
    }));
}

function absentDatacenters(object: Resource, statements: readonly Statement[], names: readonly string[]): Finding[] {
  return statements.flatMap(({ keyspace, datacenters }) =>
    datacenters
      .filter((name) => !names.includes(name))
      .map((name) =>
        broken(
          object,
          `${object.name} replicates ${keyspace} to ${name}, which is no datacenter of the stack`,
          `use ${names.join(', ')}`,
        ),
      ),
  );
}

function leftOut(object: Resource, statements: readonly Statement[], names: readonly string[]): Finding[] {
  if (statements.length === 0) return [];
  return SYSTEM_KEYSPACES.flatMap((keyspace) => {
    const last = statements.filter((statement) => statement.keyspace === keyspace).at(-1);
    const left = names.filter((name) => last?.datacenters.includes(name) !== true);
    if (left.length === 0) return [];
    const message = `${object.name} leaves ${keyspace} out of ${left.join(', ')}`;
    return [broken(object, message, 'replicate it to every datacenter')];
  });
}

/** While the first datacenter is alone it is the only one that may be named. */
function systemReplication({ model }: Stack, names: readonly string[]): Finding[] {
  return model.datacenters.flatMap((datacenter) => {
    const config = configOf(datacenter);
    if (config === undefined || typeof config.settings === 'symbol') return [];
    const { holder, property, settings } = config;
    const found = /-Dcassandra\.system_distributed_replication=([^"\s]+)/.exec(texts(settings).join(' '))?.[1] ?? '';
    const absent = found
      .split(',')
      .map((part) => part.split(':')[0] ?? '')
      .filter((name) => name !== '' && (!names.includes(name) || name !== datacenter.name));
    return absent.map((name) =>
      broken(
        holder,
        `${nameOf(holder)} names ${name} in system_distributed_replication, which is absent when ${datacenter.name} starts`,
        `name ${datacenter.name} alone`,
        { property },
      ),
    );
  });
}

/** Every known text inside a value. */
function texts(value: Value | undefined): string[] {
  const inner = reveal(value);
  if (isList(inner)) return inner.flatMap(texts);
  if (isFields(inner)) return Object.values(inner).flatMap(texts);
  const text = asText(inner);
  return typeof text === 'string' ? [text] : [];
}
