import assert from 'node:assert/strict';
import { type Session, compareSessions, prefixesOf, stateOf } from '../../../lab/verify/bgp';
import type { ProvenSession } from '../../../lab/verify/proof';
import { prove } from '../../../reachability';
import { readResources } from '../../../reachability/resources/read';
import { vpnRouters } from '../../../lab/network/model';
import { type Kind, exported, modelOf } from '../network/stacks';

/** The sessions of a stack as BIRD shows them when all is well. */
function real(kind: Kind, proven: readonly ProvenSession[]): Session[] {
  return vpnRouters(modelOf(kind)).flatMap((router) =>
    router.tunnels.map((end): Session => {
      const other = proven.find(({ urn, local }) => urn === end.session?.urn && local === end.session.localAddress);
      return { router, end, state: 'Established', learnt: [...(other?.learned ?? assert.fail())].sort() };
    }),
  );
}

describe('BGP sessions and the proof', () => {
  for (const kind of ['virtualPrivate', 'transit'] as const) {
    const proven = prove(readResources(exported(kind)), { flows: [] }).sessions;

    it(`are the same sessions, each known by its resource and its address: ${kind}`, () => {
      const checks = compareSessions(real(kind, proven), proven);
      assert.equal(checks.length, 8);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok),
        [],
      );
    });

    for (const { what, change, detail } of [
      {
        what: 'one prefix is not learnt',
        change: { learnt: ['10.100.0.0/16'] },
        detail: /learnt 10\.100\.0\.0\/16; the proof says/,
      },
      {
        what: 'one is learnt that is not proven',
        change: { learnt: ['10.0.0.0/8'] },
        detail: /learnt 10\.0\.0\.0\/8; the proof says/,
      },
      {
        what: 'a session is not up',
        change: { state: 'Active', learnt: [] },
        detail: /^Active, learnt nothing; the proof says established/,
      },
    ]) {
      it(`differ, and the session is named, when ${what}: ${kind}`, () => {
        const [first, ...others] = real(kind, proven).reverse();
        const checks = compareSessions([...others, { ...(first ?? assert.fail()), ...change }], proven);
        const wrong = checks.filter(({ ok }) => !ok);
        assert.equal(wrong.length, 1);
        assert.match(wrong[0]?.detail ?? '', detail);
        assert.match(wrong[0]?.name ?? '', /^BGP \w+ tunnel\d+ 169\.254\./);
      });
    }

    it(`differ when one that the proof expects is missing, or one is there that it does not know: ${kind}`, () => {
      const [first, ...others] = real(kind, proven);
      assert.match(compareSessions(others, proven).find(({ ok }) => !ok)?.detail ?? '', /the lab has no such session/);
      const unknown = proven.filter(({ local }) => local !== first?.end.session?.localAddress);
      const checks = compareSessions(real(kind, proven), unknown);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok).map(({ detail }) => /the proof has no such session/.test(detail)),
        [true],
      );
    });
  }

  it('agree when both say down, and on whatever the proof cannot decide', () => {
    const proven = prove(readResources(exported('transit')), { flows: [] }).sessions;
    const found = real('transit', proven).map((session) => ({ ...session, state: 'Active', learnt: [] }));
    for (const state of ['down', 'undetermined'] as const) {
      const checks = compareSessions(
        found,
        proven.map((session) => ({ ...session, state, learned: [] })),
      );
      assert.ok(checks.every(({ ok }) => ok));
    }
  });
});

describe('BIRD’s answers', () => {
  const protocols = [
    'BIRD 2.0.12 ready.',
    'Name       Proto      Table      State  Since         Info',
    'tunnel01   BGP        ---        up     14:38:51.012  Established   ',
  ].join('\n');

  it('tell a session’s state in their last column', () => {
    assert.equal(stateOf('tunnel01', protocols), 'Established');
    assert.equal(stateOf('tunnel0', protocols), 'absent');
  });

  it('tell each prefix once, though it stands in several tables', () => {
    const routes = [
      'Table heard01:',
      '10.250.0.0/16        unicast [tunnel01 14:38:52.1] * (100) [AS65010i]',
      '\tvia 169.254.214.178 on tunnel01',
      '10.150.0.0/16        unicast [tunnel01 14:38:52.1] * (100) [AS65010i]',
      'Table held100:',
      '10.250.0.0/16        unicast [tunnel01 14:38:52.1] (100) [AS65010i]',
    ].join('\n');
    assert.deepEqual(prefixesOf(routes), ['10.150.0.0/16', '10.250.0.0/16']);
  });
});
