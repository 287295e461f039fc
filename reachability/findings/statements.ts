/** ALTER KEYSPACE statements that the input runs, in a Job or out of a ConfigMap. */
import type { Datacenter } from '../model/kubernetes/cassandra';
import { kindOf } from '../model/kubernetes/objects';
import type { Resource } from '../resources/resource';
import { type Value, isFields, isList, reveal } from '../resources/value';

/** What changes the replication of the keyspaces of Cassandra's own; the operator does not. */
export function replicationHolder(datacenters: readonly Datacenter[]): Resource | undefined {
  return datacenters
    .flatMap(({ cluster }) => cluster.objects)
    .find(
      (object) => ['Job', 'ConfigMap', 'CronJob'].includes(kindOf(object)) && textOf(object).includes('system_auth'),
    );
}

/** Replication factor by datacenter, for each statement. */
export function replicationsIn(holder: Resource): ReadonlyMap<string, number>[] {
  const maps = textOf(holder).match(/\{[^{}]*NetworkTopologyStrategy[^{}]*\}/g) ?? [];
  return maps.map(
    (map) =>
      new Map(
        [...map.matchAll(/['"]([^'"]+)['"]\s*:\s*['"]?([0-9]+)/g)].map(([, name = '', factor]) => [
          name,
          Number(factor),
        ]),
      ),
  );
}

/** All known texts of an object, one after another. */
export function textOf(object: Resource): string {
  const texts: string[] = [];
  const collect = (value: Value | undefined): void => {
    const inner = reveal(value);
    if (typeof inner === 'string') texts.push(inner);
    else if (isList(inner)) inner.forEach(collect);
    else if (isFields(inner)) Object.values(inner).forEach(collect);
  };
  collect(object.value('spec'));
  collect(object.value('data'));
  return texts.join('\n');
}
