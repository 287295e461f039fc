/** Security groups and firewall rules as nftables rules in the network's router, where the clouds' hosts apply them. */
import { contains } from '../core/ip';
import type { FilterRule, Profile, VirtualNetwork } from './model';

/**
 * The whole filter of a network. Connections are tracked, so that replies pass, as in both clouds.
 *
 * A new connection must be let out by the profile of its source and let in by that of its destination;
 * an address without a profile is outside, and the other side's business.
 */
export function filterRules(network: VirtualNetwork): string {
  const sets = [...network.profiles.map(({ name }) => name), ...network.memberSets];
  return [
    'table ip cloud {',
    ...sets.map((name) => `  set ${name} { type ipv4_addr; }`),
    ...network.profiles.flatMap((profile) => [
      ...chain(`out_${profile.name}`, profile.egress, 'daddr', profile.otherwise.egress),
      ...chain(`in_${profile.name}`, profile.ingress, 'saddr', profile.otherwise.ingress),
    ]),
    // Connections that a load balancer opens itself are judged by its address; see loadBalancers.ts.
    '  chain balanced { }',
    '  chain forward {',
    '    type filter hook forward priority filter; policy drop;',
    '    ct state established,related accept',
    '    ct state invalid drop',
    '    jump balanced',
    ...network.profiles.map(({ name }) => `    ip saddr @${name} jump out_${name}`),
    ...network.profiles.map(({ name }) => `    ip daddr @${name} jump in_${name}`),
    '    accept',
    '  }',
    '}',
    '',
  ].join('\n');
}

/** The rules of a profile as they apply to a source that is known beforehand. */
export function ingressFrom(profile: Profile, source: string): string[] {
  const matching = profile.ingress.filter(
    ({ ranges, sets }) => ranges.some((range) => contains(range, source)) || (ranges.length === 0 && sets.length === 0),
  );
  return statements(
    matching.map((rule) => ({ ...rule, ranges: [], sets: [] })),
    'saddr',
    profile.otherwise.ingress,
  );
}

/** Priority of the rule that GKE makes for a load balancer. */
const BALANCER_PRIORITY = 1000;

/**
 * What GKE's own rule for a Service of type LoadBalancer lets in (GKE, "Automatically created firewall rules"): every
 * source of the Service, except what a rule of its priority or before it denies.
 */
export function deniedBefore(profile: Profile): string[] {
  const denying = profile.ingress.filter(
    ({ action, priority }) => action === 'drop' && (priority ?? BALANCER_PRIORITY) <= BALANCER_PRIORITY,
  );
  return statements(denying, 'saddr', 'accept');
}

/** A chain of rules that other chains jump to: what is let through returns. */
export function chain(name: string, rules: readonly FilterRule[], other: Side, otherwise: 'accept' | 'drop'): string[] {
  return [`  chain ${name} {`, ...statements(rules, other, otherwise).map((line) => `    ${line}`), '  }'];
}

/** Side of the packet that the rules name: where it comes from, or where it goes. */
type Side = 'saddr' | 'daddr';

function statements(rules: readonly FilterRule[], other: Side, otherwise: 'accept' | 'drop'): string[] {
  return [...rules.flatMap((rule) => statement(rule, other)), ...(otherwise === 'drop' ? ['counter drop'] : [])];
}

/** What is let through goes on to the next check. */
function statement(rule: FilterRule, other: Side): string[] {
  const verdict = rule.action === 'accept' ? 'return' : 'drop';
  const service = serviceMatch(rule);
  const others = [
    ...(rule.ranges.length === 0 ? [] : [`ip ${other} { ${[...new Set(rule.ranges)].join(', ')} }`]),
    ...rule.sets.map((set) => `ip ${other} @${set}`),
  ];
  return (others.length === 0 ? [''] : others).map((match) =>
    [match, service, verdict].filter((part) => part !== '').join(' '),
  );
}

function serviceMatch({ protocol, ports }: FilterRule): string {
  if (protocol === 'all') return '';
  if (ports.length === 0) return `ip protocol ${protocol}`;
  return `${protocol} dport { ${ports.join(', ')} }`;
}
