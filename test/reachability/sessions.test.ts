import assert from 'node:assert/strict';
import { prove } from '../../reachability';
import type { Session } from '../../reachability';
import type { Stack } from './mistakes/edit';
import * as n from './mistakes/names';
import { fixture } from './mistakes/program';

const AWS_RANGES = ['10.100.0.0/16', '10.200.0.0/16'];
const GCP_RANGES = ['10.150.0.0/16', '10.250.0.0/16'];

const sessionsOf = (stack: Stack): readonly Session[] => prove(stack.resources, { flows: [] }).sessions;
const ofAws = ({ urn }: Session): boolean => urn.includes('VpnConnection');
/** What every end of one side learns; fails unless all learn the same. */
function learned(sessions: readonly Session[]): readonly string[] {
  const [first, ...others] = sessions.map((session) => session.learned);
  for (const other of others) assert.deepEqual(other, first);
  return first ?? assert.fail('no session');
}

describe('the sessions of the proof', () => {
  for (const kind of ['virtualPrivate', 'transit'] as const) {
    for (const preview of [false, true]) {
      it(`are both ends of four tunnels: ${kind}, ${preview ? 'first preview' : 'export'}`, () => {
        const sessions = sessionsOf(fixture(kind, preview));
        assert.equal(sessions.length, 8);
        assert.deepEqual(new Set(sessions.map(({ state }) => state)), new Set(['established']));
        for (const { local, peer } of sessions)
          assert.equal(sessions.filter((other) => other.local === peer && other.peer === local).length, 1);
        assert.deepEqual(learned(sessions.filter(ofAws)), GCP_RANGES);
        assert.deepEqual(learned(sessions.filter((end) => !ofAws(end))), AWS_RANGES);
      });
    }
  }

  it('learn what the peers say in place of the router', () => {
    const stack = fixture('virtualPrivate', false);
    for (const peer of n.PEERS) {
      stack.set(peer, 'advertiseMode', 'CUSTOM').set(peer, 'advertisedGroups', []);
      stack.set(peer, 'advertisedIpRanges', [{ range: '10.250.0.0/16' }]);
    }
    assert.deepEqual(learned(sessionsOf(stack).filter(ofAws)), ['10.250.0.0/16']);
  });

  it('are down at both ends of a tunnel with a fault, and learn nothing', () => {
    const stack = fixture('virtualPrivate', false).set(n.peer(2), 'enable', false);
    const down = sessionsOf(stack).filter(({ state }) => state === 'down');
    assert.deepEqual(
      down.map(({ tunnel, learned: prefixes, blockedAt }) => [tunnel, prefixes, blockedAt?.rule, blockedAt?.urn]),
      [
        ['aws-eu-west-1--gcp-europe-west4-connection-1 tunnel 1', [], 'router-peer', stack.urn(n.peer(2))],
        ['aws-eu-west-1--gcp-europe-west4-tunnel-2', [], 'router-peer', stack.urn(n.peer(2))],
      ],
    );
  });

  it('stand alone where the other end is missing', () => {
    const stack = fixture('virtualPrivate', false).remove(n.peer(3), n.routerInterface(3), n.tunnel(3));
    const sessions = sessionsOf(stack);
    assert.equal(sessions.length, 7);
    assert.deepEqual(
      sessions.filter(({ state }) => state === 'down').map(({ tunnel, blockedAt }) => [tunnel, blockedAt?.rule]),
      [['aws-eu-west-1--gcp-europe-west4-connection-1 tunnel 2', 'no-counterpart']],
    );
  });

  it('are undetermined where an advertised range is not known yet', () => {
    const stack = fixture('virtualPrivate', true);
    stack.set(n.ROUTER, 'bgp.advertisedIpRanges.0.range', '04da6b54-80e4-46f7-96ec-b56ff0331ba9');
    const states = sessionsOf(stack).map((end) => [ofAws(end), end.state].join());
    assert.deepEqual(new Set(states), new Set(['true,undetermined', 'false,established']));
  });

  it('teach Google nothing of its own that the transit gateway heard over another connection', () => {
    const stack = fixture('transit', false);
    const google = learned(sessionsOf(stack).filter((end) => !ofAws(end)));
    assert.deepEqual(google, AWS_RANGES);
    // With the VPC unpropagated nothing is left, though the gateway's table holds Google's routes.
    stack.remove(`RouteTablePropagation::${n.AWS}-vpn-tgw-vpc-propagation`);
    assert.deepEqual(learned(sessionsOf(stack).filter((end) => !ofAws(end))), []);
  });

  it('of a stack without a VPN are none', () => {
    assert.deepEqual(prove([], { flows: [] }).sessions, []);
  });
});
