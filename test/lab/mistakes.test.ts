import assert from 'node:assert/strict';
import { type Outcome, UNANSWERED, compare, renderDisagreement } from '../../lab/mistakes/compare';
import { inParallel } from '../../lab/mistakes/connections';
import type { Mistake } from '../../lab/mistakes/mistake';
import { MISTAKES } from '../../lab/mistakes/mistakes';
import { endsOf } from '../../lab/mistakes/standIns';
import { DoesNotApply, State } from '../../lab/mistakes/state';
import type { Flow } from '../../lab/verify/proof';
import { exported } from './network/stacks';

const TABLE = 'aws:ec2/routeTable:RouteTable';
const URN = 'urn:pulumi:dev::p::aws:ec2/routeTable:RouteTable::';

function state(): State {
  const resource = (name: string) => ({
    urn: `${URN}${name}`,
    type: TABLE,
    id: `rtb-${name}`,
    inputs: { vpcId: 'vpc-1' },
    outputs: { vpcId: 'vpc-1', name },
  });
  return State.of(JSON.stringify({ deployment: { resources: [resource('a'), resource('b')] } }));
}

const resources = (from: State) =>
  (
    JSON.parse(from.text()) as {
      deployment: { resources: { urn: string; inputs: { vpcId: string }; outputs: { vpcId: string; name: string } }[] };
    }
  ).deployment.resources;

const FLOW: Flow = {
  source: '10.0.0.1',
  destination: '10.1.0.1',
  port: 7000,
  protocol: 'tcp',
  verdict: 'reachable',
  path: [{ hop: 'snat', why: "10.1.0.1 sees the pod's own address" }],
};

const STOPPED: Outcome = { passes: false, seen: [], lastResort: false };
const passing = (seen: string): Outcome => ({ passes: true, seen: [seen], lastResort: false });

describe('the mistakes of the lab', () => {
  it('are at least 25, each with an id of its own and the document that it is taken from', () => {
    assert.ok(MISTAKES.length >= 25);
    assert.equal(new Set(MISTAKES.map(({ id }) => id)).size, MISTAKES.length);
    assert.deepEqual(
      MISTAKES.filter(({ source, what }) => source === '' || what === ''),
      [],
    );
  });

  it('apply to a stack with either gateway, or to both', function () {
    this.timeout(60_000);
    const kinds = ['virtualPrivate', 'transit'] as const;
    const applies = (mistake: Mistake, kind: (typeof kinds)[number]): boolean => {
      try {
        mistake.make(State.of(exported(kind)));
        return true;
      } catch (error) {
        if (error instanceof DoesNotApply) return false;
        throw error;
      }
    };
    const [own, other] = kinds.map((kind) => new Set(MISTAKES.filter((mistake) => applies(mistake, kind))));
    assert.deepEqual(
      MISTAKES.filter((mistake) => own?.has(mistake) !== true && other?.has(mistake) !== true).map(({ id }) => id),
      [],
    );
    for (const set of [own, other]) assert.ok(set !== undefined && set.size >= 25 && set.size < MISTAKES.length);
  });

  it('change what the program gave and what the cloud has', () => {
    const changed = state();
    changed.edit(TABLE, /^a$/, (properties) => (properties['vpcId'] = 'vpc-2'));
    assert.deepEqual(
      resources(changed).map(({ inputs, outputs }) => [inputs.vpcId, outputs.vpcId]),
      [
        ['vpc-2', 'vpc-2'],
        ['vpc-1', 'vpc-1'],
      ],
    );
  });

  it('remove a resource, and copy one under another name', () => {
    const changed = state();
    changed.remove(TABLE, /^a$/);
    changed.copy(TABLE, /^b$/, '-twin', (properties) => (properties['vpcId'] = 'vpc-3'));
    assert.deepEqual(
      resources(changed).map(({ urn, outputs }) => [urn.slice(URN.length), outputs.name, outputs.vpcId]),
      [
        ['b', 'b', 'vpc-1'],
        ['b-twin', 'b-twin', 'vpc-3'],
      ],
    );
  });

  it('are refused where the stack has nothing that they would change', () => {
    assert.throws(() => state().remove(TABLE, /^c$/), DoesNotApply);
    assert.throws(() => state().remove(TABLE, /^c$/), /finds no aws:ec2\/routeTable/);
    assert.throws(() => state().edit(TABLE, /^a$/, () => undefined), /changes no aws:ec2\/routeTable/);
  });
});

