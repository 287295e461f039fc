/**
 * Which rule was meant to admit a packet that nothing admits: one that differs from it in one respect and has no other
 * use. Without such a rule the fault is the group's or the network's, which lacks one.
 */
import { type Address, type Range, holds, overlaps } from '../ip';
import type { GroupRule } from '../model/aws/securityGroups';
import { type FirewallRule, type InstanceTraits, appliesTo, namesPeer } from '../model/gcp/firewall';
import { type PortMatch, type Service, admitsPort, nearlySamePort } from '../model/ports';

/** What is known of the input's networks, to tell a slip from a rule for somebody else. */
export interface Surroundings {
  /** Whether a range overlaps a network of the input. */
  known(range: Range): boolean;
  /** The declared subnet range that holds an address. */
  subnetOf(address: Address): Range | undefined;
  /** Whether a range overlaps the network that an address is in. */
  sharesNetwork(range: Range, address: Address): boolean;
}

/** A security group rule written for the service, but for another peer; or for the peer, but for a mistyped port. */
export function guiltyGroupRule(
  rules: readonly GroupRule[],
  service: Service,
  peer: Address,
  surroundings: Surroundings,
): GroupRule | undefined {
  const forService = rules.filter((rule) => specific(rule.match) && admitsPort(rule.match, service));
  // A rule with several ranges may lack one; of rules with one range each, a whole rule is missing.
  const lists = forService.filter((rule) => rule.ranges.length > 1 || rule.prefixList !== undefined);
  const forPeer = rules.filter((rule) => rule.ranges.some((range) => holds(range, peer)));
  return (
    misdirected(forService, peer, surroundings) ??
    lists.find((rule) => rule.ranges.some((range) => surroundings.sharesNetwork(range, peer))) ??
    lists.find((rule) => rule.ranges.length === 0) ??
    forPeer.find((rule) => mistypedPort(rule.match, service)) ??
    wrongProtocol(forPeer, service)
  );
}

export interface GuiltyFirewall {
  readonly urn: string;
  readonly reason: string;
}

export function guiltyFirewall(
  rules: readonly FirewallRule[],
  direction: FirewallRule['direction'],
  target: InstanceTraits,
  /** What gives the target its tags, where the input tells. */
  tagHolder: string | undefined,
  service: Service,
  peer: { readonly address: Address; readonly traits: InstanceTraits | undefined },
  surroundings: Surroundings,
): GuiltyFirewall | undefined {
  // Rules that GKE makes by itself are nobody's slip.
  const declared = rules.filter((rule) => rule.allow && rule.direction === direction && rule.note === undefined);
  const forService = declared.filter((rule) =>
    rule.matches.some((match) => specific(match) && admitsPort(match, service)),
  );
  const names = (rule: FirewallRule): boolean => namesPeer(rule, peer.address, peer.traits);
  const applies = (rule: FirewallRule): boolean => appliesTo(rule, target) !== 'no';
  const guilty = (rule: FirewallRule | undefined, reason: string): GuiltyFirewall | undefined =>
    rule === undefined ? undefined : { urn: rule.urn, reason };

  const disabled = forService.find((rule) => rule.disabled && names(rule) && applies(rule));
  if (disabled !== undefined) return guilty(disabled, 'the rule for it is disabled');
  const elsewhere = forService.find((rule) => !rule.disabled && names(rule) && !applies(rule));
  if (elsewhere !== undefined) return wrongTarget(elsewhere, declared, target, tagHolder);
  const open = forService.filter((rule) => !rule.disabled && applies(rule));
  const forPeer = declared.filter((rule) => !rule.disabled && applies(rule) && names(rule));
  const narrow = forPeer.filter((rule) => rule.matches.every(specific));
  return (
    guilty(misdirected(open, peer.address, surroundings), 'the rule for it admits other addresses') ??
    guilty(
      open.find((rule) => rule.ranges.some((range) => surroundings.sharesNetwork(range, peer.address))),
      'the rule for it lacks this range',
    ) ??
    guilty(
      forPeer.find((rule) => rule.matches.some((match) => mistypedPort(match, service))),
      'the rule for it has another port',
    ) ??
    guilty(narrow.length === 1 ? narrow[0] : undefined, 'the rule for this peer lacks it')
  );
}

/** Where no rule aims at what the instance carries, but several agree on another tag, the instance lost its tag. */
function wrongTarget(
  rule: FirewallRule,
  declared: readonly FirewallRule[],
  target: InstanceTraits,
  tagHolder: string | undefined,
): GuiltyFirewall {
  const tags = rule.targets.join(', ');
  const aimed = declared.filter((other) => other.targets.length > 0);
  const agreed = aimed.filter((other) => other.targets.some((label) => rule.targets.includes(label))).length > 1;
  const missed = aimed.every((other) => appliesTo(other, target) === 'no');
  if (tagHolder !== undefined && agreed && missed) return { urn: tagHolder, reason: `the nodes do not carry ${tags}` };
  return { urn: rule.urn, reason: `the rule for it targets ${tags} only` };
}

/** A rule for every port says nothing about which service it was meant for. */
function specific(match: PortMatch): boolean {
  return match.protocol !== 'all' && (match.protocol === 'icmp' || match.to - match.from < 1024);
}

function mistypedPort(match: PortMatch, service: Service): boolean {
  return match.protocol === service.protocol && match.from === match.to && nearlySamePort(match.from, service.port);
}

/** The right port under the other protocol. DNS has a rule for each, so there only a second one of a kind is a slip. */
function wrongProtocol(forPeer: readonly GroupRule[], service: Service): GroupRule | undefined {
  const samePort = forPeer.filter(
    ({ match }) =>
      match.from === match.to &&
      match.from === service.port &&
      match.protocol !== service.protocol &&
      service.port !== 0,
  );
  return service.port !== DNS_PORT || samePort.length > 1 ? samePort[0] : undefined;
}

const DNS_PORT = 53;

/** A rule for a part of the peer's subnet, or for a range that nobody in the input has. */
function misdirected<T extends { readonly ranges: readonly Range[] }>(
  rules: readonly T[],
  peer: Address,
  surroundings: Surroundings,
): T | undefined {
  const subnet = surroundings.subnetOf(peer);
  const part = rules.find((rule) => subnet !== undefined && rule.ranges.some((range) => overlaps(range, subnet)));
  return (
    part ?? rules.find((rule) => rule.ranges.length > 0 && !rule.ranges.some((range) => surroundings.known(range)))
  );
}
