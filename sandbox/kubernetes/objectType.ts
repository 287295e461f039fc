import type { ResourceType, Subject } from '../core/resourceType';
import { InitializationFailed } from '../core/errors';
import type { Stored } from '../core/store';
import { isKnown, sameValue, type Props } from '../core/values';
import {
  ApiError,
  NamespaceNotFound,
  alreadyExists,
  creationRefused,
  invalid,
  noMatch,
  notReady,
  undeclared,
  updateRefused,
} from './apiErrors';
import { completeMetadata, checkMetadata, metadataCauses } from './metadata';
import { apply, own } from './fieldManagers';
import { annotationsOf, idOf, nameOf, namespaceOf } from './meta';
import type { Kind } from './kind';
import { erase, remove } from './deletion';
import type { KubernetesSession } from './session';
import type { ClusterState } from './state';
import { checkWaitFor, unmet, withSteadyTimes } from './waiting';
import { fieldManager } from './patchType';

/** Metadata that names an object: a change replaces it, whatever its kind. */
const IDENTITY = ['metadata.name', 'metadata.namespace', 'apiVersion', 'kind'];

/** The life of one kind of object behind the provider: its plan-time checks, dry runs, server-side apply and waiting. */
export function objectType(kind: Kind): ResourceType<KubernetesSession> {
  return {
    token: kind.token,
    seconds: { create: kind.seconds },
    immutable: [...IDENTITY, ...kind.forceNew],
    immutableFor: (olds, news, cloud) => dataIsFixed(kind, olds, news, cloud),
    nameOf: (inputs) => (isAutonamed(inputs) ? undefined : idOf(inputs) || undefined),
    complete: (inputs, olds, subject, cloud) => completeMetadata(kind, inputs, olds, subject, cloud),
    check: (inputs) => [...checkMetadata(inputs), ...checkWaitFor(inputs)],
    rehearse: (inputs, cloud, subject, olds) => rehearse(kind, inputs, cloud, subject, olds),
    create: (inputs, cloud, subject) => create(kind, inputs, cloud, subject),
    read: (stored, cloud) => read(kind, stored, cloud.state()),
    update: (stored, inputs, cloud, subject) => update(kind, stored, inputs, cloud, subject),
    delete: (stored, cloud) => remove(cloud.state(), kind, stored.outputs),
  };
}

/**
 * ConfigMaps and Secrets are replaced when their data changes, unless the provider is told that they are mutable
 * (provider options `enableConfigMapMutable` and `enableSecretMutable`).
 */
function dataIsFixed(kind: Kind, olds: Props, news: Props, cloud: KubernetesSession | undefined): string[] {
  const fixed = olds.immutable === true && news.immutable === true;
  if (kind.kind === 'ConfigMap') {
    return fixed || !cloud?.settings.configMapsMutable ? ['data', 'binaryData'] : [];
  }
  if (kind.kind === 'Secret') {
    return fixed || !cloud?.settings.secretsMutable ? ['type', 'data', 'stringData'] : ['type'];
  }
  return [];
}

function isAutonamed(inputs: Props): boolean {
  return annotationsOf(inputs)['pulumi.com/autonamed'] === 'true';
}

/**
 * A server-side dry run. As in the provider, a preview answers with the inputs alone where the dry run cannot be
 * made or says nothing of the real run: unknown values, a kind or namespace still to come, a name still taken.
 */
function rehearse(
  kind: Kind,
  inputs: Props,
  cloud: KubernetesSession | undefined,
  subject: Subject,
  olds: Props | undefined,
): Props {
  if (!cloud || !isKnown(inputs)) return inputs;
  const state = cloud.state();
  if (kind.served && !kind.served(state)) return inputs;
  try {
    const before = olds && state.stored(kind.token, idOf(olds))?.outputs;
    const live = before ? merged(kind, before, inputs, state, cloud, subject) : fresh(kind, inputs, state);
    if (before) return live;
    const { status: _unset, ...known } = state.stamp(live);
    return known;
  } catch (error) {
    if (error instanceof NamespaceNotFound) return inputs;
    if (error instanceof ApiError && error.reason === 'AlreadyExists') return inputs;
    throw error instanceof ApiError ? (olds ? updateRefused(inputs, error) : creationRefused(inputs, error)) : error;
  }
}

