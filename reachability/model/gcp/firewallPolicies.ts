/**
 * Network firewall policies (Cloud NGFW documentation, "Firewall policy rule evaluation order"): by default the VPC firewall rules
 * are judged first, then the network's global policy, then its regional one; a network may put its policies first.
 */

import { EVERYWHERE, type Range } from '../../ip';
import { type Inventory, push } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import { rangesOfTexts } from '../ranges';
import { type FirewallRule, portMatches } from './firewall';
import { type GcpNetwork, type GcpNetworks, NETWORK } from './network';

/** Distance that keeps a policy's priorities behind, or in front of, those of VPC firewall rules, which end at 65535. */
const STEP = 2 ** 32;

const KINDS = [
  {
    policy: 'gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy',
    rule: 'gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule',
    association: 'gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation',
  },
  {
    policy: 'gcp:compute/regionNetworkFirewallPolicy:RegionNetworkFirewallPolicy',
    rule: 'gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule',
    association: 'gcp:compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation',
  },
] as const;

/** The rules of policies that are associated with a network, at priorities that keep the order of evaluation. */
export function readFirewallPolicies(inventory: Inventory, networks: GcpNetworks): Map<GcpNetwork, FirewallRule[]> {
  const found = new Map<GcpNetwork, FirewallRule[]>();
  KINDS.forEach(({ policy, rule, association }, index) => {
    for (const link of inventory.all(association)) {
      const owner = inventory.find(link, 'attachmentTarget', NETWORK);
      const network = owner === undefined ? undefined : networks.networks.get(owner.urn);
      const source = inventory.find(link, 'firewallPolicy', policy);
      if (network === undefined || source === undefined) continue;
      const first = network.resource.knownText('networkFirewallPolicyEnforcementOrder') === 'BEFORE_CLASSIC_FIREWALL';
      const offset = (first ? index - KINDS.length : index + 1) * STEP;
      for (const entry of inventory.all(rule)) {
        if (inventory.find(entry, 'firewallPolicy', policy) === source) push(found, network, readRule(entry, offset));
      }
    }
  });
  return found;
}

/** Secure tags are no network tags; a rule that aims at some, or that hands on to the next policy, cannot be judged. */
function readRule(entry: Resource, offset: number): FirewallRule {
  const direction = entry.knownText('direction') === 'EGRESS' ? 'EGRESS' : 'INGRESS';
  const action = entry.knownText('action');
  const priority = entry.number('priority');
  const unjudged = [
    ...(action === 'allow' || action === 'deny' ? [] : ['action']),
    ...['targetSecureTags', 'match.srcSecureTags', 'match.srcAddressGroups', 'match.destAddressGroups'].filter(
      (path) => entry.objects(path).length > 0 || entry.knownTexts(path).length > 0,
    ),
  ];
  const listed = rangesOfTexts(entry.knownTexts(direction === 'INGRESS' ? 'match.srcIpRanges' : 'match.destIpRanges'));
  const ranges: readonly Range[] = listed.length > 0 ? listed : [EVERYWHERE];
  return {
    urn: entry.urn,
    direction,
    priority: offset + (typeof priority === 'number' ? priority : 0),
    allow: action === 'allow',
    disabled: entry.flag('disabled') === true,
    matches: entry.objects('match.layer4Configs').flatMap((config) => portMatches(config, 'ipProtocol')),
    ranges: unjudged.length > 0 ? [] : ranges,
    sources: [],
    targets: entry.knownTexts('targetServiceAccounts'),
    unknown: unjudged[0],
    note: undefined,
  };
}
