/** Names of each side asked from a Cassandra pod of the other, through that pod's own cluster DNS, over UDP and TCP. */
import { addressAt } from '../core/ip';
import { tryInNamespace } from '../core/namespace';
import { type Datacenter, firstPod } from './pods';
import { type Check, check } from './report';

export async function verifyDns(datacenters: readonly Datacenter[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const asking of datacenters) {
    for (const asked of datacenters) {
      if (asked === asking) continue;
      for (const protocol of ['udp', 'tcp'] as const) {
        const zone = `${asked.namespace}.svc.cluster.local`;
        const seeds = asked.pods.filter(({ seed }) => seed).map(({ address }) => address);
        const pod = firstPod(asked);
        const allPods = `${asked.cassandraCluster}-${asked.name}-all-pods-service.${zone}`;
        checks.push(await resolves(asking, protocol, `${asked.cassandraCluster}-seed-service.${zone}`, seeds));
        checks.push(await resolves(asking, protocol, `${pod.name}.${allPods}`, [pod.address]));
      }
    }
  }
  return checks;
}

async function resolves(
  asking: Datacenter,
  protocol: 'udp' | 'tcp',
  name: string,
  expected: readonly string[],
): Promise<Check> {
  const server = addressAt(asking.cluster.serviceRange, 10);
  const args = [`@${server}`, '+short', '+time=3', '+tries=2', protocol === 'tcp' ? '+tcp' : '+notcp', 'A', name];
  const { stdout } = await tryInNamespace(firstPod(asking).netns, 'dig', args);
  const found = stdout
    .split('\n')
    .filter((line) => /^[0-9.]+$/.test(line))
    .sort();
  const ok = expected.length > 0 && found.join() === [...expected].sort().join();
  const wanted = ok ? '' : `, expected ${expected.join(' ') || 'at least one address'}`;
  return check(`DNS ${protocol} ${asking.name} asks ${name}`, ok, (found.join(' ') || 'no answer') + wanted);
}
