import type { Props } from '../../core/values';
import { NAMESPACE } from '../state';
import { CONFIG_MAP, type Given } from './given';

const SERVICE_ACCOUNT = 'kubernetes:core/v1:ServiceAccount';

/** Namespaces of every cluster (Kubernetes documentation, "Initial namespaces") with what controllers put in them. */
export function initialNamespaces(): Given[] {
  return ['default', 'kube-system', 'kube-public', 'kube-node-lease'].flatMap((name) => [
    { token: NAMESPACE, object: namespace(name), manager: 'kube-apiserver' },
    ...namespaceContents(name),
  ]);
}

export function namespace(name: string): Props {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** What the controller manager makes in every namespace. */
export function namespaceContents(name: string): Given[] {
  const manager = 'kube-controller-manager';
  return [
    {
      token: SERVICE_ACCOUNT,
      object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
      manager,
    },
    {
      token: CONFIG_MAP,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace: name },
        data: { 'ca.crt': '' },
      },
      manager,
    },
  ];
}
