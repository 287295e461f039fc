import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import type { DnsForwarding } from './dnsForwarding';
import { dnsServices } from './dnsServices';
import { DNS_LABELS, DNS_NAMESPACE, SiteCoreDns } from './siteCoreDns';
import { stubDomains } from './stubDomains';

export interface GkeDnsArgs {
  readonly site: KubernetesSite;
}

/**
 * DNS between sites on GKE: a CoreDNS of its own answers for this site behind the planned address, and
 * kube-dns forwards the peers' zones.
 *
 * The cluster runs without NodeLocal DNSCache, which would take the stub domains from the same ConfigMap
 * but keep their answers for 30 seconds, longer than the addresses behind a headless service last.
 */
export class GkeDns extends pulumi.ComponentResource implements DnsForwarding {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GkeDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:dns:GkeDns', name, {}, opts);
    const { site } = args;
    const { plan } = site;
    const child = { parent: this, provider: site.provider };

    const coreDns = new SiteCoreDns(`${name}-coredns`, { site }, { parent: this });
    const services = dnsServices(
      `${name}-service`,
      { site, namespace: DNS_NAMESPACE, selector: DNS_LABELS },
      {
        ...child,
        dependsOn: [
          // Whatever makes load balancers must be there when it is made, and still there when it is deleted.
          ...site.loadBalancers,
          // A load balancer without a target is never ready.
          ...coreDns.ready,
        ],
      },
    );

    const stubs = new kubernetes.core.v1.ConfigMapPatch(
      `${name}-stub-domains`,
      { metadata: { name: 'kube-dns', namespace: 'kube-system' }, data: { stubDomains: stubDomains(plan) } },
      {
        // A patch, because GKE has made the ConfigMap: creating it would be refused as existing. It makes it
        // together with kube-dns's pods, which wait for nodes.
        ...child,
        dependsOn: [...site.nodes],
      },
    );

    this.ready = [...services, stubs];
    this.registerOutputs({});
  }
}
