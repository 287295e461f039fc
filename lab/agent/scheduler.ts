/** Which machine a pod goes to: the rules of kube-scheduler that the stack's pods use. */
import type { Json, KubernetesObject } from '../kubernetes/objects';
import type { Machine } from '../network/model';
import { expressionHolds, selects } from './selectors';

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
export const HOST_LABEL = 'kubernetes.io/hostname';

/** Labels of a machine's Node object. */
export function nodeLabels(machine: Machine): Record<string, string> {
  return {
    [ZONE_LABEL]: machine.zone,
    [HOST_LABEL]: machine.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
  };
}

/**
 * The machine for a pod, or why there is none.
 *
 * Required node affinity, node selectors and required pod anti-affinity exclude; among the rest the fewest pods of the
 * same kind in the zone, then on the machine, decide, which is what spread constraints ask for.
 */
export function schedule(
  pod: KubernetesObject,
  machines: readonly Machine[],
  pods: readonly KubernetesObject[],
): Machine | string {
  const placed = pods.filter((other) => other.spec.nodeName !== undefined && other.metadata.uid !== pod.metadata.uid);
  const fitting = machines.filter((machine) => labelsFit(pod.spec, nodeLabels(machine)));
  if (fitting.length === 0) return 'no machine has the labels that the pod requires';
  const free = fitting.filter((machine) => !repelled(pod, machine, placed, machines));
  if (free.length === 0) return 'pod anti-affinity excludes every machine that fits';
  const alike = placed.filter((other) => sameKind(pod, other));
  const zoneOf = (name: string): string | undefined => machines.find((machine) => machine.name === name)?.zone;
  const load = (machine: Machine): number[] => [
    alike.filter((other) => zoneOf(other.spec.nodeName) === machine.zone).length,
    alike.filter((other) => other.spec.nodeName === machine.name).length,
    placed.filter((other) => other.spec.nodeName === machine.name).length,
  ];
  return [...free].sort((a, b) => compare(load(a), load(b)))[0] as Machine;
}

function labelsFit(spec: Json, labels: Readonly<Record<string, string>>): boolean {
  const selector = Object.entries((spec.nodeSelector ?? {}) as Record<string, string>);
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  // Terms are alternatives, the expressions of one hold together.
  return (required.nodeSelectorTerms as Json[]).some((term) =>
    ((term.matchExpressions ?? []) as Json[]).every((expression) => expressionHolds(expression, labels)),
  );
}

function repelled(
  pod: KubernetesObject,
  machine: Machine,
  placed: readonly KubernetesObject[],
  machines: readonly Machine[],
): boolean {
  const terms: Json[] = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some((term) =>
    placed.some((other) => {
      const host = machines.find(({ name }) => name === other.spec.nodeName);
      return (
        host !== undefined &&
        nodeLabels(host)[term.topologyKey] === nodeLabels(machine)[term.topologyKey] &&
        other.metadata.namespace === pod.metadata.namespace &&
        selects(term.labelSelector, other.metadata.labels ?? {})
      );
    }),
  );
}

function sameKind(a: KubernetesObject, b: KubernetesObject): boolean {
  const owner = (pod: KubernetesObject): string | undefined =>
    (pod.metadata['ownerReferences'] as Json[] | undefined)?.[0]?.uid;
  return owner(a) !== undefined && owner(a) === owner(b);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
