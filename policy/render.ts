import type { Judged } from './report';
import type { Rule } from './rule';

const MARKS = { mandatory: 'FAIL', advisory: 'warn' } as const;

/** Findings for people: one paragraph for each, and a count. */
export function renderFindings(rules: readonly Rule[], judged: readonly Judged[]): string {
  const paragraphs = judged.map(({ rule, level, finding: { outcome, message, urn, remedy } }) =>
    [
      `${outcome === 'undetermined' ? 'OPEN' : MARKS[level]}  ${rule.name}: ${message}`,
      `      ${urn}`,
      `      remedy: ${remedy}`,
    ].join('\n'),
  );
  return [...paragraphs, summary(rules, judged)].join('\n\n');
}

function summary(rules: readonly Rule[], judged: readonly Judged[]): string {
  const open = judged.filter(({ finding }) => finding.outcome === 'undetermined').length;
  const failed = judged.filter(({ finding, level }) => finding.outcome === 'fail' && level === 'mandatory').length;
  return `${rules.length} rules: ${failed} failures, ${judged.length - failed - open} warnings, ${open} undetermined`;
}

/** Findings for programs. */
export function findingsJson(judged: readonly Judged[]): object {
  return {
    findings: judged.map(({ rule, level, finding }) => ({
      rule: rule.name,
      level,
      outcome: finding.outcome,
      urn: finding.urn,
      property: finding.property ?? null,
      message: finding.message,
      remedy: finding.remedy,
    })),
  };
}
