import { certManager } from '../helm/certManager';
import { list, object, text, texts, type Props } from '../../core/values';
import type { Cause } from '../apiErrors';
import type { Outcome } from '../kind';
import { idOf, nameOf, namespaceOf } from '../meta';
import { timestamp, type ClusterState } from '../state';
import { condition, generationOf } from '../waiting';
import { customKind } from './customKind';
import { fields, listOf, mapOf, struct } from './shapes';

const API = 'cert-manager.io/v1';
const SECRET = 'kubernetes:core/v1:Secret';
const ISSUER = `kubernetes:${API}:Issuer`;
const CLUSTER_ISSUER = `kubernetes:${API}:ClusterIssuer`;

const KEY_REF = struct({ name: 'string', key: 'string' }, ['name']);
const ISSUER_SPEC = struct({
  acme: 'any',
  vault: 'any',
  venafi: 'any',
  ca: struct(
    {
      secretName: 'string',
      ...fields(listOf('string'), 'crlDistributionPoints', 'ocspServers', 'issuingCertificateURLs'),
    },
    ['secretName'],
  ),
  selfSigned: struct({ crlDistributionPoints: listOf('string') }),
});
const KEYSTORE = { create: 'boolean', passwordSecretRef: KEY_REF, password: 'string' } as const;

const CERTIFICATE_SPEC = struct(
  {
    ...fields('string', 'literalSubject', 'commonName', 'duration', 'renewBefore', 'secretName', 'signatureAlgorithm'),
    ...fields(listOf('string'), 'dnsNames', 'ipAddresses', 'uris', 'emailAddresses', 'usages'),
    ...fields('number', 'renewBeforePercentage', 'revisionHistoryLimit'),
    ...fields('boolean', 'isCA', 'encodeUsagesInRequest'),
    subject: struct({
      ...fields(
        listOf('string'),
        'organizations',
        'countries',
        'organizationalUnits',
        'localities',
        'provinces',
        'streetAddresses',
        'postalCodes',
      ),
      serialNumber: 'string',
    }),
    otherNames: listOf(struct(fields('string', 'oid', 'utf8Value'))),
    secretTemplate: struct(fields(mapOf('string'), 'annotations', 'labels')),
    keystores: struct({
      jks: struct({ ...KEYSTORE, alias: 'string' }, ['create']),
      pkcs12: struct({ ...KEYSTORE, profile: 'string' }, ['create']),
    }),
    issuerRef: struct(fields('string', 'name', 'kind', 'group'), ['name']),
    privateKey: struct({ ...fields('string', 'rotationPolicy', 'encoding', 'algorithm'), size: 'number' }),
    additionalOutputFormats: listOf(struct({ type: 'string' }, ['type'])),
    nameConstraints: 'any',
  },
  ['issuerRef', 'secretName'],
);

/** Issuers and Certificates as cert-manager serves and works them ("cert-manager API reference", v1). */
export const certManagerKinds = [
  issuer('Issuer', 'issuers', true),
  issuer('ClusterIssuer', 'clusterissuers', false),
  customKind({
    apiVersion: API,
    kind: 'Certificate',
    plural: 'certificates',
    namespaced: true,
    spec: CERTIFICATE_SPEC,
    seconds: 5,
    served: certManager.served,
    validate: certificateCauses,
    admit: (_live, state) => certManager.admit(state),
    reconcile: issue,
  }),
];

function issuer(kind: string, plural: string, namespaced: boolean) {
  return customKind({
    apiVersion: API,
    kind,
    plural,
    namespaced,
    spec: ISSUER_SPEC,
    seconds: 2,
    served: certManager.served,
    validate: (live) => {
      const given = Object.keys(object(live, 'spec'));
      if (given.length === 1) return [];
      const detail =
        given.length === 0
          ? 'Required value: at least one issuer must be configured'
          : 'Forbidden: may not specify more than one issuer type';
      return [{ field: given.length === 0 ? 'spec' : `spec.${given[1]}`, detail }];
    },
    admit: (_live, state) => certManager.admit(state),
    reconcile: (live, state) => issuerOutcome(live, state),
  });
}

