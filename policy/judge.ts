import type { Finding, Level, Rule } from './rule';
import { type Stack, compareTexts } from './stack';

/** The configuration of one rule as users write it: a level, settings, or both. */
export type RuleConfig = Readonly<Record<string, unknown>>;

/** Setting that every rule has. */
export const EXEMPT = {
  type: 'array',
  items: { type: 'string' },
  default: [] as string[],
  description: 'URNs whose findings are dropped; `*` stands for any text.',
} as const;

/** A rule's findings, in order of URN, property and message; exempt resources have none. */
export function judge(rule: Rule, stack: Stack, config: RuleConfig): Finding[] {
  const exempt = textsOf(config['exempt']).map(matcher);
  return rule
    .judge(stack, settingsOf(rule, config))
    .filter((finding) => !exempt.some((matches) => matches(finding.urn)))
    .sort(byPlace);
}

export function levelOf(rule: Rule, config: RuleConfig): Level {
  const level = config['enforcementLevel'];
  return level === 'mandatory' || level === 'advisory' || level === 'disabled' ? level : rule.level;
}

/** The configured settings, and the default of each that is not configured. */
function settingsOf(rule: Rule, config: RuleConfig): object {
  const schemas: Readonly<Record<string, { readonly default: unknown }>> = { ...rule.settings };
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, config[key] ?? schema.default]));
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareTexts(a.urn, b.urn) || compareTexts(a.property ?? '', b.property ?? '') || compareTexts(a.message, b.message)
  );
}

function matcher(pattern: string): (urn: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 's');
  return (urn) => expression.test(urn);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
