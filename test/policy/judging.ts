import assert from 'node:assert/strict';
import { type RuleConfig, judge } from '../../policy/judge';
import type { Finding, Rule } from '../../policy/rule';
import { Stack } from '../../policy/stack';
import { type TestResource, planned } from './resources';

/** What a rule finds in a list of resources on a first preview. */
export function findingsOf(rule: Rule, resources: readonly TestResource[], config: RuleConfig = {}): Finding[] {
  return judge(rule, new Stack(planned(resources)), config);
}

export function assertPasses(rule: Rule, resources: readonly TestResource[], config: RuleConfig = {}): void {
  assert.deepEqual(findingsOf(rule, resources, config), []);
}

/** Exactly these findings, each as the name of its resource and a part of its message. */
export function assertFails(
  rule: Rule,
  resources: readonly TestResource[],
  expected: readonly (readonly [name: string, message: RegExp])[],
  config: RuleConfig = {},
): void {
  assertFindings(findingsOf(rule, resources, config), 'fail', expected);
}

export function assertUndetermined(
  rule: Rule,
  resources: readonly TestResource[],
  expected: readonly (readonly [name: string, message: RegExp])[],
  config: RuleConfig = {},
): void {
  assertFindings(findingsOf(rule, resources, config), 'undetermined', expected);
}

function assertFindings(
  findings: readonly Finding[],
  outcome: Finding['outcome'],
  expected: readonly (readonly [name: string, message: RegExp])[],
): void {
  const found = findings.map((finding) => `${finding.outcome} at ${nameOf(finding.urn)}: ${finding.message}`);
  assert.equal(findings.length, expected.length, `found:\n${found.join('\n')}`);
  expected.forEach(([name, message], index) => {
    const finding = findings[index] as Finding;
    assert.equal(finding.outcome, outcome, found[index]);
    assert.equal(nameOf(finding.urn), name, found[index]);
    assert.match(finding.message, message);
    assert.notEqual(finding.remedy, '');
  });
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf('::') + 2);
}
