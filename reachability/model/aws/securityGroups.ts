/**
 * Security groups (Amazon VPC User Guide, "Control traffic to your AWS resources using security groups"):
 * stateful, rules only allow, and a packet passes when any rule of any group on the interface admits it.
 */
import { type Address, type Range, EVERYWHERE, holds, parseRange } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asNumber, asText, asTexts } from '../../resources/resource';
import { type Value, UNKNOWN, isList } from '../../resources/value';
import { publicIpv6 } from '../ipv6';
import { type AwsNetworks, type Vpc, PREFIX_LIST, VPC_TYPES, ownerVpc, prefixListRanges } from './network';
import type { PortMatch, Protocol } from '../ports';

export interface SecurityGroup {
  /** The group's own URN; the VPC's or the EKS cluster's for a group that AWS makes along with them. */
  readonly urn: string;
  readonly vpc: Vpc | undefined;
  readonly kind: 'declared' | 'default' | 'cluster';
  readonly ingress: GroupRule[];
  readonly egress: GroupRule[];
}

export interface GroupRule {
  readonly urn: string;
  readonly match: PortMatch;
  readonly ranges: readonly Range[];
  readonly groups: readonly SecurityGroup[];
  /** The prefix list that its ranges are from. */
  readonly prefixList?: Resource | undefined;
  /** Public IPv6 ranges that it admits. */
  readonly publicIpv6?: readonly string[];
  /** Property that is not known yet, if the rule cannot be judged fully. */
  readonly unknown: string | undefined;
}

export type Direction = 'ingress' | 'egress';

export interface SecurityGroups {
  readonly all: readonly SecurityGroup[];
  /** By URN of the group, the EKS cluster or the VPC it belongs to. */
  readonly byUrn: ReadonlyMap<string, SecurityGroup>;
  /** Rules whose group cannot be told: they may be any group's. */
  readonly unplaced: Readonly<Record<Direction, readonly GroupRule[]>>;
}

export const SECURITY_GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const DEFAULT_GROUP = 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup';
const CLUSTER = 'aws:eks/cluster:Cluster';
/** What a property that names a security group may lead to. */
export const GROUP_OWNERS = [SECURITY_GROUP, DEFAULT_GROUP, CLUSTER, ...VPC_TYPES];

export function readSecurityGroups(inventory: Inventory, networks: AwsNetworks): SecurityGroups {
  const byUrn = new Map<string, SecurityGroup>();
  const add = (resource: Resource, vpc: Vpc | undefined, kind: SecurityGroup['kind']): SecurityGroup => {
    const group: SecurityGroup = { urn: resource.urn, vpc, kind, ingress: [], egress: [] };
    byUrn.set(resource.urn, group);
    return group;
  };
  for (const resource of inventory.all(SECURITY_GROUP)) {
    add(resource, ownerVpc(inventory, networks.vpcs, resource), 'declared');
  }
  for (const vpc of networks.vpcs.values()) withAwsDefaults(add(vpc.resource, vpc, 'default'));
  for (const resource of inventory.all(DEFAULT_GROUP)) {
    const vpc = ownerVpc(inventory, networks.vpcs, resource);
    const adopted = add(resource, vpc, 'default');
    if (vpc !== undefined) byUrn.set(vpc.resource.urn, adopted);
  }
  for (const cluster of inventory.all(CLUSTER)) {
    const subnet = inventory.resolveAll(cluster, 'vpcConfig.subnetIds', 'aws:ec2/subnet:Subnet').resources[0];
    withAwsDefaults(add(cluster, subnet === undefined ? undefined : networks.subnets.get(subnet.urn)?.vpc, 'cluster'));
  }
  readInlineRules(inventory, byUrn);
  const unplaced = readStandaloneRules(inventory, byUrn);
  return { all: [...new Set(byUrn.values())], byUrn, unplaced };
}

/**
 * A VPC's default group and an EKS cluster's group admit their own members and let everything out
 * (VPC guide, "Default security groups"; EKS guide, "View Amazon EKS security group requirements").
 * A group made by the provider starts with no rule at all: it revokes the egress rule AWS adds.
 */
