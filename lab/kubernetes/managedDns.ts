/** The cluster DNS that a cloud brings along, as a CoreDNS with the cloud's configuration. */
import { addressAt } from '../core/ip';
import type { Stack } from '../stack/stack';
import type { Cluster } from '../network/model';
import type { Json, KubernetesObject } from './objects';

const NAME = 'coredns';
const NAMESPACE = 'kube-system';
/** The label that both EKS's add-on and kube-dns give their pods. */
const LABELS = { 'k8s-app': 'kube-dns' };

/**
 * EKS's add-on with the Corefile that the stack gives it, or kube-dns's stand-in: GKE's own is not to be had, so a CoreDNS
 * that answers for the cluster and forwards the stub domains of kube-dns's ConfigMap does its part.
 */
export function managedDns(cluster: Cluster, stack: Stack): KubernetesObject[] {
  return dnsObjects(cluster, cluster.managedCorefile ?? kubeDnsCorefile(stubDomains(cluster, stack)));
}

function stubDomains(cluster: Cluster, { inventory }: Stack): Record<string, string[]> {
  if (cluster.cloud !== 'gcp') return {};
  const map = inventory
    .all('kubernetes:core/v1:ConfigMapPatch', 'kubernetes:core/v1:ConfigMap')
    .find(
      (entry) => entry.knownText('metadata.name') === 'kube-dns' && entry.knownText('metadata.namespace') === NAMESPACE,
    );
  const text = map?.knownText('data.stubDomains');
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string[]>);
}

function kubeDnsCorefile(stubs: Readonly<Record<string, readonly string[]>>): string {
  return [
    '.:53 {',
    '    errors',
    '    health',
    '    ready',
    '    kubernetes cluster.local in-addr.arpa ip6.arpa {',
    '        pods insecure',
    '        fallthrough in-addr.arpa ip6.arpa',
    '    }',
    '    forward . /etc/resolv.conf',
    '    cache 30',
    '}',
    ...Object.entries(stubs).map(
      ([zone, addresses]) => `${zone}:53 {\n    errors\n    cache 30\n    forward . ${addresses.join(' ')}\n}`,
    ),
    '',
  ].join('\n');
}

function dnsObjects(cluster: Cluster, corefile: string): KubernetesObject[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, labels: LABELS }, spec: deploymentSpec() },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: NAMESPACE, labels: LABELS },
      spec: {
        clusterIP: addressAt(cluster.serviceRange, 10),
        selector: LABELS,
        ports: [
          { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
          { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
        ],
      },
    },
  ];
}

function deploymentSpec(): Json {
  return {
    replicas: 2,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        serviceAccountName: NAME,
        // The machine's resolver, not itself.
        dnsPolicy: 'Default',
        containers: [
          {
            name: NAME,
            image: 'registry.k8s.io/coredns/coredns:v1.12.1',
            args: ['-conf', '/etc/coredns/Corefile'],
            readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
            volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
          },
        ],
        volumes: [{ name: 'config', configMap: { name: NAME } }],
      },
    },
  };
}
