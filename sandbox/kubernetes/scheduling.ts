import { flag, list, number, object, text, texts, type Props, type Value } from '../core/values';
import type { Node } from './cluster';
import { strings } from './meta';
import { readyNodes } from './nodes';
import type { ClusterState } from './state';

const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap';
const SECRET = 'kubernetes:core/v1:Secret';
const SERVICE_ACCOUNT = 'kubernetes:core/v1:ServiceAccount';

/**
 * Why pods of a template do not all run; empty when they do. The scheduler's rules played are: there are nodes,
 * node selector and required node affinity match, required anti-affinity of the pods among themselves finds room,
 * and so does a topology spread that must hold. Amounts of CPU and memory are not counted.
 */
export function obstacles(state: ClusterState, namespace: string, spec: Props, replicas: number): string[] {
  if (replicas === 0) return [];
  const missing = missingParts(state, namespace, spec);
  if (missing.length > 0) return missing;
  const all = state.cluster.nodes.length;
  if (all === 0) return [unschedulable(replicas, 'no nodes available to schedule pods')];
  const nodes = readyNodes(state);
  if (nodes.length === 0) {
    const taint = '{node.kubernetes.io/not-ready: }';
    return [unschedulable(replicas, `0/${all} nodes are available: ${all} node(s) had untolerated taint ${taint}.`)];
  }
  const fitting = nodes.filter((node) => fits(spec, node));
  if (fitting.length === 0) {
    const why = `0/${nodes.length} nodes are available: ${nodes.length} node(s) didn't match Pod's node affinity/selector.`;
    return [unschedulable(replicas, why)];
  }
  const room = roomFor(spec, fitting, replicas);
  if (room >= replicas) return [];
  const why = `0/${nodes.length} nodes are available: ${nodes.length} node(s) didn't match pod anti-affinity rules or topology spread constraints.`;
  return [unschedulable(replicas - room, why)];
}

function unschedulable(pods: number, why: string): string {
  return `${pods} Pods failed to schedule because: [Unschedulable] ${why}`;
}

/** Whether the scheduler may put a pod on a node. */
export function fits(spec: Props, node: Node): boolean {
  const selector = strings(object(spec, 'nodeSelector'));
  if (!Object.entries(selector).every(([key, value]) => node.labels[key] === value)) return false;
  const terms = list(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  return (
    terms.length === 0 || terms.some((term) => list(term, 'matchExpressions').every((it) => expressionHolds(it, node)))
  );
}

function expressionHolds(expression: Value, node: Node): boolean {
  const value = node.labels[text(expression, 'key') ?? ''];
  const values = texts(expression, 'values');
  switch (text(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** How many of the pods find a place under the rules among themselves. */
function roomFor(spec: Props, nodes: readonly Node[], replicas: number): number {
  const anti = list(spec, 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const limits = anti.map((term) => domains(nodes, text(term, 'topologyKey') ?? '').size);
  for (const constraint of list(spec, 'topologySpreadConstraints')) {
    if (text(constraint, 'whenUnsatisfiable') !== 'DoNotSchedule') continue;
    const count = domains(nodes, text(constraint, 'topologyKey') ?? '').size;
    if (count === 0) limits.push(0);
    else if (count < (number(constraint, 'minDomains') ?? 1)) limits.push((number(constraint, 'maxSkew') ?? 1) * count);
  }
  return Math.min(replicas, ...limits);
}

function domains(nodes: readonly Node[], key: string): Set<string> {
  return new Set(nodes.flatMap((node) => node.labels[key] ?? []));
}

/** What a pod waits for before its containers start: its service account, and the objects it mounts or reads. */
export function missingParts(state: ClusterState, namespace: string, spec: Props): string[] {
  const account = text(spec, 'serviceAccountName') ?? 'default';
  if (!state.get(SERVICE_ACCOUNT, account, namespace)) {
    return [
      `pods "" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    ];
  }
  const problems: string[] = [];
  const need = (token: string, name: string | undefined, optional: boolean | undefined, where: string) => {
    if (!name || optional || state.get(token, name, namespace)) return;
    const kind = token === SECRET ? 'secret' : 'configmap';
    problems.push(`${where}: ${kind} "${name}" not found`);
  };
  for (const volume of list(spec, 'volumes')) {
    const where = `MountVolume.SetUp failed for volume "${text(volume, 'name') ?? ''}" `;
    need(SECRET, text(volume, 'secret', 'secretName'), flag(volume, 'secret', 'optional'), where);
    need(CONFIG_MAP, text(volume, 'configMap', 'name'), flag(volume, 'configMap', 'optional'), where);
    for (const source of list(volume, 'projected', 'sources')) {
      need(SECRET, text(source, 'secret', 'name'), flag(source, 'secret', 'optional'), where);
      need(CONFIG_MAP, text(source, 'configMap', 'name'), flag(source, 'configMap', 'optional'), where);
    }
  }
  for (const container of [...list(spec, 'initContainers'), ...list(spec, 'containers')]) {
    const where = `container "${text(container, 'name') ?? ''}" has CreateContainerConfigError`;
    for (const variable of list(container, 'env')) {
      const from = object(variable, 'valueFrom');
      need(SECRET, text(from, 'secretKeyRef', 'name'), flag(from, 'secretKeyRef', 'optional'), where);
      need(CONFIG_MAP, text(from, 'configMapKeyRef', 'name'), flag(from, 'configMapKeyRef', 'optional'), where);
    }
    for (const source of list(container, 'envFrom')) {
      need(SECRET, text(source, 'secretRef', 'name'), flag(source, 'secretRef', 'optional'), where);
      need(CONFIG_MAP, text(source, 'configMapRef', 'name'), flag(source, 'configMapRef', 'optional'), where);
    }
  }
  return problems;
}
