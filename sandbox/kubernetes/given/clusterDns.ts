import { number, text, type Props } from '../../core/values';
import { parseCidr, toText } from '../addresses';
import type { Cluster } from '../cluster';
import { readyNodes } from '../nodes';
import { DEPLOYMENT } from '../pods';
import type { ClusterState } from '../state';
import { SERVICE, type Given } from './given';

/** The DNS server of a cluster: its name, its pods' labels, how many of them. */
interface DnsServer {
  readonly name: string;
  readonly labels: Props;
  readonly replicas: number;
}

const REPLICAS = 2;

/** EKS runs CoreDNS as an add-on; GKE runs kube-dns, or has Cloud DNS answer instead. */
function dnsServer(cluster: Cluster): DnsServer | undefined {
  const labels = { 'k8s-app': 'kube-dns' };
  if (cluster.kind === 'gke')
    return usesKubeDns(cluster) ? { name: 'kube-dns', labels, replicas: REPLICAS } : undefined;
  const addon = cluster.cloud.addons.find(({ name }) => name === 'coredns');
  return (
    addon && {
      name: 'coredns',
      labels: { ...labels, 'eks.amazonaws.com/component': 'coredns' },
      replicas: number(addon.configuration, 'replicaCount') ?? REPLICAS,
    }
  );
}

/** Unless the cluster is told otherwise, GKE Standard serves cluster DNS by kube-dns. */
export function usesKubeDns(cluster: Cluster): boolean {
  return cluster.kind === 'gke' && text(cluster.cloud.dnsConfig, 'clusterDns') !== 'CLOUD_DNS';
}

/** The Service in front of it, at the tenth address of the service range. */
export function dnsService(cluster: Cluster): Given[] {
  const server = dnsServer(cluster);
  const range = parseCidr(cluster.servicesCidr);
  if (!server || !range) return [];
  const clusterIP = toText(range.first + 10);
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
    { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
  ];
  return [
    {
      token: SERVICE,
      manager: cluster.kind === 'eks' ? 'eks' : 'addon-manager',
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kube-dns', namespace: 'kube-system', labels: server.labels },
        spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], selector: { 'k8s-app': 'kube-dns' }, ports },
        status: { loadBalancer: {} },
      },
    },
  ];
}

/** Its pods run when there are nodes; their number follows the nodes at every look at the cluster. */
export function runDnsServer(state: ClusterState): void {
  const server = dnsServer(state.cluster);
  if (!server) {
    for (const name of ['coredns', 'kube-dns']) state.remove(DEPLOYMENT, `kube-system/${name}`);
    return;
  }
  const { name, labels, replicas } = server;
  const spec = { replicas, selector: { matchLabels: labels }, template: { metadata: { labels } } };
  const metadata = { name, namespace: 'kube-system', labels };
  const given: Props = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
  const live = state.ensure(DEPLOYMENT, given);
  const ready = readyNodes(state).length > 0 ? replicas : 0;
  if (number(live, 'status', 'readyReplicas') === ready && number(live, 'spec', 'replicas') === replicas) return;
  const status = { replicas, readyReplicas: ready, availableReplicas: ready };
  state.put(DEPLOYMENT, given, { ...live, spec, status });
}
