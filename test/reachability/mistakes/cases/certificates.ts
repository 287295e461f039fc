/** Certificates that are not issued, not trusted, or not what the configuration reads. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';
import { HIDDEN, configure } from './configure';

const certificate = (site: string): string => `Certificate::xcloud-${site}-certificates-certificate`;
const issuer = (site: string): string => `Issuer::xcloud-${site}-certificates-issuer`;
const authority = (site: string): string => `Secret::xcloud-${site}-secrets-ca`;

/** Another authority at one site: another text or, before it is known, another source. */
function otherAuthority(s: Stack): void {
  const key = authority(n.GCP);
  const own = s.addLike('SelfSignedCert::xcloud-identity-ca', 'another-ca');
  s.setSources(key, 'data', [s.urn(own)]);
  if (typeof s.get(key, ['data', 'tls.crt']) !== 'string') return;
  const text = (name: string): string => Buffer.from(`-----BEGIN ${name}-----\nb3RoZXI=\n`).toString('base64');
  s.set(key, 'data', { 'tls.crt': text('CERTIFICATE'), 'tls.key': text('EC PRIVATE KEY') });
}

/** The usual way to make an authority inside one cluster: it is no other cluster's. */
function madeInCluster(s: Stack): void {
  for (const site of [n.AWS, n.GCP]) {
    s.remove(authority(site));
    s.set(s.addLike(issuer(site), `${site}-root`), 'metadata.name', 'root').set(`Issuer::${site}-root`, 'spec', {
      selfSigned: {},
    });
    const root = s.addLike(certificate(site), `${site}-authority`);
    s.set(root, 'metadata.name', 'authority').set(root, 'spec', {
      isCA: true,
      commonName: 'xcloud',
      secretName: 'xcloud-internode-ca',
      issuerRef: { kind: 'Issuer', name: 'root' },
    });
  }
}

const options = (s: Stack, edit: (server: Record<string, unknown>) => void): void =>
  configure(s, 'dc2', (config) =>
    edit((config['cassandra-yaml'] ?? {})['server_encryption_options'] as Record<string, unknown>),
  );

export const certificates: readonly Mistake[] = [
  {
    name: 'one site signs its own certificates',
    change: (s) => s.set(issuer(n.GCP), 'spec', { selfSigned: {} }),
    findings: [`authorities-differ ${issuer(n.GCP)}`],
  },
  {
    name: 'the sites have different authorities',
    change: otherAuthority,
    findings: [`authorities-differ ${authority(n.GCP)}`],
  },
  {
    name: 'each cluster makes an authority of its own',
    change: madeInCluster,
    findings: [`authorities-differ Certificate::${n.GCP}-authority`],
  },
  {
    name: 'an issuer names a Secret that is not there',
    change: (s) => s.set(issuer(n.GCP), 'spec.ca.secretName', 'internode-ca'),
    findings: [`no-authority ${issuer(n.GCP)}`],
  },
  {
    name: 'a certificate names an issuer of another kind',
    change: (s) => s.set(certificate(n.AWS), 'spec.issuerRef.kind', 'ClusterIssuer'),
    findings: [`no-issuer ${certificate(n.AWS)}`],
  },
  {
    name: 'a certificate is for servers only',
    change: (s) => s.set(certificate(n.AWS), 'spec.usages', ['digital signature', 'key encipherment', 'server auth']),
    findings: [`certificate-usage ${certificate(n.AWS)}`],
  },
  {
    name: 'a certificate is written into a Secret that nobody mounts',
    change: (s) => s.set(certificate(n.AWS), 'spec.secretName', 'internode-tls'),
    findings: [`no-mounted-secret ${certificate(n.AWS)}`],
  },
  {
    name: 'a certificate comes without key stores',
    change: (s) => s.set(certificate(n.AWS), 'spec.keystores', undefined),
    findings: [`no-stores ${certificate(n.AWS)}`],
  },
  {
    name: 'a certificate comes with stores of the other format',
    change: (s) => {
      const stores = s.get(certificate(n.AWS), 'spec.keystores.pkcs12.passwordSecretRef') as Record<string, string>;
      s.set(certificate(n.AWS), 'spec.keystores', { jks: { create: true, passwordSecretRef: stores } });
    },
    findings: [`no-stores ${certificate(n.AWS)}`],
    untold: HIDDEN,
  },
  {
    name: 'the password of the key stores is in a Secret that is not there',
    change: (s) => s.set(certificate(n.AWS), 'spec.keystores.pkcs12.passwordSecretRef.name', 'keystore'),
    findings: [`no-store-password ${certificate(n.AWS)}`],
  },
  {
    name: 'the configuration has another password than the key store',
    change: (s) => options(s, (server) => Object.assign(server, { keystore_password: 'changeit' })),
    findings: [`store-password ${n.DC2}`],
    untold: HIDDEN,
  },
  {
    name: 'the configuration looks for the key store where nothing is mounted',
    change: (s) => options(s, (server) => Object.assign(server, { keystore: '/etc/tls/keystore.p12' })),
    findings: [`store-path ${n.DC2}`],
    untold: HIDDEN,
  },
  {
    name: 'peers are verified by addresses that no certificate names',
    change: (s) => options(s, (server) => Object.assign(server, { require_endpoint_verification: true })),
    findings: [`endpoint-verification ${n.DC2}`],
    untold: HIDDEN,
  },
];