async function create(kind: Kind, inputs: Props, cloud: KubernetesSession, subject: Subject) {
  const state = cloud.state();
  let live: Props;
  try {
    const existing = state.stored(kind.token, idOf(inputs))?.outputs;
    if (existing && cloud.settings.upsert) {
      live = merged(kind, existing, inputs, state, cloud, subject);
    } else {
      live = state.stamp(fresh(kind, inputs, state));
    }
  } catch (error) {
    throw error instanceof ApiError ? creationRefused(inputs, error) : error;
  }
  state.put(kind.token, inputs, live);
  own(state, kind.token, live, inputs, fieldManager(inputs, subject));
  return { id: idOf(live), outputs: settle(kind, inputs, live, state) };
}

function update(kind: Kind, stored: Stored, inputs: Props, cloud: KubernetesSession, subject: Subject): Props {
  const state = cloud.state();
  let live: Props;
  try {
    live = merged(kind, stored.outputs, inputs, state, cloud, subject);
  } catch (error) {
    throw error instanceof ApiError ? updateRefused(inputs, error) : error;
  }
  live = state.restamp(live, !sameValue(stored.outputs.spec, live.spec));
  state.put(kind.token, inputs, live);
  own(state, kind.token, live, inputs, fieldManager(inputs, subject));
  return settle(kind, inputs, live, state);
}

/** The object as it is now; gone where its time to live after the end of its work is over. */
function read(kind: Kind, stored: Stored, state: ClusterState): Props | undefined {
  const expiry = kind.expiry?.(stored.outputs);
  if (expiry === undefined || expiry > Date.now()) return settle(kind, stored.inputs, stored.outputs, state);
  erase(state, kind.token, stored.outputs);
  return undefined;
}

/**
 * Lets the controllers work and waits for the object as the provider does. They never rest, so this happens at a
 * refresh as well.
 */
function settle(kind: Kind, inputs: Props, stored: Props, state: ClusterState): Props {
  const reconciled = kind.reconcile?.(stored, state) ?? { live: stored, pending: [] };
  const outcome = { ...reconciled, live: withSteadyTimes(stored, reconciled.live) };
  if (!sameValue(stored, outcome.live)) state.put(kind.token, inputs, outcome.live);
  const reasons = unmet(kind, outcome);
  if (reasons.length === 0) return outcome.live;
  const [first = '', ...others] = reasons;
  throw new InitializationFailed(idOf(stored), inputs, outcome.live, [notReady(stored, first), ...others]);
}

/** A new object as the API server would store it; throws where it refuses. */
function fresh(kind: Kind, inputs: Props, state: ClusterState): Props {
  requirePlace(kind, inputs, state);
  if (state.stored(kind.token, idOf(inputs))) throw alreadyExists(kind, nameOf(inputs));
  return admitted(kind, inputs, state);
}

/** The live object after a server-side apply of the inputs; throws where the API server refuses. */
function merged(
  kind: Kind,
  before: Props,
  inputs: Props,
  state: ClusterState,
  cloud: KubernetesSession,
  subject: Subject,
): Props {
  requirePlace(kind, inputs, state);
  const force = cloud.settings.patchForce || annotationsOf(inputs)['pulumi.com/patchForce'] === 'true';
  const after = apply(state, kind, before, inputs, { manager: fieldManager(inputs, subject), force });
  return admitted(kind, after, state, before);
}

function requirePlace(kind: Kind, inputs: Props, state: ClusterState): void {
  if (kind.served && !kind.served(state)) throw noMatch(kind);
  const unknownFields = kind.undeclared?.(inputs) ?? [];
  if (unknownFields.length > 0) throw undeclared(kind, inputs, unknownFields);
  if (kind.namespaced) state.requireNamespace(namespaceOf(inputs) ?? 'default');
}

/** Defaulting, validation and admission, in the API server's order. */
function admitted(kind: Kind, given: Props, state: ClusterState, before?: Props): Props {
  const live = kind.defaults ? kind.defaults(given, state) : given;
  const causes = [...metadataCauses(kind, live), ...(kind.validate?.(live, state, before) ?? [])];
  if (causes.length > 0) throw invalid(kind, nameOf(live), causes);
  kind.admit?.(live, state, before);
  return live;
}
