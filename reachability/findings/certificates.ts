/** Certificates that are not issued, or that the nodes of another datacenter do not trust: gossip ends at the TLS handshake. */
import type { Datacenter } from '../model/kubernetes/cassandra';
import { type Authority, type MountedSecret, issuerOf, mountedSecrets } from '../model/kubernetes/certificates';
import { kindOf, namespaceOf } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import type { Resource } from '../resources/resource';
import { UNKNOWN } from '../resources/value';
import type { Finding } from '../verdict';
import { clustersOf } from './seeds';
import { storeFindings } from './stores';

export function certificateFindings(model: Model): Finding[] {
  return [
    ...model.datacenters.flatMap((datacenter) => [
      ...mountFindings(datacenter),
      ...mountedSecrets(datacenter).flatMap(({ certificate }) =>
        certificate === undefined ? [] : judge(datacenter, certificate),
      ),
      ...storeFindings(datacenter),
    ]),
    ...clustersOf(model).flatMap(authorityFindings),
  ];
}

/** Pods wait for ever for a Secret that nobody makes. */
function mountFindings(datacenter: Datacenter): Finding[] {
  const mounts = mountedSecrets(datacenter);
  return mounts
    .filter(({ certificate, secret }) => certificate === undefined && secret === undefined)
    .map(({ name }) => {
      const stray = strayCertificates(datacenter, mounts);
      const urn = (stray.length === 1 ? stray[0] : undefined)?.urn ?? datacenter.resource.urn;
      const message = `pods of ${datacenter.name} mount the Secret ${name}, which nothing in the input makes`;
      return {
        rule: 'no-mounted-secret',
        urn,
        message,
        remedy: `Let a Certificate have secretName ${name}, or make it`,
      };
    });
}

function strayCertificates({ cluster, namespace }: Datacenter, mounts: readonly MountedSecret[]): Resource[] {
  return cluster.objects.filter(
    (object) =>
      kindOf(object) === 'Certificate' &&
      namespaceOf(object) === namespace &&
      !mounts.some(({ certificate }) => certificate === object),
  );
}

function judge(datacenter: Datacenter, certificate: Resource): Finding[] {
  return [...issuerFindings(datacenter, certificate), ...usageFindings(certificate)];
}

function issuerFindings(datacenter: Datacenter, certificate: Resource): Finding[] {
  const group = certificate.knownText('spec.issuerRef.group') ?? 'cert-manager.io';
  const name = certificate.knownText('spec.issuerRef.name');
  if (group !== 'cert-manager.io' || name === undefined) return [];
  const issuer = issuerOf(datacenter, certificate);
  if (issuer === undefined) {
    const kind = certificate.knownText('spec.issuerRef.kind') ?? 'Issuer';
    const message = `${certificate.name} wants the ${kind} ${name}, which is not in the input: it is never issued`;
    return [{ rule: 'no-issuer', urn: certificate.urn, message, remedy: 'Make it, or name one that there is' }];
  }
  if (issuer.lacks === undefined) return [];
  const message = `${issuer.resource.name} signs with the Secret ${issuer.lacks}, which nothing in the input makes`;
  return [
    { rule: 'no-authority', urn: issuer.resource.urn, message, remedy: 'Name a Secret with tls.crt and tls.key' },
  ];
}

/** A node is both client and server of its peers (RFC 5280, 4.2.1.12: an extended key usage permits what it lists only). */
const USAGES = ['client auth', 'server auth'];

function usageFindings(certificate: Resource): Finding[] {
  const usages = certificate.texts('spec.usages');
  if (usages === undefined || usages === UNKNOWN || usages.includes(UNKNOWN) || usages.includes('any')) return [];
  const missing = USAGES.filter((usage) => !usages.includes(usage));
  if (missing.length !== 1) return [];
  const message = `${certificate.name} is not for ${missing.join()}: nodes that ask each other for certificates refuse it`;
  return [{ rule: 'certificate-usage', urn: certificate.urn, message, remedy: `Add ${missing.join()} to its usages` }];
}

/** Nodes trust the authority in their own trust store, which is that of their own certificate. */
function authorityFindings(datacenters: readonly Datacenter[]): Finding[] {
  const issuers = datacenters.flatMap((datacenter) => {
    const [mount, ...others] = mountedSecrets(datacenter);
    // With a second Secret the trust store may be another one.
    if (mount?.certificate === undefined || others.length > 0) return [];
    const issuer = issuerOf(datacenter, mount.certificate);
    return issuer === undefined ? [] : [{ ...issuer, datacenter }];
  });
  if (issuers.length < 2) return [];
  const alone = issuers.filter(({ resource }) => resource.value('spec.selfSigned') !== undefined);
  const known = issuers.filter((issuer) => issuer.authority !== undefined && !alone.includes(issuer));
  const [first, ...rest] = known;
  const strange = rest.filter(({ authority }) => differ(first?.authority, authority));
  return [...alone, ...strange].map(({ holder, datacenter }) => ({
    rule: 'authorities-differ',
    urn: holder.urn,
    message: `the certificates of ${datacenter.name} are of an authority that the other datacenters do not trust`,
    remedy: 'Sign the certificates of all datacenters with one authority',
  }));
}

/** A text and a list of sources say nothing about each other. An authority made in a cluster is nobody else's. */
function differ(a: Authority | undefined, b: Authority | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const comparable = a.by === b.by || a.by === 'maker' || b.by === 'maker';
  return comparable && a.value !== b.value;
}
