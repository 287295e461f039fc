/** Runs a table of mistakes: each changes one thing in a correct stack, and the proof must block exactly what breaks. */
import assert from 'node:assert/strict';
import { type Flow, type FlowVerdict, prove } from '../../../reachability';
import { parseFlow } from '../../../reachability/arguments';
import type { Stack } from './edit';

export interface Mistake {
  readonly name: string;
  readonly change: (stack: Stack) => unknown;
  /** Flows that break, by name, with the hop and the resource at fault; all others must stay reachable. */
  readonly blocks?: Readonly<Record<string, readonly [hop: string, resource: string, rule?: string]>>;
  /** Findings that must appear, by rule. A correct stack has none. */
  readonly findings?: readonly string[];
}

export interface Harmless {
  readonly name: string;
  readonly change: (stack: Stack) => unknown;
}

export interface Suite {
  readonly stack: Stack;
  /** Flows to ask about, by a name of their own. */
  readonly flows: Readonly<Record<string, string>>;
  readonly mistakes: readonly Mistake[];
  readonly harmless: readonly Harmless[];
}

export interface Tally {
  caught: number;
  total: number;
  falseAlarms: number;
  harmless: number;
}

/** Registers one test for each entry and returns the tally that they fill. */
export function runSuite(suite: Suite): Tally {
  const tally: Tally = {
    caught: 0,
    total: suite.mistakes.length,
    falseAlarms: suite.harmless.length,
    harmless: suite.harmless.length,
  };
  for (const mistake of suite.mistakes) {
    it(mistake.name, () => {
      checkMistake(suite, mistake);
      tally.caught += 1;
    });
  }
  for (const harmless of suite.harmless) {
    it(`stays quiet: ${harmless.name}`, () => {
      const stack = suite.stack.copy();
      harmless.change(stack);
      const report = judge(suite, stack);
      for (const [name, verdict] of report.flows)
        assert.equal(verdict.verdict, 'reachable', `${name}: ${explain(verdict)}`);
      assert.deepEqual(report.findings, []);
      tally.falseAlarms -= 1;
    });
  }
  return tally;
}

function checkMistake(suite: Suite, mistake: Mistake): void {
  const stack = suite.stack.copy();
  mistake.change(stack);
  const report = judge(suite, stack);
  const expected = mistake.blocks ?? {};
  for (const [name, verdict] of report.flows) {
    const stop = expected[name];
    if (stop === undefined) {
      assert.equal(verdict.verdict, 'reachable', `${name} should get through: ${explain(verdict)}`);
      continue;
    }
    const [hop, resource, rule] = stop;
    assert.equal(verdict.verdict, 'blocked', `${name} should be blocked at ${hop}: ${explain(verdict)}`);
    assert.equal(verdict.blockedAt?.hop, hop, `${name}: ${explain(verdict)}`);
    const { urn } = verdict.blockedAt;
    const atFault = resource === '' ? urn === '' : urn.endsWith(`:${resource}`);
    assert.ok(atFault, `${name} at ${urn}: ${explain(verdict)}`);
    if (rule !== undefined) assert.equal(verdict.blockedAt.rule, rule, name);
    assert.notEqual(verdict.blockedAt.remedy, '');
  }
  for (const name of Object.keys(expected)) assert.ok(report.flows.has(name), `there is no flow ${name}`);
  const rules = new Set(report.findings.map((finding) => finding.rule));
  for (const rule of mistake.findings ?? [])
    assert.ok(rules.has(rule), `no finding ${rule}, only ${[...rules].join(', ')}`);
  // A mistake that neither breaks a flow nor gives a finding would be no test.
  assert.ok(Object.keys(expected).length > 0 || (mistake.findings ?? []).length > 0, 'the mistake expects nothing');
}

function judge(suite: Suite, stack: Stack) {
  const names = Object.keys(suite.flows);
  const flows = Object.values(suite.flows).map((text) => {
    const flow = parseFlow(text);
    assert.ok(typeof flow !== 'string', `${text}: ${String(flow)}`);
    return flow as Flow;
  });
  const report = prove(stack.resources, { flows });
  const byName = new Map(report.flows.map((verdict, index) => [names[index] as string, verdict]));
  return { flows: byName, findings: report.findings };
}

function explain(verdict: FlowVerdict): string {
  return `${verdict.verdict} ${JSON.stringify(verdict.blockedAt)} ${verdict.path.at(-1)?.why ?? ''}`;
}
