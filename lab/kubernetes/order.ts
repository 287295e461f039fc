/** Runs the stack's work in the program's own order. */
import type { Inventory } from '../../reachability/resources/inventory';

/**
 * Does the work of every resource as soon as that of all its dependencies is done, as the engine does.
 *
 * @param work nothing to do for most; a failure ends everything that waits for it
 * @throws the first failure, after everything that did not depend on it has ended
 */
export async function inDependencyOrder(inventory: Inventory, work: (urn: string) => Promise<void>): Promise<void> {
  const started = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const run = async (urn: string): Promise<void> => {
    const before = inventory.get(urn)?.allDependencies() ?? [];
    await Promise.all(before.map(start));
    try {
      await work(urn);
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  const start = (urn: string): Promise<void> => {
    const running = started.get(urn) ?? run(urn);
    started.set(urn, running);
    return running;
  };
  await Promise.allSettled(inventory.resources.map(({ urn }) => start(urn)));
  if (failure !== undefined) throw failure.error;
}
