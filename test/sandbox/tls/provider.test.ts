import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { tlsProvider } from '../../../sandbox/tls/provider';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { configured, temporaryWorld } from '../harness';

const KEY = 'tls:index/privateKey:PrivateKey';
const CERT = 'tls:index/selfSignedCert:SelfSignedCert';

describe('local tls provider', () => {
  for (const { algorithm, extra, type } of [
    { algorithm: 'RSA', extra: { rsaBits: 2048 }, type: 'rsa' },
    { algorithm: 'ECDSA', extra: { ecdsaCurve: 'P256' }, type: 'ec' },
    { algorithm: 'ED25519', extra: {}, type: 'ed25519' },
  ]) {
    it(`makes ${algorithm} keys that parse, in PEM and OpenSSH form`, async () => {
      const tls = await configured(tlsProvider(temporaryWorld()));
      const { outputs } = await tls.create(KEY, 'key', { algorithm, ...extra } as Props);
      assert.equal(createPrivateKey(String(outputs.privateKeyPem)).asymmetricKeyType, type);
      assert.match(String(outputs.publicKeyOpenssh), /^(ssh-|ecdsa-)/);
    });
  }

  it('makes a CA certificate that signs itself and says it is a CA', async () => {
    const tls = await configured(tlsProvider(temporaryWorld()));
    const key = await tls.create(KEY, 'key', { algorithm: 'ECDSA', ecdsaCurve: 'P256' });
    const { outputs } = await tls.create(CERT, 'ca', {
      privateKeyPem: key.outputs.privateKeyPem ?? null,
      isCaCertificate: true,
      validityPeriodHours: 24,
      allowedUses: ['cert_signing', 'crl_signing'],
      subject: { commonName: 'test CA' },
    });
    const certificate = new X509Certificate(String(outputs.certPem));
    assert.equal(certificate.subject, 'CN=test CA');
    assert.equal(certificate.ca, true);
    assert.equal(certificate.verify(certificate.publicKey), true);
  });

  it('refuses an algorithm and a usage that the real provider does not know', async () => {
    const tls = await configured(tlsProvider(temporaryWorld()));
    await assert.rejects(tls.create(KEY, 'key', { algorithm: 'DSA' }), /must be one of/);
    await assert.rejects(
      tls.create(CERT, 'ca', { validityPeriodHours: 1, allowedUses: ['world_peace'] }),
      /world_peace/,
    );
  });

  it('leaves the key unknown at preview', async () => {
    const tls = await configured(tlsProvider(temporaryWorld()));
    const outputs = tls.engine.previewCreate(tls.urn(KEY, 'key'), { algorithm: 'RSA' });
    assert.equal(outputs.privateKeyPem, UNKNOWN);
    assert.equal(outputs.algorithm, 'RSA');
  });
});
