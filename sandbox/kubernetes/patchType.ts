import type { ResourceType, Subject } from '../core/resourceType';
import { isKnown, object, type Props } from '../core/values';
import { ApiError, creationRefused, invalid, notFound, updateRefused } from './apiErrors';
import { apply, own, relinquish } from './fieldManagers';
import { annotationsOf, idOf, nameOf, namespaceOf } from './meta';
import { digest } from './digest';
import { completeMetadata } from './metadata';
import type { Kind } from './kind';
import type { KubernetesSession } from './session';

/** The field manager of a resource: its own, so that two patches of one object do not undo each other. */
export function fieldManager(inputs: Props, subject: Subject): string {
  return annotationsOf(inputs)['pulumi.com/patchFieldManager'] ?? `pulumi-kubernetes-${digest(subject.urn)}`;
}

/**
 * A patch of an object that something else made (provider documentation, "Managing Resources with Server-Side
 * Apply"): the object must exist, deleting the patch gives up its fields and leaves the object.
 */
export function patchType(kind: Kind, token: string): ResourceType<KubernetesSession> {
  return {
    token,
    immutable: ['metadata.name', 'metadata.namespace'],
    nameOf: (inputs) => idOf(inputs) || undefined,
    complete: (inputs, olds, subject, cloud) =>
      nameOf(inputs) ? completeMetadata({ token, namespaced: kind.namespaced }, inputs, olds, subject, cloud) : inputs,
    check: (inputs) =>
      object(inputs, 'metadata').name === undefined
        ? [{ property: 'metadata.name', reason: 'patch resources require the resource `.metadata.name` to be set' }]
        : [],
    rehearse: (inputs, cloud, subject) => {
      if (!cloud || !isKnown(inputs)) return inputs;
      const live = cloud.state().stored(kind.token, idOf(inputs))?.outputs;
      return live ? patched(kind, live, inputs, cloud, subject) : inputs;
    },
    create: (inputs, cloud, subject) => {
      try {
        return { id: idOf(inputs), outputs: write(kind, inputs, cloud, subject) };
      } catch (error) {
        throw error instanceof ApiError ? creationRefused(inputs, error) : error;
      }
    },
    read: (stored, cloud) => cloud.state().stored(kind.token, stored.id)?.outputs,
    update: (_stored, inputs, cloud, subject) => {
      try {
        return write(kind, inputs, cloud, subject);
      } catch (error) {
        throw error instanceof ApiError ? updateRefused(inputs, error) : error;
      }
    },
    delete: (stored, cloud, subject) => {
      const state = cloud.state();
      const target = state.stored(kind.token, stored.id);
      if (!target) return;
      const left = relinquish(state, kind.token, target.outputs, fieldManager(stored.inputs, subject));
      state.put(kind.token, target.inputs, state.restamp(left, false));
    },
  };
}

function write(kind: Kind, inputs: Props, cloud: KubernetesSession, subject: Subject): Props {
  const state = cloud.state();
  if (kind.namespaced) state.requireNamespace(namespaceOf(inputs) ?? 'default');
  const target = state.stored(kind.token, idOf(inputs));
  if (!target) throw notFound(kind, nameOf(inputs));
  const live = state.restamp(patched(kind, target.outputs, inputs, cloud, subject), false);
  state.put(kind.token, target.inputs, live);
  own(state, kind.token, live, inputs, fieldManager(inputs, subject));
  return live;
}

function patched(kind: Kind, live: Props, inputs: Props, cloud: KubernetesSession, subject: Subject): Props {
  const state = cloud.state();
  const force = cloud.settings.patchForce || annotationsOf(inputs)['pulumi.com/patchForce'] === 'true';
  const after = apply(state, kind, live, inputs, { manager: fieldManager(inputs, subject), force });
  const causes = kind.validate?.(after, state, live) ?? [];
  if (causes.length > 0) throw invalid(kind, nameOf(after), causes);
  return after;
}
