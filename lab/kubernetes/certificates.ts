/**
 * cert-manager's part, for the Issuers and Certificates of the stack: signs with the CA secret that the issuer names and
 * writes the Secret that the certificate names. cert-manager itself is not to be had as one Go module.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import { must } from '../core/run';
import type { KubeClient } from './client';
import type { Json, KubernetesObject } from './objects';
import { makeCertificate } from './pki';

/**
 * @param certificate of cert-manager.io/v1
 * @param issuers of the same cluster
 */
export async function issue(
  api: KubeClient,
  certificate: KubernetesObject,
  issuers: readonly KubernetesObject[],
): Promise<void> {
  const { namespace } = certificate.metadata;
  const { spec } = certificate;
  const issuer = issuers.find(
    ({ metadata }) => metadata.name === spec.issuerRef.name && metadata.namespace === namespace,
  );
  const caSecret = issuer?.spec.ca?.secretName as string | undefined;
  if (caSecret === undefined)
    throw new LabError(`Certificate ${certificate.metadata.name}: its issuer is no CA issuer of its namespace`);
  const authority = await secret(api, caSecret, namespace);
  const keystore = spec.keystores?.pkcs12 as Json | undefined;
  const password =
    keystore?.create === true
      ? text(await secret(api, keystore.passwordSecretRef.name, namespace), keystore.passwordSecretRef.key)
      : undefined;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-certificate-'));
  try {
    fs.writeFileSync(path.join(folder, 'ca.crt'), text(authority, 'tls.crt'));
    fs.writeFileSync(path.join(folder, 'ca.key'), text(authority, 'tls.key'), { mode: 0o600 });
    await makeCertificate(folder, {
      name: 'tls',
      commonName: spec.commonName,
      alternativeNames: ((spec.dnsNames ?? []) as string[]).map((name) => `DNS:${name}`),
    });
    if (password !== undefined) await makeStores(folder, password);
    await api.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: spec.secretName, namespace },
      type: 'kubernetes.io/tls',
      data: Object.fromEntries(
        ['tls.crt', 'tls.key', 'ca.crt', 'keystore.p12', 'truststore.p12']
          .filter((file) => fs.existsSync(path.join(folder, file)))
          .map((file) => [file, fs.readFileSync(path.join(folder, file)).toString('base64')]),
      ),
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function makeStores(folder: string, password: string): Promise<void> {
  const file = (name: string): string => path.join(folder, name);
  // Through files: arguments are readable in the process list.
  fs.writeFileSync(file('password'), password, { mode: 0o600 });
  const identity = [
    '-inkey',
    file('tls.key'),
    '-in',
    file('tls.crt'),
    '-certfile',
    file('ca.crt'),
    '-name',
    'certificate',
  ];
  await must('openssl', [
    'pkcs12',
    '-export',
    ...identity,
    '-out',
    file('keystore.p12'),
    '-passout',
    `file:${file('password')}`,
  ]);
  const store = ['-keystore', file('truststore.p12'), '-storetype', 'PKCS12', '-storepass:file', file('password')];
  await must('keytool', ['-importcert', '-noprompt', '-alias', 'ca', '-file', file('ca.crt'), ...store]);
}

async function secret(api: KubeClient, name: string, namespace: string | undefined): Promise<KubernetesObject> {
  const found = await api.find('v1', 'Secret', name, namespace);
  if (found === undefined) throw new LabError(`Secret ${name} is not there`);
  return found;
}

function text({ metadata, data }: KubernetesObject, key: string): string {
  const value = (data as Record<string, string> | undefined)?.[key];
  if (value === undefined) throw new LabError(`Secret ${metadata.name} has no key ${key}`);
  return Buffer.from(value, 'base64').toString();
}
