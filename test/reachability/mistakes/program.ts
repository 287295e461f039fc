/** Runs the seeded mistakes on the program's own stacks: exports and first previews of the real engine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Finding, type FlowVerdict, type Report } from '../../../reachability';
import { judge as judgeRule } from '../../../policy/judge';
import { rules } from '../../../policy/rules';
import { Stack as PolicyStack } from '../../../policy/stack';
import { Stack } from './edit';
import type { Harmless, Kind, Mistake, PerKind } from './mistake';
import { GATEWAY, TGW, VGW } from './names';

export const KINDS: readonly Kind[] = ['virtualPrivate', 'transit'];

const stacks = new Map<string, Stack>();

/** A copy of a stack to make mistakes in. */
export function fixture(kind: Kind, preview: boolean): Stack {
  const name = `${kind}${preview ? '.first' : ''}.json`;
  let stack = stacks.get(name);
  if (stack === undefined) stacks.set(name, (stack = Stack.read(join(__dirname, '..', 'fixtures', name))));
  return stack.copy();
}

/** Where to make a change: in the export of each kind of stack, and in the first preview of one. */
export function runsOf({ on }: Mistake | Harmless): readonly (readonly [Kind, preview: boolean])[] {
  const kinds = on === undefined ? KINDS : [on];
  return [...kinds.map((kind) => [kind, false] as const), [kinds.at(-1) as Kind, true]];
}

/** A stack with the change made. */
export function changed(entry: Mistake | Harmless, kind: Kind, preview: boolean): Stack {
  const stack = fixture(kind, preview);
  entry.change(stack);
  return stack;
}

/** Findings of the named rules of the policy pack after the change, as `rule Type::name`. */
export function judgeByPolicy(names: readonly string[], stack: Stack): string[] {
  const subject = new PolicyStack(stack.resources);
  return rules
    .filter(({ name }) => names.includes(name))
    .flatMap((rule) => judgeRule(rule, subject, {}).map(({ urn }) => `${rule.name} ${shortName(urn)}`));
}

/** @throws AssertionError unless the report blocks exactly the flows that break, and finds exactly what is wrong. */
export function expectCaught(mistake: Mistake, kind: Kind, preview: boolean, report: Report): void {
  const { blocks = [], findings = [], previewFindings = findings } = mistake;
  const met = new Set<RegExp>();
  for (const verdict of report.flows) {
    const label = labelOf(verdict);
    const block = blocks.find(([flows]) => flows.test(label));
    if (block === undefined) {
      assert.equal(verdict.verdict, 'reachable', `${label} should get through: ${explain(verdict)}`);
      continue;
    }
    const [flows, hop, resource, rule] = block;
    met.add(flows);
    assert.equal(verdict.verdict, 'blocked', `${label} should be blocked: ${explain(verdict)}`);
    const { blockedAt } = verdict;
    assert.deepEqual(
      { hop: blockedAt?.hop, resource: shortName(blockedAt?.urn ?? ''), rule: blockedAt?.rule },
      { hop, resource: named(of(resource, kind), kind), rule: of(rule, kind) },
      `${label}: ${explain(verdict)}`,
    );
    assert.notEqual(blockedAt?.remedy, '');
  }
  for (const [flows] of blocks) assert.ok(met.has(flows), `no flow is ${String(flows)}`);
  const expected = (preview ? previewFindings : findings).map((finding) => named(finding, kind)).sort();
  assert.deepEqual([...new Set(report.findings.map(findingName))].sort(), expected);
}

function of(value: PerKind, kind: Kind): string {
  return typeof value === 'string' ? value : value[kind];
}

/** Puts the name of AWS's gateway in place of what stands for either kind. */
function named(text: string, kind: Kind): string {
  return text.replace(GATEWAY, kind === 'transit' ? TGW : VGW);
}

/** @throws AssertionError unless every flow gets through and nothing is found. */
export function expectQuiet(report: Report): void {
  assert.ok(report.flows.length > 0, 'there are no flows');
  for (const verdict of report.flows) {
    assert.equal(verdict.verdict, 'reachable', `${labelOf(verdict)}: ${explain(verdict)}`);
  }
  assert.deepEqual(report.findings, []);
}

function labelOf({ purpose, source, destination, port, protocol }: FlowVerdict): string {
  return `${purpose ?? ''} | ${source} > ${destination} | ${port}/${protocol}`;
}

function findingName({ rule, urn }: Finding): string {
  return `${rule} ${shortName(urn)}`;
}

/** `Type::name` of a URN. */
function shortName(urn: string): string {
  const [type = '', name = ''] = urn.split('::').slice(-2);
  return `${type.slice(type.lastIndexOf(':') + 1)}::${name}`;
}

function explain({ verdict, blockedAt, path }: FlowVerdict): string {
  return `${verdict} ${JSON.stringify(blockedAt)} ${path.at(-1)?.why ?? ''}`;
}
