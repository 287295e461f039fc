/** When an applied object is what the program waits for: as the Kubernetes provider waits. */
import { NotYet, until } from '../core/wait';
import type { KubeClient } from './client';
import type { Json, KubernetesObject } from './objects';

/** Seconds. A datacenter's nodes start one after another. */
const PATIENCE: Readonly<Record<string, number>> = {
  CassandraDatacenter: 1_500,
  CassandraTask: 600,
  Job: 900,
  Service: 300,
};
const DEFAULT_PATIENCE = 240;

/** Waits until the object is ready, by what its kind means by that. */
export async function untilReady(api: KubeClient, object: KubernetesObject): Promise<void> {
  const check = checkOf(object);
  if (check === undefined) return;
  const { apiVersion, kind, metadata } = object;
  const patience = PATIENCE[kind] ?? DEFAULT_PATIENCE;
  const what = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  await until(
    what,
    patience,
    async () => {
      const current = await api.find(apiVersion, kind, metadata.name, metadata.namespace);
      if (current === undefined) return new NotYet('it is gone');
      const missing = check(current);
      return missing === undefined ? true : new NotYet(missing);
    },
    1_000,
  );
}

type Check = (current: KubernetesObject) => string | undefined;

function checkOf(object: KubernetesObject): Check | undefined {
  switch (object.kind) {
    case 'Deployment':
      return ({ spec, status }) =>
        status?.availableReplicas >= spec.replicas
          ? undefined
          : `${status?.availableReplicas ?? 0} of ${spec.replicas} pods are available`;
    case 'Job':
      return condition('Complete');
    case 'CassandraDatacenter':
      return condition('Ready');
    case 'CassandraTask':
      return condition('Complete');
    case 'Service':
      return object.spec.type === 'LoadBalancer'
        ? ({ status }) => (status?.loadBalancer?.ingress?.length > 0 ? undefined : 'no load balancer address')
        : undefined;
    default:
      return undefined;
  }
}

function condition(type: string): Check {
  return ({ status }) => {
    const conditions = (status?.conditions ?? []) as Json[];
    if (conditions.some((entry) => entry.type === type && entry.status === 'True')) return undefined;
    const states = conditions.map((entry) => `${entry.type}=${entry.status}`).join(' ');
    return `condition ${type} is not true${states === '' ? '' : ` (${states})`}`;
  };
}
