/** Load balancers as nftables rules in the network's router. */
import { contains } from '../core/ip';
import { inNamespace } from '../core/namespace';
import { deniedBefore, ingressFrom } from '../network/filters';
import type { Cluster, Profile, VirtualNetwork } from '../network/model';
import { networkNamespace } from '../network/names';
import { balance } from './endpoints';
import { probesOf, served } from './healthChecks';
import type { Balancer } from './loadBalancers';

/**
 * Destinations and sources of every balancer of a cluster, replacing those of before.
 *
 * @param healthy keys of the health checks that were answered
 */
export function balancerRules(
  network: VirtualNetwork,
  cluster: Cluster,
  all: readonly Balancer[],
  healthy: ReadonlySet<string>,
): string {
  const entries = entriesOf(all);
  return [
    'table ip balancers',
    'delete table ip balancers',
    'table ip balancers {',
    '  chain prerouting {',
    '    type nat hook prerouting priority dstnat;',
    ...entries.flatMap(({ balancer, address }) =>
      balancer.ports
        .map((port) => ({ ...port, ...served(cluster, balancer, address, port, healthy) }))
        .filter(({ targets }) => targets.length > 0)
        .map(
          ({ protocol, port, targets }) =>
            `    ip daddr ${address} ${protocol} dport ${port} ${balance(targets, protocol)}`,
        ),
    ),
    '  }',
    // Answers go back by way of the balancer, so its own subnet's route table leads them, not the target's.
    '  chain answers {',
    '    type filter hook prerouting priority mangle;',
    ...entries.flatMap(({ address }) =>
      network.routingTables
        .filter(({ sources }) => sources.some((range) => contains(range, address)))
        .slice(0, 1)
        .map(({ table }) => `    ct direction reply ct original ip daddr ${address} meta mark set ${table}`),
    ),
    '  }',
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat;',
    ...entries
      .filter(({ balancer }) => balancer.proxies)
      .map(({ address }) => `    ct status dnat ct original ip daddr ${address} snat to ${address}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

interface Entry {
  readonly balancer: Balancer;
  readonly address: string;
}

function entriesOf(all: readonly Balancer[]): Entry[] {
  return all.flatMap((balancer) => balancer.addresses.map((address) => ({ balancer, address })));
}

/**
 * The balancer's own security group, and the targets' as they see a balancer that connects from its own address; in GKE
 * the firewall rules that come with the Service, for its clients and for its health checks.
 */
export function admissionRules(network: VirtualNetwork, cluster: Cluster, all: readonly Balancer[]): string {
  const entries = entriesOf(all);
  return [
    // Made, emptied and filled, so that a rule in use is never missing.
    ...emptied('balanced'),
    ...entries.flatMap((entry) => admission(network, entry)),
    ...entries.map(
      ({ address }) =>
        `add rule ip cloud balanced ct status dnat ct original ip daddr ${address} jump ${chainOf(address)}`,
    ),
    ...(network.cloud === 'gcp' ? probeAdmission(network, cluster, all) : []),
    '',
  ].join('\n');
}

function admission(network: VirtualNetwork, { balancer, address }: Entry): string[] {
  const name = chainOf(address);
  const sources = balancer.sources.length === 0 ? [] : [`ip saddr != { ${balancer.sources.join(', ')} } counter drop`];
  const lines = balancer.proxies
    ? (profile: Profile) => ingressFrom(profile, address)
    : network.cloud === 'gcp'
      ? deniedBefore
      : undefined;
  return [
    ...emptied(name),
    ...sources.map((line) => `add rule ip cloud ${name} ${line}`),
    ...(lines === undefined ? [] : perProfile(network, name, address, lines)),
    ...(lines === undefined ? [] : [`add rule ip cloud ${name} accept`]),
  ];
}

/** GKE, "Automatically created firewall rules": the probes of a Service reach its health port. */
function probeAdmission(network: VirtualNetwork, cluster: Cluster, all: readonly Balancer[]): string[] {
  const asked = new Map(probesOf(cluster, all).map(({ source, port }) => [`${source} ${port}`, { source, port }]));
  return [
    ...emptied('probes'),
    ...perProfile(network, 'probes', 'probes', deniedBefore),
    'add rule ip cloud probes accept',
    ...[...asked.values()].map(
      ({ source, port }) => `add rule ip cloud balanced ip saddr ${source} tcp dport ${port} jump probes`,
    ),
  ];
}

/** In a chain, what each profile's own rules say of it. */
function perProfile(
  network: VirtualNetwork,
  chain: string,
  key: string,
  lines: (profile: Profile) => string[],
): string[] {
  return network.profiles.flatMap((profile) => {
    const own = `from_${key.replaceAll('.', '_')}_${profile.name}`;
    return [
      ...emptied(own),
      ...lines(profile).map((line) => `add rule ip cloud ${own} ${line}`),
      `add rule ip cloud ${chain} ip daddr @${profile.name} jump ${own}`,
    ];
  });
}

function emptied(chain: string): string[] {
  return [`add chain ip cloud ${chain}`, `flush chain ip cloud ${chain}`];
}

function chainOf(address: string): string {
  return `lb_${address.replaceAll('.', '_')}`;
}

export async function applyBalancerRules(network: VirtualNetwork, rules: string): Promise<void> {
  await inNamespace(networkNamespace(network), 'nft', ['-f', '-'], { input: rules });
}
