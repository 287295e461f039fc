/**
 * Network ACLs (Amazon VPC User Guide, "Control subnet traffic with network access control lists"): stateless,
 * judged by rule number from the lowest, the first match decides, and what no rule matches is denied.
 */
import { type Address, type Range, holds } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asNumber, asText } from '../../resources/resource';
import { type Value, UNKNOWN } from '../../resources/value';
import { type PortMatch, type Service, admitsPorts } from '../ports';
import { rangeOfValue } from '../ranges';
import { SUBNET_TYPES, VPC_TYPES } from './network';
import { type Direction, portMatch } from './securityGroups';

export interface NetworkAcl {
  readonly urn: string;
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

interface AclRule {
  readonly urn: string;
  readonly number: number;
  readonly allow: boolean;
  readonly match: PortMatch;
  readonly range: Range;
}

/** How an ACL judges a packet. */
export interface AclDecision {
  readonly allow: boolean;
  readonly urn: string;
  readonly why: string;
}

const NETWORK_ACL = 'aws:ec2/networkAcl:NetworkAcl';
const DEFAULT_NETWORK_ACL = 'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl';

/** ACLs by subnet URN. A subnet that is not in the map has its VPC's default ACL as AWS made it: everything passes. */
export function readNetworkAcls(inventory: Inventory): ReadonlyMap<string, NetworkAcl> {
  const standalone = inventory.all('aws:ec2/networkAclRule:NetworkAclRule');
  const bySubnet = new Map<string, NetworkAcl>();
  const associations = inventory.all('aws:ec2/networkAclAssociation:NetworkAclAssociation');
  for (const resource of inventory.all(DEFAULT_NETWORK_ACL, NETWORK_ACL)) {
    const acl: NetworkAcl = {
      urn: resource.urn,
      ingress: rulesOf(inventory, resource, standalone, 'ingress'),
      egress: rulesOf(inventory, resource, standalone, 'egress'),
    };
    const subnets = [...inventory.resolveAll(resource, 'subnetIds', ...SUBNET_TYPES).resources];
    for (const association of associations) {
      if (inventory.find(association, 'networkAclId', NETWORK_ACL) !== resource) continue;
      const subnet = inventory.find(association, 'subnetId', ...SUBNET_TYPES);
      if (subnet !== undefined) subnets.push(subnet);
    }
    if (resource.type === DEFAULT_NETWORK_ACL) subnets.push(...subnetsOfDefault(inventory, resource));
    for (const subnet of subnets) bySubnet.set(subnet.urn, acl);
  }
  return bySubnet;
}

/** Every subnet of the VPC starts with the default ACL; one with an ACL of its own is overwritten afterwards. */
function subnetsOfDefault(inventory: Inventory, acl: Resource): Resource[] {
  const vpc = inventory.find(acl, 'defaultNetworkAclId', ...VPC_TYPES);
  if (vpc === undefined) return [];
  return inventory.all(...SUBNET_TYPES).filter((subnet) => inventory.find(subnet, 'vpcId', ...VPC_TYPES) === vpc);
}

function rulesOf(
  inventory: Inventory,
  acl: Resource,
  standalone: readonly Resource[],
  direction: Direction,
): AclRule[] {
  const inline = acl
    .objects(direction)
    .map((rule) =>
      readRule(acl.urn, rule['ruleNo'], rule['action'], rule['cidrBlock'], [
        rule['protocol'],
        rule['fromPort'],
        rule['toPort'],
      ]),
    );
  const own = standalone
    .filter((rule) => inventory.find(rule, 'networkAclId', NETWORK_ACL) === acl)
    .filter((rule) => (rule.flag('egress') === true) === (direction === 'egress'))
    .map((rule) =>
      readRule(rule.urn, rule.value('ruleNumber'), rule.value('ruleAction'), rule.value('cidrBlock'), [
        rule.value('protocol'),
        rule.value('fromPort'),
        rule.value('toPort'),
      ]),
    );
  return [...inline, ...own].filter((rule) => rule !== undefined).sort((a, b) => a.number - b.number);
}

/** Undefined for an IPv6 rule, which no flow here can match. */
function readRule(
  urn: string,
  number: Value | undefined,
  action: Value | undefined,
  cidr: Value | undefined,
  [protocol, from, to]: readonly (Value | undefined)[],
): AclRule | undefined {
  const range = rangeOfValue(cidr);
  const order = asNumber(number);
  if (range === undefined || order === undefined || order === UNKNOWN) return undefined;
  return { urn, number: order, allow: asText(action) === 'allow', match: portMatch(protocol, from, to), range };
}

/** Ports that clients connect from on Linux nodes (ip_local_port_range) and behind AWS's NAT. */
const EPHEMERAL = { from: 32768, to: 60999 } as const;

/**
 * Judges one packet of a connection against one direction of an ACL. A reply goes to the client's
 * ephemeral port, so the whole ephemeral range must be let through.
 */
export function judgeAcl(
  acl: NetworkAcl,
  direction: Direction,
  peer: Address,
  service: Service,
  packet: 'request' | 'reply',
): AclDecision {
  const ports = packet === 'request' ? { from: service.port, to: service.port } : EPHEMERAL;
  const noun = packet === 'request' ? `port ${service.port}` : `the reply's ports ${ports.from}-${ports.to}`;
  for (const rule of acl[direction]) {
    if (!holds(rule.range, peer)) continue;
    if (admitsPorts(rule.match, service.protocol, ports.from, ports.to)) {
      return {
        allow: rule.allow,
        urn: rule.urn,
        why: `${direction} rule ${rule.number} ${rule.allow ? 'allows' : 'denies'} ${noun}`,
      };
    }
    const partly = admitsPorts(rule.match, service.protocol, rule.match.from, rule.match.from);
    if (!rule.allow && partly && rule.match.from <= ports.to && ports.from <= rule.match.to) {
      return { allow: false, urn: rule.urn, why: `${direction} rule ${rule.number} denies a part of ${noun}` };
    }
  }
  return { allow: false, urn: acl.urn, why: `no ${direction} rule allows ${noun}` };
}
