/**
 * Firewall rules that GKE makes by itself, outside of any stack (GKE documentation, "Automatically created firewall
 * rules"): all at priority 1000, aimed at the cluster's node tag.
 */
import { type Range, mustRange } from '../../ip';
import { push } from '../../resources/inventory';
import type { FirewallRule, Firewalls } from '../gcp/firewall';
import type { GcpNetwork } from '../gcp/network';
import type { PortMatch, Protocol } from '../ports';
import type { Cluster, GkeCluster } from './cluster';
import { nodeLabel } from './gke';
import type { PassthroughLoadBalancer } from './loadBalancers';

/** Where Google's probes of passthrough load balancers come from ("Health checks overview"). */
export const PROBE_RANGES = ['35.191.0.0/16', '130.211.0.0/22'].map(mustRange);

export function automaticFirewalls(clusters: readonly Cluster[]): Firewalls {
  const rules = new Map<GcpNetwork, FirewallRule[]>();
  for (const cluster of clusters) {
    if (cluster.cloud !== 'gcp') continue;
    const add = (note: string, ranges: readonly Range[], matches: readonly PortMatch[]): void =>
      push(rules, cluster.network, automatic(cluster, note, ranges, matches));
    add("GKE's rule for pods", [cluster.pods], [ports('tcp'), ports('udp'), ports('icmp')]);
    add("GKE's rule for nodes", [cluster.nodes], [ports('tcp', 1), ports('udp', 1), ports('icmp')]);
    if (cluster.controlPlane !== undefined) {
      add(
        "GKE's rule for the control plane",
        [cluster.controlPlane],
        [ports('tcp', 443, 443), ports('tcp', 10250, 10250)],
      );
    }
  }
  return rules;
}

/** What GKE adds for a Service: its ports from its source ranges, and the probes of its health check. */
export function balancerFirewalls(balancer: PassthroughLoadBalancer, everywhere: readonly Range[]): FirewallRule[] {
  const own = balancer.ports.map(({ protocol, port }) => ports(protocol, port, port));
  return [
    automatic(balancer.cluster, "GKE's rule for the Service", balancer.sourceRanges ?? everywhere, own),
    automatic(balancer.cluster, "GKE's rule for health checks", PROBE_RANGES, [ports('tcp')]),
  ];
}

function automatic(
  cluster: GkeCluster,
  note: string,
  ranges: readonly Range[],
  matches: readonly PortMatch[],
): FirewallRule {
  return {
    urn: cluster.resource.urn,
    direction: 'INGRESS',
    priority: 1000,
    allow: true,
    disabled: false,
    matches,
    ranges,
    sources: [],
    targets: [nodeLabel(cluster.resource)],
    unknown: undefined,
    note,
  };
}

function ports(protocol: Protocol, from = 0, to = 65535): PortMatch {
  return { protocol, from, to };
}
