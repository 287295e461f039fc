import { list, object, text, type Props } from '../../core/values';
import { erase, withFinalizer } from '../deletion';
import { cassOperator } from '../helm/cassOperator';
import type { Outcome } from '../kind';
import { annotationsOf } from '../meta';
import { readyNodes } from '../nodes';
import { STATEFUL_SET } from '../pods';
import { fits, missingParts } from '../scheduling';
import { timestamp, type ClusterState } from '../state';
import { bindClaim, claimsOf, provisioningFailure, provisioningProblem, releaseClaim } from '../volumes';
import { condition, generationOf } from '../waiting';
import {
  DATACENTER_FINALIZER,
  clusterLabels,
  datacenterLabels,
  isReady,
  readDatacenter,
  sharesNodes,
  type Datacenter,
  type Rack,
} from './datacenter';
import { ensureServices, ensureSuperuser, statefulSet } from './operatorObjects';
import { additionalSeedsProblem, forgetJoin, joinedThroughEndpoints, rememberJoin, roleProblem } from './ring';

const SECRET = 'kubernetes:core/v1:Secret';

/** One Cassandra pod with the node it runs on. */
interface Placement {
  readonly rack: Rack;
  readonly zone: string;
  readonly pod: string;
}

/**
 * cass-operator's work on a datacenter: its services and stateful sets, a disk for each node, and the state that
 * says whether Cassandra came up. Without an operator that watches the namespace nothing happens.
 */
export function reconcileDatacenter(live: Props, state: ClusterState): Outcome {
  const dc = readDatacenter(live);
  if (!cassOperator.watches(state, dc.namespace)) {
    return { live, pending: [`no running cass-operator watches namespace ${dc.namespace}`] };
  }
  const held = keepsFinalizer(live) ? withFinalizer(live, DATACENTER_FINALIZER) : live;
  const missing = missingSecrets(state, dc);
  // Of a datacenter that runs, the operator only puts the reconciliation off: its conditions stay.
  if (missing) return isReady(held) ? { live: held, pending: [] } : outcome(held, dc, missing);
  if (dc.generatesSuperuser) ensureSuperuser(state, dc);
  ensureServices(state, dc);
  const problem = startPods(state, dc) ?? joinRing(state, dc);
  for (const rack of dc.racks) putStatefulSet(state, dc, rack, problem === undefined);
  return outcome(held, dc, problem);
}

function keepsFinalizer(live: Props): boolean {
  return annotationsOf(live)['cassandra.datastax.com/no-finalizer'] === undefined;
}

/** Secrets that the operator reads before anything else. */
function missingSecrets(state: ClusterState, dc: Datacenter): string | undefined {
  const spec = object(dc.live, 'spec');
  const needed = [
    ...(dc.generatesSuperuser ? [] : [dc.superuserSecret]),
    ...list(spec, 'users').map((user) => text(user, 'secretName') ?? ''),
    ...(text(spec, 'configSecret') ? [text(spec, 'configSecret') ?? ''] : []),
    ...['clientSecretName', 'serverSecretName'].flatMap((key) => text(spec, 'managementApiAuth', 'manual', key) ?? []),
  ];
  const absent = needed.find((name) => !state.get(SECRET, name, dc.namespace));
  if (absent) return `Secret "${absent}" not found`;
  const config = text(spec, 'configSecret');
  return config === undefined
    ? undefined
    : configProblem(object(state.get(SECRET, config, dc.namespace), 'data'), config);
}

