import { list, object, text, texts, type Props, type Value } from '../core/values';
import type { Cause } from './apiErrors';
import type { Kind } from './kind';

const API = 'rbac.authorization.k8s.io/v1';
const GROUP = 'rbac.authorization.k8s.io';

export const rbacKinds: readonly Kind[] = [
  role('ClusterRole', 'clusterroles', false),
  role('Role', 'roles', true),
  binding('ClusterRoleBinding', 'clusterrolebindings', false),
  binding('RoleBinding', 'rolebindings', true),
];

function role(kind: string, plural: string, namespaced: boolean): Kind {
  return {
    token: `kubernetes:${API}:${kind}`,
    apiVersion: API,
    kind,
    plural,
    namespaced,
    forceNew: [],
    awaited: false,
    validate: (live) => list(live, 'rules').flatMap((rule, i) => ruleCauses(rule, `rules[${i}]`, namespaced)),
  };
}

/** Kubernetes documentation, "Using RBAC Authorization", with the API's validation of rules. */
function ruleCauses(rule: Value, field: string, namespaced: boolean): Cause[] {
  const causes: Cause[] = [];
  if (texts(rule, 'verbs').length === 0) {
    causes.push({ field: `${field}.verbs`, detail: 'Required value: verbs must contain at least one value' });
  }
  const urls = texts(rule, 'nonResourceURLs');
  const resources = texts(rule, 'resources');
  if (urls.length > 0 && namespaced) {
    causes.push({
      field: `${field}.nonResourceURLs`,
      detail: `Invalid value: ${JSON.stringify(urls)}: namespaced rules cannot apply to non-resource URLs`,
    });
  } else if (urls.length === 0) {
    if (list(rule, 'apiGroups').length === 0) {
      causes.push({
        field: `${field}.apiGroups`,
        detail: 'Required value: resource rules must supply at least one api group',
      });
    }
    if (resources.length === 0) {
      causes.push({
        field: `${field}.resources`,
        detail: 'Required value: resource rules must supply at least one resource',
      });
    }
  }
  return causes;
}

function binding(kind: string, plural: string, namespaced: boolean): Kind {
  return {
    token: `kubernetes:${API}:${kind}`,
    apiVersion: API,
    kind,
    plural,
    namespaced,
    forceNew: ['roleRef'],
    awaited: false,
    defaults: (live) => ({ ...live, subjects: list(live, 'subjects').map(withGroup) }),
    validate: (live, _state, before) => [
      ...roleRefCauses(live, namespaced, before),
      ...list(live, 'subjects').flatMap((subject, i) => subjectCauses(subject, `subjects[${i}]`)),
    ],
  };
}

function withGroup(subject: Value): Value {
  const kind = text(subject, 'kind');
  return kind === 'User' || kind === 'Group' ? { apiGroup: GROUP, ...object(subject) } : subject;
}

function roleRefCauses(live: Props, namespaced: boolean, before: Props | undefined): Cause[] {
  const ref = object(live, 'roleRef');
  const kinds = namespaced ? ['ClusterRole', 'Role'] : ['ClusterRole'];
  const causes: Cause[] = [];
  const unsupported = (field: string, value: string | undefined, allowed: readonly string[]) =>
    causes.push({
      field,
      detail: `Unsupported value: "${value ?? ''}": supported values: ${allowed.map((one) => `"${one}"`).join(', ')}`,
    });
  if (text(ref, 'apiGroup') !== GROUP) unsupported('roleRef.apiGroup', text(ref, 'apiGroup'), [GROUP]);
  if (!kinds.includes(text(ref, 'kind') ?? '')) unsupported('roleRef.kind', text(ref, 'kind'), kinds);
  if (!text(ref, 'name')) causes.push({ field: 'roleRef.name', detail: 'Required value' });
  if (before && JSON.stringify(object(before, 'roleRef')) !== JSON.stringify(ref)) {
    causes.push({ field: 'roleRef', detail: `Invalid value: ${JSON.stringify(ref)}: cannot change roleRef` });
  }
  return causes;
}

function subjectCauses(subject: Value, field: string): Cause[] {
  const kind = text(subject, 'kind') ?? '';
  if (!text(subject, 'name')) return [{ field: `${field}.name`, detail: 'Required value' }];
  if (kind === 'ServiceAccount') {
    return text(subject, 'namespace') ? [] : [{ field: `${field}.namespace`, detail: 'Required value' }];
  }
  if (kind === 'User' || kind === 'Group') return [];
  const detail = `Unsupported value: "${kind}": supported values: "ServiceAccount", "User", "Group"`;
  return [{ field: `${field}.kind`, detail }];
}