describe('proof and packets', () => {
  it('agree when a reachable flow passes and a blocked one does not', () => {
    assert.equal(compare(FLOW, passing('10.0.0.1')).agrees, true);
    assert.equal(compare({ ...FLOW, verdict: 'blocked' }, STOPPED).agrees, true);
  });

  it('disagree when packets do otherwise than the verdict', () => {
    assert.equal(compare(FLOW, STOPPED).agrees, false);
    assert.equal(compare({ ...FLOW, verdict: 'blocked' }, { passes: true, seen: [], lastResort: false }).agrees, false);
  });

  it('tell of a disagreement whether the pod reached its own resolver', () => {
    const unanswered = compare(FLOW, UNANSWERED);
    assert.equal(unanswered.agrees, false);
    assert.match(renderDisagreement(unanswered), /proof reachable, packets do not get from a pod to its resolver\n/);
    assert.match(renderDisagreement(compare(FLOW, STOPPED)), /proof reachable, packets do not pass\n/);
  });

  it('agree on what passes as a last resort only where the proof blocks it for the health checks', () => {
    const lastResort = { ...passing('10.0.0.1'), lastResort: true };
    const blocked = (rule: string): Flow => ({ ...FLOW, verdict: 'blocked', blockedAt: { hop: 'firewall', rule } });
    assert.equal(compare(blocked('health-check'), lastResort).agrees, true);
    assert.equal(compare(blocked('no-firewall-rule'), lastResort).agrees, false);
    assert.equal(compare(FLOW, lastResort).agrees, false);
    assert.equal(compare(blocked('health-check'), passing('10.0.0.1')).agrees, false);
  });

  it('disagree when the other end sees another source than the proof says', () => {
    assert.equal(compare(FLOW, passing('10.0.0.9')).agrees, false);
    const rewritten = { ...FLOW, path: [{ hop: 'snat', why: '10.1.0.1 sees the node’s address' }] };
    assert.equal(compare(rewritten, passing('10.0.0.1')).agrees, false);
    assert.equal(compare(rewritten, passing('10.0.0.9')).agrees, true);
    const why = "to a pod, which sees the load balancer's address 10.1.0.250";
    const balanced = { ...FLOW, path: [...FLOW.path, { hop: 'load-balancer', why }] };
    assert.equal(compare(balanced, passing('10.1.0.250')).agrees, true);
    assert.equal(compare(balanced, passing('10.0.0.1')).agrees, false);
  });
});

describe('the ends of a flow', () => {
  const kinds = (purpose?: string) => {
    const { source, destination } = endsOf(purpose);
    return [source?.kind, destination?.kind];
  };

  it('are the pods that the proof says the flow is for', () => {
    assert.deepEqual(kinds('internode, dc1 to dc2'), ['cassandra', 'cassandra']);
    assert.deepEqual(kinds('management API, dc1'), ['operator', 'cassandra']);
    assert.deepEqual(kinds('metrics, dc2'), ['collector', 'cassandra']);
    assert.deepEqual(kinds('DNS, dc1 to dc2'), ['dns', undefined]);
  });

  it('are nobody in particular where a flow is asked by its addresses', () => {
    assert.deepEqual(kinds(), [undefined, undefined]);
    assert.deepEqual(kinds('webhook of cass-operator, dc1'), [undefined, undefined]);
  });
});

describe('work done in parallel', () => {
  it('keeps the order of its list and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([30, 10, 20, 5], 2, async (milliseconds) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      running -= 1;
      return milliseconds;
    });
    assert.deepEqual(results, [30, 10, 20, 5]);
    assert.equal(most, 2);
  });
});
