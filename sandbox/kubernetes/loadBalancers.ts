import { sameValue, text, texts, type Props, type Value } from '../core/values';
import { CloudError } from '../core/errors';
import type { Cause } from './apiErrors';
import type { BalancerController } from './balancerController';
import type { Outcome } from './kind';
import { withFinalizer } from './deletion';
import { eksBalancer, eksCauses } from './eksLoadBalancer';
import { gkeBalancer, gkeCauses } from './gkeLoadBalancer';
import { loadBalancerController } from './helm/loadBalancerController';
import { idOf } from './meta';
import type { ClusterState } from './state';

/** What a controller remembers of the load balancer it made for a Service. */
const RECORD = 'kubernetes:loadBalancer';

const NOT_ALLOCATED = 'Service was not allocated an IP address; does your cloud provider support this?';

export function balancerCauses(live: Props, state: ClusterState): Cause[] {
  return state.cluster.kind === 'eks' ? eksCauses(live) : gkeCauses(live);
}

/** Makes, keeps or remakes the load balancer of a Service. */
export function serveLoadBalancer(live: Props, state: ClusterState): Outcome {
  const controller = controllerFor(live, state);
  if (typeof controller === 'string') return { live, pending: [NOT_ALLOCATED, controller] };
  const held = withFinalizer(live, controller.finalizer);
  if (!controller.running) return { live: held, pending: [NOT_ALLOCATED] };
  const record = state.stored(RECORD, idOf(live))?.inputs;
  if (record && sameValue(record.request, controller.request)) return balanced(held, record.ingress ?? {});
  if (record) controller.destroy(text(record, 'handle') ?? '');
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

/** Deletes the load balancer of a Service; without its controller the Service's finalizer stays. */
export function deleteLoadBalancer(live: Props, state: ClusterState): readonly string[] {
  const record = state.stored(RECORD, idOf(live))?.inputs;
  const finalizers = texts(live, 'metadata', 'finalizers');
  if (finalizers.length === 0) return [];
  const controller = controllerFor(live, state);
  if (typeof controller === 'string' || !controller.running) return finalizers;
  if (record) controller.destroy(text(record, 'handle') ?? '');
  state.remove(RECORD, idOf(live));
  return [];
}

/** Deletes the load balancers of Services that somebody took away past their finalizer, as a running controller does. */
export function collectOrphans(state: ClusterState): void {
  for (const { id, inputs } of state.records(RECORD)) {
    if (state.stored('kubernetes:core/v1:Service', id)) continue;
    const handle = text(inputs, 'handle') ?? '';
    if (state.cluster.kind === 'gke') state.clouds.deleteForwardingRule(state.world, handle);
    else if (loadBalancerController.runs(state)) state.clouds.deleteNetworkLoadBalancer(state.world, handle);
    else continue;
    state.remove(RECORD, id);
  }
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
