import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import { INTERNODE_PORT, seedLabels } from './names';

export interface GatewayArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  /** The datacenter, Ready: without a seed the load balancer never gets a target. */
  readonly datacenter: readonly pulumi.Resource[];
}

/**
 * How other datacenters reach this one's seeds: an internal load balancer at planned addresses, which
 * stay when pods move. Only the first contact goes through it; after that nodes talk pod to pod.
 */
export class Gateway extends pulumi.ComponentResource {
  /** The planned addresses answer. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:Gateway', name, {}, opts);
    const { site, cluster } = args;
    const { plan } = site;
    const loadBalancer = site.internalLoadBalancer('gateway');

    const service = new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: {
          name: plan.gateway.service,
          namespace: plan.namespace,
          annotations: { ...loadBalancer.annotations },
        },
        spec: {
          type: 'LoadBalancer',
          loadBalancerClass: loadBalancer.loadBalancerClass,
          loadBalancerIP: loadBalancer.loadBalancerIP,
          loadBalancerSourceRanges: [...plan.firewallSources],
          // No second hop to another node, so the source stays the peer's and policies can name it.
          externalTrafficPolicy: 'Local',
          // A joining node needs seeds that are not ready yet, e.g. when both datacenters start again at once.
          publishNotReadyAddresses: true,
          selector: seedLabels(cluster, plan.datacenter),
          ports: [{ name: 'internode', protocol: 'TCP', port: plan.gateway.port, targetPort: INTERNODE_PORT }],
        },
      },
      {
        parent: this,
        provider: site.provider,
        dependsOn: [
          // Whatever makes load balancers must run when it is made, and still run when it is deleted.
          ...site.loadBalancers,
          ...args.datacenter,
        ],
        customTimeouts: { create: '20m', update: '20m', delete: '20m' },
      },
    );

    this.ready = [service];
    this.registerOutputs({});
  }
}
