/** kube-proxy's work: cluster addresses of Services, on every machine. */
import { inNamespace } from '../core/namespace';
import type { Cluster } from '../network/model';
import { machineNamespace } from '../network/names';
import { type ServicePort, balance } from './endpoints';

/** The rules of every machine: the same, as every kube-proxy knows every Service. */
export function serviceRules(ports: readonly ServicePort[]): string {
  const lines = ports.flatMap(({ service, protocol, port, targets }) => {
    const address = service.spec.clusterIP as string | undefined;
    if (address === undefined || address === 'None' || address === '') return [];
    const match = `ip daddr ${address} ${protocol} dport ${port}`;
    return targets.length === 0 ? [] : [`    ${match} ${balance(targets, protocol)}`];
  });
  return [
    'table ip services',
    'delete table ip services',
    'table ip services {',
    '  chain prerouting {',
    '    type nat hook prerouting priority dstnat;',
    ...lines,
    '  }',
    '}',
    '',
  ].join('\n');
}

export async function applyServiceRules(cluster: Cluster, rules: string): Promise<void> {
  for (const machine of cluster.machines) {
    await inNamespace(machineNamespace(cluster, machine), 'nft', ['-f', '-'], { input: rules });
  }
}
