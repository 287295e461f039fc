/**
 * Which rule was meant to admit a packet that nothing admits: the one that differs from it in one respect. Without such a
 * rule the fault is the group's or the network's, which lacks one.
 */
import { type Address, type Range, contains, overlaps, rangeOf } from '../ip';
import type { GroupRule } from '../model/aws/securityGroups';
import { type FirewallRule, type InstanceTraits, appliesTo, namesPeer } from '../model/gcp/firewall';
import { type PortMatch, type Service, admitsPort, nearlySamePort } from '../model/ports';

/** Whether a range has anything to do with the networks of the input. */
export type KnownRange = (range: Range) => boolean;

/** A security group rule written for the service, but for another peer; or for the peer, but for a mistyped port. */
export function guiltyGroupRule(
  rules: readonly GroupRule[],
  service: Service,
  peer: Address,
  known: KnownRange,
): GroupRule | undefined {
  const forService = rules.filter((rule) => specific(rule.match) && admitsPort(rule.match, service));
  const nearest = misdirected(forService, peer, known);
  if (nearest !== undefined) return nearest;
  return rules.find((rule) => rule.ranges.some((range) => covers(range, peer)) && mistyped(rule.match, service));
}

export interface GuiltyFirewall {
  readonly rule: FirewallRule;
  readonly reason: string;
}

export function guiltyFirewall(
  rules: readonly FirewallRule[],
  direction: FirewallRule['direction'],
  target: InstanceTraits,
  service: Service,
  peer: { readonly address: Address; readonly traits: InstanceTraits | undefined },
  known: KnownRange,
): GuiltyFirewall | undefined {
  const allowing = rules.filter((rule) => rule.allow && rule.direction === direction);
  const forService = allowing.filter((rule) =>
    rule.matches.some((match) => specific(match) && admitsPort(match, service)),
  );
  const named = forService.filter((rule) => namesPeer(rule, peer.address, peer.traits));
  const disabled = named.find((rule) => rule.disabled && appliesTo(rule, target) !== 'no');
  if (disabled !== undefined) return { rule: disabled, reason: 'the rule for it is disabled' };
  const elsewhere = named.find((rule) => !rule.disabled && appliesTo(rule, target) === 'no');
  if (elsewhere !== undefined)
    return { rule: elsewhere, reason: `the rule for it targets ${elsewhere.targets.join(', ')} only` };
  const applying = forService.filter(
    (rule) => !rule.disabled && appliesTo(rule, target) !== 'no' && rule.note === undefined,
  );
  const near = misdirected(applying, peer.address, known);
  if (near !== undefined) return { rule: near, reason: 'the rule for it admits other addresses' };
  const slip = allowing.find(
    (rule) =>
      appliesTo(rule, target) !== 'no' &&
      namesPeer(rule, peer.address, peer.traits) &&
      rule.matches.some((match) => mistyped(match, service)),
  );
  return slip === undefined ? undefined : { rule: slip, reason: 'the rule for it has another port' };
}

/** A rule for every port says nothing about which service it was meant for. */
function specific(match: PortMatch): boolean {
  return match.protocol !== 'all' && (match.protocol === 'icmp' || match.to - match.from < 1024);
}

function mistyped(match: PortMatch, service: Service): boolean {
  const sameProtocol = match.protocol === service.protocol;
  if (sameProtocol) return match.from === match.to && nearlySamePort(match.from, service.port);
  return match.from === match.to && match.from === service.port && service.port !== 0;
}

function covers(range: Range, peer: Address): boolean {
  return range.first <= peer && peer <= range.last;
}

/** Bits that a range and an address must share for the range to look like a part of what was meant. */
const NEAR = 12;

/** A rule for a part of the peer's range, or for a range that nobody in the input has. */
function misdirected<T extends { readonly ranges: readonly Range[] }>(
  rules: readonly T[],
  peer: Address,
  known: KnownRange,
): T | undefined {
  const near = rules.find((rule) => rule.ranges.some((range) => sharedPrefix(range, peer) >= NEAR));
  return near ?? rules.find((rule) => rule.ranges.length > 0 && !rule.ranges.some(known));
}

function sharedPrefix(range: Range, peer: Address): number {
  let prefix = range.prefix;
  while (prefix > 0 && !contains(rangeOf(peer, prefix), range) && !overlaps(rangeOf(peer, prefix), range)) prefix -= 1;
  return prefix;
}
