/** What filters a packet where it leaves and where it arrives: security groups, network ACLs and firewall rules. */
import { formatAddress } from '../ip';
import { type Direction, type GroupRule, type SecurityGroup, namesPeer } from '../model/aws/securityGroups';
import { judgeAcl } from '../model/aws/networkAcls';
import type { AwsEndpoint, Endpoint, GcpEndpoint } from '../model/endpoint';
import { networkUrn } from '../model/endpoint';
import { judgeFirewall } from '../model/gcp/firewall';
import type { Model } from '../model/model';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { guiltyFirewall, guiltyGroupRule } from './guilt';
import { admitsPort } from '../model/ports';
import { type Packet, describeService } from './packet';

export function leave(model: Model, trace: Trace, from: Endpoint, to: Endpoint, packet: Packet): Stop | undefined {
  if (from.cloud === 'gcp') return firewall(model, trace, from, to, packet, 'EGRESS');
  return (
    securityGroups(model, trace, from, to, packet, 'egress') ?? networkAcl(model, trace, from, to, packet, 'egress')
  );
}

export function arrive(model: Model, trace: Trace, from: Endpoint, to: Endpoint, packet: Packet): Stop | undefined {
  if (to.cloud === 'gcp') return firewall(model, trace, to, from, packet, 'INGRESS');
  return (
    networkAcl(model, trace, to, from, packet, 'ingress') ?? securityGroups(model, trace, to, from, packet, 'ingress')
  );
}

/** Security groups remember connections: only the request is judged. */
function securityGroups(
  model: Model,
  trace: Trace,
  at: AwsEndpoint,
  peer: Endpoint,
  packet: Packet,
  direction: Direction,
): Stop | undefined {
  if (packet.kind === 'reply') return undefined;
  const address = direction === 'egress' ? packet.destination : packet.source;
  const peerGroups = peer.cloud === 'aws' && peer.subnet.vpc === at.subnet.vpc ? peer.groups : [];
  const rules = at.groups.flatMap((group) => group[direction].map((rule) => [group, rule] as const));
  const fitting = rules.filter(([, rule]) => admitsPort(rule.match, packet.service));
  const admitting = fitting.find(([, rule]) => namesPeer(rule, address, peerGroups));
  const word = direction === 'egress' ? 'to' : 'from';
  if (admitting !== undefined) {
    const [group, rule] = admitting;
    if (at.groupsAssumed)
      trace.assume(`an interface at ${formatAddress(at.address)} carries security group ${nameOfUrn(group.urn)}`);
    trace.pass(
      'security-group',
      rule.urn,
      `${direction} ${word} ${formatAddress(address)} on ${describeService(packet.service)} is admitted`,
    );
    return undefined;
  }
  const undecided =
    fitting.map(([, rule]) => rule).find((rule) => rule.unknown !== undefined) ??
    model.groups.unplaced[direction].find(
      (rule) => admitsPort(rule.match, packet.service) && namesPeer(rule, address, peerGroups),
    );
  if (undecided?.unknown !== undefined) return unknownValue('security-group', undecided.urn, undecided.unknown);
  return groupStop(model, at.groups, direction, packet, address);
}

function groupStop(
  model: Model,
  groups: readonly SecurityGroup[],
  direction: Direction,
  packet: Packet,
  address: number,
): Stop {
  const rules: GroupRule[] = groups.flatMap((group) => group[direction]);
  const guilty = guiltyGroupRule(rules, packet.service, address, model.places);
  // A rule for the right port whose list lacks the peer: the list is at fault.
  const list = guilty !== undefined && admitsPort(guilty.match, packet.service) ? guilty.prefixList : undefined;
  const urn = list?.urn ?? guilty?.urn ?? groups[0]?.urn ?? '';
  const names = groups.map((group) => nameOfUrn(group.urn)).join(', ');
  const word = direction === 'egress' ? 'to' : 'from';
  const service = describeService(packet.service);
  const why = `no ${direction} rule of ${names === '' ? 'any security group' : names} admits ${service} ${word} ${formatAddress(address)}`;
  const remedy =
    list === undefined
      ? `Add an ${direction} rule for ${service} ${word} the range of ${formatAddress(address)}`
      : `List the range of ${formatAddress(address)} in ${list.name}`;
  return block('security-group', urn, `no-${direction}-rule`, why, remedy);
}

