/** One cluster's control plane: etcd, kube-apiserver and kube-controller-manager, as processes in its namespace. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addressAt } from '../core/ip';
import { startInNamespace } from '../core/namespace';
import { labDirectory } from '../core/paths';
import { must } from '../core/run';
import { NotYet, until } from '../core/wait';
import type { Cluster } from '../network/model';
import { controlPlaneNamespace } from '../network/names';
import type { Tools } from '../tools/tools';
import { KubeClient, apiSocket } from './client';
import { makeAuthority, makeCertificate } from './pki';

export const API_PORT = 443;

/** Where a cluster's control plane keeps its files. */
export function clusterFolder(cluster: Pick<Cluster, 'name'>): string {
  return path.join(labDirectory, cluster.name);
}

/** Whether `up` has come as far as its control plane. */
export function hasControlPlane(cluster: Pick<Cluster, 'name'>): boolean {
  return fs.existsSync(apiSocket(cluster.name));
}

/** Starts the control plane and waits until it is ready. */
export async function startControlPlane(cluster: Cluster, tools: Tools): Promise<KubeClient> {
  const folder = clusterFolder(cluster);
  const pki = path.join(folder, 'pki');
  await makePki(cluster, pki);
  writeKubeconfig(cluster, 'controller-manager');
  writeKubeconfig(cluster, 'admin');
  const namespace = controlPlaneNamespace(cluster);
  startInNamespace(namespace, `${cluster.name}-etcd`, tools.etcd, [
    `--data-dir=${path.join(folder, 'etcd')}`,
    // Nothing here outlives the machine.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  startInNamespace(namespace, `${cluster.name}-apiserver`, tools.apiServer, apiServerFlags(cluster, pki));
  startInNamespace(namespace, `${cluster.name}-controller-manager`, tools.controllerManager, [
    `--kubeconfig=${path.join(folder, 'controller-manager.kubeconfig')}`,
    `--service-account-private-key-file=${path.join(pki, 'service-account.key')}`,
    `--root-ca-file=${path.join(pki, 'ca.crt')}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    // The agent's machines renew no leases; whether they run is for the lab to say.
    '--controllers=*,-node-lifecycle-controller,-node-ipam-controller',
  ]);
  // A socket file is reached from outside the namespace, in which no network leads.
  startInNamespace(namespace, `${cluster.name}-socket`, 'socat', [
    `UNIX-LISTEN:${apiSocket(cluster.name)},fork,mode=600`,
    `TCP:127.0.0.1:${API_PORT}`,
  ]);
  const client = new KubeClient(folder);
  await until(`API server of ${cluster.name}`, 90, async () => {
    if (await client.ready()) return true;
    return new NotYet(`see logs/${cluster.name}-apiserver.log and ${cluster.name}-etcd.log`);
  });
  await untilControllersRun(client, cluster);
  return client;
}

/**
 * The endpoints controller gives a Service its Endpoints. As it starts it deletes Endpoints that have no Service, so none
 * may be made before.
 */
async function untilControllersRun(client: KubeClient, cluster: Cluster): Promise<void> {
  const metadata = { name: 'lab-controllers-run', namespace: 'default' };
  const service = await client.apply({
    ...{ apiVersion: 'v1', kind: 'Service', metadata },
    spec: { selector: { app: metadata.name }, ports: [{ port: 1 }] },
  });
  await until(`controller manager of ${cluster.name}`, 60, async () => {
    const endpoints = await client.find('v1', 'Endpoints', metadata.name, metadata.namespace);
    return endpoints === undefined ? new NotYet(`see logs/${cluster.name}-controller-manager.log`) : true;
  });
  await client.remove(service);
}

async function makePki(cluster: Cluster, pki: string): Promise<void> {
  await makeAuthority(pki, `lab ${cluster.name}`);
  await makeCertificate(pki, {
    name: 'apiserver',
    commonName: 'kube-apiserver',
    alternativeNames: [
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      'DNS:kubernetes.default.svc.cluster.local',
      'IP:127.0.0.1',
      `IP:${cluster.controlPlane}`,
      // The API server's own service has the first address of the range.
      `IP:${addressAt(cluster.serviceRange, 1)}`,
    ],
  });
  await makeCertificate(pki, { name: 'admin', commonName: 'lab', organization: 'system:masters' });
  await makeCertificate(pki, { name: 'controller-manager', commonName: 'system:kube-controller-manager' });
  await must('openssl', ['genrsa', '-out', path.join(pki, 'service-account.key'), '2048']);
}

function apiServerFlags(cluster: Cluster, pki: string): string[] {
  const file = (name: string): string => path.join(pki, name);
  return [
    '--etcd-servers=http://127.0.0.1:2379',
    `--secure-port=${API_PORT}`,
    `--advertise-address=${cluster.controlPlane}`,
    `--service-cluster-ip-range=${cluster.serviceRange}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--service-account-key-file=${file('service-account.key')}`,
    `--service-account-signing-key-file=${file('service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
  ];
}

/** Writes `<user>.kubeconfig` for the user whose certificate is `<user>.crt`. */
export function writeKubeconfig(cluster: Cluster, user: string): string {
  const folder = clusterFolder(cluster);
  const pki = path.join(folder, 'pki');
  const file = path.join(folder, `${user}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user } }],
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: `https://${cluster.controlPlane}:${API_PORT}`,
          'certificate-authority': path.join(pki, 'ca.crt'),
        },
      },
    ],
    users: [
      {
        name: user,
        user: { 'client-certificate': path.join(pki, `${user}.crt`), 'client-key': path.join(pki, `${user}.key`) },
      },
    ],
  };
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
