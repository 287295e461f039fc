/** Network ACLs, of which the stack declares none. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const SUBNET = 'aws:ec2/subnet:Subnet';
const ACL = 'aws:ec2/networkAcl:NetworkAcl';
const RULE = 'aws:ec2/networkAclRule:NetworkAclRule';
const ASSOCIATION = 'aws:ec2/networkAclAssociation:NetworkAclAssociation';
const SOURCE = 'Amazon VPC User Guide, "Control subnet traffic with network access control lists"';
const PODS = /pod-subnet$/;
const BALANCERS = /load-balancer-subnet$/;

function rule(ruleNo: number, action: 'allow' | 'deny', service: Properties = {}): Properties {
  return { ruleNo, action, protocol: '-1', cidrBlock: '0.0.0.0/0', fromPort: 0, toPort: 0, ...service };
}

const ALL = rule(500, 'allow');
const tcp = (from: number, to = from): Properties => ({ protocol: '6', fromPort: from, toPort: to });

function surround(state: State, subnets: RegExp, ingress: readonly Properties[], egress: readonly Properties[]): void {
  const subnetIds = state.ids(SUBNET, subnets);
  state.add(ACL, 'acl-strict', { subnetIds, ingress, egress });
}

export const ACLS: readonly Mistake[] = [
  {
    id: 'acl-internode',
    what: 'a network ACL of the pods’ subnets denies internode',
    source: SOURCE,
    make: (state) => surround(state, PODS, [rule(100, 'deny', tcp(7000)), ALL], [ALL]),
  },
  {
    id: 'acl-replies',
    what: 'a network ACL of the pods’ subnets lets the peer’s requests in, and not their answers out',
    source: SOURCE,
    make: (state) =>
      surround(
        state,
        PODS,
        [ALL],
        [
          ...[rule(80, 'allow', { cidrBlock: '10.100.0.0/16' }), rule(90, 'allow', { cidrBlock: '10.200.0.0/16' })],
          ...[rule(100, 'allow', tcp(1, 32_767)), rule(110, 'allow', { protocol: '17', fromPort: 1, toPort: 65_535 })],
          rule(120, 'allow', { protocol: '1', icmpType: -1, icmpCode: -1 }),
        ],
      ),
  },
  {
    id: 'acl-clients',
    what: 'a network ACL of the pods’ subnets lets no answers over UDP out to the peer, whose addresses the DNS balancer keeps',
    source: 'Network Load Balancer guide, "Client IP preservation"',
    make: (state) =>
      surround(
        state,
        PODS,
        [ALL],
        [
          ...[rule(100, 'allow', { cidrBlock: '10.100.0.0/16' }), rule(110, 'allow', { cidrBlock: '10.200.0.0/16' })],
          ...[rule(120, 'allow', tcp(1, 65_535)), rule(130, 'allow', { protocol: '17', fromPort: 53, toPort: 53 })],
          rule(140, 'allow', { protocol: '1', icmpType: -1, icmpCode: -1 }),
        ],
      ),
  },
  {
    id: 'acl-order',
    what: 'a network ACL of the pods’ subnets denies internode, after a rule that allows it',
    source: SOURCE,
    make: (state) => surround(state, PODS, [rule(100, 'allow'), rule(200, 'deny', tcp(7000))], [ALL]),
  },
  {
    id: 'acl-one-zone',
    what: 'one zone’s pod subnet is associated with an ACL that takes the VPC’s own traffic only',
    source: SOURCE,
    make: (state) => {
      state.add(ACL, 'acl-inside', { ingress: [], egress: [ALL] });
      state.add(ASSOCIATION, 'acl-association', {
        networkAclId: 'acl-inside',
        subnetId: state.id(SUBNET, /eu-west-1b-pod-subnet$/),
      });
      ['10.100.0.0/16', '10.200.0.0/16'].forEach((cidrBlock, index) =>
        state.add(RULE, `acl-rule-${index}`, {
          ...{ networkAclId: 'acl-inside', ruleNumber: 100 + index, egress: false, ruleAction: 'allow' },
          ...{ protocol: '-1', cidrBlock, fromPort: 0, toPort: 0 },
        }),
      );
    },
  },
  {
    id: 'acl-balancers',
    what: 'a network ACL of the load balancers’ subnets takes DNS, and not internode',
    source: SOURCE,
    make: (state) =>
      surround(
        state,
        BALANCERS,
        [
          ...[rule(100, 'allow', tcp(53)), rule(110, 'allow', { protocol: '17', fromPort: 53, toPort: 53 })],
          rule(120, 'allow', tcp(32_768, 60_999)),
          rule(130, 'allow', { protocol: '17', fromPort: 32_768, toPort: 60_999 }),
        ],
        [ALL],
      ),
  },
];