function withAwsDefaults(group: SecurityGroup): void {
  const match: PortMatch = { protocol: 'all', from: 0, to: 65535 };
  group.ingress.push({ urn: group.urn, match, ranges: [], groups: [group], unknown: undefined });
  group.egress.push({ urn: group.urn, match, ranges: [EVERYWHERE], groups: [], unknown: undefined });
}

function readInlineRules(inventory: Inventory, byUrn: ReadonlyMap<string, SecurityGroup>): void {
  for (const resource of inventory.all(SECURITY_GROUP, DEFAULT_GROUP)) {
    const group = byUrn.get(resource.urn);
    if (group === undefined) continue;
    for (const direction of ['ingress', 'egress'] as const) {
      resource.objects(direction).forEach((_, index) => {
        const at = (property: string): string => `${direction}.${index}.${property}`;
        const self = resource.flag(at('self')) === true ? [group] : [];
        group[direction].push(readRule(inventory, byUrn, resource, at, 'securityGroups', self));
      });
    }
  }
}

/** Adds each rule to its group, and returns those whose group is not known. */
function readStandaloneRules(
  inventory: Inventory,
  byUrn: ReadonlyMap<string, SecurityGroup>,
): Record<Direction, GroupRule[]> {
  const unplaced: Record<Direction, GroupRule[]> = { ingress: [], egress: [] };
  const place = (resource: Resource, direction: Direction, rule: GroupRule): void => {
    const reference = inventory.resolve(resource, 'securityGroupId', ...GROUP_OWNERS);
    const group = reference.kind === 'resource' ? byUrn.get(reference.resource.urn) : undefined;
    if (group !== undefined) group[direction].push(rule);
    else if (reference.kind !== 'external') unplaced[direction].push({ ...rule, unknown: 'securityGroupId' });
  };
  for (const resource of inventory.all('aws:ec2/securityGroupRule:SecurityGroupRule')) {
    const direction = resource.knownText('type') === 'egress' ? 'egress' : 'ingress';
    const owner = inventory.find(resource, 'securityGroupId', ...GROUP_OWNERS);
    const own = owner === undefined ? undefined : byUrn.get(owner.urn);
    const self = resource.flag('self') === true && own !== undefined ? [own] : [];
    place(
      resource,
      direction,
      readRule(inventory, byUrn, resource, (key) => key, 'sourceSecurityGroupId', self),
    );
  }
  for (const direction of ['ingress', 'egress'] as const) {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    for (const resource of inventory.all(`aws:vpc/securityGroup${type}Rule:SecurityGroup${type}Rule`)) {
      place(resource, direction, readSingleRule(inventory, byUrn, resource));
    }
  }
  return unplaced;
}

/** A rule with lists of peers: inline in a group, or an `aws.ec2.SecurityGroupRule`. */
function readRule(
  inventory: Inventory,
  byUrn: ReadonlyMap<string, SecurityGroup>,
  resource: Resource,
  at: (property: string) => string,
  groupsProperty: string,
  self: readonly SecurityGroup[],
): GroupRule {
  const cidrs = asTexts(resource.value(at('cidrBlocks')));
  const lists = inventory.resolveAll(resource, at('prefixListIds'), PREFIX_LIST).resources;
  const ranges = [
    ...cidrs.map((text) => (text === UNKNOWN ? undefined : parseRange(text))),
    ...lists.flatMap((list) => prefixListRanges(inventory, list)),
  ].filter((range) => range !== undefined);
  const foreign = lists.length < asTexts(resource.value(at('prefixListIds'))).length;
  const cidrsUnknown = cidrs.includes(UNKNOWN) || resource.value(at('cidrBlocks')) === UNKNOWN;
  const peers = peersOf(inventory, resource, at(groupsProperty));
  return {
    urn: resource.urn,
    match: portMatch(resource.value(at('protocol')), resource.value(at('fromPort')), resource.value(at('toPort'))),
    ranges,
    groups: [...self, ...groupsOf(byUrn, peers ?? [])],
    publicIpv6: publicIpv6(asTexts(resource.value(at('ipv6CidrBlocks'))).filter((text) => text !== UNKNOWN)),
    unknown: cidrsUnknown
      ? at('cidrBlocks')
      : foreign
        ? `what ${at('prefixListIds')} list`
        : peers === undefined
          ? at(groupsProperty)
          : undefined,
  };
}

