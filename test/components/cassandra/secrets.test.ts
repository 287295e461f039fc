import assert from 'node:assert/strict';
import type { Recording, Registered } from '../recorder';
import { JOB, SECRET, SECRETS, clusterOverTwoSites } from './sites';

/** How Pulumi marks a secret value on the wire. */
const SECRET_SIGNATURE = '4dabf18193072939515e22adb298388d';

describe('secrets of the cluster', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });

  it('never stand in clear in what is registered', () => {
    const encoded = Object.values(SECRETS).flatMap((value) => [value, Buffer.from(value).toString('base64')]);
    for (const resource of recording.resources) {
      const clear = JSON.stringify(withoutSecrets(resource.inputs));
      for (const value of encoded) assert.ok(!clear.includes(value), `${resource.name} shows ${value}`);
    }
  });

  it('are secrets as a whole in every Kubernetes Secret', () => {
    const secrets = recording.ofType(SECRET);
    assert.equal(secrets.length, 8);
    for (const { name, inputs } of secrets) assert.ok(isSecret(inputs.data), name);
  });

  it('are the same CA, superuser and keystore password on both sites', () => {
    for (const role of ['ca', 'superuser', 'keystore-password']) {
      const [aws, gcp] = ['aws-eu-west-1', 'gcp-europe-west4'].map((site) =>
        contents(recording.one(SECRET, `xcloud-${site}-secrets-${role}`)),
      );
      assert.deepEqual(aws, gcp);
    }
  });

  it('lock the stores with the password that Cassandra is given', () => {
    const password = contents(recording.one(SECRET, 'xcloud-aws-eu-west-1-secrets-keystore-password')).password;
    for (const datacenter of ['dc1', 'dc2']) {
      const config = JSON.parse(contents(recording.one(SECRET, `xcloud-${datacenter}-settings`)).config ?? '{}') as {
        'cassandra-yaml': { server_encryption_options: { keystore_password: string } };
      };
      assert.equal(config['cassandra-yaml'].server_encryption_options.keystore_password, password);
    }
  });

  it('reach the replication Job as a volume, not in its environment or arguments', () => {
    const jobs = JSON.stringify(recording.ofType(JOB).map(({ inputs }) => inputs));
    assert.ok(jobs.includes('"secretName":"xcloud-superuser"'));
    assert.ok(!jobs.includes(SECRETS.superuser));
  });
});

describe('the certificate authority', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });

  it('is one for the whole cluster, may sign, and does not replace itself', () => {
    const { inputs } = recording.one('tls:index/selfSignedCert:SelfSignedCert');
    assert.equal(inputs.isCaCertificate, true);
    assert.equal(inputs.earlyRenewalHours, undefined);
    assert.ok((inputs.allowedUses as string[]).includes('cert_signing'));
  });

  it('signs on each site by an issuer of the site’s own namespace', () => {
    const issuers = recording.ofType('kubernetes:cert-manager.io/v1:Issuer').map(({ inputs }) => inputs);
    assert.deepEqual(
      issuers.map(({ metadata, spec }) => [(metadata as { namespace: string }).namespace, spec]),
      [
        ['cassandra-aws-eu-west-1', { ca: { secretName: 'xcloud-internode-ca' } }],
        ['cassandra-gcp-europe-west4', { ca: { secretName: 'xcloud-internode-ca' } }],
      ],
    );
  });

  it('gives nodes a certificate for both ends of a connection, as PKCS#12 stores', () => {
    for (const { inputs } of recording.ofType('kubernetes:cert-manager.io/v1:Certificate')) {
      const spec = inputs.spec as { usages: string[]; keystores: { pkcs12: { create: boolean } } };
      assert.ok(spec.usages.includes('server auth') && spec.usages.includes('client auth'));
      assert.equal(spec.keystores.pkcs12.create, true);
    }
  });

  it('names the pods, services and gateway of the datacenter in its certificate', () => {
    const { inputs } = recording.one(
      'kubernetes:cert-manager.io/v1:Certificate',
      'xcloud-aws-eu-west-1-certificates-certificate',
    );
    assert.deepEqual((inputs.spec as { dnsNames: string[] }).dnsNames, [
      '*.xcloud-dc1-all-pods-service.cassandra-aws-eu-west-1.svc.cluster.local',
      'xcloud-dc1-all-pods-service.cassandra-aws-eu-west-1.svc.cluster.local',
      'xcloud-dc1-service.cassandra-aws-eu-west-1.svc.cluster.local',
      'xcloud-seed-service.cassandra-aws-eu-west-1.svc.cluster.local',
      'xcloud-dc1-gateway.cassandra-aws-eu-west-1.svc.cluster.local',
    ]);
  });
});

function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === 'object' && value !== null && SECRET_SIGNATURE in value;
}

/** The value as whoever may not read secrets sees it. */
function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return '[secret]';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
  }
  return value;
}

/** Data of a Kubernetes Secret, decoded. */
function contents(resource: Registered): Record<string, string> {
  const { data } = resource.inputs;
  assert.ok(isSecret(data), `${resource.name} is secret`);
  return Object.fromEntries(
    Object.entries(data.value as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}
