import assert from 'node:assert/strict';
import { type Origins, checkOrigins, formatProblem, loadPlan, originsOf } from '../../plan';
import { type Raw, awsSite, bySlot, gcpSite, stack } from './fixtures';

function madeWith(raw: Raw): Origins {
  const { settings, plan } = loadPlan(raw);
  return originsOf(settings, plan);
}

/** What is refused when a stack that was made with one configuration gets another. */
function refused(before: Raw, after: Raw): string[] {
  const { settings, plan } = loadPlan(after);
  return checkOrigins(madeWith(before), settings, plan).map(
    ({ key, value, message }) => `${key} = ${value}: ${message}`,
  );
}

describe('what a site was made with', () => {
  it('stays, whatever else changes', () => {
    const after = stack(
      { tags: { a: 'b' }, link: { awsGateway: 'transit' }, protect: true, cassandra: { version: '5.0.10' } },
      {
        zones: ['eu-west-1c', 'eu-west-1a', 'eu-west-1b'],
        asn: 64600,
        nodes: { maxPods: 58, machineType: 'm6i.4xlarge' },
      },
      { zones: ['europe-west4-a', 'europe-west4-b'], cassandra: { nodesPerRack: 2 }, kubernetesVersion: '1.36' },
    );
    assert.deepEqual(refused(stack(), after), []);
    assert.deepEqual(refused(stack(), stack({ sites: [gcpSite(), awsSite()] })), []);
  });

  it('may be anything for a new site, and for one that is gone', () => {
    assert.deepEqual(refused(stack({ sites: [gcpSite()] }), stack()), []);
    assert.deepEqual(refused(stack(), stack({ sites: [gcpSite()] })), []);
    const { settings, plan } = loadPlan(stack());
    assert.deepEqual(checkOrigins({}, settings, plan), []);
  });

  const ranges = { nodes: '10.102.0.0/16', pods: '10.112.0.0/16', services: '172.22.0.0/16' };
  const changes: [what: string, after: Raw, refusals: string[]][] = [
    ['the cluster', stack({ cluster: 'other' }), ['cluster = other: was xcloud when the site was made']],
    [
      'ranges',
      stack({}, { ranges }),
      [
        'sites[0].ranges.nodes = 10.102.0.0/16: was 10.100.0.0/16 when the site was made',
        'sites[0].ranges.pods = 10.112.0.0/16: was 10.110.0.0/16 when the site was made',
        'sites[0].ranges.services = 172.22.0.0/16: was 172.20.0.0/16 when the site was made',
      ],
    ],
    [
      'the control plane',
      stack({}, {}, { ranges: { ...(gcpSite()['ranges'] as Raw), controlPlane: '10.120.0.0/28' } }),
      ['sites[1].ranges.controlPlane = 10.120.0.0/28: was 10.101.255.240/28 when the site was made'],
    ],
    [
      'the region',
      stack({}, { region: 'us-east-2', zones: ['us-east-2a', 'us-east-2b', 'us-east-2c'] }),
      ['sites[0].region = us-east-2: was eu-west-1 when the site was made'],
    ],
    [
      'the project',
      stack({}, {}, { project: 'another-project' }),
      ['sites[1].project = another-project: was example-project when the site was made'],
    ],
    ['a datacenter', stack({}, { datacenter: 'dcx' }), ['sites[0].datacenter = dcx: was dc1 when the site was made']],
    [
      'the name of a site',
      stack({}, { name: 'ireland' }),
      ['sites[0].name = ireland: was aws-eu-west-1 when dc1 was made'],
    ],
  ];
  for (const [what, after, refusals] of changes) {
    it(`does not change: ${what}`, () => assert.deepEqual(refused(stack(), after), refusals));
  }

  it('is refused by its slot where its ranges come from one', () => {
    const at = (slot: number) => stack({ sites: [bySlot(gcpSite(), slot)] });
    const { settings, plan } = loadPlan(at(2));
    const problems = checkOrigins(madeWith(at(1)), settings, plan);
    assert.deepEqual([...new Set(problems.map(({ key }) => key))], ['sites[0].slot']);
    assert.match(formatProblem(problems[0]!), /; put it back; to change it, destroy the stack/);
  });
});