/** An `aws.vpc.SecurityGroupIngressRule` or `EgressRule`: exactly one peer. */
function readSingleRule(
  inventory: Inventory,
  byUrn: ReadonlyMap<string, SecurityGroup>,
  resource: Resource,
): GroupRule {
  const cidr = resource.text('cidrIpv4');
  const range = typeof cidr === 'string' ? parseRange(cidr) : undefined;
  const list = inventory.find(resource, 'prefixListId', PREFIX_LIST);
  // A list that somebody else keeps may hold any address.
  const foreign = list === undefined && resource.value('prefixListId') !== undefined;
  const peers = peersOf(inventory, resource, 'referencedSecurityGroupId');
  return {
    urn: resource.urn,
    match: portMatch(resource.value('ipProtocol'), resource.value('fromPort'), resource.value('toPort')),
    ranges: [...(range === undefined ? [] : [range]), ...(list === undefined ? [] : prefixListRanges(inventory, list))],
    groups: groupsOf(byUrn, peers ?? []),
    prefixList: list,
    publicIpv6: publicIpv6([resource.knownText('cidrIpv6') ?? '']),
    unknown:
      cidr === UNKNOWN
        ? 'cidrIpv4'
        : foreign
          ? 'what prefixListId lists'
          : peers === undefined
            ? 'referencedSecurityGroupId'
            : undefined,
  };
}

/**
 * The groups that a property names, as one id or a list; undefined when they cannot be told. The engine records
 * dependencies per top-level property, so an inline rule of several groups not known yet is ambiguous.
 */
function peersOf(inventory: Inventory, resource: Resource, path: string): readonly Resource[] | undefined {
  const value = resource.value(path);
  const inline = path.includes('.');
  if (value === undefined) return inline ? [] : inventory.sourcesOfType(resource, path, GROUP_OWNERS);
  const texts = isList(value) ? asTexts(value) : [asText(value)];
  const candidates = inventory.sourcesOfType(resource, path, GROUP_OWNERS);
  if (texts.includes(UNKNOWN) && candidates.length !== texts.length) return undefined;
  return isList(value)
    ? inventory.resolveAll(resource, path, ...GROUP_OWNERS).resources
    : [inventory.find(resource, path, ...GROUP_OWNERS)].filter((found) => found !== undefined);
}

function groupsOf(byUrn: ReadonlyMap<string, SecurityGroup>, resources: readonly Resource[]): SecurityGroup[] {
  return resources.map((resource) => byUrn.get(resource.urn)).filter((group) => group !== undefined);
}

/** Protocol numbers that rules may be written with (IANA protocol numbers). */
const PROTOCOLS: Readonly<Record<string, Protocol>> = { '-1': 'all', all: 'all', '6': 'tcp', '17': 'udp', '1': 'icmp' };

export function portMatch(protocol: Value | undefined, from: Value | undefined, to: Value | undefined): PortMatch {
  const text = asText(protocol);
  const name = typeof text === 'string' ? (PROTOCOLS[text] ?? text.toLowerCase()) : 'all';
  if (name === 'all' || name === 'icmp') return { protocol: name as Protocol, from: 0, to: 65535 };
  const first = asNumber(from);
  const last = asNumber(to);
  return {
    protocol: name as Protocol,
    from: typeof first === 'number' && first >= 0 ? first : 0,
    to: typeof last === 'number' && last >= 0 ? last : 65535,
  };
}

/** Whether a rule names the peer: by a range, or by a group that the peer's interface carries. */
export function namesPeer(rule: GroupRule, peer: Address, peerGroups: readonly SecurityGroup[]): boolean {
  return rule.ranges.some((range) => holds(range, peer)) || rule.groups.some((group) => peerGroups.includes(group));
}
