import type { Preview, Step } from './preview';

export type Operation = 'replace' | 'delete' | 'create' | 'update' | 'same';

/** What happens to a resource in the end; a replacement takes the engine three steps. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  replace: 'replace',
  'create-replacement': 'replace',
  'delete-replaced': 'replace',
  delete: 'delete',
  create: 'create',
  import: 'create',
  update: 'update',
};

const RANK: readonly Operation[] = ['same', 'update', 'create', 'delete', 'replace'];

export interface Planned {
  readonly urn: string;
  readonly operation: Operation;
  readonly properties: readonly string[];
}

/** One operation for each resource, in order of URN. */
export function operationsOf({ steps }: Preview): Planned[] {
  const planned = new Map<string, Planned>();
  for (const step of steps) {
    const operation = OPERATIONS[step.op] ?? 'same';
    const before = planned.get(step.urn);
    if (before === undefined || RANK.indexOf(operation) >= RANK.indexOf(before.operation)) {
      planned.set(step.urn, { urn: step.urn, operation, properties: propertiesOf(step, before) });
    }
  }
  return [...planned.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function propertiesOf({ properties }: Step, before: Planned | undefined): readonly string[] {
  return [...new Set([...(before?.properties ?? []), ...properties])];
}

/** What the head does that the base would not do anyway. */
export function added(base: Preview, head: Preview): Planned[] {
  const anyway = new Map(operationsOf(base).map(({ urn, operation }) => [urn, operation]));
  return operationsOf(head).filter(({ urn, operation }) => anyway.get(urn) !== operation);
}
