/** Certificates of cert-manager that Cassandra nodes mount (cert-manager API reference, `Certificate`, `Issuer`). */
import { type Resource, asText } from '../../resources/resource';
import type { Datacenter } from './cassandra';
import { dig, kindOf, nameOf, namespaceOf, objectsOf } from './objects';

/** A Secret that a datacenter's pods mount. */
export interface MountedSecret {
  readonly name: string;
  readonly path: string;
  /** The Certificate that is written into it; undefined where it is no certificate's. */
  readonly certificate: Resource | undefined;
  /** The Secret itself, where the input makes it. */
  readonly secret: Resource | undefined;
}

export function mountedSecrets(datacenter: Datacenter): MountedSecret[] {
  return objectsOf(datacenter.resource.value('spec.storageConfig.additionalVolumes')).flatMap((volume) => {
    const name = asText(dig(volume['volumeSource'], 'secret', 'secretName'));
    const path = asText(volume['mountPath']);
    if (typeof name !== 'string' || typeof path !== 'string') return [];
    const { namespace } = datacenter;
    return [
      {
        name,
        path,
        certificate: certificateOf(datacenter, namespace, name),
        secret: secretOf(datacenter, namespace, name),
      },
    ];
  });
}

/** The Certificate that fills a Secret. */
function certificateOf({ cluster }: Datacenter, namespace: string, secret: string): Resource | undefined {
  return cluster.objects.find(
    (object) =>
      kindOf(object) === 'Certificate' &&
      namespaceOf(object) === namespace &&
      object.knownText('spec.secretName') === secret,
  );
}

export function secretOf({ cluster }: Datacenter, namespace: string, name: string): Resource | undefined {
  return cluster.objects.find(
    (object) => kindOf(object) === 'Secret' && nameOf(object) === name && namespaceOf(object) === namespace,
  );
}

/** Text of a key of a Secret; undefined where it is hidden, or not known yet. */
export function secretText(secret: Resource, key: string): string | undefined {
  const plain = asText(dig(secret.value('stringData'), key));
  if (typeof plain === 'string') return plain;
  const encoded = asText(dig(secret.value('data'), key));
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString('utf8') : undefined;
}

/** Known by its certificate, by the resources that this comes from, or by the Certificate that is one, made in the cluster. */
export interface Authority {
  readonly by: 'text' | 'sources' | 'maker';
  readonly value: string;
}

export interface Issuer {
  readonly resource: Resource;
  /** What makes its certificates trusted; undefined where it cannot be told. */
  readonly authority: Authority | undefined;
  /** The resource that holds or makes the authority. */
  readonly holder: Resource;
  /** Secret with the authority that nothing in the input makes. */
  readonly lacks: string | undefined;
}

/** Undefined where the issuer is of another kind than cert-manager's own, or not in the input. */
export function issuerOf(datacenter: Datacenter, certificate: Resource): Issuer | undefined {
  const resource = datacenter.cluster.objects.find((object) => isIssuer(object, certificate));
  if (resource === undefined) return undefined;
  const base = { resource, holder: resource, lacks: undefined };
  // Each certificate is then its own authority.
  if (resource.value('spec.selfSigned') !== undefined)
    return { ...base, authority: { by: 'maker', value: certificate.urn } };
  const name = resource.knownText('spec.ca.secretName');
  if (name === undefined) return { ...base, authority: undefined };
  // A ClusterIssuer looks in the namespace that its controller was told, which is the controller's own otherwise.
  const namespaces =
    kindOf(resource) === 'Issuer'
      ? [namespaceOf(resource)]
      : [
          ...new Set(
            datacenter.cluster.objects
              .filter((object) => nameOf(object) === name || object.knownText('spec.secretName') === name)
              .map(namespaceOf),
          ),
        ];
  const secret = namespaces
    .map((namespace) => secretOf(datacenter, namespace, name))
    .find((found) => found !== undefined);
  if (secret !== undefined) return { ...base, holder: secret, authority: authorityIn(secret) };
  const maker = namespaces
    .map((namespace) => certificateOf(datacenter, namespace, name))
    .find((found) => found !== undefined);
  if (maker !== undefined) return { ...base, holder: maker, authority: { by: 'maker', value: maker.urn } };
  return { ...base, authority: undefined, lacks: name };
}

function isIssuer(object: Resource, certificate: Resource): boolean {
  const kind = certificate.knownText('spec.issuerRef.kind') ?? 'Issuer';
  return (
    kindOf(object) === kind &&
    nameOf(object) === certificate.knownText('spec.issuerRef.name') &&
    (kind === 'ClusterIssuer' || namespaceOf(object) === namespaceOf(certificate))
  );
}

/** By the certificate itself or, where it is hidden, by the resources it comes from. */
function authorityIn(secret: Resource): Authority | undefined {
  const text = secretText(secret, 'tls.crt');
  if (text !== undefined) return { by: 'text', value: text };
  const sources = [...secret.sources('data'), ...secret.sources('stringData')].sort();
  return sources.length === 0 ? undefined : { by: 'sources', value: sources.join(' ') };
}
