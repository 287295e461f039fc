/**
 * VPC firewall rules (Google Cloud VPC documentation, "VPC firewall rules"): stateful; the matching rule with the
 * lowest priority number decides, deny before allow at the same number; without a match egress is allowed and
 * ingress denied.
 */
import { type Address, type Range, EVERYWHERE, holds } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText, asTexts } from '../../resources/resource';
import { type Fields, type Unknown, UNKNOWN } from '../../resources/value';
import { publicIpv6 } from '../ipv6';
import { type PortMatch, type Protocol, type Service, admitsPort } from '../ports';
import { rangesOfTexts } from '../ranges';
import { type GcpNetwork, type GcpNetworks, networkOf } from './network';

export interface FirewallRule {
  readonly urn: string;
  readonly direction: 'INGRESS' | 'EGRESS';
  readonly priority: number;
  readonly allow: boolean;
  readonly disabled: boolean;
  readonly matches: readonly PortMatch[];
  /** Source ranges of an ingress rule, destination ranges of an egress rule. */
  readonly ranges: readonly Range[];
  /** Public IPv6 ranges among them. */
  readonly publicIpv6?: readonly string[];
  /** Tags and service accounts of sending instances that an ingress rule also admits. */
  readonly sources: readonly string[];
  /** Tags and service accounts that the rule applies to; empty for every instance of the network. */
  readonly targets: readonly string[];
  /** Property that is not known yet, if the rule cannot be judged fully. */
  readonly unknown: string | undefined;
  /** What made the rule, for rules that GKE makes by itself. */
  readonly note: string | undefined;
}

/** What firewall rules see of an instance. */
export interface InstanceTraits {
  /** Network tags and service account e-mail. */
  readonly labels: readonly string[];
  /** Nothing is known of the instance: it may carry any tag. */
  readonly assumed: boolean;
  /** Some of its tags or its service account are not known yet. */
  readonly unknown: boolean;
}

export type Firewalls = ReadonlyMap<GcpNetwork, readonly FirewallRule[]>;

export function readFirewalls(
  inventory: Inventory,
  networks: GcpNetworks,
  /** Rules of network firewall policies. */
  policies: Firewalls,
  /** Rules that GKE makes by itself. */
  automatic: Firewalls,
): Firewalls {
  const firewalls = new Map<GcpNetwork, FirewallRule[]>();
  for (const network of networks.networks.values()) firewalls.set(network, []);
  for (const resource of inventory.all('gcp:compute/firewall:Firewall')) {
    const network = networkOf(inventory, networks.networks, resource);
    if (network !== undefined) firewalls.get(network)?.push(readRule(resource));
  }
  for (const [network, rules] of policies) firewalls.get(network)?.push(...rules);
  for (const [network, rules] of firewalls) {
    // Behind the declared ones: of two rules that admit the same, the stack's own is the one to name.
    rules.push(...(automatic.get(network) ?? []));
    rules.sort((a, b) => a.priority - b.priority || Number(a.allow) - Number(b.allow));
  }
  return firewalls;
}

function readRule(resource: Resource): FirewallRule {
  const direction = resource.knownText('direction') === 'EGRESS' ? 'EGRESS' : 'INGRESS';
  const rangeProperty = direction === 'INGRESS' ? 'sourceRanges' : 'destinationRanges';
  const allows = resource.objects('allows');
  const priority = resource.number('priority');
  const sources = [...resource.knownTexts('sourceTags'), ...resource.knownTexts('sourceServiceAccounts')];
  const targets = [...labels(resource, 'targetTags'), ...labels(resource, 'targetServiceAccounts')];
  const texts = resource.texts(rangeProperty);
  const listed =
    texts === UNKNOWN || texts === undefined ? [] : rangesOfTexts(texts.filter((text) => text !== UNKNOWN));
  const unknown = texts === UNKNOWN || texts?.includes(UNKNOWN) === true ? rangeProperty : undefined;
  // A rule that names no peer at all is for every address.
  const everywhere = (!Array.isArray(texts) || texts.length === 0) && unknown === undefined && sources.length === 0;
  return {
    urn: resource.urn,
    direction,
    priority: typeof priority === 'number' ? priority : 1000,
    allow: allows.length > 0,
    disabled: resource.flag('disabled') === true,
    matches: (allows.length > 0 ? allows : resource.objects('denies')).flatMap((entry) => portMatches(entry)),
    ranges: everywhere ? [EVERYWHERE] : listed,
    publicIpv6: publicIpv6(resource.knownTexts(rangeProperty)),
    sources,
    targets,
    unknown,
    note: undefined,
  };
}

