import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GcpSitePlan } from '../../plan/types';
import type { Namer } from './names';

/** Sources of Google's health-check probes for passthrough load balancers ("Health checks overview"). */
const HEALTH_CHECK_RANGES = ['35.191.0.0/16', '130.211.0.0/22'];

/** `kube-proxy`'s health port, probed for Services with `externalTrafficPolicy: Cluster`. */
const NODE_HEALTH_PORT = '10256';
/** Where a Service with `externalTrafficPolicy: Local` gets its `healthCheckNodePort` from. */
const NODE_PORT_RANGE = '30000-32767';

/** CQL, plain and TLS. */
const CQL_PORTS = ['9042', '9142'];
const DNS_PORT = '53';

/** cass-operator's admission webhook. */
const CASS_OPERATOR_WEBHOOK_PORT = '9443';
/** cert-manager's admission webhook; the kubelet has the same port. */
const CERT_MANAGER_WEBHOOK_PORT = '10250';

export interface GcpFirewallArgs {
  readonly plan: GcpSitePlan;
  readonly names: Namer;
  readonly network: pulumi.Input<string>;
  /** Network tag of the nodes, the target of every rule. */
  readonly nodeTag: string;
}

/**
 * What may reach the nodes and pods of a site. A custom network admits nothing by itself.
 *
 * The target is a network tag, not the nodes' service account: the account's address is not known
 * before it exists, and a firewall whose target is unknown cannot be judged at preview.
 */
export class GcpFirewall extends pulumi.ComponentResource {
  /** Nodes and pods of the site among themselves. */
  readonly internal: gcp.compute.Firewall;
  /** The linked sites' nodes and pods; absent while the site has no link. */
  readonly peers?: gcp.compute.Firewall;
  /** The control plane's calls to admission webhooks. */
  readonly webhooks: gcp.compute.Firewall;
  /** Probes of internal load balancers. */
  readonly healthChecks: gcp.compute.Firewall;

  constructor(name: string, args: GcpFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:Firewall', name, { plan: args.plan }, opts);
    const { plan, names } = args;

    const admit = (role: string, description: string, sourceRanges: readonly string[], allows: Allow[]) =>
      new gcp.compute.Firewall(
        `${name}-${role}`,
        {
          name: names(`admit-${role}`),
          description,
          network: args.network,
          direction: 'INGRESS',
          priority: 1000,
          sourceRanges: [...sourceRanges],
          targetTags: [args.nodeTag],
          allows,
        },
        { parent: this },
      );

    // GKE makes equal rules when it creates the cluster, but outside this stack: nothing restores them
    // when they are deleted, and a proof over the stack's resources does not see them.
    this.internal = admit(
      'internal',
      'Nodes and pods of the site among themselves',
      [plan.nodeSubnet, plan.pods],
      [{ protocol: 'tcp' }, { protocol: 'udp' }, { protocol: 'icmp' }],
    );

    if (plan.firewallSources.length > 0) {
      this.peers = admit('peers', 'Cassandra, DNS and ICMP from linked sites', plan.firewallSources, [
        { protocol: 'tcp', ports: [String(plan.gateway.port), ...CQL_PORTS, DNS_PORT] },
        { protocol: 'udp', ports: [DNS_PORT] },
        // Carries "fragmentation needed": the VPN's MTU is below the peer's.
        { protocol: 'icmp' },
      ]);
    }

    // GKE itself admits the control plane on 443 and the kubelet's port only. Without 9443 the creation of
    // a CassandraDatacenter times out, because the operator's webhook has failurePolicy Fail.
    this.webhooks = admit(
      'webhooks',
      'Admission webhooks called by the control plane',
      [plan.controlPlane],
      [{ protocol: 'tcp', ports: [CASS_OPERATOR_WEBHOOK_PORT, CERT_MANAGER_WEBHOOK_PORT] }],
    );

    // A passthrough load balancer keeps the client's address, so its traffic is admitted by `peers`;
    // its probes come from Google's own ranges, and a backend that fails them gets no packet at all.
    this.healthChecks = admit('health-checks', 'Probes of internal load balancers', HEALTH_CHECK_RANGES, [
      { protocol: 'tcp', ports: [NODE_HEALTH_PORT, NODE_PORT_RANGE] },
    ]);

    this.registerOutputs({});
  }
}

type Allow = gcp.types.input.compute.FirewallAllow;
