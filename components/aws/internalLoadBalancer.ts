import type { AwsSitePlan } from '../../plan/types';
import type { InternalLoadBalancer, LoadBalancerRole } from '../kubernetesSite';
import { loadBalancerName } from '../names';
import { loadBalancerSubnetName } from './subnetNames';

/** Port of CoreDNS's `ready` plugin. */
export const dnsReadinessPort = 8181;

/** The class that the AWS load balancer controller serves, and the in-tree one leaves alone. */
const loadBalancerClass = 'service.k8s.aws/nlb';

/**
 * A network load balancer at the planned addresses, one per zone, with pods as targets. Whom its security group
 * admits stands in the Service's `loadBalancerSourceRanges`, as on every cloud. Annotations
 * are those of the AWS Load Balancer Controller, "Service annotations".
 */
export function internalLoadBalancer(
  plan: AwsSitePlan,
  clusterName: string,
  role: LoadBalancerRole,
): InternalLoadBalancer {
  return {
    loadBalancerClass,
    // The controller joins TCP and UDP of one port into one TCP_UDP listener, if it is told to.
    mixedProtocols: true,
    annotations: annotations({
      'aws-load-balancer-name': loadBalancerName(clusterName, role),
      'aws-load-balancer-scheme': 'internal',
      'aws-load-balancer-nlb-target-type': 'ip',
      // By name, so that they are known at preview; addresses pair with subnets by position.
      'aws-load-balancer-subnets': list(plan.zones.map(({ zone }) => loadBalancerSubnetName(clusterName, zone))),
      'aws-load-balancer-private-ipv4-addresses': list(
        plan.zones.map((zone) => (role === 'gateway' ? zone.gatewayAddress : zone.dnsAddress)),
      ),
      // Off by default: the address in a zone without a healthy target would drop what it gets.
      'aws-load-balancer-attributes': 'load_balancing.cross_zone.enabled=true',
      ...(role === 'gateway' ? gateway : dns),
    }),
  };
}

const gateway: Record<string, string> = {
  // Forward from the load balancer's own address. Cassandra knows its peer from the handshake and not
  // from the source address, and with the client's address kept, a node that connects to the gateway
  // and is answered by itself would wait for ever. The security group therefore admits the
  // load-balancer subnets on the internode port.
  'aws-load-balancer-target-group-attributes': 'preserve_client_ip.enabled=false',
  'aws-load-balancer-healthcheck-protocol': 'tcp',
  'aws-load-balancer-healthcheck-port': 'traffic-port',
};

const dns: Record<string, string> = {
  // Resolvers repeat a truncated answer's question over TCP at the same address. UDP and TCP_UDP targets
  // always see the client's address, so nothing is said of it here.
  'aws-load-balancer-enable-tcp-udp-listener': 'true',
  // A TCP health check on 53 would pass before CoreDNS has its first copy of the cluster's Services.
  'aws-load-balancer-healthcheck-protocol': 'http',
  'aws-load-balancer-healthcheck-port': `${dnsReadinessPort}`,
  'aws-load-balancer-healthcheck-path': '/ready',
};

function list(items: readonly string[]): string {
  return items.join(',');
}

function annotations(byShortName: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(byShortName).map(([key, value]) => [`service.beta.kubernetes.io/${key}`, value]),
  );
}
