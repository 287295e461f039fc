/** The Cassandra pods of the lab, and commands in them. */
import * as os from 'node:os';
import { LabError } from '../core/errors';
import { type Outcome, type RunOptions } from '../core/run';
import { tryInNamespace } from '../core/namespace';
import { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import { nodetoolCommand } from '../agent/cassandra';
import { podNamespace } from '../agent/podNetwork';
import type { KubernetesObject } from '../kubernetes/objects';
import type { Cluster } from '../network/model';
import type { Lab } from '../labState';

export interface Datacenter {
  readonly cluster: Cluster;
  readonly api: KubeClient;
  readonly name: string;
  readonly namespace: string;
  readonly cassandraCluster: string;
  readonly superuserSecret: string;
  readonly pods: readonly CassandraPod[];
}

export interface CassandraPod {
  readonly name: string;
  readonly address: string;
  /** Network namespace. */
  readonly netns: string;
  readonly seed: boolean;
  readonly rack: string;
  /** Of the machine it runs on. */
  readonly zone: string;
}

/** Every CassandraDatacenter of every cluster with its pods. */
export async function datacenters(lab: Lab): Promise<Datacenter[]> {
  const all: Datacenter[] = [];
  for (const cluster of lab.model.clusters) {
    const api = new KubeClient(clusterFolder(cluster));
    const found = await api.list('cassandra.datastax.com/v1beta1', 'CassandraDatacenter');
    const pods = await api.list('v1', 'Pod');
    for (const datacenter of found) all.push(describe(cluster, api, datacenter, pods));
  }
  return all;
}

function describe(
  cluster: Cluster,
  api: KubeClient,
  datacenter: KubernetesObject,
  pods: readonly KubernetesObject[],
): Datacenter {
  const { name, namespace = '' } = datacenter.metadata;
  const label = (pod: KubernetesObject, key: string): string | undefined =>
    pod.metadata.labels?.[`cassandra.datastax.com/${key}`];
  return {
    cluster,
    api,
    name,
    namespace,
    cassandraCluster: datacenter.spec.clusterName,
    superuserSecret: datacenter.spec.superuserSecretName,
    pods: pods
      .filter((pod) => label(pod, 'datacenter') === name && pod.metadata.namespace === namespace)
      .filter((pod) => pod.status?.podIP !== undefined)
      .map((pod) => ({
        name: pod.metadata.name,
        address: pod.status.podIP as string,
        netns: podNamespace(cluster, pod.metadata.uid ?? ''),
        seed: label(pod, 'seed-node') === 'true',
        rack: label(pod, 'rack') ?? '',
        zone: cluster.machines.find((machine) => machine.name === pod.spec.nodeName)?.zone ?? '',
      })),
  };
}

/** `nodetool` beside a node, as its container would run it. */
export function nodetool(lab: Lab, pod: CassandraPod, ...args: string[]): Promise<Outcome> {
  const [command = 'java', ...rest] = nodetoolCommand(lab.tools, args);
  return tryInNamespace(pod.netns, command, rest, { timeout: 60_000 });
}

/** The real cqlsh, as the superuser, at a node's own address. */
export async function cqlsh(lab: Lab, datacenter: Datacenter, pod: CassandraPod, cql: string): Promise<Outcome> {
  const secret = await datacenter.api.get('v1', 'Secret', datacenter.superuserSecret, datacenter.namespace);
  const decode = (key: string): string => Buffer.from(secret.data[key] as string, 'base64').toString();
  // The password in the environment of one process, not among its arguments.
  const env = {
    ...process.env,
    HOME: os.tmpdir(),
    LAB_USER: decode('username'),
    LAB_PASSWORD: decode('password'),
    SSL_VALIDATE: 'false',
  };
  const script = [
    'umask 077; file=$(mktemp); trap \'rm -f "$file"\' EXIT',
    `printf '[PlainTextAuthProvider]\\nusername = %s\\npassword = %s\\n' "$LAB_USER" "$LAB_PASSWORD" > "$file"`,
    `${lab.tools.cqlsh}/cqlsh --ssl --credentials "$file" --connect-timeout 20 --request-timeout 30 ${pod.address} 9042`,
  ].join('\n');
  const options: RunOptions = { env, input: cql, timeout: 90_000 };
  return tryInNamespace(pod.netns, 'bash', ['-c', script], options);
}

export function firstPod({ name, pods }: Datacenter): CassandraPod {
  const pod = pods[0];
  if (pod === undefined) throw new LabError(`datacenter ${name} has no pod with an address`);
  return pod;
}
