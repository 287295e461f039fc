import { Cidr, CidrError } from '../../plan/cidr';
import { UNKNOWN } from '../../reachability/resources/value';
import { propertiesAt, textOf } from '../properties';
import { networkRanges } from '../ranges';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/** Ranges that routes, firewalls and advertisements name, besides those that networks claim. */
const NAMED: readonly (readonly [type: string, property: string])[] = [
  ['aws:ec2/route:Route', 'destinationCidrBlock'],
  ['aws:ec2/routeTable:RouteTable', 'routes.*.cidrBlock'],
  ['aws:ec2transitgateway/route:Route', 'destinationCidrBlock'],
  ['aws:ec2/vpnConnectionRoute:VpnConnectionRoute', 'destinationCidrBlock'],
  ['aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', 'cidrIpv4'],
  ['aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule', 'cidrIpv4'],
  ['aws:ec2/securityGroupRule:SecurityGroupRule', 'cidrBlocks.*'],
  ['aws:ec2/securityGroup:SecurityGroup', 'ingress.*.cidrBlocks.*'],
  ['aws:ec2/securityGroup:SecurityGroup', 'egress.*.cidrBlocks.*'],
  ['gcp:compute/route:Route', 'destRange'],
  ['gcp:compute/firewall:Firewall', 'sourceRanges.*'],
  ['gcp:compute/firewall:Firewall', 'destinationRanges.*'],
  ['gcp:compute/router:Router', 'bgp.advertisedIpRanges.*.range'],
  ['gcp:compute/routerPeer:RouterPeer', 'advertisedIpRanges.*.range'],
];

/**
 * A range is written as its first address and its prefix length. The clouds cut host bits off and give the result
 * back: the next preview shows a difference that is none, and two people read two different ranges.
 */
export const cidrCanonical: Rule = {
  name: 'cidr-canonical',
  description: 'Every address range is a canonical IPv4 range: the first address of the block and its prefix length.',
  level: 'mandatory',
  judge: (stack) => [...claimed(stack), ...named(stack)],
};

function claimed(stack: Stack): Finding[] {
  const { ranges, unread } = networkRanges(stack);
  return [
    ...ranges.flatMap(({ resource, property, label, text }) => notCanonical(resource, property, label, text)),
    ...unread.flatMap(({ resource, property, label, text }) =>
      text === undefined ? [undecided(resource, property, label)] : notCanonical(resource, property, label, text),
    ),
  ];
}

function named(stack: Stack): Finding[] {
  return NAMED.flatMap(([type, pattern]) =>
    stack.inventory.all(type).flatMap((resource) =>
      propertiesAt(resource, pattern).flatMap((property) => {
        const text = textOf(property);
        if (text === UNKNOWN) return [undecided(resource, property.path, 'range')];
        return text === undefined || text === '' || text.includes(':')
          ? []
          : notCanonical(resource, property.path, 'range', text);
      }),
    ),
  );
}

function notCanonical(
  resource: Parameters<typeof broken>[0],
  property: string,
  label: string,
  text: string,
): Finding[] {
  try {
    Cidr.parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof CidrError)) throw error;
    const message = `${label} ${JSON.stringify(text)} of ${resource.name} (${property}) ${error.reason}`;
    return [broken(resource, message, error.remedy, { property, value: text })];
  }
}
