import { LineCounter, isScalar, parseDocument, visit } from 'yaml';
import { type Range, contains, parseRange } from '../../reachability/ip';

/** A value in a stack file. */
export interface Setting {
  /** As `pulumi config` names it: `project:sites[0].ranges.nodes`. */
  readonly key: string;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Every value of the `config` section of a `Pulumi.<stack>.yaml`, in order. A text that is no YAML map has none. */
export function settingsOf(text: string): Setting[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) return [];
  const settings: Setting[] = [];
  visit(document, {
    Scalar: (key, node, path) => {
      if (key === 'key' || node.range === null || node.range === undefined) return;
      const { line, col } = lines.linePos(node.range[0]);
      const names = path.flatMap((step, index) => nameIn(step, path[index + 1] ?? node));
      if (names[0] === 'config') {
        settings.push({ key: written(names.slice(1)), text: String(node.value), line, column: col });
      }
    },
  });
  return settings;
}

/** Key of a map's entry, or position in a list, of the next step on the way to a value. */
function nameIn(step: unknown, next: unknown): (string | number)[] {
  if (typeof step === 'object' && step !== null && 'items' in step && Array.isArray(step.items)) {
    const index = step.items.indexOf(next);
    const inList = index >= 0 && !(typeof next === 'object' && next !== null && 'key' in next);
    return inList ? [index] : [];
  }
  if (typeof step === 'object' && step !== null && 'key' in step && isScalar(step.key)) return [String(step.key.value)];
  return [];
}

function written(names: readonly (string | number)[]): string {
  return names
    .map((name, index) => (typeof name === 'number' ? `[${name}]` : index === 0 ? name : `.${name}`))
    .join('');
}

/**
 * The setting that a value comes from: the one that reads the same, or of an address range the narrowest one that
 * holds it, since subnets are parts of what is written.
 */
export function originOf(settings: readonly Setting[], value: string): Setting | undefined {
  const same = settings.find(({ text }) => text === value);
  const range = parseRange(value);
  if (same !== undefined || range === undefined) return same;
  return settings
    .map((setting) => ({ setting, range: rangeIn(setting.text) }))
    .filter((entry): entry is { setting: Setting; range: Range } => entry.range !== undefined)
    .filter((entry) => contains(entry.range, range))
    .sort((a, b) => b.range.prefix - a.range.prefix)[0]?.setting;
}

/** A number or a name also parses as no range; a bare address is not one that holds others. */
function rangeIn(text: string): Range | undefined {
  return text.includes('/') ? parseRange(text) : undefined;
}
