/**
 * Seeded mistakes: each is one change to the state that the real engine made of this program, with either AWS gateway. The
 * proof has to block exactly the flows that break, name the hop, the resource and the rule, and find nothing else.
 */
import assert from 'node:assert/strict';
import { MISTAKES } from './mistakes/cases';
import { HARMLESS } from './mistakes/harmless';
import { KINDS, changed, expectCaught, expectQuiet, fixture, judgeByPolicy, runsOf } from './mistakes/program';
import { prove } from '../../reachability';

/** The lists of top traps of real deployments that the suite covers: all of the network's, the first ten of Cassandra's. */
const TRAPS = [
  ...Array.from({ length: 15 }, (_, index) => `network ${index + 1}`),
  ...Array.from({ length: 10 }, (_, index) => `cassandra ${index + 1}`),
];

describe('the proof on seeded mistakes', function () {
  this.timeout(60_000);
  let caught = 0;
  let falseAlarms = HARMLESS.length;

  for (const kind of KINDS) {
    it(`finds nothing in a correct export, ${kind}`, () => {
      expectQuiet(prove(fixture(kind, false).resources));
    });

    it(`decides every flow of a first preview and says what it assumed, ${kind}`, () => {
      const report = prove(fixture(kind, true).resources);
      expectQuiet(report);
      for (const { purpose, assumed } of report.flows.filter((flow) => / to dc/.test(flow.purpose ?? '')))
        assert.ok(assumed.length > 0, purpose);
    });
  }

  for (const mistake of MISTAKES) {
    it(mistake.name, () => {
      const { policy = [], untold } = mistake;
      assert.ok((mistake.blocks ?? mistake.findings ?? mistake.policy ?? []).length > 0, 'the mistake expects nothing');
      const rules = policy.map((entry) => entry.split(' ')[0] as string);
      for (const [kind, preview] of runsOf(mistake)) {
        const stack = changed(mistake, kind, preview);
        if (preview && untold !== undefined) {
          expectQuiet(prove(stack.resources));
          continue;
        }
        expectCaught(mistake, kind, preview, prove(stack.resources));
        assert.deepEqual(judgeByPolicy(rules, stack).sort(), [...policy].sort());
      }
      caught += 1;
    });
  }

  for (const harmless of HARMLESS) {
    it(`stays quiet: ${harmless.name}`, () => {
      for (const [kind, preview] of runsOf(harmless)) expectQuiet(prove(changed(harmless, kind, preview).resources));
      falseAlarms -= 1;
    });
  }

  it('has a mistake for each of the top traps', () => {
    const shown = new Set(MISTAKES.flatMap(({ traps = [] }) => traps));
    assert.deepEqual(
      TRAPS.filter((trap) => !shown.has(trap)),
      [],
    );
  });

  it('names every mistake once', () => {
    const names = [...MISTAKES, ...HARMLESS].map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  after(() => {
    console.log(`      caught ${caught}/${MISTAKES.length}, false alarms ${falseAlarms}/${HARMLESS.length}`);
  });
});
