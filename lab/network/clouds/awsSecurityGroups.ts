/** Security groups as filters (VPC user guide, "Security group rules"): stateful, allow only, all rules at once. */
import type { Inventory } from '../../../reachability/resources/inventory';
import { Resource, asNumber, asText, asTexts } from '../../../reachability/resources/resource';
import type { Fields } from '../../../reachability/resources/value';
import type { FilterRule, Profile } from '../model';

export const SECURITY_GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const DEFAULT_GROUP = 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup';
export const EKS_CLUSTER = 'aws:eks/cluster:Cluster';
const INGRESS_RULE = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const EGRESS_RULE = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const RULE = 'aws:ec2/securityGroupRule:SecurityGroupRule';
const VPC = 'aws:ec2/vpc:Vpc';

/** A group's name among nftables sets: its cloud id without what nftables does not take. */
export function groupSet(groupId: string): string {
  return groupId.replace(/[^A-Za-z0-9]/g, '_');
}

/** The profile of interfaces that carry the given groups. */
export function profileName(groupIds: readonly string[]): string {
  return `profile_${[...groupIds].sort().map(groupSet).join('_')}`;
}

/** Every group of a VPC with the rules that the resources give it, and a profile for each group alone. */
export function awsProfiles(inventory: Inventory, vpc: Resource): { profiles: Profile[]; memberSets: string[] } {
  const groups = groupsOf(inventory, vpc);
  const profiles = groups.map(({ id, owner }): Profile => ({
    name: profileName([id]),
    memberOf: [groupSet(id)],
    ingress: [...implicitIngress(id, owner), ...rulesOf(inventory, id, 'ingress')],
    egress: [...implicitEgress(owner), ...rulesOf(inventory, id, 'egress')],
    otherwise: { ingress: 'drop', egress: 'drop' },
  }));
  return { profiles, memberSets: groups.map(({ id }) => groupSet(id)) };
}

interface Group {
  readonly id: string;
  readonly owner: Resource;
}

/** Groups that are resources, and the one that EKS makes for each cluster. */
function groupsOf(inventory: Inventory, vpc: Resource): Group[] {
  const own = inventory
    .all(SECURITY_GROUP, DEFAULT_GROUP)
    .filter((group) => inventory.find(group, 'vpcId', VPC) === vpc && group.id !== undefined)
    .map((owner) => ({ id: owner.id ?? '', owner }));
  const clusters = inventory
    .all(EKS_CLUSTER)
    .filter((cluster) => cluster.knownText('vpcConfig.vpcId') === vpc.id)
    .map((owner) => ({ id: owner.knownText('vpcConfig.clusterSecurityGroupId') ?? '', owner }));
  return [...own, ...clusters];
}

/** EKS user guide, "Cluster security group": its members reach each other, and go everywhere. */
function implicitIngress(id: string, owner: Resource): FilterRule[] {
  if (owner.type === EKS_CLUSTER) return [allow({ sets: [groupSet(id)], urn: owner.urn })];
  return owner.objects('ingress').map((fields) => inlineRule(fields, id, owner));
}

function implicitEgress(owner: Resource): FilterRule[] {
  if (owner.type === EKS_CLUSTER) return [allow({ urn: owner.urn })];
  return owner.objects('egress').map((fields) => inlineRule(fields, owner.id ?? '', owner));
}

function inlineRule(fields: Fields, id: string, owner: Resource): FilterRule {
  const groups = asTexts(fields['securityGroups']).filter((text) => typeof text === 'string');
  return allow({
    ranges: asTexts(fields['cidrBlocks']).filter((text) => typeof text === 'string'),
    sets: [...groups, ...(fields['self'] === true ? [id] : [])].map(groupSet),
    ...service(String(asText(fields['protocol']) ?? '-1'), asNumber(fields['fromPort']), asNumber(fields['toPort'])),
    urn: owner.urn,
  });
}

function rulesOf(inventory: Inventory, id: string, direction: 'ingress' | 'egress'): FilterRule[] {
  const single = inventory
    .all(direction === 'ingress' ? INGRESS_RULE : EGRESS_RULE)
    .filter((rule) => rule.knownText('securityGroupId') === id)
    .map((rule) => {
      const group = rule.knownText('referencedSecurityGroupId');
      const range = rule.knownText('cidrIpv4');
      return allow({
        ranges: range === undefined ? [] : [range],
        sets: group === undefined ? [] : [groupSet(group)],
        ...service(rule.knownText('ipProtocol') ?? '-1', rule.number('fromPort'), rule.number('toPort')),
        urn: rule.urn,
      });
    });
  const older = inventory
    .all(RULE)
    .filter((rule) => rule.knownText('securityGroupId') === id && rule.knownText('type') === direction)
    .map((rule) => {
      const group = rule.flag('self') === true ? id : rule.knownText('sourceSecurityGroupId');
      return allow({
        ranges: rule.knownTexts('cidrBlocks'),
        sets: group === undefined ? [] : [groupSet(group)],
        ...service(rule.knownText('protocol') ?? '-1', rule.number('fromPort'), rule.number('toPort')),
        urn: rule.urn,
      });
    });
  // A rule for IPv6 or a prefix list alone names nobody here.
  return [...single, ...older].filter(({ ranges, sets }) => ranges.length > 0 || sets.length > 0);
}

/** Ports mean something for TCP and UDP; for ICMP the two numbers are type and code, -1 all. */
export function service(protocol: string, from: unknown, to: unknown): Pick<FilterRule, 'protocol' | 'ports'> {
  if (protocol === '-1' || protocol === 'all') return { protocol: 'all', ports: [] };
  const name = { '6': 'tcp', '17': 'udp', '1': 'icmp' }[protocol] ?? protocol;
  if ((name !== 'tcp' && name !== 'udp') || typeof from !== 'number' || from < 0) return { protocol: name, ports: [] };
  return { protocol: name, ports: [from === to ? String(from) : `${from}-${String(to)}`] };
}

function allow(rule: Partial<FilterRule> & { readonly urn: string }): FilterRule {
  return { action: 'accept', ranges: [], sets: [], protocol: 'all', ports: [], ...rule };
}
