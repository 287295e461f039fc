/** Network ACLs as nftables rules in the network's router: stateless, at the edge of each subnet. */
import { chain } from './filters';
import type { VirtualNetwork } from './model';

/**
 * The ACLs of a network, or nothing where it has none. A packet that stays in its subnet is not judged; any other by the
 * subnet that it leaves and by the one that it enters, with the addresses it has on the wire. Connections are not known here:
 * the hook comes before they are tracked, so that replies are judged like everything else.
 */
export function aclRules({ acls }: VirtualNetwork): string {
  if (acls.length === 0) return '';
  const edges = acls.flatMap(({ subnets }, number) => subnets.map((subnet) => ({ subnet, number })));
  return [
    'table ip acl {',
    ...acls.flatMap(({ ingress, egress }, number) => [
      ...chain(`out_${number}`, egress, 'daddr', 'drop'),
      ...chain(`in_${number}`, ingress, 'saddr', 'drop'),
    ]),
    '  chain wire {',
    '    type filter hook prerouting priority raw;',
    ...edges.map(({ subnet, number }) => `    ip saddr ${subnet} ip daddr != ${subnet} jump out_${number}`),
    ...edges.map(({ subnet, number }) => `    ip daddr ${subnet} ip saddr != ${subnet} jump in_${number}`),
    '  }',
    // A load balancer takes a packet up in its own subnet and sends it on from there, translated.
    '  chain balanced {',
    '    type filter hook postrouting priority srcnat + 10;',
    ...edges.map(
      ({ subnet, number }) =>
        `    ct status dnat ct original ip daddr ${subnet} ip daddr != ${subnet} jump out_${number}`,
    ),
    ...edges.map(
      ({ subnet, number }) =>
        `    ct status dnat ct original ip daddr != ${subnet} ip daddr ${subnet} jump in_${number}`,
    ),
    '  }',
    '}',
    '',
  ].join('\n');
}
