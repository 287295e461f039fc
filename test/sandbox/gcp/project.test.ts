import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { gcpProvider } from '../../../sandbox/gcp/provider';
import { projectNumber } from '../../../sandbox/gcp/session';
import { temporaryWorld } from '../harness';
import { Cloud, PROJECT, REGION } from './cloud';

const number = projectNumber(PROJECT);

describe('local GCP services', () => {
  it('enable what they need', async () => {
    const cloud = await Cloud.with();
    await cloud.create('Service', 'gke', { service: 'container.googleapis.com' });
    await cloud.create('Network', 'net', { name: 'net' });
  });

  it('stay enabled after a destroy unless told otherwise', async () => {
    const cloud = await Cloud.with();
    await cloud.create('Service', 'compute', { service: 'compute.googleapis.com', disableOnDestroy: false });
    await cloud.delete('compute');
    await cloud.create('Network', 'net', { name: 'net' });
    await cloud.create('Service', 'compute', { service: 'compute.googleapis.com', disableOnDestroy: true });
    await cloud.delete('compute');
    await cloud.refuses('Network', { name: 'net2' }, /accessNotConfigured/);
  });

  it('are not disabled under another that needs them', async () => {
    const cloud = await Cloud.with();
    await cloud.create('Service', 'gke', { service: 'container.googleapis.com' });
    await cloud.create('Service', 'compute', { service: 'compute.googleapis.com', disableOnDestroy: true });
    await assert.rejects(
      cloud.delete('compute'),
      /depended on by the following active service\(s\): container\.googleapis\.com/,
    );
    await cloud.create('Service', 'compute', {
      service: 'compute.googleapis.com',
      disableOnDestroy: true,
      disableDependentServices: true,
    });
    await cloud.delete('compute');
  });

  it('are refused by a name that is none', async () => {
    const cloud = await Cloud.with();
    await cloud.refuses('Service', { service: 'compute' }, /ends in \.googleapis\.com/);
    await cloud.refuses('Service', { service: 'computer.googleapis.com' }, /Not found or permission denied/);
  });
});

describe('local GCP identities', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
  });

  it('of services have the address of the service agent', async () => {
    const made = await cloud.create('ServiceIdentity', 'agent', { service: 'container.googleapis.com' });
    assert.equal(made.email, `service-${number}@container-engine-robot.iam.gserviceaccount.com`);
    assert.equal(cloud.preview('ServiceIdentity', 'a', { service: 'container.googleapis.com' }).member, UNKNOWN);
    await cloud.refuses('ServiceIdentity', { service: 'pubsub2.googleapis.com' }, /is not enabled for consumer/);
  });

  it('of accounts are known at preview and exist once', async () => {
    const email = `node-pool@${PROJECT}.iam.gserviceaccount.com`;
    assert.equal(cloud.preview('Account', 'a', { accountId: 'node-pool' }).email, email);
    const made = await cloud.create('Account', 'a', { accountId: 'node-pool' });
    assert.equal(made.id, `projects/${PROJECT}/serviceAccounts/${email}`);
    assert.equal(made.member, `serviceAccount:${email}`);
    await cloud.refuses(
      'Account',
      { accountId: 'node-pool' },
      /Error 409: Service account node-pool already exists within project/,
    );
    await cloud.delete('a');
    const again = await cloud.create('Account', 'a', { accountId: 'node-pool' });
    assert.notEqual(again.uniqueId, made.uniqueId);
  });

  it('of accounts have 6 to 30 characters and need the IAM API', async () => {
    await cloud.refuses('Account', { accountId: 'short' }, /6 to 30 characters/);
    await cloud.refuses('Account', { accountId: 'x'.repeat(31) }, /6 to 30 characters/);
    const fresh = await Cloud.with();
    await fresh.refuses(
      'Account',
      { accountId: 'node-pool' },
      /Identity and Access Management \(IAM\) API has not been used/,
    );
  });

  const bad: [string, Props, RegExp][] = [
    ['a member without its kind', { member: 'someone@example.com' }, /IAM members are written TYPE:ID/],
    ['a role that is none', { role: 'logging.logWriter' }, /is no role name/],
    [
      'an account that does not exist',
      { member: `serviceAccount:x@${PROJECT}.iam.gserviceaccount.com` },
      /does not exist/,
    ],
  ];
  for (const [what, change, message] of bad) {
    it(`get no role with ${what}`, () =>
      cloud.refuses(
        'IAMMember',
        { project: PROJECT, role: 'roles/logging.logWriter', member: 'user:a@example.com', ...change },
        message,
      ));
  }

  it('get roles by members of workload identity, and need the Resource Manager API', async () => {
    const member = `serviceAccount:${PROJECT}.svc.id.goog[monitoring/collector]`;
    const made = await cloud.create('IAMMember', 'm', {
      project: PROJECT,
      role: 'roles/monitoring.metricWriter',
      member,
    });
    assert.equal(made.id, `${PROJECT}/roles/monitoring.metricWriter/${member}`);
    const fresh = await Cloud.with();
    await fresh.refuses(
      'IAMMember',
      { project: PROJECT, role: 'roles/viewer', member: 'user:a@example.com' },
      /Cloud Resource Manager API has not been used/,
    );
  });
});

