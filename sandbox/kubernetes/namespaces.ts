import { object, type Props } from '../core/values';
import { ApiError } from './apiErrors';
import { namespaceContents } from './given/namespaces';
import { erase, finalized } from './deletion';
import type { Kind } from './kind';
import { nameOf, namespaceOf } from './meta';
import { NAMESPACE, type ClusterState } from './state';

const PROTECTED = ['default', 'kube-system', 'kube-public'];

/** Namespaces delete what is in them, so the kind needs the others. */
export function namespaceKind(kinds: () => readonly Kind[]): Kind {
  return {
    token: NAMESPACE,
    apiVersion: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    namespaced: false,
    forceNew: [],
    awaited: false,
    defaults: (live) => {
      const metadata = object(live, 'metadata');
      const labels = { ...object(metadata, 'labels'), 'kubernetes.io/metadata.name': nameOf(live) };
      return { ...live, metadata: { ...metadata, labels }, spec: { finalizers: ['kubernetes'] } };
    },
    reconcile: (live, state) => {
      for (const { token, object: given } of namespaceContents(nameOf(live))) state.ensure(token, given);
      return { live: { ...live, status: { phase: 'Active' } }, pending: [] };
    },
    finalize: (live, state) => emptied(live, state, kinds()),
  };
}

/**
 * Deletes a namespace's contents, each object with its controllers' part: load balancers and disks go only while
 * the controllers that own them live (Kubernetes documentation, "Namespaces"; finalizers).
 */
function emptied(live: Props, state: ClusterState, kinds: readonly Kind[]): string[] {
  const name = nameOf(live);
  if (PROTECTED.includes(name))
    throw new ApiError('Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`);
  const remaining = new Map<string, number>();
  for (const kind of kinds) {
    if (!kind.namespaced) continue;
    for (const content of state.all(kind.token, name)) {
      const stuck = finalized(state, kind, content);
      if (stuck.length === 0) erase(state, kind.token, content);
      for (const finalizer of stuck) remaining.set(finalizer, (remaining.get(finalizer) ?? 0) + 1);
    }
  }
  if (remaining.size > 0) {
    const list = [...remaining].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).join(', ');
    return [`kubernetes: Some content in the namespace has finalizers remaining: ${list}`];
  }
  for (const { token, outputs } of state.everything()) if (namespaceOf(outputs) === name) erase(state, token, outputs);
  return [];
}
