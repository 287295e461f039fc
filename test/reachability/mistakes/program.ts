/** Runs the seeded mistakes on the program's own stacks: exports and first previews of the real engine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Finding, type FlowVerdict, type Report, prove } from '../../../reachability';
import { Stack } from './edit';
import type { Harmless, Kind, Mistake } from './mistake';

export const KINDS: readonly Kind[] = ['virtualPrivate', 'transit'];

const stacks = new Map<string, Stack>();

/** A copy of a stack to make mistakes in. */
export function fixture(kind: Kind, preview: boolean): Stack {
  const name = `${kind}${preview ? '.first' : ''}.json`;
  let stack = stacks.get(name);
  if (stack === undefined) stacks.set(name, (stack = Stack.read(join(__dirname, '..', 'fixtures', name))));
  return stack.copy();
}

export function kindsOf({ on }: Mistake | Harmless): readonly Kind[] {
  return on === undefined ? KINDS : [on];
}

/** The report after the change. */
export function judge(entry: Mistake | Harmless, kind: Kind, preview: boolean): Report {
  const stack = fixture(kind, preview);
  entry.change(stack);
  return prove(stack.resources);
}

/** @throws AssertionError unless the report blocks exactly the flows that break, and finds exactly what is wrong. */
export function expectCaught({ blocks = [], findings = [] }: Mistake, report: Report): void {
  // A mistake that neither breaks a flow nor gives a finding would be no test.
  assert.ok(blocks.length + findings.length > 0, 'the mistake expects nothing');
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
      { hop, resource, rule },
      `${label}: ${explain(verdict)}`,
    );
    assert.notEqual(blockedAt?.remedy, '');
  }
  for (const [flows] of blocks) assert.ok(met.has(flows), `no flow is ${String(flows)}`);
  assert.deepEqual([...new Set(report.findings.map(describe))].sort(), [...findings].sort());
}

/** @throws AssertionError unless every flow gets through and nothing is found. */
export function expectQuiet(report: Report): void {
  assert.ok(report.flows.length > 0, 'there are no flows');
  for (const verdict of report.flows) {
    assert.equal(verdict.verdict, 'reachable', `${labelOf(verdict)}: ${explain(verdict)}`);
  }
  assert.deepEqual(report.findings, []);
}

export function labelOf({ purpose, source, destination, port, protocol }: FlowVerdict): string {
  return `${purpose ?? ''} | ${source} > ${destination} | ${port}/${protocol}`;
}

export function describe({ rule, urn }: Finding): string {
  return `${rule} ${shortName(urn)}`;
}

/** `Type::name` of a URN. */
export function shortName(urn: string): string {
  const [type = '', name = ''] = urn.split('::').slice(-2);
  return `${type.slice(type.lastIndexOf(':') + 1)}::${name}`;
}

function explain({ verdict, blockedAt, path }: FlowVerdict): string {
  return `${verdict} ${JSON.stringify(blockedAt)} ${path.at(-1)?.why ?? ''}`;
}
