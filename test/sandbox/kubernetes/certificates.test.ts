import * as assert from 'node:assert/strict';
import { at, object, type Props } from '../../../sandbox/core/values';
import { TOKENS, installCertManager, refusal, setting, type Driver } from './harness';

const CA = { 'tls.crt': 'certificate', 'tls.key': 'key' };

async function authority(driver: Driver): Promise<void> {
  await installCertManager(driver);
  await driver.create(TOKENS.secret, 'ca', { metadata: { name: 'ca' }, type: 'kubernetes.io/tls', stringData: CA });
  await driver.create(TOKENS.issuer, 'i', { metadata: { name: 'ca' }, spec: { ca: { secretName: 'ca' } } });
}

function certificate(spec: Props = {}): Props {
  return {
    metadata: { name: 'node', annotations: { 'pulumi.com/waitFor': 'condition=Ready' } },
    spec: { secretName: 'node-tls', dnsNames: ['db.app.svc'], issuerRef: { name: 'ca' }, ...spec },
  };
}

describe('a certificate', () => {
  it('makes its secret, with the keystores asked for', async () => {
    const { eks, world } = setting();
    await authority(eks);
    await eks.create(TOKENS.secret, 'p', { metadata: { name: 'password' }, stringData: { password: 'x' } });
    const keystores = { jks: { create: true, passwordSecretRef: { name: 'password', key: 'password' } } };
    const made = await eks.create(TOKENS.certificate, 'c', certificate({ keystores }));
    assert.equal(at(made.outputs, 'status', 'conditions', 0, 'status'), 'True');
    const secret = world.kubernetes.all(TOKENS.secret).find(({ id }) => id.endsWith('/node-tls'));
    const keys = Object.keys(object(secret?.outputs, 'data')).sort();
    assert.deepEqual(keys, ['ca.crt', 'keystore.jks', 'tls.crt', 'tls.key', 'truststore.jks']);
  });

  it('outlived by its secret', async () => {
    const { eks, world } = setting();
    await authority(eks);
    await eks.delete(await eks.create(TOKENS.certificate, 'c', certificate()));
    assert.ok(world.kubernetes.all(TOKENS.secret).some(({ id }) => id.endsWith('/node-tls')));
  });

  for (const [what, spec, complaint] of [
    [
      'an issuer that is not there',
      { issuerRef: { name: 'other' } },
      /Referenced "Issuer" not found: issuer\.cert-manager\.io "other" not found/,
    ],
    [
      'a cluster issuer that is not there',
      { issuerRef: { name: 'ca', kind: 'ClusterIssuer' } },
      /Referenced "ClusterIssuer" not found/,
    ],
    [
      'a keystore password that is not there',
      { keystores: { pkcs12: { create: true, passwordSecretRef: { name: 'absent', key: 'k' } } } },
      /failed to build keystores: error fetching Secret: secrets "absent" not found/,
    ],
    [
      'a keystore password of another key',
      { keystores: { jks: { create: true, passwordSecretRef: { name: 'ca', key: 'k' } } } },
      /has no key "k"/,
    ],
    ['no subject', { dnsNames: [] }, /at least one of commonName/],
    ['a common name over 64 characters', { commonName: 'a'.repeat(65) }, /spec\.commonName: Too long/],
    ['a key algorithm of old', { privateKey: { algorithm: 'DSA' } }, /Unsupported value: "DSA"/],
    ['a short RSA key', { privateKey: { algorithm: 'RSA', size: 1024 } }, /must be between 2048 and 8192/],
    [
      'a curve that is none',
      { privateKey: { algorithm: 'ECDSA', size: 512 } },
      /spec\.privateKey\.size: Unsupported value: 512/,
    ],
    ['minutes of life', { duration: '30m' }, /certificate duration must be greater than 1h0m0s/],
    ['a renewal before its start', { duration: '24h', renewBefore: '48h' }, /must be greater than renewBefore/],
    ['a field that is not declared', { dnsName: 'x' }, /\.spec\.dnsName: field not declared in schema/],
    ['no secret name', { secretName: undefined as unknown as string }, /spec\.secretName: Required value/],
  ] as [string, Props, RegExp][]) {
    it(`fails with ${what}`, async () => {
      const { eks } = setting();
      await authority(eks);
      const given = certificate(spec);
      if (spec.secretName === undefined && 'secretName' in spec) delete (given.spec as Props).secretName;
      assert.match(await refusal(eks.create(TOKENS.certificate, 'c', given)), complaint);
    });
  }

  it('waits for the secret of its authority', async () => {
    const { eks } = setting();
    await installCertManager(eks);
    const issuer = {
      metadata: { name: 'ca', annotations: { 'pulumi.com/waitFor': 'condition=Ready' } },
      spec: { ca: { secretName: 'ca' } },
    };
    assert.match(await refusal(eks.create(TOKENS.issuer, 'i', issuer)), /secrets "ca" not found/);
    assert.match(
      await refusal(eks.create(TOKENS.certificate, 'c', certificate())),
      /does not have a Ready status condition/,
    );
    await eks.create(TOKENS.secret, 's', { metadata: { name: 'ca' }, stringData: CA });
    const inputs = eks.check(TOKENS.certificate, 'c', certificate());
    const urn = 'urn:pulumi:dev::it::kubernetes:cert-manager.io/v1:Certificate::c';
    const seen = await eks.read({ urn, id: 'default/node', inputs, outputs: {} });
    assert.equal(at(seen?.outputs, 'status', 'conditions', 0, 'type'), 'Ready');
  });

  it('is not issued without a controller, and not admitted without its webhook', async () => {
    const { eks, clouds } = setting();
    await authority(eks);
    const groups = clouds.eks?.nodeGroups ?? [];
    if (clouds.eks) clouds.eks.nodeGroups = [];
    const release = { urn: 'urn:pulumi:dev::it::kubernetes:helm.sh/v3:Release::cm', id: 'cert-manager/cert-manager' };
    await eks.delete(release);
    await refusal(installAgain(eks));
    assert.match(
      await refusal(eks.create(TOKENS.certificate, 'c', certificate())),
      /failed calling webhook "webhook\.cert-manager\.io"/,
    );
    if (clouds.eks) clouds.eks.nodeGroups = groups;
    await eks.delete(release);
    assert.match(await refusal(eks.create(TOKENS.certificate, 'c', certificate())), /no running controller/);
  });

  it('needs exactly one kind of issuer', async () => {
    const { eks } = setting();
    await installCertManager(eks);
    const both = { metadata: { name: 'i' }, spec: { ca: { secretName: 'ca' }, selfSigned: {} } };
    assert.match(await refusal(eks.create(TOKENS.issuer, 'i', both)), /may not specify more than one issuer type/);
    assert.match(
      await refusal(eks.create(TOKENS.issuer, 'i', { metadata: { name: 'i' }, spec: {} })),
      /at least one issuer must be configured/,
    );
  });
});

function installAgain(driver: Driver) {
  return driver.create(TOKENS.release, 'cm', {
    chart: './cert-manager',
    name: 'cert-manager',
    namespace: 'cert-manager',
    values: { crds: { enabled: true } },
  });
}
