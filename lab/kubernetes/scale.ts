/**
 * The quick form of a stack: fewer Cassandra nodes in each datacenter. What follows from their number follows: racks,
 * size, replicas. Everything else stays as the program says.
 */
import type { Json, KubernetesObject } from './objects';

/** @param nodes Cassandra nodes in each datacenter, each in a rack of its own; Infinity leaves the stack as it is */
export function scaled(object: KubernetesObject, nodes: number): KubernetesObject {
  if (!Number.isFinite(nodes)) return object;
  switch (object.kind) {
    case 'CassandraDatacenter':
      return scaledDatacenter(object, nodes);
    case 'Secret':
      return scaledConfiguration(object, nodes);
    case 'Job':
      return scaledReplication(object, nodes);
    default:
      return object;
  }
}

function scaledDatacenter(object: KubernetesObject, nodes: number): KubernetesObject {
  const racks = (object.spec.racks as Json[]).slice(0, nodes);
  return { ...object, spec: { ...object.spec, racks, size: racks.length } };
}

/** The operator's configuration: the replication factors in it. */
function scaledConfiguration(object: KubernetesObject, nodes: number): KubernetesObject {
  const config = (object.data as Record<string, string> | undefined)?.['config'];
  if (config === undefined) return object;
  const text = Buffer.from(config, 'base64')
    .toString()
    .replace(
      /("allocate_tokens_for_local_replication_factor":\s*)(\d+)/,
      (_, key: string, factor: string) => key + fewer(factor, nodes),
    )
    .replace(
      /(system_distributed_replication=)([^"\s]+)/,
      (_, key: string, list: string) =>
        key + list.replace(/:(\d+)/g, (__, factor: string) => `:${fewer(factor, nodes)}`),
    );
  return { ...object, data: { ...object.data, config: Buffer.from(text).toString('base64') } };
}

/** A Job whose script alters keyspaces: the replication maps in its environment. */
function scaledReplication(object: KubernetesObject, nodes: number): KubernetesObject {
  const text = JSON.stringify(object.spec).replace(
    /('[A-Za-z0-9_-]+': )(\d+)/g,
    (_, key: string, factor: string) => key + fewer(factor, nodes),
  );
  return { ...object, spec: JSON.parse(text) as Json };
}

function fewer(factor: string, nodes: number): string {
  return String(Math.min(Number(factor), nodes));
}
