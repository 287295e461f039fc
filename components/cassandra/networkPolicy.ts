import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { SitePlan } from '../../plan/types';
import type { KubernetesSite } from '../kubernetesSite';
import {
  EXPORTER_PORT,
  INTERNODE_PORT,
  MANAGEMENT_API_PORT,
  METRICS_PORT,
  NATIVE_PORT,
  NATIVE_TLS_PORT,
  OPERATOR_NAMESPACE,
  clusterLabels,
} from './names';

type Rule = kubernetes.types.input.networking.v1.NetworkPolicyIngressRule;
type Peer = kubernetes.types.input.networking.v1.NetworkPolicyPeer;

export interface NetworkPoliciesArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  /** Everything that must exist before objects of the site's namespace. */
  readonly namespace: readonly pulumi.Resource[];
}

/** Who may open connections to the pods of the site's Cassandra namespace: nobody, but for the rules below. */
export class NetworkPolicies extends pulumi.ComponentResource {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:NetworkPolicies', name, {}, opts);
    const { site, cluster } = args;
    const { namespace } = site.plan;
    // The namespace holds them.
    const child = { parent: this, provider: site.provider, dependsOn: [...args.namespace] };

    const deny = new kubernetes.networking.v1.NetworkPolicy(
      `${name}-deny`,
      {
        metadata: { name: 'deny-ingress', namespace },
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      },
      child,
    );
    const allow = new kubernetes.networking.v1.NetworkPolicy(
      `${name}-cassandra`,
      {
        metadata: { name: 'cassandra', namespace },
        spec: {
          podSelector: { matchLabels: clusterLabels(cluster) },
          policyTypes: ['Ingress'],
          ingress: ingressRules(site.plan, cluster),
        },
      },
      child,
    );

    this.ready = [deny, allow];
    this.registerOutputs({});
  }
}

/** What the Cassandra pods of a site admit. */
export function ingressRules(plan: SitePlan, cluster: string): Rule[] {
  return [
    {
      // Nodes of this datacenter; those of the others, whether their own address or their node's arrives;
      // and this site's load balancers, which open the connection themselves where they are proxies.
      from: [{ podSelector: { matchLabels: clusterLabels(cluster) } }, ...blocks(internodeSources(plan))],
      ports: tcp(INTERNODE_PORT),
    },
    {
      // Applications of either site.
      from: [{ namespaceSelector: {} }, ...blocks(plan.peers.map(({ pods }) => pods))],
      ports: tcp(NATIVE_PORT, NATIVE_TLS_PORT),
    },
    {
      // The management API starts, drains and rebuilds nodes, and asks for no credentials: the operator's alone.
      from: [inNamespace(OPERATOR_NAMESPACE)],
      ports: tcp(MANAGEMENT_API_PORT),
    },
    { from: scrapers(plan), ports: tcp(METRICS_PORT, EXPORTER_PORT) },
  ];
}

function internodeSources(plan: SitePlan): string[] {
  const ownLoadBalancers = plan.cloud === 'aws' ? plan.zones.map(({ loadBalancerSubnet }) => loadBalancerSubnet) : [];
  return [...plan.firewallSources, ...ownLoadBalancers];
}

/** Google's managed collectors run in their own namespace; Amazon's scraper sits in the node subnets. */
function scrapers(plan: SitePlan): Peer[] {
  return plan.cloud === 'gcp' ? [inNamespace('gmp-system')] : blocks(plan.zones.map(({ nodeSubnet }) => nodeSubnet));
}

function inNamespace(namespace: string): Peer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}

function blocks(cidrs: readonly string[]): Peer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

function tcp(...ports: number[]) {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
