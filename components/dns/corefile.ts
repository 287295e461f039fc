import type { PeerPlan, SitePlan } from '../../plan/types';

/**
 * Corefiles, as text and nothing else, so that the real CoreDNS can be run with them anywhere.
 *
 * Source of the syntax: CoreDNS manual, plugins `kubernetes`, `forward`, `cache`, `bufsize`, `ready`.
 */

/** Kubernetes's cluster domain; EKS offers no other. */
const CLUSTER_DOMAIN = 'cluster.local';

/**
 * Corefile of the EKS add-on: what EKS ships, and a forward for each peer's zone.
 *
 * `ready` and `health` must stay: the add-on's probes and the load balancer's health check ask them.
 */
export function eksCorefile(plan: SitePlan): string {
  const clusterBlock = block('.:53', [
    'errors',
    ...block('health', ['lameduck 5s']),
    'ready',
    ...block(`kubernetes ${CLUSTER_DOMAIN} in-addr.arpa ip6.arpa`, [
      'pods insecure',
      'fallthrough in-addr.arpa ip6.arpa',
    ]),
    'prometheus :9153',
    'forward . /etc/resolv.conf',
    'cache 30',
    'loop',
    'reload',
    'loadbalance',
  ]);
  return text([clusterBlock, ...plan.peers.map(forwardBlock)]);
}

/**
 * Corefile of the CoreDNS that a site without one runs for its peers: it serves the site's Cassandra
 * namespace and refuses everything else, so it can be neither an open resolver nor part of a loop.
 */
export function siteCorefile(plan: SitePlan): string {
  return text([
    block(`${plan.dns.zone}:53`, [
      'errors',
      ...block('health', ['lameduck 5s']),
      'ready',
      'bufsize 1232',
      // The zone named is the cluster domain: names are parsed relative to it, whatever the block's own zone.
      ...block(`kubernetes ${CLUSTER_DOMAIN}`, [`namespaces ${plan.namespace}`, 'ttl 5']),
      'prometheus :9153',
      'cache 5',
      'reload',
      'loadbalance',
    ]),
  ]);
}

/**
 * Forwards a peer's zone to its planned addresses, and only that zone: two clusters that forward more to
 * each other send a query in circles. Short caching, because the addresses behind headless services
 * change; 1232 bytes, because larger UDP answers fragment in the tunnels.
 */
function forwardBlock(peer: PeerPlan): string[] {
  return block(`${peer.dnsZone}:53`, ['errors', 'cache 5', 'bufsize 1232', `forward . ${peer.dnsAddresses.join(' ')}`]);
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), '}'];
}

function text(blocks: readonly (readonly string[])[]): string {
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('');
}
