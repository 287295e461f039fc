/** A certificate authority for each control plane, and the certificates it signs. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { must } from '../core/run';

const DAYS = '30';

export interface CertificateRequest {
  /** Names its files: `<name>.crt` and `<name>.key`. */
  readonly name: string;
  readonly commonName: string;
  readonly organization?: string;
  /** `DNS:…` and `IP:…`. */
  readonly alternativeNames?: readonly string[];
}

/** Makes `ca.crt` and `ca.key` in a folder. */
export async function makeAuthority(folder: string, commonName: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = ['-keyout', path.join(folder, 'ca.key'), '-out', path.join(folder, 'ca.crt')];
  await must('openssl', ['req', '-x509', ...NEW_KEY, '-days', DAYS, '-subj', `/CN=${commonName}`, ...files]);
}

/** Signs a certificate with the `ca.crt` and `ca.key` of the folder. */
export async function makeCertificate(folder: string, request: CertificateRequest): Promise<void> {
  const file = (suffix: string): string => path.join(folder, `${request.name}.${suffix}`);
  const organization = request.organization === undefined ? '' : `/O=${request.organization}`;
  const names = request.alternativeNames ?? [];
  const extensions = [
    'basicConstraints=critical,CA:FALSE',
    'extendedKeyUsage=serverAuth,clientAuth',
    ...(names.length === 0 ? [] : [`subjectAltName=${names.join(',')}`]),
  ];
  const subject = `${organization}/CN=${request.commonName}`;
  await must('openssl', ['req', ...NEW_KEY, '-subj', subject, '-keyout', file('key'), '-out', file('csr')]);
  fs.writeFileSync(file('ext'), `${extensions.join('\n')}\n`);
  const authority = ['-CA', path.join(folder, 'ca.crt'), '-CAkey', path.join(folder, 'ca.key'), '-CAcreateserial'];
  await must('openssl', [
    ...['x509', '-req', '-in', file('csr'), ...authority, '-days', DAYS],
    ...['-extfile', file('ext'), '-out', file('crt')],
  ]);
  fs.rmSync(file('csr'));
  fs.rmSync(file('ext'));
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
