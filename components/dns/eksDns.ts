import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import type { DnsForwarding } from './dnsForwarding';
import { dnsServices } from './dnsServices';

export interface EksDnsArgs {
  readonly site: KubernetesSite;
}

/**
 * DNS between sites on EKS: the CoreDNS add-on answers for this site, behind the planned addresses. What
 * it forwards to the peers stands in the add-on's own configuration (`eksCorefile`), because the add-on
 * reverts any other edit.
 */
export class EksDns extends pulumi.ComponentResource implements DnsForwarding {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: EksDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:dns:EksDns', name, {}, opts);
    const { site } = args;

    this.ready = dnsServices(
      `${name}-service`,
      // Where the add-on's pods are, and the label it gives them.
      { site, namespace: 'kube-system', selector: { 'k8s-app': 'kube-dns' } },
      {
        parent: this,
        provider: site.provider,
        dependsOn: [
          // Whatever makes load balancers must run when it is made, and still run when it is deleted.
          ...site.loadBalancers,
          // A load balancer without a target is never ready: the add-on's pods need nodes.
          ...site.nodes,
        ],
      },
    );
    this.registerOutputs({});
  }
}
