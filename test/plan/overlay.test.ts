import assert from 'node:assert/strict';
import { loadPlan, virtualAddress } from '../../plan';
import { type Raw, awsSite, bySlot, gcpSite, problemsOf, stack } from './fixtures';
import * as oracle from './oracle';

const overlay = (aws: Raw = {}, gcp: Raw = {}, more: Raw = {}): Raw =>
  stack({ connectivity: 'overlay', ...more }, aws, gcp);
const keysOf = (raw: Raw) => problemsOf(raw).map(({ key, message }) => `${key}: ${message}`);

describe('connectivity overlay', () => {
  it('lets the pods of two sites have the same range', () => {
    const ranges = { nodes: '10.101.0.0/16', pods: '10.110.0.0/16', services: '172.21.0.0/16' };
    assert.equal(problemsOf(stack({}, {}, { ranges })).length, 1);
    const { plan } = loadPlan(overlay({}, { ranges }));
    assert.deepEqual(
      plan.sites.map(({ pods }) => pods),
      ['10.110.0.0/16', '10.110.0.0/16'],
    );
  });

  it('does not let nodes, services or virtual ranges overlap anything', () => {
    const own = { nodes: '10.101.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16' };
    assert.deepEqual(keysOf(overlay({}, { ranges: { ...own, nodes: '10.110.0.0/16' } })), [
      'sites[1].ranges.nodes: overlaps pods 10.110.0.0/16 of aws-eu-west-1',
    ]);
    assert.deepEqual(keysOf(overlay({}, { ranges: { ...own, services: '172.20.0.0/16' } })), [
      'sites[1].ranges.services: overlaps services 172.20.0.0/16 of aws-eu-west-1',
    ]);
    assert.deepEqual(keysOf(overlay({ virtual: '100.64.0.0/20' }, { virtual: '100.64.0.0/20' })), [
      'sites[1].virtual: overlaps virtual 100.64.0.0/20 of aws-eu-west-1',
    ]);
    assert.deepEqual(keysOf(overlay({ virtual: '10.111.16.0/20' })), [
      'sites[1].ranges.pods: overlaps virtual 10.111.16.0/20 of aws-eu-west-1',
    ]);
  });

  it('does not let the pods of one site overlap its own nodes', () => {
    assert.deepEqual(
      keysOf(overlay({ ranges: { nodes: '10.100.0.0/16', pods: '10.100.0.0/16', services: '172.20.0.0/16' } })),
      ['sites[0].ranges.pods: overlaps nodes 10.100.0.0/16 of the same site'],
    );
  });

  it('advertises nodes only, and reaches seeds by their virtual addresses', () => {
    const { plan } = loadPlan(overlay({ virtual: '100.70.0.0/20' }, { virtual: '100.80.0.0/20' }));
    const [aws, gcp] = plan.sites;
    assert.deepEqual([aws!.advertised, gcp!.advertised], [['10.100.0.0/16'], ['10.101.0.0/16']]);
    assert.deepEqual([aws!.firewallSources, aws!.snatExclusions], [['10.101.0.0/16'], ['10.101.0.0/16']]);
    assert.deepEqual(gcp!.remoteSeeds, ['100.70.0.0', '100.70.1.0', '100.70.2.0']);
    assert.deepEqual([aws!.gateway.port, gcp!.gateway.port], [17001, 17001]);
    assert.deepEqual([aws!.virtual, aws!.peers[0]!.virtual], ['100.70.0.0/20', '100.80.0.0/20']);
    assert.deepEqual(
      plan.ranges.filter(({ role }) => role === 'virtual'),
      [
        {
          owner: 'aws-eu-west-1',
          role: 'virtual',
          cidr: '100.70.0.0/20',
          usable: 4096,
          capacity: { of: 'pods', max: 768 },
        },
        {
          owner: 'gcp-europe-west4',
          role: 'virtual',
          cidr: '100.80.0.0/20',
          usable: 4096,
          capacity: { of: 'pods', max: 768 },
        },
      ],
    );
  });

  it('takes virtual ranges from the pool by slot, or else by name', () => {
    const third = bySlot(gcpSite({ name: 'gcp-3', datacenter: 'dc3', asn: 65011 }), 5);
    const { plan } = loadPlan(overlay({}, {}, { sites: [awsSite(), gcpSite(), third], links: [] }));
    const [aws, gcp3, gcp] = plan.sites;
    assert.equal(gcp3!.virtual, '100.64.80.0/20');
    // Derived from the name alone: pods carry these addresses, so they must never change.
    assert.deepEqual([aws!.virtual, gcp!.virtual], ['100.115.176.0/20', '100.101.128.0/20']);
    const alone = loadPlan(overlay({}, {}, { sites: [gcpSite()] })).plan;
    assert.equal(alone.sites[0]!.virtual, gcp!.virtual);
  });

  it('keeps to a pool that is set', () => {
    const { plan } = loadPlan(overlay({}, {}, { overlay: { virtualPool: '10.192.0.0/12' } }));
    for (const { virtual } of plan.sites) {
      assert(oracle.contains('10.192.0.0/12', virtual!));
    }
  });

  it('refuses virtual ranges of another size, racks without a part, and pools that are too small', () => {
    assert.deepEqual(keysOf(overlay({ virtual: '100.64.0.0/24' })), [
      "sites[0].virtual: is /24, and a site's virtual range is exactly /20",
    ]);
    assert.deepEqual(keysOf(overlay({ virtual: '100.64.0.0/2x' })), [
      'sites[0].virtual: has a prefix length that is not a number',
    ]);
    const zones = ['europe-west4-a', 'europe-west4-p', 'europe-west4-q'];
    assert.deepEqual(keysOf(overlay({}, { zones })), [
      'sites[1].zones[2]: has a letter after p, for which the virtual range has no part',
    ]);
    const sites = [bySlot(awsSite(), 1), gcpSite()];
    assert.deepEqual(keysOf(overlay({}, {}, { overlay: { virtualPool: '100.64.0.0/20' }, sites })), [
      'sites[0].virtual: is missing, and 100.64.0.0/20 has no /20 for slot 1',
    ]);
    assert.deepEqual(keysOf(overlay({ virtual: '100.70.0.0/20' }, {}, { overlay: { virtualPool: '100.64.0.0/24' } })), [
      'sites[1].virtual: is missing, and 100.64.0.0/24 has no /20 for it',
    ]);
  });

  it('does not judge sites by a pool that cannot be read', () => {
    assert.deepEqual(keysOf(overlay({}, {}, { overlay: { virtualPool: '100.64.0.0/9' } })), [
      'overlay.virtualPool: has host bits set: its range starts at 100.0.0.0',
    ]);
  });

  it('refuses virtual ranges where the clouds have their own', () => {
    assert.match(keysOf(overlay({ virtual: '169.254.0.0/20' }))[0]!, /link-local/);
  });

  it('says nothing of virtual ranges that are not used', () => {
    assert.deepEqual(keysOf(stack({}, { virtual: '100.64.0.0/24' })), []);
  });

  it('does not judge the virtual range of a site that has no name', () => {
    assert.deepEqual(
      keysOf(overlay({ name: 'A' })).map((text) => text.split(':')[0]),
      ['sites[0].name'],
    );
  });
});

describe('virtualAddress', () => {
  it('holds rack and ordinal in its last two bytes', () => {
    assert.equal(virtualAddress('10.16.0.0/20', 'eu-west-1a', 0), '10.16.0.0');
    assert.equal(virtualAddress('10.16.0.0/20', 'eu-west-1c', 3), '10.16.2.3');
    assert.equal(virtualAddress('10.16.16.0/20', 'europe-west4-p', 255), '10.16.31.255');
  });

  it('has no address for a rack after p or a pod after 255', () => {
    assert.throws(() => virtualAddress('10.16.0.0/20', 'europe-west4-q', 0), RangeError);
    assert.throws(() => virtualAddress('10.16.0.0/20', 'europe-west4-a', 256), RangeError);
  });
});