/** A CA issuer is ready when the secret with its key pair is there: beside it, or in cert-manager's own namespace. */
function issuerOutcome(live: Props, state: ClusterState): Outcome {
  const problem = issuerProblem(live, state);
  const why = problem ?? 'Signing CA verified';
  const reason = problem ? 'ErrGetKeyPair' : 'KeyPairVerified';
  const ready = certManager.working(state) && problem === undefined;
  return {
    live: { ...live, status: { conditions: [condition('Ready', ready, reason, why, timestamp())] } },
    pending: ready ? [] : [why],
  };
}

function issuerProblem(live: Props, state: ClusterState): string | undefined {
  const secretName = text(live, 'spec', 'ca', 'secretName');
  if (secretName === undefined) return undefined;
  const namespace = namespaceOf(live) ?? certManager.namespace(state) ?? '';
  const secret = state.get(SECRET, secretName, namespace);
  if (!secret) return `Error getting keypair for CA issuer: secrets "${secretName}" not found`;
  const data = object(secret, 'data');
  const missing = ['tls.crt', 'tls.key'].find((key) => data[key] === undefined);
  return (
    missing && `Error getting keypair for CA issuer: no data for "${missing}" in secret '${namespace}/${secretName}'`
  );
}

function certificateCauses(live: Props): Cause[] {
  const spec = object(live, 'spec');
  const subjects = ['dnsNames', 'uris', 'emailAddresses', 'ipAddresses', 'otherNames'];
  const causes: Cause[] = [];
  if (
    !text(spec, 'commonName') &&
    !text(spec, 'literalSubject') &&
    subjects.every((field) => list(spec, field).length === 0)
  ) {
    causes.push({
      field: 'spec',
      detail:
        'Invalid value: at least one of commonName (from the commonName field or from a literalSubject), dnsNames, uriSANs, ipAddresses, emailSANs or otherNames must be set',
    });
  }
  if ((text(spec, 'commonName') ?? '').length > 64) {
    causes.push({ field: 'spec.commonName', detail: `Too long: may not be more than 64 bytes` });
  }
  const algorithm = text(spec, 'privateKey', 'algorithm') ?? 'RSA';
  const size = Number(object(spec, 'privateKey').size ?? (algorithm === 'RSA' ? 2048 : 256));
  if (!['RSA', 'ECDSA', 'Ed25519'].includes(algorithm)) {
    causes.push({
      field: 'spec.privateKey.algorithm',
      detail: `Unsupported value: "${algorithm}": supported values: "RSA", "ECDSA", "Ed25519"`,
    });
  } else if (algorithm === 'RSA' && (size < 2048 || size > 8192)) {
    causes.push({
      field: 'spec.privateKey.size',
      detail: `Invalid value: ${size}: must be between 2048 and 8192 for rsa keyAlgorithm`,
    });
  } else if (algorithm === 'ECDSA' && ![256, 384, 521].includes(size)) {
    causes.push({
      field: 'spec.privateKey.size',
      detail: `Unsupported value: ${size}: supported values: "256", "384", "521"`,
    });
  }
  return [...causes, ...durationCauses(spec)];
}

/** Durations in Go's form; at least an hour, and renewed before they end. */
function durationCauses(spec: Props): Cause[] {
  const hours = (field: string, fallback: string) => goHours(text(spec, field) ?? fallback);
  const duration = hours('duration', '2160h');
  if (duration === undefined || duration < 1) {
    return [
      {
        field: 'spec.duration',
        detail: `Invalid value: "${text(spec, 'duration')}": certificate duration must be greater than 1h0m0s`,
      },
    ];
  }
  const before = text(spec, 'renewBefore') === undefined ? undefined : goHours(text(spec, 'renewBefore') ?? '');
  return before !== undefined && before >= duration
    ? [
        {
          field: 'spec.renewBefore',
          detail: `Invalid value: "${text(spec, 'renewBefore')}": certificate duration ${duration}h must be greater than renewBefore`,
        },
      ]
    : [];
}

