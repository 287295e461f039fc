/** Decoders for the values that settings are made of. */
import { Cidr, CidrError } from '../cidr';
import { count } from '../count';
import { type Decoder, integer, pattern, refine, refuse, text } from './schema';

/** A canonical IPv4 range, kept as the text it was given as. */
export const range: Decoder<string> = (value, at) => {
  const given = typeof value === 'string' && value.trim() === '' ? value : text('write an IPv4 range')(value, at);
  if (given === undefined) {
    return undefined;
  }
  try {
    Cidr.parse(given);
    return given;
  } catch (error) {
    if (error instanceof CidrError) {
      return refuse(at, given, error.reason, error.remedy);
    }
    throw error;
  }
};

/** A DNS label that starts with a letter, as names of Kubernetes objects and Google Cloud resources must. */
export function label(min: number, max: number): Decoder<string> {
  const remedy = `use ${min} to ${max} lower-case letters, digits and single hyphens, a letter first and no hyphen last`;
  return refine(pattern(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not a name of that form', remedy), (name) =>
    name.length < min || name.length > max ? { message: `has ${count(name.length, 'character')}`, remedy } : undefined,
  );
}

/**
 * Private autonomous system numbers of RFC 6996, as far as both clouds take them: AWS refuses the
 * last number of each block (Site-to-Site VPN guide; Cloud Router documentation).
 */
export const privateAsn: Decoder<number> = refine(integer(1, 4294967295), (asn) =>
  (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294)
    ? undefined
    : {
        message: 'is not a private autonomous system number',
        remedy: 'use 64512 to 65534 or 4200000000 to 4294967294 (RFC 6996)',
      },
);

/**
 * `major.minor.patch` of Cassandra 4.1 to 5: one internode port for both kinds of traffic (4.0), and sizes and rates
 * of cassandra.yaml with units, credentials files of cqlsh (4.1); no later major version passes the operator's
 * validation of `serverVersion` (cass-operator 1.28, `CassandraDatacenterSpec`).
 */
export const cassandraVersion: Decoder<string> = refine(
  pattern(/^\d+\.\d+\.\d+$/, 'is not a Cassandra version', 'write all three numbers, such as 5.0.9'),
  (version) => {
    if (/^([0-3]|4\.0)\./.test(version)) {
      return { message: 'is older than Cassandra 4.1', remedy: 'use 4.1.0 or later' };
    }
    return /^[45]\./.test(version)
      ? undefined
      : { message: 'is not a version that cass-operator runs', remedy: 'use 4.1 to 5, such as 5.0.9' };
  },
);

/** Oldest Kubernetes minor version that both EKS and GKE still create clusters of, in late 2026. */
const OLDEST_KUBERNETES_MINOR = 31;

/** `1.35`; on GKE also a full version such as `1.35.1-gke.1000`. */
export function kubernetesVersion(cloud: 'aws' | 'gcp' | 'unknown'): Decoder<string> {
  const form = cloud === 'aws' ? /^1\.\d{2}$/ : /^1\.\d{2}(\.\d+(-gke\.\d+)?)?$/;
  return refine(pattern(form, 'is not a Kubernetes version', 'write a minor version in quotes, such as "1.35"'), (v) =>
    Number(v.split('.')[1]) < OLDEST_KUBERNETES_MINOR
      ? { message: 'is no longer offered by the cloud', remedy: `use 1.${OLDEST_KUBERNETES_MINOR} or later` }
      : undefined,
  );
}

/** Units of Kubernetes quantities of bytes. */
const UNITS: Readonly<Record<string, number>> = {
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity of bytes with a unit, within bounds that are quantities as well. */
export function bytes(min: string, max: string): Decoder<string> {
  const remedy = `use a quantity from ${min} to ${max}, such as ${min}`;
  return refine(pattern(/^\d+(\.\d+)?(M|G|T|Mi|Gi|Ti)$/, 'is not a quantity of bytes', remedy), (quantity) =>
    bytesOf(quantity) < bytesOf(min) || bytesOf(quantity) > bytesOf(max)
      ? { message: `is outside ${min} to ${max}`, remedy }
      : undefined,
  );
}

/** Number of bytes of a quantity that `bytes` accepted. */
export function bytesOf(quantity: string): number {
  const unit = quantity.replace(/^[\d.]+/, '');
  return Number.parseFloat(quantity) * (UNITS[unit] ?? 1);
}

/** A Kubernetes quantity of processors, whole, decimal or in thousandths; a bare number is as good as a text. */
export const cpu: Decoder<string> = (value, at) =>
  refine(
    pattern(
      /^([1-9]\d*m|(0|[1-9]\d*)(\.\d{1,3})?)$/,
      'is not a quantity of processors',
      'write a number of processors such as "4", or thousandths such as 3500m',
    ),
    (quantity) => {
      const cores = coresOf(quantity);
      return cores < 0.1 || cores > 256
        ? { message: 'is outside 0.1 to 256 processors', remedy: 'choose a number between them' }
        : undefined;
    },
  )(typeof value === 'number' ? String(value) : value, at);

/** Number of processors of a quantity that `cpu` accepted. */
export function coresOf(quantity: string): number {
  return quantity.endsWith('m') ? Number.parseInt(quantity, 10) / 1000 : Number(quantity);
}
