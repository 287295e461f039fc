/** The plain stack as hub and spoke: the VPN ends in one Google network, the database is in another that is peered with it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type ResourceInput, prove } from '../../reachability';
import { parseFlow } from '../../reachability/arguments';
import { Stack } from './mistakes/edit';

const plain = Stack.read(join(__dirname, 'fixtures', 'plain-vpn.json'));
const HUB = 'projects/hybrid-prod/global/networks/main';
const SPOKE = 'projects/hybrid-prod/global/networks/spoke';
const there = '10.10.1.10,10.20.0.10,7000/tcp';
const back = '10.20.0.10,10.10.1.10,7000/tcp';

function resource(type: string, name: string, id: string, inputs: Record<string, unknown>): ResourceInput {
  return { urn: `urn:pulumi:prod::hybrid::${type}::${name}`, type, id, inputs };
}

function peering(name: string, network: string, peerNetwork: string, options: Record<string, unknown>): ResourceInput {
  const inputs = { name, network, peerNetwork, ...options };
  return resource('gcp:compute/networkPeering:NetworkPeering', name, `${network}/${name}`, inputs);
}

function hubAndSpoke(): Stack {
  const inputs = { name: 'spoke', autoCreateSubnetworks: false, project: 'hybrid-prod' };
  return plain
    .copy()
    .add(resource('gcp:compute/network:Network', 'spoke', SPOKE, inputs))
    .set('Subnetwork::db', 'network', SPOKE)
    .set('Firewall::from-aws', 'network', SPOKE)
    .set('Router::router', 'bgp', {
      asn: 65120,
      advertiseMode: 'CUSTOM',
      advertisedIpRanges: [{ range: '10.20.0.0/20' }],
    })
    .add(peering('to-spoke', HUB, SPOKE, { exportCustomRoutes: true }))
    .add(peering('to-hub', SPOKE, HUB, { importCustomRoutes: true }));
}

function judge(stack: Stack, text: string) {
  const flow = parseFlow(text);
  assert.ok(typeof flow !== 'string');
  const [verdict] = prove(stack.resources, { flows: [flow] }).flows;
  assert.ok(verdict);
  const { blockedAt, path } = verdict;
  const at = blockedAt && [blockedAt.urn.split('::').at(-1), blockedAt.rule];
  return { verdict: verdict.verdict, at, why: path.at(-1)?.why };
}

describe('the proof on a database in a peered Google network', () => {
  for (const flow of [there, back]) {
    it(`passes where the custom routes are exchanged: ${flow}`, () => {
      const { verdict, why } = judge(hubAndSpoke(), flow);
      assert.equal(verdict, 'reachable', why);
    });

    for (const { what, change, at } of [
      {
        what: 'the hub exports no custom routes',
        change: (stack: Stack) => stack.set('NetworkPeering::to-spoke', 'exportCustomRoutes', undefined),
        at: ['to-spoke', 'peering-routes'],
      },
      {
        what: 'the spoke imports no custom routes',
        change: (stack: Stack) => stack.set('NetworkPeering::to-hub', 'importCustomRoutes', false),
        at: ['to-hub', 'peering-routes'],
      },
    ]) {
      it(`blocks at the peering where ${what}: ${flow}`, () => {
        const { verdict, at: found, why } = judge(change(hubAndSpoke()), flow);
        assert.deepEqual([verdict, found], ['blocked', at], why);
      });
    }
  }

  it('blocks what enters where the spoke does not peer back', () => {
    const { verdict, at, why } = judge(hubAndSpoke().remove('NetworkPeering::to-hub'), there);
    assert.deepEqual([verdict, at], ['blocked', ['to-spoke', 'peering-inactive']], why);
  });

  it('blocks what leaves at the inactive peering', () => {
    const { verdict, at, why } = judge(hubAndSpoke().remove('NetworkPeering::to-spoke'), back);
    assert.deepEqual([verdict, at], ['blocked', ['to-hub', 'peering-inactive']], why);
  });

  it('blocks where the router advertises its own network alone', () => {
    const { verdict, at, why } = judge(hubAndSpoke().set('Router::router', 'bgp', { asn: 65120 }), there);
    assert.deepEqual([verdict, at], ['blocked', ['router', 'not-advertised']], why);
  });

  it('does not pass a peering on to a third network', () => {
    const third = 'projects/hybrid-prod/global/networks/third';
    const stack = hubAndSpoke()
      .add(resource('gcp:compute/network:Network', 'third', third, { name: 'third' }))
      .set('Subnetwork::db', 'network', third)
      .set('Firewall::from-aws', 'network', third)
      .add(peering('spoke-third', SPOKE, third, { exportCustomRoutes: true }))
      .add(peering('third-spoke', third, SPOKE, { importCustomRoutes: true }));
    assert.equal(judge(stack, there).verdict, 'blocked');
    assert.equal(judge(stack, back).verdict, 'blocked');
  });

  it('is undetermined while a side of the exchange is not known', () => {
    const stack = hubAndSpoke().set(
      'NetworkPeering::to-spoke',
      'exportCustomRoutes',
      '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
    );
    assert.equal(judge(stack, back).verdict, 'undetermined');
  });

  it('blocks an address that a peered network has as well', () => {
    const stack = hubAndSpoke().add(
      resource(
        'gcp:compute/subnetwork:Subnetwork',
        'clash',
        'projects/hybrid-prod/regions/europe-west3/subnetworks/clash',
        {
          name: 'clash',
          network: HUB,
          ipCidrRange: '10.10.0.0/20',
          region: 'europe-west3',
        },
      ),
    );
    const { verdict, at, why } = judge(stack, back);
    assert.deepEqual([verdict, at], ['blocked', ['clash', 'overlap']], why);
  });

  it('has no findings that the plain stack has not', () => {
    const findings = (stack: Stack) => prove(stack.resources, {}).findings.map(({ rule, urn }) => `${rule} ${urn}`);
    assert.deepEqual(findings(hubAndSpoke()), findings(plain));
  });
});