describe('local GCP keys', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
  });

  it('can never be deleted: their names stay taken, their versions go', async () => {
    const ring = await cloud.create('KeyRing', 'ring', { name: 'ring', location: REGION });
    const key = await cloud.create('CryptoKey', 'key', { name: 'key', keyRing: ring.id, rotationPeriod: '7776000s' });
    assert.deepEqual(key.primaries, [{ name: `${key.id}/cryptoKeyVersions/1`, state: 'ENABLED' }]);
    await cloud.destroy();
    const kept = cloud.world.gcp.get('gcp:kms/cryptoKey:CryptoKey', key.id)?.outputs;
    assert.deepEqual(kept?.primaries, [{ name: `${key.id}/cryptoKeyVersions/1`, state: 'DESTROY_SCHEDULED' }]);
    assert.equal(kept?.rotationPeriod, undefined);
    await cloud.create('Service', 'kms', { service: 'cloudkms.googleapis.com' });
    await cloud.refuses(
      'KeyRing',
      { name: 'ring', location: REGION },
      /Error 409: KeyRing projects\/.*\/keyRings\/ring already exists/,
    );
    await cloud.refuses('CryptoKey', { name: 'key', keyRing: ring.id }, /Error 409: CryptoKey .* already exists/);
  });

  it('that the program leaves unnamed get names nothing had before', async () => {
    const first = await cloud.create('KeyRing', 'ring', { location: REGION });
    await cloud.delete('ring');
    const second = await cloud.create('KeyRing', 'ring', { location: REGION });
    assert.notEqual(first.id, second.id);
    assert.match(second.id, /\/keyRings\/ring-[0-9a-f]{7}$/);
  });

  it('that exist keep their name at every run', async () => {
    const made = await cloud.create('KeyRing', 'ring', { location: REGION });
    const urn = cloud.driver.urn('gcp:kms/keyRing:KeyRing', 'ring');
    const inputs: Props = { name: made.name ?? '', location: REGION };
    assert.deepEqual(cloud.driver.engine.check(urn, inputs, { location: REGION }).inputs, inputs);
  });

  const bad: [string, Props, RegExp][] = [
    ['a rotation under a day', { rotationPeriod: '3600s' }, /at least 86400s/],
    ['a missing ring', { keyRing: `projects/${PROJECT}/locations/${REGION}/keyRings/nowhere` }, /notFound/],
    ['an unknown purpose', { purpose: 'ENCRYPT' }, /"ENCRYPT_DECRYPT"/],
    ['a rotation of what signs', { purpose: 'ASYMMETRIC_SIGN', rotationPeriod: '7776000s' }, /rotate automatically/],
  ];
  for (const [what, change, message] of bad) {
    it(`are refused with ${what}`, async () => {
      const ring = await cloud.create('KeyRing', 'ring', { name: 'ring', location: REGION });
      await cloud.refuses('CryptoKey', { name: 'key', keyRing: ring.id, ...change }, message);
    });
  }

  it('are refused in a location that does not exist', () =>
    cloud.refuses('KeyRing', { name: 'ring', location: 'mars' }, /Location 'mars' is not supported/));
});

describe('local GCP alert policies', () => {
  const filter = 'resource.type = "vpn_gateway" AND metric.type = "vpn.googleapis.com/tunnel_established"';
  const threshold = (more: Props = {}): Props => ({
    displayName: 'down',
    conditionThreshold: { filter, comparison: 'COMPARISON_LT', duration: '300s', thresholdValue: 1, ...more },
  });
  const policy = (more: Props = {}): Props => ({
    displayName: 'link',
    combiner: 'OR',
    conditions: [threshold()],
    ...more,
  });
  let cloud: Cloud;
  before(async () => {
    cloud = await Cloud.ready();
  });

  it('are named by the API, and so are their conditions', async () => {
    const made = await cloud.create('AlertPolicy', 'p', policy());
    assert.match(made.id, new RegExp(`^projects/${PROJECT}/alertPolicies/\\d{19}$`));
    assert.match(String((made.conditions as Props[])[0]?.name), /\/conditions\/\d{19}$/);
    assert.equal(cloud.preview('AlertPolicy', 'q', policy()).name, UNKNOWN);
  });

  const bad: [string, Props, RegExp][] = [
    ['no condition', policy({ conditions: [] }), /1 to 6/],
    [
      'a filter without metric',
      policy({ conditions: [threshold({ filter: 'resource.type = "vpn_gateway"' })] }),
      /restriction on "metric\.type"/,
    ],
    [
      'a filter without resource',
      policy({ conditions: [threshold({ filter: 'metric.type = "a.b/c"' })] }),
      /restriction on "resource\.type"/,
    ],
    ['an unknown comparison', policy({ conditions: [threshold({ comparison: 'LT' })] }), /"COMPARISON_GT"/],
    ['a duration that is none', policy({ conditions: [threshold({ duration: '5m' })] }), /number of seconds/],
    ['an unknown combiner', policy({ combiner: 'XOR' }), /"AND" "OR"/],
    ['a channel by its address', policy({ notificationChannels: ['ops@example.com'] }), /notificationChannels\/ID/],
  ];
  for (const [what, inputs, message] of bad)
    it(`are refused with ${what}`, () => cloud.refuses('AlertPolicy', inputs, message));
});

describe('local GCP provider', () => {
  it('refuses a configuration that is none', () => {
    const provider = gcpProvider(temporaryWorld());
    const failures = provider.checkConfig?.({ project: 'X', region: 'mars', zone: 'a', defaultLabels: '{' }) ?? [];
    assert.deepEqual(
      failures.map(({ property }) => property),
      ['project', 'region', 'zone', 'defaultLabels'],
    );
    assert.deepEqual(provider.checkConfig?.({ project: PROJECT, region: UNKNOWN, defaultLabels: '{"a":"b"}' }), []);
  });

  it('asks for a project where neither it nor the resource has one', async () => {
    const cloud = await Cloud.with({ project: null, region: null });
    await cloud.refuses('Router', { name: 'r' }, /project: required field is not set\nregion/);
  });
});
