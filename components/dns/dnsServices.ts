import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';

export interface DnsServicesArgs {
  readonly site: KubernetesSite;
  readonly namespace: string;
  /** Labels of the DNS servers' pods. */
  readonly selector: Readonly<Record<string, string>>;
}

type Protocol = 'TCP' | 'UDP';

/**
 * The site's planned DNS addresses in front of its DNS servers, for UDP and TCP both: answers that do not
 * fit a datagram come again over TCP, and a balancer with one of the two is an outage that waits.
 */
export function dnsServices(
  name: string,
  args: DnsServicesArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Service[] {
  const protocols: readonly Protocol[][] = args.site.internalLoadBalancer('dns').mixedProtocols
    ? [['UDP', 'TCP']]
    : [['UDP'], ['TCP']];
  return protocols.map((group) => dnsService(name, args, group, opts));
}

function dnsService(
  name: string,
  { site, namespace, selector }: DnsServicesArgs,
  protocols: readonly Protocol[],
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Service {
  const loadBalancer = site.internalLoadBalancer('dns');
  const suffix = protocols.length > 1 ? '' : `-${protocols.join().toLowerCase()}`;
  return new kubernetes.core.v1.Service(
    `${name}${suffix}`,
    {
      metadata: { name: `site-dns${suffix}`, namespace, annotations: { ...loadBalancer.annotations } },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: loadBalancer.loadBalancerClass,
        loadBalancerIP: loadBalancer.loadBalancerIP,
        loadBalancerSourceRanges: [...site.plan.firewallSources],
        // Answers come back from where the question went, without a second hop that rewrites its source.
        externalTrafficPolicy: 'Local',
        selector: { ...selector },
        ports: protocols.map((protocol) => ({
          name: `dns-${protocol.toLowerCase()}`,
          protocol,
          port: 53,
          targetPort: 53,
        })),
      },
    },
    { ...opts, customTimeouts: { create: '20m', update: '20m', delete: '20m' } },
  );
}
