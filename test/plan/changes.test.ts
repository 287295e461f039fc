import assert from 'node:assert/strict';
import { checkChanges, loadPlan, standingOf } from '../../plan';
import { type Raw, awsSite, gcpSite, stack } from './fixtures';

/** What is refused when a stack that stands at one configuration gets another. */
function refused(before: Raw, after: Raw): string[] {
  const was = standingOf(loadPlan(before).settings);
  return checkChanges(was, loadPlan(after).settings).map(({ key, value, message, remedy }) =>
    [`${key} = ${value}`, message, remedy].join('; '),
  );
}

/** A stack whose AWS site differs. */
const aws = (overrides: Raw) => stack({}, overrides);
const database = (cassandra: Raw, nodes: Raw = {}) => aws({ cassandra, nodes });
const whole = (cassandra: Raw) => stack({ cassandra });

describe('a living stack', () => {
  const twoZones = ['eu-west-1a', 'eu-west-1c'];
  const steps: [what: string, before: Raw, after: Raw][] = [
    ['a first deployment', stack({ sites: [gcpSite({ name: 'elsewhere', datacenter: 'dcx' })] }), stack()],
    ['a zone between others', aws({ zones: twoZones }), stack()],
    ['the next Kubernetes version', aws({ kubernetesVersion: '1.34' }), aws({ kubernetesVersion: '1.35' })],
    ['another patch of Kubernetes', stack({}, {}, { kubernetesVersion: '1.35.5' }), stack()],
    ['a later Cassandra', whole({ version: '4.1.8' }), whole({ version: '5.0.9' })],
    ['an earlier patch of Cassandra', whole({ version: '5.0.9' }), whole({ version: '5.0.8' })],
    ['larger volumes', database({ storage: '500Gi' }), database({ storage: '1Ti' })],
    ['more nodes in each rack', stack(), database({ nodesPerRack: 2 })],
    ['fewer, on the machines there are', database({ nodesPerRack: 2 }), database({ nodesPerRack: 1 }, { perZone: 2 })],
    ['then fewer machines', database({ nodesPerRack: 1 }, { perZone: 2 }), database({ nodesPerRack: 1 })],
    ['fewer on GKE', stack({}, {}, { cassandra: { nodesPerRack: 2 } }), stack()],
    ['a second site behind the first', stack({ sites: [awsSite()] }), stack()],
    [
      'a second site before it, told who is first',
      stack({ sites: [gcpSite()] }),
      whole({ firstSite: 'gcp-europe-west4' }),
    ],
    ['the loss of the first site', stack(), stack({ sites: [gcpSite()] })],
    ['the first site by its name instead of none', stack(), whole({ firstSite: 'aws-eu-west-1' })],
  ];
  for (const [what, before, after] of steps) {
    it(`takes ${what}`, () => assert.deepEqual(refused(before, after), []));
  }

  const back = stack({}, { zones: twoZones });
  const refusals: [what: string, before: Raw, after: Raw, refusals: string[]][] = [
    [
      'a second ring by a site that comes first by name',
      stack({ sites: [gcpSite()] }),
      stack(),
      [
        'cassandra.firstSite = ; would make aws-eu-west-1 start the ring, which exists at gcp-europe-west4; ' +
          'set it to gcp-europe-west4',
      ],
    ],
    [
      'another first site',
      stack(),
      whole({ firstSite: 'gcp-europe-west4' }),
      [
        'cassandra.firstSite = gcp-europe-west4; would make gcp-europe-west4 start the ring, which exists at ' +
          'aws-eu-west-1; set it to aws-eu-west-1',
      ],
    ],
    [
      'an older Cassandra',
      whole({ version: '5.0.9' }),
      whole({ version: '4.1.8' }),
      ['cassandra.version = 4.1.8; was 5.0.9, whose data an older version does not read; put it back'],
    ],
    [
      'fewer zones',
      stack(),
      back,
      [
        'sites[0].zones = eu-west-1a, eu-west-1c; removes eu-west-1b, whose rack holds data; ' +
          'put it back; zones can be added only',
      ],
    ],
    [
      'two Kubernetes versions at once',
      aws({ kubernetesVersion: '1.33' }),
      stack(),
      ['sites[0].kubernetesVersion = 1.35; was 1.33: skips a minor version; set it to 1.34 first'],
    ],
    [
      'an older Kubernetes',
      stack(),
      stack({}, {}, { kubernetesVersion: '1.34' }),
      ['sites[1].kubernetesVersion = 1.34; was 1.35: goes back; put it back'],
    ],
    [
      'fewer machines before there are fewer Cassandra nodes',
      database({ nodesPerRack: 2 }),
      stack(),
      [
        'sites[0].nodes.perZone = 1; takes machines away from under 2 Cassandra nodes in each rack; ' +
          'set it to 2 until the datacenter is smaller, then lower it',
      ],
    ],
    [
      'fewer nodes than replicas',
      stack({}, { zones: twoZones, cassandra: { nodesPerRack: 2 } }),
      stack({}, { zones: twoZones, nodes: { perZone: 2 } }),
      [
        'sites[0].cassandra.nodesPerRack = 1; leaves 2 nodes for the 3 replicas they hold; ' +
          'set cassandra.replicationFactor to 2 and bring that up first',
      ],
    ],
    [
      'fewer nodes and replicas at once',
      stack({}, { zones: twoZones, cassandra: { nodesPerRack: 2 } }),
      stack({ cassandra: { replicationFactor: 2 } }, { zones: twoZones, nodes: { perZone: 2 } }),
      [
        'sites[0].cassandra.nodesPerRack = 1; leaves 2 nodes for the 3 replicas they hold; ' +
          'bring the lower cassandra.replicationFactor up first',
      ],
    ],
    [
      'smaller volumes',
      stack(),
      database({ storage: '400Gi' }),
      ['sites[0].cassandra.storage = 400Gi; was 500Gi, and volumes do not shrink; put it back'],
    ],
    [
      'volumes of another class',
      stack(),
      database({ storageClass: 'fast' }),
      [
        "sites[0].cassandra.storageClass = fast; was this program's own class, and volumes stay of their class; " +
          'remove it',
      ],
    ],
    [
      'volumes of no class any more',
      database({ storageClass: 'fast' }),
      stack(),
      ['sites[0].cassandra.storageClass = ; was fast, and volumes stay of their class; put it back'],
    ],
  ];
  for (const [what, before, after, expected] of refusals) {
    it(`does not take ${what}`, () => assert.deepEqual(refused(before, after), expected));
  }

  it('takes anything at its first deployment', () => {
    assert.deepEqual(checkChanges(undefined, loadPlan(stack()).settings), []);
  });
});
