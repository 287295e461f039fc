import { type RuleConfig, judge, levelOf } from './judge';
import type { Finding, Level, Rule } from './rule';
import type { Stack } from './stack';

/** A finding with the rule that made it, and what it does to an update. */
export interface Judged {
  readonly rule: Rule;
  readonly level: Exclude<Level, 'disabled'>;
  readonly finding: Finding;
}

/** The pack's configuration, by the name of the rule: what `pulumi preview --policy-pack-config` takes. */
export type PackConfig = Readonly<Record<string, RuleConfig | Level>>;

/** Name of the policy that reports what rules could not decide; its level is the level of all of these. */
export const UNDETERMINED = 'undetermined';

/** Every finding of the rules, rule by rule in their order; disabled rules have none. */
export function judgeAll(rules: readonly Rule[], stack: Stack, config: PackConfig): Judged[] {
  const open = levelFor(config, UNDETERMINED) ?? 'advisory';
  return rules.flatMap((rule) => {
    const own = configFor(config, rule.name);
    const level = levelOf(rule, own);
    if (level === 'disabled') return [];
    return judge(rule, stack, own).flatMap((finding): Judged[] => {
      const effective = finding.outcome === 'undetermined' ? open : level;
      return effective === 'disabled' ? [] : [{ rule, level: effective, finding }];
    });
  });
}

/** Whether findings would stop an update. */
export function fails(judged: readonly Judged[]): boolean {
  return judged.some(({ level }) => level === 'mandatory');
}

/** A level given for all policies counts where none is given for this one. */
function configFor(config: PackConfig, name: string): RuleConfig {
  const own = config[name];
  return { enforcementLevel: levelFor(config, name), ...(typeof own === 'object' ? own : {}) };
}

function levelFor(config: PackConfig, name: string): Level | undefined {
  for (const entry of [config[name], config['all']]) {
    const level = typeof entry === 'object' ? entry['enforcementLevel'] : entry;
    if (level === 'mandatory' || level === 'advisory' || level === 'disabled') return level;
  }
  return undefined;
}