function goHours(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|m|s))+$/.test(duration)) return undefined;
  const unit = { h: 1, m: 1 / 60, s: 1 / 3600 };
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)].reduce(
    (sum, [, amount = '0', of = 'h']) => sum + Number(amount) * unit[of as 'h'],
    0,
  );
}

/** Signs the certificate: the secret appears when the issuer is ready and keystore passwords are there. */
function issue(live: Props, state: ClusterState): Outcome {
  const problem = certManager.working(state) ? issuingProblem(live, state) : 'cert-manager has no running controller';
  const now = timestamp();
  if (problem) {
    const status = {
      conditions: [
        condition('Ready', false, 'DoesNotExist', `Issuing certificate as Secret does not exist: ${problem}`, now),
      ],
    };
    return { live: { ...live, status }, pending: [problem] };
  }
  ensureSecret(live, state);
  const status = {
    conditions: [
      {
        ...condition('Ready', true, 'Ready', 'Certificate is up to date and has not expired', now),
        observedGeneration: generationOf(live),
      },
    ],
    notBefore: now,
    revision: 1,
  };
  return { live: { ...live, status }, pending: [] };
}

function issuingProblem(live: Props, state: ClusterState): string | undefined {
  const namespace = namespaceOf(live) ?? 'default';
  const name = text(live, 'spec', 'issuerRef', 'name') ?? '';
  const kind = text(live, 'spec', 'issuerRef', 'kind') ?? 'Issuer';
  const found = kind === 'ClusterIssuer' ? state.get(CLUSTER_ISSUER, name) : state.get(ISSUER, name, namespace);
  if (!found) return `Referenced "${kind}" not found: ${kind.toLowerCase()}.cert-manager.io "${name}" not found`;
  const notReady = issuerProblem(found, state);
  if (notReady) return `Referenced issuer does not have a Ready status condition: ${notReady}`;
  for (const store of ['jks', 'pkcs12']) {
    const ref = object(live, 'spec', 'keystores', store, 'passwordSecretRef');
    const secretName = text(ref, 'name');
    if (!secretName) continue;
    const password = state.get(SECRET, secretName, namespace);
    if (!password) return `failed to build keystores: error fetching Secret: secrets "${secretName}" not found`;
    const key = text(ref, 'key') ?? 'password';
    if (object(password, 'data')[key] === undefined)
      return `failed to build keystores: secret "${secretName}" has no key "${key}"`;
  }
  return undefined;
}

/** The secret belongs to nobody unless cert-manager is told otherwise: it outlives its Certificate. */
function ensureSecret(live: Props, state: ClusterState): void {
  const spec = object(live, 'spec');
  const body = (what: string) => Buffer.from(`${what} of ${idOf(live)}`).toString('base64');
  const keys = ['ca.crt', 'tls.crt', 'tls.key'];
  if (object(spec, 'keystores', 'jks').create === true) keys.push('keystore.jks', 'truststore.jks');
  if (object(spec, 'keystores', 'pkcs12').create === true) keys.push('keystore.p12', 'truststore.p12');
  const template = object(spec, 'secretTemplate');
  state.ensure(SECRET, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: text(spec, 'secretName') ?? '',
      namespace: namespaceOf(live) ?? 'default',
      labels: { ...object(template, 'labels'), 'controller.cert-manager.io/fao': 'true' },
      annotations: {
        ...object(template, 'annotations'),
        'cert-manager.io/certificate-name': nameOf(live),
        'cert-manager.io/issuer-name': text(spec, 'issuerRef', 'name') ?? '',
        'cert-manager.io/alt-names': texts(spec, 'dnsNames').join(','),
      },
    },
    data: Object.fromEntries(keys.map((key) => [key, body(key)])),
  });
}
