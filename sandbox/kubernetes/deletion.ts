import { CloudError } from '../core/errors';
import { list, object, text, texts, type Props } from '../core/values';
import type { Kind } from './kind';
import { forgetOwners } from './fieldManagers';
import { idOf, nameOf } from './meta';
import { uidOf, type ClusterState } from './state';

/**
 * Deletes an object and what it owns. An object whose finalizer nobody removes stays, marked for deletion, and the
 * provider's wait ends in an error that names the finalizer.
 */
export function remove(state: ClusterState, kind: Kind, live: Props): void {
  const stuck = finalized(state, kind, live);
  if (stuck.length > 0) throw deletionTimedOut(live, stuck);
  erase(state, kind.token, live);
}

/** Lets the controllers do their part; the finalizers that remain, those of the object's own making included. */
export function finalized(state: ClusterState, kind: Kind, live: Props): readonly string[] {
  const foreign = texts(live, 'metadata', 'finalizers').filter((name) => !kind.finalizers?.includes(name));
  return [...(kind.finalize?.(live, state) ?? []), ...foreign];
}

/** Takes an object and its dependents out of the store (Kubernetes documentation, "Garbage Collection"). */
export function erase(state: ClusterState, token: string, live: Props): void {
  state.remove(token, idOf(live));
  forgetOwners(state, token, idOf(live));
  for (const dependent of dependentsOf(state, uidOf(live))) erase(state, dependent.token, dependent.live);
}

function dependentsOf(state: ClusterState, uid: string): { token: string; live: Props }[] {
  return state
    .everything()
    .filter(({ outputs }) => list(outputs, 'metadata', 'ownerReferences').some((owner) => text(owner, 'uid') === uid))
    .map(({ token, outputs }) => ({ token, live: outputs }));
}

/** The metadata of an object with an owner, by which garbage collection finds it. */
export function ownedBy(owner: Props, metadata: Props): Props {
  return {
    ...metadata,
    ownerReferences: [
      {
        apiVersion: text(owner, 'apiVersion') ?? '',
        kind: text(owner, 'kind') ?? '',
        name: nameOf(owner),
        uid: uidOf(owner),
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}

/** The object carries finalizers that keep it until a controller has done its part. */
export function withFinalizer(live: Props, finalizer: string): Props {
  const metadata = object(live, 'metadata');
  const present = list(metadata, 'finalizers');
  if (present.includes(finalizer)) return live;
  return { ...live, metadata: { ...metadata, finalizers: [...present, finalizer] } };
}

export function withoutFinalizer(live: Props, finalizer: string): Props {
  const { finalizers: _all, ...metadata } = object(live, 'metadata');
  const left = list(live, 'metadata', 'finalizers').filter((one) => one !== finalizer);
  return { ...live, metadata: left.length > 0 ? { ...metadata, finalizers: left } : metadata };
}

function deletionTimedOut(live: Props, finalizers: readonly string[]): CloudError {
  return new CloudError(
    'Timeout',
    `timed out waiting for object to be deleted: ${text(live, 'kind')} "${idOf(live)}": finalizers might be preventing deletion ` +
      `(${finalizers.join(', ')})`,
  );
}
