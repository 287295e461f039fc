import assert from 'node:assert/strict';
import { call } from '../../lab/mistakes/connections';
import { Questions } from '../../lab/mistakes/resolvers';
import { type SeatedFlow, StandIns } from '../../lab/mistakes/standIns';
import type { LabModel } from '../../lab/network/model';
import type { Flow } from '../../lab/verify/proof';
import { machineFor } from '../../lab/verify/places';
import { Inventory } from '../../reachability/resources/inventory';
import { readResources } from '../../reachability/resources/read';
import { exported, modelOf } from './network/stacks';

const places = { at: (address: string) => Promise.resolve({ netns: `at ${address}`, standIn: true }) };

const flow = (source: string, purpose: string): Flow => ({
  ...{ source, destination: '10.150.127.251', port: 53, protocol: 'udp', purpose },
  ...{ verdict: 'reachable', path: [] },
});

function standIns(model: LabModel): StandIns {
  const resources = readResources(exported('virtualPrivate'));
  return new StandIns({ inventory: new Inventory(resources), resources }, model, places);
}

describe('a pod that asks for names', () => {
  it('is in the resolver’s range, and on another machine where there is one', async () => {
    const model = modelOf('virtualPrivate');
    for (const cluster of model.clusters) {
      for (const { podRange, podBlock } of cluster.machines) {
        const named = podBlock.replace(/[0-9]+\/[0-9]+$/, '10');
        const { source, asker } = await standIns(model).seat(flow(named, 'DNS, dc1 to dc2'));
        assert.ok(asker !== undefined && asker !== source);
        const [pod, resolver] = [machineFor(cluster, asker), machineFor(cluster, source)];
        assert.equal(pod?.podRange, podRange);
        assert.equal(resolver?.podRange, podRange);
        const alone = cluster.machines.filter((machine) => machine.podRange === podRange).length === 1;
        assert.equal(pod === resolver, alone);
      }
    }
    assert.ok(model.clusters.some(({ machines }) => new Set(machines.map(({ podRange }) => podRange)).size === 1));
  });

  it('stands at no other flow’s start', async () => {
    const { asker } = await standIns(modelOf('virtualPrivate')).seat(flow('10.250.0.10', 'internode, dc2 to dc1'));
    assert.equal(asker, undefined);
  });

  it('is refused where no machine gives out the resolver’s address', async () => {
    const seated = standIns(modelOf('virtualPrivate')).seat(flow('192.0.2.1', 'DNS, dc1 to dc2'));
    await assert.rejects(seated, /no machine gives out 192\.0\.2\.6/);
  });
});

describe('questions to a zone’s own resolver', () => {
  const seated = (change: Partial<SeatedFlow>): SeatedFlow => ({
    ...flow('10.250.0.15', 'DNS, dc2 to dc1'),
    asker: '10.250.1.10',
    ...change,
  });

  /** A resolver that answers over UDP only. */
  function questions() {
    const calls: string[] = [];
    const connect: typeof call = (netns, { destination, port, protocol }) => {
      calls.push(`${netns} → ${destination} ${port}/${protocol}`);
      return Promise.resolve({ passes: protocol === 'udp', seen: [] });
    };
    return { asked: new Questions(places, 32_768, connect), calls };
  }

  it('go from the pod to port 53, by the flow’s protocol, and decide for each protocol apart', async () => {
    const { asked, calls } = questions();
    assert.equal(await asked.answered(seated({ protocol: 'udp' })), true);
    assert.equal(await asked.answered(seated({ protocol: 'tcp' })), false);
    assert.deepEqual(calls, ['at 10.250.1.10 → 10.250.0.15 53/udp', 'at 10.250.1.10 → 10.250.0.15 53/tcp']);
  });

  it('are asked once for all targets of a resolver, also at the same time', async () => {
    const { asked, calls } = questions();
    const targets = ['10.100.19.251', '10.100.51.251', '10.100.83.251'];
    await Promise.all(targets.map((destination) => asked.answered(seated({ destination }))));
    assert.equal(calls.length, 1);
  });

  it('are none of a flow that starts at nobody’s resolver', async () => {
    const { asked, calls } = questions();
    assert.equal(await asked.answered({ ...flow('10.250.0.10', 'internode, dc2 to dc1'), protocol: 'tcp' }), true);
    assert.deepEqual(calls, []);
  });
});
