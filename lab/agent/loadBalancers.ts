/**
 * The clouds' load balancers for Services of type LoadBalancer, in the network's router: AWS's network load balancer by
 * its controller's annotations, Google's internal passthrough load balancer by `loadBalancerIP`.
 */
import { contains } from '../core/ip';
import { inNamespace } from '../core/namespace';
import type { KubeClient } from '../kubernetes/client';
import type { KubernetesObject } from '../kubernetes/objects';
import { deniedBefore, ingressFrom } from '../network/filters';
import type { Cluster, Profile, VirtualNetwork } from '../network/model';
import { networkNamespace } from '../network/names';
import { type ServicePort, balance } from './endpoints';

/** Annotation prefix of the AWS Load Balancer Controller. */
const AWS = 'service.beta.kubernetes.io/';

interface Balancer {
  readonly service: KubernetesObject;
  readonly addresses: readonly string[];
  /** Forwards from its own address instead of the client's. */
  readonly proxies: boolean;
  readonly sources: readonly string[];
  readonly ports: readonly ServicePort[];
}

/** The balancers that the Services ask for; one without an address of its own is left out. */
export function balancers(cluster: Cluster, ports: readonly ServicePort[]): Balancer[] {
  const services = new Map<KubernetesObject, ServicePort[]>();
  for (const port of ports) {
    if (port.service.spec.type === 'LoadBalancer')
      services.set(port.service, [...(services.get(port.service) ?? []), port]);
  }
  return [...services].map(([service, own]) => ({
    service,
    addresses: cluster.cloud === 'aws' ? awsAddresses(service) : googleAddresses(service),
    proxies: cluster.cloud === 'aws' && proxies(service),
    sources: sourcesOf(service),
    ports: own,
  }));
}

function awsAddresses(service: KubernetesObject): string[] {
  return listAnnotation(service, 'aws-load-balancer-private-ipv4-addresses');
}

function googleAddresses(service: KubernetesObject): string[] {
  return service.spec.loadBalancerIP === undefined ? [] : [service.spec.loadBalancerIP as string];
}

/** Elastic Load Balancing, "Client IP preservation": TCP to IP targets is proxied unless told otherwise, UDP never. */
function proxies(service: KubernetesObject): boolean {
  const attributes = listAnnotation(service, 'aws-load-balancer-target-group-attributes');
  if (attributes.includes('preserve_client_ip.enabled=true')) return false;
  return (service.spec.ports as { protocol?: string }[]).every(({ protocol }) => protocol !== 'UDP');
}

function sourcesOf(service: KubernetesObject): string[] {
  const annotated = listAnnotation(service, 'load-balancer-source-ranges');
  return annotated.length > 0 ? annotated : ((service.spec.loadBalancerSourceRanges ?? []) as string[]);
}

function listAnnotation(service: KubernetesObject, name: string): string[] {
  const text = service.metadata.annotations?.[`${AWS}${name}`] ?? '';
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Destinations, sources and admission of every balancer, replacing those of before. */
export function balancerRules(network: VirtualNetwork, all: readonly Balancer[]): string {
  const entries = all.flatMap((balancer) => balancer.addresses.map((address) => ({ balancer, address })));
  return [
    'table ip balancers',
    'delete table ip balancers',
    'table ip balancers {',
    '  chain prerouting {',
    '    type nat hook prerouting priority dstnat;',
    ...entries.flatMap(({ balancer, address }) =>
      balancer.ports
        .filter(({ targets }) => targets.length > 0)
        .map(({ protocol, port, targets }) => `    ip daddr ${address} ${protocol} dport ${port} ${balance(targets)}`),
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
    ...admission(network, entries),
    '',
  ].join('\n');
}

/**
 * The balancer's own security group, and the targets' as they see a balancer that connects from its own address; in GKE
 * the firewall rule that comes with the Service.
 */
function admission(network: VirtualNetwork, entries: readonly { balancer: Balancer; address: string }[]): string[] {
  const chains = entries.flatMap(({ balancer, address }) => {
    const name = `lb_${address.replaceAll('.', '_')}`;
    const sources =
      balancer.sources.length === 0 ? [] : [`ip saddr != { ${balancer.sources.join(', ')} } counter drop`];
    const lines = balancer.proxies
      ? (profile: Profile) => ingressFrom(profile, address)
      : network.cloud === 'gcp'
        ? deniedBefore
        : undefined;
    const targets = lines === undefined ? [] : network.profiles.map((profile) => targetRule(profile, address, lines));
    return [
      // Made, emptied and filled, so that a rule in use is never missing.
      `add chain ip cloud ${name}`,
      `flush chain ip cloud ${name}`,
      ...sources.map((line) => `add rule ip cloud ${name} ${line}`),
      ...targets.flatMap(({ chain, rules }) => [
        `add chain ip cloud ${chain}`,
        `flush chain ip cloud ${chain}`,
        ...rules.map((line) => `add rule ip cloud ${chain} ${line}`),
      ]),
      ...targets.map(({ profile, chain }) => `add rule ip cloud ${name} ip daddr @${profile} jump ${chain}`),
      ...(lines === undefined ? [] : [`add rule ip cloud ${name} accept`]),
    ];
  });
  return [
    'add chain ip cloud balanced',
    'flush chain ip cloud balanced',
    ...chains,
    ...entries.map(
      ({ address }) =>
        `add rule ip cloud balanced ct status dnat ct original ip daddr ${address} jump lb_${address.replaceAll('.', '_')}`,
    ),
  ];
}

function targetRule(
  profile: Profile,
  address: string,
  lines: (profile: Profile) => string[],
): { profile: string; chain: string; rules: string[] } {
  return {
    profile: profile.name,
    chain: `from_${address.replaceAll('.', '_')}_${profile.name}`,
    rules: lines(profile),
  };
}

export async function applyBalancerRules(network: VirtualNetwork, rules: string): Promise<void> {
  await inNamespace(networkNamespace(network), 'nft', ['-f', '-'], { input: rules });
}

/** A balancer with a target is up: its Service gets its addresses. */
export async function reportBalancers(api: KubeClient, all: readonly Balancer[]): Promise<void> {
  for (const { service, addresses, ports } of all) {
    const up = addresses.length > 0 && ports.some(({ targets }) => targets.length > 0);
    const ingress = up ? addresses.map((ip) => ({ ip })) : [];
    const known = (service.status?.loadBalancer?.ingress ?? []) as { ip: string }[];
    if (ingress.length > 0 && JSON.stringify(known.map(({ ip }) => ip)) !== JSON.stringify(addresses)) {
      await api.patchStatus(service, { loadBalancer: { ingress } });
    }
  }
}
