/** The Kubernetes objects of a stack, each with its cluster and with the resources that come before it. */
import type { Inventory } from '../../reachability/resources/inventory';
import type { Resource, ResourceInput } from '../../reachability/resources/resource';
import { LabError } from '../core/errors';
import type { Cluster } from '../network/model';
import { type Stack, inputsOf } from '../stack/stack';
import type { Json, KubernetesObject } from './objects';

const KUBERNETES_PROVIDER = 'pulumi:providers:kubernetes';
export const RELEASE = 'kubernetes:helm.sh/v3:Release';

/** A resource of the Kubernetes provider. */
export interface StackObject {
  readonly urn: string;
  readonly type: string;
  readonly cluster: Cluster;
  readonly inputs: Json;
}

/** The objects by URN, in order of registration. */
export function stackObjects({ inventory, resources }: Stack, clusters: readonly Cluster[]): Map<string, StackObject> {
  const objects = new Map<string, StackObject>();
  for (const resource of resources) {
    if (!resource.type.startsWith('kubernetes:')) continue;
    const cluster = clusterOf(inventory, resource, clusters);
    objects.set(resource.urn, { urn: resource.urn, type: resource.type, cluster, inputs: inputsOf(resource) });
  }
  return objects;
}

/** As the API server takes it: a patch of an object is applied like an object. */
export function objectOf({ type, inputs }: StackObject): KubernetesObject {
  const kind = type.slice(type.lastIndexOf(':') + 1).replace(/Patch$/, '');
  const group = type.slice('kubernetes:'.length, type.lastIndexOf(':'));
  const apiVersion = group === 'core/v1' ? 'v1' : group;
  return { apiVersion, kind, ...withoutInternals(inputs) };
}

/** Fields that the provider keeps for itself. */
function withoutInternals(inputs: Json): Json {
  return Object.fromEntries(Object.entries(inputs as Record<string, Json>).filter(([key]) => !key.startsWith('__')));
}

function clusterOf(inventory: Inventory, resource: ResourceInput, clusters: readonly Cluster[]): Cluster {
  const urn = resource.provider?.slice(0, resource.provider.lastIndexOf('::')) ?? '';
  const provider = inventory.get(urn);
  const reached = provider === undefined ? new Set<string>() : reachable(inventory, provider);
  const found = clusters.find((cluster) => reached.has(cluster.urn));
  if (found === undefined)
    throw new LabError(`${resource.urn}: no cluster stands behind its provider (${KUBERNETES_PROVIDER})`);
  return found;
}

/** The clusters that a provider depends on by value are its own; no further, since those depend on much. */
function reachable(inventory: Inventory, provider: Resource): Set<string> {
  const own = provider.allDependencies();
  const next = own.flatMap((urn) => inventory.get(urn)?.allDependencies() ?? []);
  return new Set([...own, ...next]);
}
