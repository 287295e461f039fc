import type { Props } from '../core/values';
import type { Cause, Named } from './apiErrors';
import type { ClusterState } from './state';

/** What controllers made of an object, and what it still waits for. */
export interface Outcome {
  /** The object as they left it, with its status. */
  readonly live: Props;
  /** Why it is not ready, in the words the provider shows; empty when it is. */
  readonly pending: readonly string[];
}

/** A kind of object: what the API server knows of it and what controllers do with it. */
export interface Kind extends Named {
  readonly token: string;
  readonly namespaced: boolean;
  /**
   * Properties whose change makes the provider replace the object, besides name and namespace (pulumi-kubernetes,
   * the provider's list of properties that force a new resource).
   */
  readonly forceNew: readonly string[];
  /** Seconds a create takes to become ready; the API server itself answers at once. */
  readonly seconds?: number;
  /** Whether the provider waits for objects of this kind without being asked. */
  readonly awaited: boolean;
  /** Whether the API server serves the kind; built-in kinds always. */
  served?(state: ClusterState): boolean;
  /** Paths of fields that the kind's schema does not declare; built-in kinds are checked by the SDK's shapes. */
  undeclared?(object: Props): string[];
  /** The object with the API server's defaults. */
  defaults?(object: Props, state: ClusterState): Props;
  /** What the API server refuses; `before` is the live object at an update. */
  validate?(object: Props, state: ClusterState, before?: Props): Cause[];
  /** Admission webhooks: throws an `ApiError` where one refuses or cannot be called. */
  admit?(object: Props, state: ClusterState, before?: Props): void;
  /** When a controller deletes the object because its work is done, in milliseconds; never unless given. */
  expiry?(live: Props): number | undefined;
  /** What controllers do once the object is stored. */
  reconcile?(live: Props, state: ClusterState): Outcome;
  /** Finalizers of `metadata` that the kind's controllers set and remove. */
  readonly finalizers?: readonly string[];
  /**
   * What controllers do when the object is to be deleted. Returns the finalizers that nobody removes: the object
   * then stays, and the provider waits in vain.
   */
  finalize?(live: Props, state: ClusterState): readonly string[];
}
