import assert from 'node:assert/strict';
import { formatProblem, loadPlan, unsupported } from '../../plan';
import { type Raw, awsSite, bySlot, fixture, gcpSite, stack } from './fixtures';

const unsupportedIn = (raw: Raw) => unsupported(loadPlan(raw).settings).map(({ key, message }) => `${key}: ${message}`);

describe('unsupported', () => {
  const secondAws = bySlot(awsSite({ name: 'aws-2', datacenter: 'dc3', asn: 65011 }), 0);

  it('accepts one AWS and one GCP site, and a single site', () => {
    assert.deepEqual(unsupportedIn(fixture('reference.yaml')), []);
    assert.deepEqual(unsupportedIn(stack({ link: { awsGateway: 'transit' } })), []);
    assert.deepEqual(unsupportedIn(stack({ sites: [awsSite()] })), []);
  });

  it('names the overlay', () => {
    assert.deepEqual(unsupportedIn(stack({ connectivity: 'overlay' })), [
      'connectivity: reaches pods by virtual addresses, which is planned but not provisioned yet',
    ]);
  });

  it('names more than two sites', () => {
    const links = [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'] }];
    assert.deepEqual(unsupportedIn(stack({ sites: [awsSite(), gcpSite(), secondAws], links })), [
      'sites: are 3 sites, which is planned but not provisioned yet',
    ]);
  });

  it('names two sites of one cloud, and their link', () => {
    const links = [{ sites: ['aws-eu-west-1', 'aws-2'] }];
    assert.deepEqual(unsupportedIn(stack({ sites: [awsSite(), secondAws], links })), [
      'sites: are two sites of one cloud, aws, which is planned but not provisioned yet',
      'links[0].sites: links sites of one cloud, which is planned but not provisioned yet',
    ]);
  });

  it('names two sites without a link', () => {
    assert.deepEqual(unsupportedIn(stack({ links: [] })), [
      'links: leaves the two sites without a link, which is planned but not provisioned yet',
    ]);
  });

  it('names regions outside the commercial partition of AWS', () => {
    for (const region of ['cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1']) {
      const aws = { region, zones: [`${region}a`, `${region}b`, `${region}c`] };
      assert.deepEqual(unsupportedIn(stack({}, aws)), [
        'sites[0].region: is outside the commercial partition of AWS, and this program is made for that one',
      ]);
    }
  });

  it('says what to do instead', () => {
    const [problem] = unsupported(loadPlan(stack({ connectivity: 'overlay' })).settings);
    assert.match(formatProblem(problem!), /^connectivity = overlay: .*; use native$/);
  });
});
