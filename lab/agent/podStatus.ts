/** A pod's status as the kubelet reports it (Kubernetes, "Pod Lifecycle"). */
import type { Json, KubernetesObject } from '../kubernetes/objects';

export interface ContainerState {
  phase: 'waiting' | 'running' | 'ended';
  ready: boolean;
  restarts: number;
  exitCode?: number;
  startedAt?: string;
  finishedAt?: string;
}

export interface PodState {
  readonly address: string;
  readonly hostAddress: string;
  readonly startTime: string;
  /** Every init container has ended well. */
  readonly initialized: boolean;
  /** Why containers have not started yet. */
  readonly waiting: string;
  readonly containers: ReadonlyMap<string, ContainerState>;
}

export function statusOf(pod: KubernetesObject, state: PodState): Json {
  const all = [...state.containers.values()];
  const ready = state.initialized && all.every((container) => container.ready);
  const condition = (type: string, holds: boolean): Json => ({
    type,
    status: holds ? 'True' : 'False',
    // The API keeps what it is given; a steady time keeps equal states equal.
    lastTransitionTime: conditionTime(pod, type, holds) ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  return {
    phase: phaseOf(pod, all),
    podIP: state.address,
    podIPs: [{ ip: state.address }],
    hostIP: state.hostAddress,
    hostIPs: [{ ip: state.hostAddress }],
    startTime: state.startTime.replace(/\.\d+Z$/, 'Z'),
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', state.initialized),
      condition('ContainersReady', ready),
      condition('Ready', ready),
    ],
    initContainerStatuses: ((pod.spec.initContainers ?? []) as Json[]).map(({ name, image }) => ({
      ...{ name, image, imageID: image, restartCount: 0, ready: state.initialized },
      state: state.initialized
        ? { terminated: { exitCode: 0, reason: 'Completed' } }
        : { waiting: { reason: 'PodInitializing', message: state.waiting } },
    })),
    containerStatuses: (pod.spec.containers as Json[]).map(({ name, image }) =>
      containerStatus(name, image, state.containers.get(name), state.waiting),
    ),
  };
}

const times = new WeakMap<KubernetesObject, Map<string, string>>();

/** When a condition became what it is. */
function conditionTime(pod: KubernetesObject, type: string, holds: boolean): string | undefined {
  const known = times.get(pod) ?? new Map<string, string>();
  times.set(pod, known);
  const key = `${type} ${String(holds)}`;
  const time = known.get(key) ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  known.delete(`${type} ${String(!holds)}`);
  known.set(key, time);
  return time;
}

function containerStatus(name: string, image: string, state: ContainerState | undefined, waiting: string): Json {
  const base = {
    ...{ name, image, imageID: image },
    restartCount: state?.restarts ?? 0,
    ready: state?.ready ?? false,
    started: state?.phase === 'running',
  };
  if (state?.phase === 'running') return { ...base, state: { running: { startedAt: state.startedAt } } };
  if (state?.phase === 'ended') {
    const { exitCode, startedAt, finishedAt } = state;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    return { ...base, state: { terminated: { exitCode, reason, startedAt, finishedAt } } };
  }
  return { ...base, state: { waiting: { reason: 'ContainerCreating', message: waiting } } };
}

function phaseOf(pod: KubernetesObject, containers: readonly ContainerState[]): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const ended = containers.every(({ phase }) => phase === 'ended');
  if (ended && policy !== 'Always' && containers.every(({ exitCode }) => exitCode === 0)) return 'Succeeded';
  if (ended && policy === 'Never') return 'Failed';
  return containers.some(({ phase }) => phase !== 'waiting') ? 'Running' : 'Pending';
}
