import { number, object, type Props } from '../core/values';
import { namespaceOf, nameOf, selects, strings } from './meta';
import { readyNodes } from './nodes';
import type { ClusterState } from './state';

export const DEPLOYMENT = 'kubernetes:apps/v1:Deployment';
export const STATEFUL_SET = 'kubernetes:apps/v1:StatefulSet';

/** Pods of one workload: they share labels and readiness. */
export interface PodGroup {
  readonly namespace: string;
  /** Name of the workload that runs them. */
  readonly workload: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly ready: number;
}

/** The pods of a cluster, as far as workloads of the API run them. */
export function podsOf(state: ClusterState, namespace?: string): PodGroup[] {
  const nodes = readyNodes(state).length > 0;
  const workloads = [...state.all(DEPLOYMENT, namespace), ...state.all(STATEFUL_SET, namespace)];
  return workloads.map((workload) => podGroup(workload, nodes));
}

function podGroup(workload: Props, nodes: boolean): PodGroup {
  return {
    namespace: namespaceOf(workload) ?? 'default',
    workload: nameOf(workload),
    labels: strings(object(workload, 'spec', 'template', 'metadata', 'labels')),
    count: number(workload, 'status', 'replicas') ?? 0,
    ready: nodes ? (number(workload, 'status', 'readyReplicas') ?? 0) : 0,
  };
}

/** Whether a Service's selector finds pods it may send to. */
export function targetsPods(state: ClusterState, service: Props): boolean {
  const wanted = strings(object(service, 'spec', 'selector'));
  const unready = object(service, 'spec').publishNotReadyAddresses === true;
  return podsOf(state, namespaceOf(service) ?? 'default').some(
    (pods) => selects(wanted, pods.labels) && (unready ? pods.count : pods.ready) > 0,
  );
}

/** Whether a Deployment of the cluster runs with at least one ready pod, now that the nodes are what they are. */
export function runs(state: ClusterState, namespace: string, name: string): boolean {
  return podsOf(state, namespace).some(({ workload, ready }) => workload === name && ready > 0);
}
