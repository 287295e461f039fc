/** The place that load balancers' health checks come from: outside the pods and machines, behind the network's router. */
import * as path from 'node:path';
import { addLink, addNamespace, inNamespace, ipBatch } from '../core/namespace';
import { existingNamespaces } from '../core/ledger';
import type { VirtualNetwork } from './model';
import { GATEWAY, networkNamespace } from './names';
import { LOCAL_TABLE } from './routes';

/** A question to a target: a TCP connection, or with a path an HTTP request that must not fail. */
export interface Probe {
  readonly source: string;
  readonly address: string;
  readonly port: number;
  readonly path: string | undefined;
}

const DEVICE = 'probes';
const SCRIPT = path.join(__dirname, 'probe.sh');

/**
 * Sends probes through the network's filters as the cloud sends them, all at once.
 *
 * @returns those that were answered
 */
export async function probe<T extends Probe>(network: VirtualNetwork, probes: readonly T[]): Promise<T[]> {
  if (probes.length === 0) return [];
  const namespace = await prober(network, [...new Set(probes.map(({ source }) => source))]);
  const lines = probes.map(({ source, address, port, path: page = '-' }, index) =>
    [index, source, address, port, page].join(' '),
  );
  const answered = await inNamespace(namespace, 'sh', [SCRIPT], { input: `${lines.join('\n')}\n` });
  const numbers = new Set(answered.split('\n').filter(Boolean).map(Number));
  return probes.filter((_, index) => numbers.has(index));
}

/** The namespace with the addresses that probes come from. */
async function prober(network: VirtualNetwork, sources: readonly string[]): Promise<string> {
  const router = networkNamespace(network);
  const namespace = `${router}-probes`;
  if (!existingNamespaces().includes(namespace)) {
    await addNamespace(namespace, false);
    await addLink({ namespace: router, device: DEVICE }, { namespace, device: 'eth0' }, network.mtu);
    await ipBatch(router, [`address add ${GATEWAY}/32 dev ${DEVICE}`]);
    await ipBatch(namespace, [`route add default via ${GATEWAY} dev eth0 onlink`]);
  }
  await ipBatch(
    router,
    sources.map((source) => `route replace ${source} dev ${DEVICE} table ${LOCAL_TABLE}`),
  );
  await ipBatch(
    namespace,
    sources.map((source) => `address replace ${source}/32 dev eth0`),
  );
  return namespace;
}
