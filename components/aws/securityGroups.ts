import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSitePlan } from '../../plan/types';
import { dnsReadinessPort } from './internalLoadBalancer';

export interface PeerAccessArgs {
  readonly plan: AwsSitePlan;
  /** The cluster security group: on every node, pod and control-plane interface. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly provider: aws.Provider;
}

interface Admitted {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** None for ICMP: every type. */
  readonly port?: number;
}

/** Cassandra's ports for clients, plain and with TLS (`native_transport_port`, `native_transport_port_ssl`). */
const nativePort = 9042;
const nativeTlsPort = 9142;
const dnsPort = 53;

/**
 * What the cluster security group admits besides its own members. The peers' node ranges are admitted
 * as well as their pod ranges, because a connection from a host-network pod or a node's resolver has a
 * node's address. JMX (7199) and the management API (8080) are not: only the operator of the same
 * cluster has business there.
 *
 * One rule, one source, so that a blocked flow names the one rule that is missing. A peer takes 12 of
 * the group's 60 rules (VPC quota "Inbound or outbound rules per security group").
 */
export class PeerAccess extends pulumi.ComponentResource {
  readonly rules: readonly aws.vpc.SecurityGroupIngressRule[];

  constructor(name: string, args: PeerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:PeerAccess', name, { firewallSources: args.plan.firewallSources }, opts);
    const { plan } = args;

    const rule = (source: string, cidrIpv4: string, { name: what, protocol, port }: Admitted) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${source}-${what}`,
        {
          securityGroupId: args.securityGroupId,
          cidrIpv4,
          ipProtocol: protocol,
          fromPort: port ?? -1,
          toPort: port ?? -1,
          description: `${what} from ${source}`,
          tags: { Name: `${what} from ${source}` },
        },
        { parent: this, provider: args.provider },
      );

    const internode: Admitted = { name: 'internode', protocol: 'tcp', port: plan.gateway.port };
    const dns: Admitted[] = [
      { name: 'dns-udp', protocol: 'udp', port: dnsPort },
      { name: 'dns-tcp', protocol: 'tcp', port: dnsPort },
    ];
    const fromPeers: Admitted[] = [
      internode,
      { name: 'native', protocol: 'tcp', port: nativePort },
      { name: 'native-tls', protocol: 'tcp', port: nativeTlsPort },
      ...dns,
      // Carries "fragmentation needed": without it a path with a smaller MTU, such as a tunnel, loses
      // large packets silently.
      { name: 'icmp', protocol: 'icmp' },
    ];
    // The gateway's load balancer forwards from its own addresses (see internalLoadBalancer.ts), and
    // every health check comes from there. The DNS one keeps its clients' addresses; its own are
    // admitted on 53 too, so that resolution does not hang on that attribute.
    const fromLoadBalancers: Admitted[] = [
      internode,
      ...dns,
      { name: 'dns-health', protocol: 'tcp', port: dnsReadinessPort },
    ];

    this.rules = [
      ...plan.firewallSources.flatMap((source) =>
        fromPeers.map((admitted) => rule(`peer-${rangeSlug(source)}`, source, admitted)),
      ),
      ...plan.zones.flatMap(({ zone, loadBalancerSubnet }) =>
        fromLoadBalancers.map((admitted) => rule(`load-balancer-${zone}`, loadBalancerSubnet, admitted)),
      ),
    ];
    this.registerOutputs({});
  }
}

/** A range as a part of a resource's name, where a slash would be taken for a path. */
function rangeSlug(cidr: string): string {
  return cidr.replace('/', '-');
}