/** A target not known yet is named by what it comes from, so that it equals the same value read elsewhere. */
function labels(resource: Resource, path: string): string[] {
  const texts = resource.texts(path);
  if (texts === undefined) return [];
  const entries: readonly (string | Unknown)[] = texts === UNKNOWN ? [UNKNOWN] : texts;
  return entries.flatMap((entry) => (entry === UNKNOWN ? resource.sources(path).map(unknownLabel) : [entry]));
}

/** Stands for a tag or service account that is an output of the given resource and not known yet. */
export function unknownLabel(urn: string): string {
  return `unknown:${urn}`;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { '6': 'tcp', '17': 'udp', '1': 'icmp' };

/** Protocol and ports of an entry; of a policy's rule the protocol stands in another property. */
export function portMatches(entry: Fields, property = 'protocol'): PortMatch[] {
  const text = asText(entry[property]);
  const protocol = (typeof text === 'string' ? (PROTOCOLS[text] ?? text.toLowerCase()) : 'all') as Protocol;
  const ports = asTexts(entry['ports']).filter((port) => port !== UNKNOWN);
  if (ports.length === 0) return [{ protocol, from: 0, to: 65535 }];
  return ports.map((port) => {
    const [from, to] = port.split('-');
    return { protocol, from: Number(from), to: Number(to ?? from) };
  });
}

/** How a network's rules judge the first packet of a connection. */
export interface FirewallDecision {
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** Rule that decided; undefined when nothing matched. */
  readonly rule: FirewallRule | undefined;
  /** What had to be assumed for the rule to apply. */
  readonly assumed: string | undefined;
}

export function judgeFirewall(
  rules: readonly FirewallRule[],
  direction: FirewallRule['direction'],
  /** The other end's address, and its traits when it is an instance of the same network. */
  peer: { readonly address: Address; readonly traits: InstanceTraits | undefined },
  target: InstanceTraits,
  service: Service,
): FirewallDecision {
  let pending: FirewallRule | undefined;
  const decide = (allow: boolean, rule: FirewallRule | undefined, assumed: string | undefined): FirewallDecision => {
    if (pending !== undefined && pending.allow !== allow)
      return { verdict: 'unknown', rule: pending, assumed: undefined };
    return { verdict: allow ? 'allow' : 'deny', rule, assumed };
  };
  for (const rule of rules) {
    if (rule.direction !== direction || rule.disabled || !rule.matches.some((match) => admitsPort(match, service)))
      continue;
    const applies = appliesTo(rule, target);
    const names = namesPeer(rule, peer.address, peer.traits);
    // Tags that are not known yet may be the ones that the rule aims at.
    if (applies === 'no' && names && target.unknown) pending ??= rule;
    if (applies === 'no') continue;
    if (!names && rule.unknown !== undefined) pending ??= rule;
    if (!names) continue;
    // A tag that may or may not be there never makes a deny rule apply by assumption.
    if (applies === 'assumed' && !rule.allow) continue;
    const assumed = applies === 'assumed' ? `the instance carries ${rule.targets.join(' or ')}` : undefined;
    return decide(rule.allow, rule, assumed);
  }
  return decide(direction === 'EGRESS', undefined, undefined);
}

export function namesPeer(rule: FirewallRule, address: Address, traits: InstanceTraits | undefined): boolean {
  if (rule.ranges.some((range) => holds(range, address))) return true;
  return traits !== undefined && rule.sources.some((source) => traits.labels.includes(source));
}

export function appliesTo(rule: FirewallRule, target: InstanceTraits): 'yes' | 'no' | 'assumed' {
  if (rule.targets.length === 0 || rule.targets.some((label) => target.labels.includes(label))) return 'yes';
  return target.assumed ? 'assumed' : 'no';
}
