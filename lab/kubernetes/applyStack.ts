/** Applies the stack's Kubernetes objects to the real API servers, in the program's order. */
import type { Stack } from '../stack/stack';
import type { Cluster } from '../network/model';
import type { Tools } from '../tools/tools';
import { cassOperatorObjects } from './cassOperator';
import { issue } from './certificates';
import type { KubeClient } from './client';
import { managedDns } from './managedDns';
import type { KubernetesObject } from './objects';
import { inDependencyOrder } from './order';
import { untilReady } from './ready';
import { scaled } from './scale';
import { RELEASE, type StackObject, objectOf, stackObjects } from './stackObjects';

export interface ApplyOptions {
  readonly tools: Tools;
  readonly apis: ReadonlyMap<Cluster, KubeClient>;
  /** Cassandra nodes in each datacenter. */
  readonly nodesPerDatacenter: number;
  readonly say: (line: string) => void;
}

/** Groups that controllers of the clouds serve and nothing in the lab does. */
const NOT_SERVED = ['crd.k8s.amazonaws.com/', 'monitoring.googleapis.com/'];
const CERT_MANAGER = 'cert-manager.io/';

export async function applyStack(stack: Stack, clusters: readonly Cluster[], options: ApplyOptions): Promise<void> {
  const { apis, say } = options;
  for (const [cluster, api] of apis) {
    for (const object of managedDns(cluster, stack)) await api.apply(object);
  }
  const objects = stackObjects(stack, clusters);
  await inDependencyOrder(stack.inventory, async (urn) => {
    const object = objects.get(urn);
    if (object === undefined) return;
    const api = apis.get(object.cluster);
    if (api === undefined) throw new Error(`${object.cluster.urn} has no control plane`);
    const started = Date.now();
    const done = await applyOne(object, api, objects, options);
    const seconds = Math.round((Date.now() - started) / 1000);
    if (seconds > 2) say(`${object.cluster.name}: ${done} (${seconds} s)`);
  });
}

async function applyOne(
  object: StackObject,
  api: KubeClient,
  objects: ReadonlyMap<string, StackObject>,
  { tools, nodesPerDatacenter, say }: ApplyOptions,
): Promise<string> {
  if (object.type === RELEASE) return applyRelease(object, api, tools, say);
  const asGiven = objectOf(object);
  const name = `${asGiven.kind} ${asGiven.metadata.name}`;
  if (NOT_SERVED.some((group) => asGiven.apiVersion.startsWith(group))) return name;
  if (asGiven.apiVersion.startsWith(CERT_MANAGER)) {
    if (asGiven.kind === 'Certificate') await issue(api, asGiven, issuersOf(object.cluster, objects));
    return name;
  }
  const wanted = scaled(asGiven, nodesPerDatacenter);
  if (wanted.kind === 'CassandraDatacenter') say(`${object.cluster.name}: ${name} applied, waiting for it to be Ready`);
  await api.apply(wanted);
  await untilReady(api, wanted);
  return name;
}

function issuersOf(cluster: Cluster, objects: ReadonlyMap<string, StackObject>): KubernetesObject[] {
  return [...objects.values()]
    .filter((object) => object.cluster === cluster && object.type.endsWith(':Issuer'))
    .map(objectOf);
}

/** Charts are not to be had; what they install is, for the operator. */
async function applyRelease(
  { cluster, inputs }: StackObject,
  api: KubeClient,
  tools: Tools,
  say: (line: string) => void,
): Promise<string> {
  const chart = String(inputs.chart);
  if (!chart.endsWith('cass-operator')) {
    say(`${cluster.name}: Helm release ${inputs.name} is not run; the lab does its part itself`);
    return `release ${inputs.name}`;
  }
  for (const object of cassOperatorObjects(tools, inputs.namespace, inputs.values)) {
    await api.apply(object);
    await untilReady(api, object);
  }
  return 'cass-operator';
}