/** Network ACLs are stateless and see only what crosses the subnet's edge. */
export function networkAcl(
  model: Model,
  trace: Trace,
  at: AwsEndpoint,
  peer: Endpoint,
  packet: Packet,
  direction: Direction,
): Stop | undefined {
  if (peer.cloud === 'aws' && peer.subnet === at.subnet) return undefined;
  const acl = model.acls.get(at.subnet.resource.urn);
  if (acl === undefined) return undefined;
  const address = direction === 'egress' ? packet.destination : packet.source;
  const decision = judgeAcl(acl, direction, address, packet.service, packet.kind);
  if (!decision.allow) {
    const remedy = `Allow it in the network ACL, in front of the rule that denies it`;
    return block('network-acl', decision.urn, `acl-${direction}-denied`, decision.why, remedy);
  }
  trace.pass('network-acl', decision.urn, decision.why);
  return undefined;
}

/** VPC firewall rules remember connections: only the request is judged. */
function firewall(
  model: Model,
  trace: Trace,
  at: GcpEndpoint,
  peer: Endpoint,
  packet: Packet,
  direction: 'INGRESS' | 'EGRESS',
): Stop | undefined {
  if (packet.kind === 'reply') return undefined;
  const rules = model.firewalls.get(at.subnet.network) ?? [];
  const address = direction === 'EGRESS' ? packet.destination : packet.source;
  const traits = peer.cloud === 'gcp' && networkUrn(peer) === networkUrn(at) ? peer.traits : undefined;
  const decision = judgeFirewall(rules, direction, { address, traits }, at.traits, packet.service);
  const service = describeService(packet.service);
  const word = direction === 'EGRESS' ? 'to' : 'from';
  const urn = decision.rule?.urn ?? at.subnet.network.resource.urn;
  if (decision.verdict === 'unknown')
    return unknownValue(
      'firewall',
      urn,
      decision.rule?.unknown ?? 'what the instance carries of tags and service account',
    );
  if (decision.verdict === 'allow') {
    if (decision.assumed !== undefined) trace.assume(`${decision.assumed}, at ${formatAddress(at.address)}`);
    const why =
      decision.rule === undefined
        ? 'egress is allowed unless a rule denies it'
        : `${service} ${word} ${formatAddress(address)} is allowed`;
    if (decision.rule?.note !== undefined) trace.assume(`${decision.rule.note} is in place`);
    trace.pass('firewall', urn, decision.rule?.note === undefined ? why : `${why} by ${decision.rule.note}`);
    return undefined;
  }
  if (decision.rule !== undefined) {
    const why = `${service} ${word} ${formatAddress(address)} is denied at priority ${decision.rule.priority}`;
    return block(
      'firewall',
      urn,
      'firewall-denied',
      why,
      'Allow it with a rule of a lower priority number, or narrow the deny rule',
    );
  }
  const own = at.workload?.cluster;
  const tagHolder = own?.cloud === 'gcp' ? own.tagHolder : undefined;
  const guilty = guiltyFirewall(
    rules,
    direction,
    at.traits,
    tagHolder,
    packet.service,
    { address, traits },
    model.places,
  );
  const why = `no ${direction.toLowerCase()} rule allows ${service} ${word} ${formatAddress(address)}${guilty === undefined ? '' : `: ${guilty.reason}`}`;
  const remedy = `Add an allow rule for ${service} ${word} the range of ${formatAddress(address)}`;
  return block('firewall', guilty?.urn ?? urn, 'no-firewall-rule', why, remedy);
}

export function nameOfUrn(urn: string): string {
  return urn.slice(urn.lastIndexOf('::') + 2);
}
