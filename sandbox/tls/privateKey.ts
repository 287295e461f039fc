import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as sshpk from 'sshpk';
import type { ResourceType } from '../core/resourceType';
import { number, text, type Props } from '../core/values';
import type { StoreSession } from '../core/world';

const CURVES: Readonly<Record<string, string>> = {
  P224: 'secp224r1',
  P256: 'prime256v1',
  P384: 'secp384r1',
  P521: 'secp521r1',
};

/** Defaults of the Terraform tls provider's `tls_private_key`. */
const DEFAULTS: Props = { ecdsaCurve: 'P224', rsaBits: 2048 };

export const privateKey: ResourceType<StoreSession> = {
  token: 'tls:index/privateKey:PrivateKey',
  stateless: true,
  immutable: 'all',
  previewOutputs: (inputs) => ({ ...DEFAULTS, ...inputs }),
  check: (inputs) => {
    const algorithm = text(inputs, 'algorithm');
    const curve = text(inputs, 'ecdsaCurve');
    return [
      ...(algorithm && !['RSA', 'ECDSA', 'ED25519'].includes(algorithm)
        ? [{ property: 'algorithm', reason: `value must be one of: ["RSA" "ECDSA" "ED25519"], got: "${algorithm}"` }]
        : []),
      ...(curve && !CURVES[curve]
        ? [{ property: 'ecdsaCurve', reason: `value must be one of: ["P224" "P256" "P384" "P521"], got: "${curve}"` }]
        : []),
    ];
  },
  create: (inputs) => {
    const all = { ...DEFAULTS, ...inputs };
    const key = generate(all);
    return { id: sha1(publicDer(key)), outputs: { ...all, ...encodings(key) } };
  },
};

function generate(inputs: Props): KeyObject {
  const algorithm = text(inputs, 'algorithm');
  if (algorithm === 'ED25519') return generateKeyPairSync('ed25519').privateKey;
  if (algorithm === 'ECDSA') {
    const namedCurve = CURVES[text(inputs, 'ecdsaCurve') ?? ''] ?? 'secp224r1';
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  }
  return generateKeyPairSync('rsa', { modulusLength: number(inputs, 'rsaBits') ?? 2048 }).privateKey;
}

function encodings(key: KeyObject): Props {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return {
    privateKeyPem: traditionalPem(key, pkcs8),
    privateKeyPemPkcs8: pkcs8,
    publicKeyPem: publicPem,
    ...ssh(key, pkcs8),
  };
}

function traditionalPem(key: KeyObject, pkcs8: string): string {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  return pkcs8;
}

/** OpenSSH has no form of P224 keys: the provider leaves those outputs empty. */
function ssh(key: KeyObject, pkcs8: string): Props {
  const details = key.asymmetricKeyDetails;
  if (details?.namedCurve === 'secp224r1') {
    return { privateKeyOpenssh: '', publicKeyOpenssh: '', publicKeyFingerprintMd5: '', publicKeyFingerprintSha256: '' };
  }
  const parsed = sshpk.parsePrivateKey(pkcs8, 'pem');
  const shared = parsed.toPublic();
  return {
    privateKeyOpenssh: parsed.toString('ssh-private'),
    publicKeyOpenssh: `${shared.toString('ssh')}\n`,
    publicKeyFingerprintMd5: shared.fingerprint('md5').toString('hex'),
    publicKeyFingerprintSha256: shared.fingerprint('sha256').toString(),
  };
}

function publicDer(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
