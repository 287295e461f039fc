/** Figures of the proof: how long it takes for a stack, and how that grows with the sites. */
import { prove, type ResourceInput } from '../reachability';
import { median, timed } from './measure';
import { table } from './table';

const RUNS = 3;
/** Copies of a stack of two sites. */
const COPIES = [1, 5, 25, 50];

export function reachFigures(stack: readonly ResourceInput[]): string {
  const rows = COPIES.map((count) => {
    const resources = Array.from({ length: count }, (_, index) => copyOf(stack, index)).flat();
    const flows = prove(resources).flows.length;
    const milliseconds = median(timed(RUNS, () => void prove(resources)));
    const perSite = milliseconds / (2 * count);
    return [2 * count, resources.length, flows, milliseconds.toFixed(0), perSite.toFixed(1)].map(String);
  });
  return ['## Proof', '', table(['sites', 'resources', 'flows', 'proof, ms (median)', 'ms per site'], rows)].join('\n');
}

/** The same stack under other names, ids and addresses: separate from every other copy, as other sites are. */
function copyOf(stack: readonly ResourceInput[], index: number): ResourceInput[] {
  if (index === 0) return [...stack];
  const names = new Set(stack.flatMap(({ urn, id }) => [urn, id ?? urn]));
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item)]));
    }
    if (typeof value !== 'string') return value;
    if (names.has(value)) return `${value}-${index}`;
    const provider = /^(urn:.+)::([^:]+)$/.exec(value);
    if (provider && names.has(provider[1]!)) return `${provider[1]}-${index}::${provider[2]}-${index}`;
    return value.replace(/\b10\.(\d+\.\d+\.\d+)/g, `${10 + index}.$1`).replace(/\bxcloud\b/g, `xcloud${index}`);
  };
  return stack.map((resource) => renamed(resource) as ResourceInput);
}
