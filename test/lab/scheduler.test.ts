import assert from 'node:assert/strict';
import { schedule } from '../../lab/agent/scheduler';
import type { Json, KubernetesObject } from '../../lab/kubernetes/objects';
import type { Machine } from '../../lab/network/model';

const machines: Machine[] = ['a', 'b', 'c'].map((zone, index) => ({
  name: `machine-${zone}`,
  zone,
  address: `10.0.${index}.10`,
  podRange: '10.1.0.0/16',
  podBlock: `10.1.${index}.0/28`,
  profile: 'p',
  podProfile: 'p',
  sourceNat: undefined,
}));

function pod(name: string, spec: Json, owner = 'set'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'n', uid: name, labels: { app: 'db' }, ownerReferences: [{ uid: owner }] },
    spec,
  };
}

const inZone = (zone: string): Json => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
        ],
      },
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } },
      ],
    },
  },
});

describe('the scheduler', () => {
  it('puts a pod into the zone that its node affinity requires', () => {
    const found = schedule(pod('one', inZone('b')), machines, []);
    assert.equal(typeof found === 'string' ? found : found.name, 'machine-b');
  });

  it('leaves a pod unscheduled where anti-affinity excludes the only machine, and says so', () => {
    const first = pod('one', { ...inZone('b'), nodeName: 'machine-b' });
    assert.match(String(schedule(pod('two', inZone('b')), machines, [first])), /anti-affinity/);
  });

  it('leaves a pod unscheduled where no machine has the zone', () => {
    assert.match(String(schedule(pod('one', inZone('z')), machines, [])), /labels/);
  });

  it('spreads pods of one owner over the zones', () => {
    const placed: KubernetesObject[] = [];
    for (const name of ['one', 'two', 'three']) {
      const machine = schedule(pod(name, {}), machines, placed);
      assert.notEqual(typeof machine, 'string');
      placed.push(pod(name, { nodeName: (machine as Machine).name }));
    }
    assert.equal(new Set(placed.map(({ spec }) => spec.nodeName as string)).size, 3);
  });
});
