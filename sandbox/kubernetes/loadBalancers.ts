import { sameValue, text, texts, type Props, type Value } from '../core/values';
import { CloudError } from '../core/errors';
import type { Cause } from './apiErrors';
import type { BalancerController } from './balancerController';
import type { Outcome } from './kind';
import { withFinalizer, withoutFinalizer } from './deletion';
import { EKS_FINALIZER, eksBalancer, eksCauses } from './eksLoadBalancer';
import { GKE_FINALIZER, gkeBalancer, gkeCauses } from './gkeLoadBalancer';
import { loadBalancerController } from './helm/loadBalancerController';
import { idOf } from './meta';
import type { ClusterState } from './state';

/** What a controller remembers of the load balancer it made for a Service. */
const RECORD = 'kubernetes:loadBalancer';

/** The finalizers by which the clouds' controllers hold a Service until its load balancer is gone. */
export const FINALIZERS: readonly string[] = [EKS_FINALIZER, GKE_FINALIZER];

const NOT_ALLOCATED = 'Service was not allocated an IP address; does your cloud provider support this?';

export function balancerCauses(live: Props, state: ClusterState): Cause[] {
  return state.cluster.kind === 'eks' ? eksCauses(live) : gkeCauses(live);
}

/** Makes, keeps or remakes the load balancer of a Service. */
export function serveLoadBalancer(live: Props, state: ClusterState): Outcome {
  const controller = controllerFor(live, state);
  if (typeof controller === 'string') return { live, pending: [NOT_ALLOCATED, controller] };
  const held = withFinalizer(live, controller.finalizer);
  if (!controllerRuns(state)) return { live: held, pending: [NOT_ALLOCATED] };
  const record = state.stored(RECORD, idOf(live))?.inputs;
  if (record && sameValue(record.request, controller.request)) return balanced(held, record.ingress ?? {});
  if (record) destroy(state, text(record, 'handle') ?? '');
  try {
    const { handle, addresses, ingress } = controller.create();
    state.note(RECORD, idOf(live), { handle, addresses: [...addresses], ingress, request: controller.request });
    return balanced(held, ingress);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    state.remove(RECORD, idOf(live));
    const without = { ...held, status: { loadBalancer: {} } };
    return { live: without, pending: [NOT_ALLOCATED, `Failed deploy model due to ${error.message}`] };
  }
}

function balanced(live: Props, ingress: Value): Outcome {
  return { live: { ...live, status: { loadBalancer: { ingress: [ingress] } } }, pending: [] };
}

/** A Service that is no load balancer any more loses the one it had. */
export function withoutLoadBalancer(live: Props, state: ClusterState): Outcome {
  const held = texts(live, 'metadata', 'finalizers').some((finalizer) => FINALIZERS.includes(finalizer));
  if (!held || deleteLoadBalancer(live, state).length > 0) return { live, pending: [] };
  const free = FINALIZERS.reduce(withoutFinalizer, live);
  return { live: { ...free, status: { loadBalancer: {} } }, pending: [] };
}

/** Deletes the load balancer of a Service; without its controller the Service's finalizer stays. */
export function deleteLoadBalancer(live: Props, state: ClusterState): readonly string[] {
  const record = state.stored(RECORD, idOf(live))?.inputs;
  const finalizers = texts(live, 'metadata', 'finalizers').filter((finalizer) => FINALIZERS.includes(finalizer));
  if (finalizers.length === 0) return [];
  if (!controllerRuns(state)) return finalizers;
  if (record) destroy(state, text(record, 'handle') ?? '');
  state.remove(RECORD, idOf(live));
  return [];
}

/** Deletes the load balancers of Services that somebody took away past their finalizer, as a running controller does. */
export function collectOrphans(state: ClusterState): void {
  for (const { id, inputs } of state.records(RECORD)) {
    if (state.stored('kubernetes:core/v1:Service', id)) continue;
    if (!controllerRuns(state)) continue;
    destroy(state, text(inputs, 'handle') ?? '');
    state.remove(RECORD, id);
  }
}

/** GKE's controller runs in the control plane, AWS's in pods of the cluster. */
function controllerRuns(state: ClusterState): boolean {
  return state.cluster.kind === 'gke' || loadBalancerController.runs(state);
}

function destroy(state: ClusterState, handle: string): void {
  if (state.cluster.kind === 'gke') state.clouds.deleteForwardingRule(state.world, handle);
  else state.clouds.deleteNetworkLoadBalancer(state.world, handle);
}

/** The address lists of all load balancers in all clusters, with the cluster each stands in. */
export function loadBalancerAddresses(state: ClusterState): { cluster: string; addresses: string[] }[] {
  return state.world.kubernetes
    .all(RECORD)
    .map(({ id, inputs }) => ({ cluster: id.split('|')[0] ?? '', addresses: texts(inputs, 'addresses') }));
}

/** The controller that takes the Service, or why none does. */
function controllerFor(live: Props, state: ClusterState): BalancerController | string {
  return state.cluster.kind === 'eks'
    ? eksBalancer(live, state, state.cluster)
    : gkeBalancer(live, state, state.cluster);
}
