import { list, object, text, texts, type Props } from '../core/values';
import { CloudError } from '../core/errors';
import type { Cause } from './apiErrors';
import type { Outcome } from './kind';
import { withFinalizer } from './deletion';
import { eksBalancer, eksCauses } from './eksLoadBalancer';
import { gkeBalancer, gkeCauses } from './gkeLoadBalancer';
import { idOf } from './meta';
import type { ClusterState } from './state';

/** What a controller remembers of the load balancer it made for a Service. */
const RECORD = 'kubernetes:loadBalancer';

/** A controller that makes load balancers for Services. */
export interface BalancerController {
  /** The finalizer by which the controller holds a Service until its load balancer is gone. */
  readonly finalizer: string;
  /** Whether the controller runs now, so that it can make and delete. */
  readonly running: boolean;
  /** What the controller would make; compared with what it made. */
  readonly request: Props;
  create(): { readonly handle: string; readonly addresses: readonly string[]; readonly ingress: Props };
  destroy(handle: string): void;
}

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
  if (record && JSON.stringify(record.request) === JSON.stringify(controller.request))
    return { live: held, pending: [] };
  if (record) controller.destroy(text(record, 'handle') ?? '');
  try {
    const { handle, addresses, ingress } = controller.create();
    state.note(RECORD, idOf(live), { handle, addresses: [...addresses], request: controller.request });
    return { live: { ...held, status: { loadBalancer: { ingress: [ingress] } } }, pending: [] };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    state.remove(RECORD, idOf(live));
    const without = { ...held, status: { loadBalancer: {} } };
    return { live: without, pending: [NOT_ALLOCATED, `Failed deploy model due to ${error.message}`] };
  }
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

/** Ports of a Service by protocol. */
export function portsByProtocol(live: Props): Map<string, number[]> {
  const ports = new Map<string, number[]>();
  for (const port of list(live, 'spec', 'ports')) {
    const protocol = text(port, 'protocol') ?? 'TCP';
    ports.set(protocol, [...(ports.get(protocol) ?? []), Number(object({ port }, 'port').port)]);
  }
  return ports;
}
