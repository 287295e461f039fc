/** Key stores and trust stores that a datacenter's configuration names, against those that its certificate comes with. */
import type { Datacenter } from '../model/kubernetes/cassandra';
import { type MountedSecret, mountedSecrets, secretOf, secretText } from '../model/kubernetes/certificates';
import { dig, namespaceOf } from '../model/kubernetes/objects';
import { type Resource, asText } from '../resources/resource';
import { type Fields, type Value, isFields, reveal } from '../resources/value';
import type { Finding } from '../verdict';
import { configOf } from './datacenters';

export function storeFindings(datacenter: Datacenter): Finding[] {
  const mounts = mountedSecrets(datacenter).filter(isCertificate);
  const config = configOf(datacenter);
  const passwords = mounts.flatMap(({ certificate }) => passwordFindings(datacenter, certificate));
  if (config === undefined) return [...passwords, ...mounts.flatMap(bareFindings)];
  const yaml = reveal(config['cassandra-yaml']);
  const sections = ['server_encryption_options', 'client_encryption_options']
    .map((name) => (isFields(yaml) ? reveal(yaml[name]) : undefined))
    .filter(isFields);
  const found = sections.flatMap((section) => mounts.flatMap((mount) => sectionFindings(datacenter, section, mount)));
  return [...passwords, ...found];
}

type CertificateMount = MountedSecret & { readonly certificate: Resource };

function isCertificate(mount: MountedSecret): mount is CertificateMount {
  return mount.certificate !== undefined;
}

/** Cassandra reads stores, or one file with key and certificate; cert-manager by itself writes two (CASSANDRA-17031). */
function bareFindings({ certificate }: CertificateMount): Finding[] {
  if (certificate.value('spec.keystores') !== undefined) return [];
  if (certificate.value('spec.additionalOutputFormats') !== undefined) return [];
  const message = `${certificate.name} comes without key stores, which Cassandra reads`;
  return [{ rule: 'no-stores', urn: certificate.urn, message, remedy: 'Create them with spec.keystores.pkcs12' }];
}

function passwordFindings(datacenter: Datacenter, certificate: Resource): Finding[] {
  return ['pkcs12', 'jks'].flatMap((kind): Finding[] => {
    const name = certificate.knownText(`spec.keystores.${kind}.passwordSecretRef.name`);
    if (name === undefined || secretOf(datacenter, namespaceOf(certificate), name) !== undefined) return [];
    const message = `the password of the key stores of ${certificate.name} is in the Secret ${name}, which is not in the input`;
    return [{ rule: 'no-store-password', urn: certificate.urn, message, remedy: 'Name a Secret that there is' }];
  });
}

function sectionFindings(datacenter: Datacenter, section: Fields, mount: CertificateMount): Finding[] {
  const { certificate } = mount;
  const findings: Finding[] = [];
  if (asText(section['enabled']) === 'false' || asText(section['internode_encryption']) === 'none') return [];
  for (const store of ['keystore', 'truststore']) {
    const path = asText(section[store]);
    if (typeof path !== 'string') continue;
    const made = storesOf(certificate);
    const file = path.slice(path.lastIndexOf('/') + 1);
    if (path !== `${mount.path}/${file}`) {
      if (isMounted(datacenter, path)) continue;
      const message = `${datacenter.name} looks for its ${store} at ${path}, where nothing is mounted`;
      const remedy = `Name a file in ${mount.path}`;
      findings.push({ rule: 'store-path', urn: datacenter.resource.urn, message, remedy });
    } else if (!made.includes(file)) {
      const message = `${datacenter.name} looks for ${file} of ${certificate.name}, which comes with ${made.join(', ')}`;
      const remedy = `Create it with spec.keystores, or name another file`;
      findings.push({ rule: 'no-stores', urn: certificate.urn, message, remedy });
    } else if (differs(storePassword(datacenter, certificate, file), section[`${store}_password`])) {
      const message = `${store}_password of ${datacenter.name} is not the one that ${certificate.name} is stored with`;
      const remedy = 'Take both from the same source';
      findings.push({ rule: 'store-password', urn: datacenter.resource.urn, message, remedy });
    }
  }
  return [...findings, ...verificationFindings(datacenter, section, certificate)];
}

/** Peers are verified by address (`OutboundConnectionInitiator`), and pods' are not known when the certificate is made. */
function verificationFindings(datacenter: Datacenter, section: Fields, certificate: Resource): Finding[] {
  const isOn = asText(section['require_endpoint_verification']) === 'true';
  if (!isOn || certificate.value('spec.ipAddresses') !== undefined) return [];
  const message = `${datacenter.name} verifies the addresses of its peers, and ${certificate.name} names none`;
  const remedy = 'Set require_endpoint_verification to false';
  return [{ rule: 'endpoint-verification', urn: datacenter.resource.urn, message, remedy }];
}

/** Files of the Secret that a Certificate fills ("Issuing certificates", "Additional certificate output formats"). */
function storesOf(certificate: Resource): string[] {
  const creates = (kind: string): boolean => certificate.flag(`spec.keystores.${kind}.create`) === true;
  return [
    'tls.crt',
    'tls.key',
    'ca.crt',
    ...(creates('pkcs12') ? ['keystore.p12', 'truststore.p12'] : []),
    ...(creates('jks') ? ['keystore.jks', 'truststore.jks'] : []),
    ...(certificate.value('spec.additionalOutputFormats') === undefined ? [] : ['tls-combined.pem', 'key.der']),
  ];
}

function storePassword(datacenter: Datacenter, certificate: Resource, file: string): string | undefined {
  const kind = file.endsWith('.jks') ? 'jks' : 'pkcs12';
  const reference = certificate.value(`spec.keystores.${kind}.passwordSecretRef`);
  const [name, key] = ['name', 'key'].map((field) => asText(dig(reference, field)));
  const secret = typeof name === 'string' ? secretOf(datacenter, namespaceOf(certificate), name) : undefined;
  return secret === undefined ? undefined : secretText(secret, typeof key === 'string' ? key : 'password');
}

function differs(stored: string | undefined, configured: Value | undefined): boolean {
  const text = asText(configured);
  return stored !== undefined && typeof text === 'string' && text !== stored;
}

/** Whether a file is in one of the volumes; a template of the pod may bring others. */
function isMounted({ resource }: Datacenter, path: string): boolean {
  if (resource.value('spec.podTemplateSpec') !== undefined) return true;
  return resource
    .objects('spec.storageConfig.additionalVolumes')
    .some(({ mountPath }) => path.startsWith(`${String(asText(mountPath))}/`));
}
