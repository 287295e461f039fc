/** Steps of a `pulumi preview --json`. */

type Json = Readonly<Record<string, unknown>>;

/** Steps after which a resource is the one it was, with the identity that its cloud gave it. */
const KEPT = ['same', 'update', 'refresh', 'read'];

/**
 * What a resource will be after a step. A preview tells inputs alone; of a resource that stays, its id and whatever
 * its cloud computed stay too, and are taken from the old state. What the step changes or removes is not brought back.
 */
export function stateAfter(step: Json): Json | undefined {
  const { op, oldState, newState } = step;
  if (!isObject(newState) || !isObject(oldState) || !KEPT.includes(String(op))) {
    return isObject(newState) ? newState : undefined;
  }
  const inputs = withComputed(newState['inputs'] ?? {}, oldState['outputs'] ?? {}, oldState['inputs'] ?? {});
  return { id: oldState['id'], ...newState, inputs };
}

/** How many unchanged resources a preview counts but does not show. */
export function hiddenSames(preview: Json, steps: readonly unknown[]): number {
  const summary = preview['changeSummary'];
  const counted = isObject(summary) && typeof summary['same'] === 'number' ? summary['same'] : 0;
  return Math.max(0, counted - steps.filter((step) => isObject(step) && step['op'] === 'same').length);
}

/** The planned inputs, and beside them every output that no input had asked for, however deep it stands. */
function withComputed(planned: unknown, outputs: unknown, asked: unknown): unknown {
  if (!isObject(planned) || !isObject(outputs)) return planned;
  const filled: Record<string, unknown> = { ...planned };
  for (const [key, output] of Object.entries(outputs)) {
    const before = isObject(asked) ? asked[key] : undefined;
    if (key in planned) filled[key] = withComputed(planned[key], output, before);
    else if (before === undefined) filled[key] = output;
  }
  return filled;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
