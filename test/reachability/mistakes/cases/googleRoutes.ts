/** What stands before a network's own routes and firewall rules, or behind them, and where pods get their addresses. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const RULE = 'gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule';

/** A network firewall policy with one rule, associated with the network. */
function firewallPolicy(s: Stack, rule: Readonly<Record<string, unknown>>): void {
  s.addBeside(n.NETWORK, 'gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy', 'guard', { name: 'guard' });
  s.addBeside(n.NETWORK, RULE, 'guard-rule', { firewallPolicy: 'guard', ...rule });
  const type = 'gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation';
  s.point(s.addBeside(n.NETWORK, type, 'guard-network', { firewallPolicy: 'guard' }), 'attachmentTarget', n.NETWORK);
}

const denyInternode = {
  priority: 10,
  action: 'deny',
  match: { layer4Configs: [{ ipProtocol: 'tcp', ports: ['7000'] }] },
};

export const googleRoutes: readonly Mistake[] = [
  {
    name: "a policy-based route takes what Google's pods send AWS to an appliance",
    change: (s) => {
      const route = s.addBeside(n.NETWORK, 'gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute', 'inspect', {
        filter: { protocolVersion: 'IPV4', srcRange: '10.250.0.0/16', destRange: '10.200.0.0/16' },
        nextHopIlbIp: '10.150.0.9',
        priority: 100,
      });
      s.point(route, 'network', n.NETWORK);
    },
    blocks: [
      [/^(internode|native protocol|path MTU), dc. to dc./, 'route', 'PolicyBasedRoute::inspect', 'route-elsewhere'],
    ],
  },
  {
    name: 'a network firewall policy that is judged first denies the internode port',
    change: (s) => {
      s.set(n.NETWORK, 'networkFirewallPolicyEnforcementOrder', 'BEFORE_CLASSIC_FIREWALL');
      firewallPolicy(s, { direction: 'INGRESS', ...denyInternode });
    },
    blocks: [
      [
        /^(internode|seeds), dc1 to dc2|^internode, within dc2/,
        'firewall',
        'NetworkFirewallPolicyRule::guard-rule',
        'firewall-denied',
      ],
    ],
  },
  {
    name: 'a network firewall policy keeps Google from calling the internode port, which no VPC rule allows',
    change: (s) => firewallPolicy(s, { direction: 'EGRESS', ...denyInternode }),
    blocks: [
      [
        /^(internode|seeds), dc2 to dc1|^internode, within dc2/,
        'firewall',
        'NetworkFirewallPolicyRule::guard-rule',
        'firewall-denied',
      ],
    ],
  },
  {
    name: 'an egress deny stands in front of the egress allow',
    change: (s) => {
      for (const [name, inputs] of [
        ['shut', { priority: 500, destinationRanges: ['10.200.0.0/16'], denies: [{ protocol: 'all' }] }],
        ['open', { priority: 600, destinationRanges: ['10.200.0.0/16'], allows: [{ protocol: 'all' }] }],
      ] as const) {
        const inputsOf = { direction: 'EGRESS', ...inputs };
        s.point(s.addBeside(n.ADMIT_PEERS, 'gcp:compute/firewall:Firewall', name, inputsOf), 'network', n.NETWORK);
      }
    },
    blocks: [[/^(internode|native protocol|path MTU), dc2 to dc1/, 'firewall', 'Firewall::shut', 'firewall-denied']],
  },
  {
    name: 'the firewall admits IPv6 only',
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['fd20::/20']),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.NETWORK, 'no-firewall-rule']],
  },
  {
    name: 'the security group admits clients of the whole Internet over IPv6',
    change: (s) => {
      const rule = s.addLike(n.peerRule('pods', 'native'), 'over-ipv6');
      s.set(rule, 'cidrIpv4', undefined).set(rule, 'cidrIpv6', '::/0');
    },
    findings: ['public-access SecurityGroupIngressRule::over-ipv6'],
  },
];
