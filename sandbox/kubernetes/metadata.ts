import * as path from 'node:path';
import type { Subject } from '../core/resourceType';
import type { CheckFailure } from '../core/validate';
import { isProps, object, text, type Props } from '../core/values';
import type { Cause } from './apiErrors';
import { digest } from './digest';
import type { Kind } from './kind';
import { annotationsOf, labelsOf, nameOf, namespaceOf } from './meta';
import type { KubernetesSession } from './session';

const AUTONAMED = 'pulumi.com/autonamed';
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Services keep the stricter rule: a letter first (RFC 1035). */
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/**
 * Name and namespace as the provider fills them in: an object without a name is called after its resource and
 * marked as named by the provider, one without a namespace goes to the provider's.
 */
export function completeMetadata(
  kind: Pick<Kind, 'token' | 'namespaced'>,
  inputs: Props,
  olds: Props,
  subject: Subject,
  cloud: KubernetesSession | undefined,
): Props {
  const given = inputs.metadata;
  if (given !== undefined && !isProps(given)) return inputs;
  let metadata: Props = { ...given };
  if (kind.namespaced && metadata.namespace === undefined) metadata.namespace = cloud?.settings.namespace ?? 'default';
  if (metadata.name === undefined && metadata.generateName === undefined) {
    const adopted = annotationsOf(olds)[AUTONAMED] === 'true' ? nameOf(olds) : undefined;
    const taken = (name: string) =>
      cloud?.stateIfReachable()?.get(kind.token, name, text(metadata, 'namespace')) !== undefined;
    metadata = {
      ...metadata,
      name: adopted ?? newName(subject, taken),
      annotations: { ...object(metadata, 'annotations'), [AUTONAMED]: 'true' },
    };
  }
  return { ...inputs, metadata };
}

/** A name that a replacement can have while the object it replaces is still there. */
function newName(subject: Subject, taken: (name: string) => boolean): string {
  const stem = path.basename(subject.name);
  for (let attempt = 0; ; attempt += 1) {
    const name = `${stem}-${digest(`${subject.urn}${attempt || ''}`)}`;
    if (!taken(name)) return name;
  }
}

/** What the provider itself refuses in metadata. */
export function checkMetadata(inputs: Props): CheckFailure[] {
  const metadata = object(inputs, 'metadata');
  return metadata.generateName !== undefined && metadata.name !== undefined
    ? [{ property: 'metadata', reason: 'metadata.name and metadata.generateName are mutually exclusive' }]
    : [];
}

/** What the API server refuses in metadata (Kubernetes documentation, "Object Names and IDs", "Labels and Selectors"). */
export function metadataCauses(kind: Kind, live: Props): Cause[] {
  return [...nameCauses(kind, live), ...labelCauses(live), ...annotationCauses(live)];
}

function nameCauses(kind: Kind, live: Props): Cause[] {
  const name = nameOf(live);
  const [rule, longest, words] = nameRule(kind.kind);
  const causes: Cause[] = [];
  if (!rule.test(name)) {
    causes.push({
      field: 'metadata.name',
      detail: `Invalid value: "${name}": ${words} (regex used for validation is '${rule.source.slice(1, -1)}')`,
    });
  }
  if (name.length > longest) {
    causes.push({
      field: 'metadata.name',
      detail: `Invalid value: "${name}": must be no more than ${longest} characters`,
    });
  }
  const namespace = namespaceOf(live);
  if (!kind.namespaced && namespace !== undefined) {
    causes.push({ field: 'metadata.namespace', detail: 'Forbidden: not allowed on this type' });
  }
  return causes;
}

const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  'and end with an alphanumeric character';

function nameRule(kind: string): [RegExp, number, string] {
  if (kind === 'Service') {
    const words =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
      'and end with an alphanumeric character';
    return [SERVICE_NAME, 63, words];
  }
  if (kind === 'Namespace') {
    const words =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
      'with an alphanumeric character';
    return [DNS_LABEL, 63, words];
  }
  // RBAC names are path segments: anything but '.', '..', '/' and '%'.
  if (/Role(Binding)?$/.test(kind))
    return [/^(?!\.{1,2}$)[^/%]+$/, 253, "may not be '.' or '..' and may not contain '/' or '%'"];
  return [SUBDOMAIN, 253, SUBDOMAIN_WORDS];
}

function labelCauses(live: Props): Cause[] {
  return Object.entries(labelsOf(live)).flatMap(([key, value]) => {
    const causes: Cause[] = [];
    if (!isQualified(key))
      causes.push({ field: 'metadata.labels', detail: `Invalid value: "${key}": name part is not a qualified name` });
    if (value.length > 63) {
      causes.push({ field: 'metadata.labels', detail: `Invalid value: "${value}": must be no more than 63 bytes` });
    } else if (!LABEL_VALUE.test(value)) {
      causes.push({
        field: 'metadata.labels',
        detail:
          `Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, ` +
          "'-', '_' or '.', and must start and end with an alphanumeric character",
      });
    }
    return causes;
  });
}

function annotationCauses(live: Props): Cause[] {
  const annotations = annotationsOf(live);
  const bytes = Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  const bad = Object.keys(annotations)
    .filter((key) => !isQualified(key.toLowerCase()))
    .map((key) => ({
      field: 'metadata.annotations',
      detail: `Invalid value: "${key}": name part is not a qualified name`,
    }));
  return bytes > MAX_ANNOTATIONS_BYTES
    ? [
        ...bad,
        { field: 'metadata.annotations', detail: `Too long: may not be more than ${MAX_ANNOTATIONS_BYTES} bytes` },
      ]
    : bad;
}

function isQualified(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  const prefix = parts.join('/');
  return (
    parts.length <= 1 && name.length <= 63 && QUALIFIED_NAME.test(name) && (prefix === '' || SUBDOMAIN.test(prefix))
  );
}