/** The configuration secret holds JSON under the key `config`. */
function configProblem(data: Props, name: string): string | undefined {
  const encoded = text(data, 'config');
  if (encoded === undefined) return `invalid config secret ${name}: config key is missing`;
  try {
    JSON.parse(Buffer.from(encoded, 'base64').toString());
    return undefined;
  } catch (error) {
    return `invalid config secret ${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Places every pod on a node and gives it its disk; the first thing that stands in the way. */
function startPods(state: ClusterState, dc: Datacenter): string | undefined {
  const spec = object(dc.live, 'spec');
  const claim = object(spec, 'storageConfig', 'cassandraDataVolumeClaimSpec');
  const podSpec = { ...object(spec, 'podTemplateSpec', 'spec'), volumes: volumesOf(spec) };
  const blocked =
    missingParts(state, dc.namespace, { ...podSpec, ...accountOf(spec) })[0] ?? provisioningProblem(state, claim);
  if (blocked) return blocked;
  const placed = place(state, dc, spec);
  if (typeof placed === 'string') return placed;
  for (const { rack, zone, pod } of placed) {
    const labels = { ...datacenterLabels(dc), 'cassandra.datastax.com/rack': rack.name };
    try {
      const request = { name: `server-data-${pod}`, namespace: dc.namespace, labels, spec: claim, zone };
      bindClaim(state, request, (metadata) => metadata);
    } catch (error) {
      return provisioningFailure(error);
    }
  }
  return undefined;
}

function volumesOf(spec: Props) {
  const additional = list(spec, 'storageConfig', 'additionalVolumes').map((volume) => ({
    ...object(volume, 'volumeSource'),
    name: text(volume, 'name') ?? '',
  }));
  return [...list(spec, 'podTemplateSpec', 'spec', 'volumes'), ...additional];
}

function accountOf(spec: Props): Props {
  const account = text(spec, 'serviceAccountName') ?? text(spec, 'serviceAccount');
  return account ? { serviceAccountName: account } : {};
}

/** One pod per node unless nodes may be shared: the operator's required anti-affinity on the host name. */
function place(state: ClusterState, dc: Datacenter, spec: Props): Placement[] | string {
  const placements: Placement[] = [];
  const taken = new Set<string>();
  const nodes = readyNodes(state);
  for (const rack of dc.racks) {
    const selector = { ...object(spec, 'nodeSelector'), ...rack.nodeAffinityLabels };
    const fitting = nodes.filter((node) => fits({ nodeSelector: selector }, node));
    for (let i = 0; i < rack.size; i += 1) {
      const free = sharesNodes(dc.live) ? fitting[i % fitting.length] : fitting.find(({ name }) => !taken.has(name));
      if (!free) {
        const pod = podName(dc, rack, i);
        return `pod ${pod} is unschedulable: 0/${nodes.length} nodes are available: ${fitting.length} of them are in rack ${rack.name}, which wants ${rack.size}`;
      }
      taken.add(free.name);
      placements.push({ rack, zone: free.zone, pod: podName(dc, rack, i) });
    }
  }
  return placements;
}

function podName(dc: Datacenter, rack: Rack, ordinal: number): string {
  return `${statefulSet(dc, rack).name}-${ordinal}`;
}

/** A datacenter that was Ready stays in its ring; a new one joins whom it finds, or starts a ring of its own. */
function joinRing(state: ClusterState, dc: Datacenter): string | undefined {
  if (isReady(dc.live)) return undefined;
  if (dc.additionalSeeds.length > 0) return additionalSeedsProblem(state, dc);
  const joined = joinedThroughEndpoints(state, dc);
  if (joined.length === 0) return undefined;
  const problem = roleProblem(state, dc, joined);
  if (problem === undefined) rememberJoin(state, dc, joined);
  return problem;
}

function putStatefulSet(state: ClusterState, dc: Datacenter, rack: Rack, ready: boolean): void {
  const { name, object: given } = statefulSet(dc, rack);
  const existing = state.get(STATEFUL_SET, name, dc.namespace) ?? state.stamp(given);
  const status = { replicas: rack.size, readyReplicas: ready ? rack.size : 0, currentReplicas: rack.size };
  state.put(STATEFUL_SET, given, { ...existing, spec: object(given, 'spec'), status });
}

function outcome(live: Props, dc: Datacenter, problem: string | undefined): Outcome {
  const now = timestamp();
  const ready = problem === undefined;
  const status: Props = {
    cassandraOperatorProgress: ready ? 'Ready' : 'Updating',
    observedGeneration: generationOf(live),
    datacenterName: dc.datacenter,
    conditions: [
      condition('Valid', true, '', '', now),
      condition('Initialized', ready, '', '', now),
      condition('Ready', ready, '', '', now),
      condition('Healthy', ready, '', '', now),
      condition('Updating', false, '', '', now),
    ],
    ...(ready ? { nodeStatuses: nodeStatuses(dc), superUserUpserted: now, usersUpserted: now } : {}),
  };
  const kept = ready && isReady(live) ? { ...object(live, 'status'), observedGeneration: generationOf(live) } : status;
  return { live: { ...live, status: kept }, pending: problem ? [problem] : [] };
}

function nodeStatuses(dc: Datacenter): Props {
  const pods = dc.racks.flatMap((rack) =>
    Array.from({ length: rack.size }, (_, i) => [podName(dc, rack, i), { rack: rack.name }] as const),
  );
  return Object.fromEntries(pods);
}

/**
 * The operator's part of a deletion: it takes the volume claims away, for which it holds a finalizer. Without a
 * running operator the object stays.
 */
export function deleteDatacenter(live: Props, state: ClusterState): readonly string[] {
  if (!list(live, 'metadata', 'finalizers').includes(DATACENTER_FINALIZER)) return [];
  const dc = readDatacenter(live);
  if (!cassOperator.watches(state, dc.namespace)) return [DATACENTER_FINALIZER];
  for (const rack of dc.racks) {
    const set = state.get(STATEFUL_SET, statefulSet(dc, rack).name, dc.namespace);
    if (set) erase(state, STATEFUL_SET, set);
  }
  if (annotationsOf(live)['cassandra.datastax.com/delete-pvc'] !== 'false') {
    for (const claim of claimsOf(state, dc.namespace, {
      ...clusterLabels(dc),
      'cassandra.datastax.com/datacenter': dc.name,
    })) {
      releaseClaim(state, claim);
    }
  }
  forgetJoin(state, dc);
  return [];
}
