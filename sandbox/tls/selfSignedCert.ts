import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CloudError } from '../core/errors';
import type { ResourceType } from '../core/resourceType';
import { flag, isKnown, number, object, text, texts, type Props } from '../core/values';
import type { StoreSession } from '../core/world';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const KEY_USAGES: Readonly<Record<string, x509.KeyUsageFlags>> = {
  digital_signature: x509.KeyUsageFlags.digitalSignature,
  content_commitment: x509.KeyUsageFlags.nonRepudiation,
  key_encipherment: x509.KeyUsageFlags.keyEncipherment,
  data_encipherment: x509.KeyUsageFlags.dataEncipherment,
  key_agreement: x509.KeyUsageFlags.keyAgreement,
  cert_signing: x509.KeyUsageFlags.keyCertSign,
  crl_signing: x509.KeyUsageFlags.cRLSign,
};

const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  server_auth: x509.ExtendedKeyUsage.serverAuth,
  client_auth: x509.ExtendedKeyUsage.clientAuth,
  code_signing: x509.ExtendedKeyUsage.codeSigning,
  email_protection: x509.ExtendedKeyUsage.emailProtection,
  timestamping: x509.ExtendedKeyUsage.timeStamping,
  ocsp_signing: x509.ExtendedKeyUsage.ocspSigning,
};

const DEFAULTS: Props = {
  earlyRenewalHours: 0,
  isCaCertificate: false,
  setAuthorityKeyId: false,
  setSubjectKeyId: false,
};

export const selfSignedCert: ResourceType<StoreSession> = {
  token: 'tls:index/selfSignedCert:SelfSignedCert',
  stateless: true,
  immutable: 'all',
  previewOutputs: (inputs) => ({ ...DEFAULTS, readyForRenewal: false, ...inputs }),
  check: (inputs) =>
    texts(inputs, 'allowedUses')
      .filter((use) => !(use in KEY_USAGES) && !(use in EXTENDED_USAGES))
      .map((use) => ({ property: 'allowedUses', reason: `value "${use}" is not a key usage the tls provider knows` })),
  create: async (inputs) => {
    const certificate = await sign(inputs);
    return {
      id: BigInt(`0x${certificate.serialNumber}`).toString(),
      outputs: {
        ...DEFAULTS,
        ...inputs,
        certPem: `${certificate.toString('pem')}\n`,
        keyAlgorithm: algorithmName(readKey(inputs)),
        readyForRenewal: false,
        validityStartTime: certificate.notBefore.toISOString(),
        validityEndTime: certificate.notAfter.toISOString(),
      },
    };
  },
};

async function sign(inputs: Props): Promise<x509.X509Certificate> {
  const key = readKey(inputs);
  const algorithm = signingAlgorithm(key);
  const keys = {
    privateKey: await importKey(key, 'pkcs8', algorithm, 'sign'),
    publicKey: await importKey(createPublicKey(key), 'spki', algorithm, 'verify'),
  };
  const hours = number(inputs, 'validityPeriodHours') ?? 0;
  const notBefore = new Date();
  return x509.X509CertificateGenerator.createSelfSigned({
    name: subject(inputs),
    notBefore,
    notAfter: new Date(notBefore.getTime() + hours * 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: await extensions(inputs, keys.publicKey),
  });
}

function readKey(inputs: Props): KeyObject {
  const pem = text(inputs, 'privateKeyPem');
  if (!pem || !isKnown(pem)) throw new CloudError('InvalidKey', 'private_key_pem: no PEM block found');
  return createPrivateKey(pem);
}

function algorithmName(key: KeyObject): string {
  const names: Readonly<Record<string, string>> = { rsa: 'RSA', ec: 'ECDSA', ed25519: 'ED25519' };
  return names[key.asymmetricKeyType ?? ''] ?? '';
}

function signingAlgorithm(key: KeyObject) {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (key.asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  const namedCurve = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }[
    key.asymmetricKeyDetails?.namedCurve ?? ''
  ];
  if (!namedCurve) throw new CloudError('InvalidKey', 'ecdsa_curve P224 cannot sign certificates here; use P256');
  return { name: 'ECDSA', namedCurve, hash: 'SHA-256' };
}

function importKey(
  key: KeyObject,
  type: 'pkcs8' | 'spki',
  algorithm: ReturnType<typeof signingAlgorithm>,
  usage: 'sign' | 'verify',
): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type, format: 'der' } as { type: 'pkcs8'; format: 'der' });
  return webcrypto.subtle.importKey(type, der, algorithm, true, [usage]);
}

function subject(inputs: Props): x509.JsonName {
  const given = object(inputs, 'subject');
  const attributes: [string, string | undefined][] = [
    ['CN', text(given, 'commonName')],
    ['O', text(given, 'organization')],
    ['OU', text(given, 'organizationalUnit')],
    ['L', text(given, 'locality')],
    ['ST', text(given, 'province')],
    ['C', text(given, 'country')],
  ];
  return attributes.flatMap(([name, value]) => (value ? [{ [name]: [value] }] : []));
}

async function extensions(inputs: Props, publicKey: webcrypto.CryptoKey): Promise<x509.Extension[]> {
  const uses = texts(inputs, 'allowedUses');
  const usage = uses.reduce((flags, use) => flags | (KEY_USAGES[use] ?? 0), 0);
  const extended = uses.flatMap((use) => EXTENDED_USAGES[use] ?? []);
  const names = [
    ...texts(inputs, 'dnsNames').map((value) => ({ type: 'dns' as const, value })),
    ...texts(inputs, 'ipAddresses').map((value) => ({ type: 'ip' as const, value })),
    ...texts(inputs, 'uris').map((value) => ({ type: 'url' as const, value })),
  ];
  const isCa = flag(inputs, 'isCaCertificate') === true;
  return [
    new x509.BasicConstraintsExtension(isCa, number(inputs, 'maxPathLength'), true),
    ...(usage ? [new x509.KeyUsagesExtension(usage, true)] : []),
    ...(extended.length ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
    ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ...(isCa || flag(inputs, 'setSubjectKeyId') ? [await x509.SubjectKeyIdentifierExtension.create(publicKey)] : []),
    ...(flag(inputs, 'setAuthorityKeyId') ? [await x509.AuthorityKeyIdentifierExtension.create(publicKey)] : []),
  ];
}
