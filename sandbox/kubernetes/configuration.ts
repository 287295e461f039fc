import { isProps, object, text, type Props } from '../core/values';
import type { Cause } from './apiErrors';
import type { Kind } from './kind';

const KEY = /^[-._a-zA-Z0-9]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** "A ConfigMap is not designed to hold large chunks of data": 1 MiB, as for Secrets. */
const MAX_BYTES = 1024 * 1024;

export const configMap: Kind = {
  token: 'kubernetes:core/v1:ConfigMap',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  forceNew: [],
  awaited: false,
  validate: (live, _state, before) => [
    ...dataCauses(live, ['data', 'binaryData']),
    ...immutableCauses(live, before, ['data', 'binaryData']),
  ],
};

/** Keys that a Secret of a type must have (Kubernetes documentation, "Types of Secret"). */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export const secret: Kind = {
  token: 'kubernetes:core/v1:Secret',
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  forceNew: [],
  awaited: false,
  defaults: (live) => ({ type: 'Opaque', ...withEncodedData(live) }),
  validate: (live, _state, before) => [
    ...dataCauses(live, ['data']),
    ...Object.entries(object(live, 'data')).flatMap(([key, value]) =>
      typeof value === 'string' && BASE64.test(value)
        ? []
        : [{ field: `data[${key}]`, detail: `Invalid value: "<omitted>": illegal base64 data` }],
    ),
    ...(REQUIRED_KEYS[text(live, 'type') ?? ''] ?? [])
      .filter((key) => object(live, 'data')[key] === undefined)
      .map((key) => ({ field: `data[${key}]`, detail: 'Required value' })),
    ...(before && before.type !== live.type
      ? [{ field: 'type', detail: `Invalid value: "${text(live, 'type')}": field is immutable` }]
      : []),
    ...immutableCauses(live, before, ['data']),
  ],
};

/** `stringData` is written in clear and kept encoded, over `data`. */
function withEncodedData(live: Props): Props {
  const clear = object(live, 'stringData');
  if (Object.keys(clear).length === 0) return live;
  const encoded = Object.entries(clear).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  return { ...live, data: { ...object(live, 'data'), ...Object.fromEntries(encoded) } };
}

function dataCauses(live: Props, fields: readonly string[]): Cause[] {
  const causes: Cause[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const field of fields) {
    for (const [key, value] of Object.entries(object(live, field))) {
      bytes += Buffer.byteLength(String(value));
      if (!KEY.test(key) || key.length > 253) {
        causes.push({
          field: `${field}[${key}]`,
          detail: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
        });
      }
      if (seen.has(key))
        causes.push({ field: `${field}[${key}]`, detail: `Invalid value: "${key}": duplicate of key present in data` });
      seen.add(key);
    }
  }
  if (bytes > MAX_BYTES) causes.push({ field: '[]', detail: `Too long: may not be more than ${MAX_BYTES} bytes` });
  return causes;
}

function immutableCauses(live: Props, before: Props | undefined, fields: readonly string[]): Cause[] {
  if (before?.immutable !== true) return [];
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(live[field]));
  const causes = changed.map((field) => ({ field, detail: 'Forbidden: field is immutable when `immutable` is set' }));
  return live.immutable === true
    ? causes
    : [...causes, { field: 'immutable', detail: 'Forbidden: field is immutable when `immutable` is set' }];
}

export const serviceAccount: Kind = {
  token: 'kubernetes:core/v1:ServiceAccount',
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
  forceNew: [],
  awaited: false,
  validate: (live) => (isProps(live.metadata) ? [] : [{ field: 'metadata', detail: 'Required value' }]),
};
