/** Network ACLs (VPC user guide, "Control subnet traffic with network access control lists"): stateless, by rule number. */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asNumber, asText } from '../../../reachability/resources/resource';
import type { Value } from '../../../reachability/resources/value';
import type { FilterRule, NetworkAcl } from '../model';
import { service } from './awsSecurityGroups';

const NETWORK_ACL = 'aws:ec2/networkAcl:NetworkAcl';
const DEFAULT_NETWORK_ACL = 'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl';
const ASSOCIATION = 'aws:ec2/networkAclAssociation:NetworkAclAssociation';
const RULE = 'aws:ec2/networkAclRule:NetworkAclRule';
const SUBNET = 'aws:ec2/subnet:Subnet';
const VPC = 'aws:ec2/vpc:Vpc';

/**
 * The ACLs of a VPC with the subnets that they stand around. A subnet without one of its own has the VPC's default ACL, which
 * lets everything pass unless the stack declares it otherwise.
 */
export function awsNetworkAcls(inventory: Inventory, vpc: Resource): NetworkAcl[] {
  const subnets = inventory.all(SUBNET).filter((subnet) => inventory.find(subnet, 'vpcId', VPC) === vpc);
  const owners = new Map<Resource, Resource>();
  for (const acl of inventory.all(DEFAULT_NETWORK_ACL)) {
    if (inventory.find(acl, 'defaultNetworkAclId', VPC) === vpc) subnets.forEach((subnet) => owners.set(subnet, acl));
  }
  for (const acl of inventory.all(NETWORK_ACL)) {
    inventory.resolveAll(acl, 'subnetIds', SUBNET).resources.forEach((subnet) => owners.set(subnet, acl));
  }
  for (const association of inventory.all(ASSOCIATION)) {
    const subnet = inventory.find(association, 'subnetId', SUBNET);
    const acl = inventory.find(association, 'networkAclId', NETWORK_ACL);
    if (subnet !== undefined && acl !== undefined) owners.set(subnet, acl);
  }
  const used = new Set(subnets.map((subnet) => owners.get(subnet)).filter((acl) => acl !== undefined));
  return [...used].map((acl) => ({
    urn: acl.urn,
    subnets: subnets
      .filter((subnet) => owners.get(subnet) === acl)
      .flatMap((subnet) => subnet.knownText('cidrBlock') ?? []),
    ingress: rulesOf(inventory, acl, 'ingress'),
    egress: rulesOf(inventory, acl, 'egress'),
  }));
}

interface NumberedRule extends FilterRule {
  readonly number: number;
}

/** Rules inside the ACL and rules that are resources, by their numbers. */
function rulesOf(inventory: Inventory, acl: Resource, direction: 'ingress' | 'egress'): NumberedRule[] {
  const inline = acl
    .objects(direction)
    .map((rule) =>
      readRule(acl.urn, rule['ruleNo'], rule['action'], rule['cidrBlock'], rule['protocol'], [
        rule['fromPort'],
        rule['toPort'],
      ]),
    );
  const own = inventory
    .all(RULE)
    .filter((rule) => inventory.find(rule, 'networkAclId', NETWORK_ACL, DEFAULT_NETWORK_ACL) === acl)
    .filter((rule) => (rule.flag('egress') === true) === (direction === 'egress'))
    .map((rule) => {
      const [number, action, range, protocol, from, to] = [
        ...['ruleNumber', 'ruleAction', 'cidrBlock', 'protocol', 'fromPort', 'toPort'],
      ].map((property) => rule.value(property));
      return readRule(rule.urn, number, action, range, protocol, [from, to]);
    });
  return [...inline, ...own].filter((rule) => rule !== undefined).sort((a, b) => a.number - b.number);
}

/** Undefined for a rule about IPv6, of which there is nothing here. */
function readRule(
  urn: string,
  number: Value | undefined,
  action: Value | undefined,
  range: Value | undefined,
  protocol: Value | undefined,
  [from, to]: readonly [Value | undefined, Value | undefined],
): NumberedRule | undefined {
  const cidr = asText(range);
  const order = asNumber(number);
  if (typeof cidr !== 'string' || cidr === '' || typeof order !== 'number') return undefined;
  return {
    number: order,
    action: asText(action) === 'allow' ? 'accept' : 'drop',
    ranges: [cidr],
    sets: [],
    ...service(String(asText(protocol) ?? '-1'), asNumber(from), asNumber(to)),
    urn,
  };
}
