import { InitializationFailed } from '../core/errors';
import type { Stored } from '../core/store';
import type { AwsSession } from './session';

/**
 * A refused operation leaves nothing behind, and one that succeeds reaches the disk in one write. A resource that
 * exists without being ready keeps what was made for it.
 */
export function allOrNothing<T>(cloud: AwsSession, operation: () => T): T {
  let result: { value: T } | undefined;
  cloud.store.together(() => {
    const before = cloud.store.everything();
    try {
      result = { value: operation() };
    } catch (error) {
      if (!(error instanceof InitializationFailed)) restore(cloud, before);
      throw error;
    }
  });
  if (!result) throw new Error('the store did not run the operation');
  return result.value;
}

function restore(cloud: AwsSession, before: readonly Stored[]): void {
  const kept = new Set(before);
  for (const stored of cloud.store.everything()) {
    if (!kept.has(stored)) cloud.store.remove(stored.token, stored.id);
  }
  for (const { token, id, inputs, outputs } of before) {
    if (!cloud.store.get(token, id)) cloud.store.put(token, id, inputs, outputs);
  }
}
