/** Ways into a VPC and around in it: gateway route tables, transit subnets, ACLs, security groups, and what EKS asks of a VPC. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const EVERYTHING = { protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0', action: 'allow' };
const GROUP = 'SecurityGroup::own';
const LAUNCH_TEMPLATE = `LaunchTemplate::${n.AWS}-nodes-template`;
const nodeGroup = (zone: n.Zone): string => `NodeGroup::${n.AWS}-nodes-${zone}`;
const balancerSubnet = (zone: n.Zone): string => `Subnet::${n.AWS}-network-${zone}-load-balancer-subnet`;

function acl(s: Stack, subnet: string, rules: Readonly<Record<string, unknown>>): void {
  const key = s.addBeside(n.VPC, 'aws:ec2/networkAcl:NetworkAcl', 'acl', rules);
  s.point(key, 'vpcId', n.VPC)
    .set(key, 'subnetIds', [idOf(s, subnet)])
    .setSources(key, 'subnetIds', [s.urn(subnet)]);
}

function idOf(s: Stack, key: string): string {
  return s.find(key).id ?? '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
}

function route(s: Stack, table: string, range: string): void {
  const inputs = { destinationCidrBlock: range, networkInterfaceId: 'eni-0a1b2c3d4e5f60718' };
  s.point(s.addBeside(n.PUBLIC_ROUTES, 'aws:ec2/route:Route', 'stray', inputs), 'routeTableId', table);
}

export const awsEntry: readonly Mistake[] = [
  {
    name: 'a route table of the virtual private gateway sends the pods of one zone to an appliance',
    on: 'virtualPrivate',
    change: (s) => {
      const table = s.addLike(n.PUBLIC_ROUTES, 'edge');
      route(s, table, '10.200.0.0/19');
      const association = s.addBeside(table, 'aws:ec2/routeTableAssociation:RouteTableAssociation', 'edge', {});
      s.point(association, 'routeTableId', table).point(association, 'gatewayId', n.VGW);
    },
    blocks: [[n.ofPods('eu-west-1a'), 'route-table', 'Route::stray', 'route-elsewhere']],
  },
  {
    name: 'the virtual private gateway is attached to another VPC',
    on: 'virtualPrivate',
    change: (s) => {
      s.set(s.addLike(n.VPC, 'other'), 'cidrBlock', '10.99.0.0/16');
      s.point(n.VGW_ATTACHMENT, 'vpcId', 'Vpc::other');
    },
    blocks: [[n.CROSSING, 'virtual-private-gateway', n.VGW, 'not-attached']],
  },
  {
    name: 'the transit gateway is attached to another VPC',
    on: 'transit',
    change: (s) => {
      s.set(s.addLike(n.VPC, 'other'), 'cidrBlock', '10.99.0.0/16');
      s.point(n.TGW_VPC, 'vpcId', 'Vpc::other');
    },
    blocks: [[n.CROSSING, 'transit-gateway', n.TGW, 'not-attached']],
  },
  {
    name: 'a static route of the transit gateway holds the pods to one connection',
    on: 'transit',
    change: (s) => {
      const inputs = { destinationCidrBlock: '10.250.0.0/16' };
      const key = s.addBeside(n.TGW_ROUTES, 'aws:ec2transitgateway/route:Route', 'pinned', inputs);
      s.point(key, 'transitGatewayRouteTableId', n.TGW_ROUTES).point(
        key,
        'transitGatewayAttachmentId',
        n.connection(1),
      );
    },
    findings: [`idle-connection ${n.connection(0)}`],
  },
  {
    name: 'a blackhole of the transit gateway takes the pods of AWS',
    on: 'transit',
    change: (s) => {
      const inputs = { destinationCidrBlock: '10.200.0.0/17', blackhole: true };
      const key = s.addBeside(n.TGW_ROUTES, 'aws:ec2transitgateway/route:Route', 'hole', inputs);
      s.point(key, 'transitGatewayRouteTableId', n.TGW_ROUTES);
    },
    blocks: [[n.AT_AWS_PODS, 'transit-gateway', 'Route::hole', 'blackhole']],
  },
  {
    name: 'a network ACL of a transit subnet lets nothing in',
    on: 'transit',
    change: (s) =>
      acl(s, `Subnet::${n.AWS}-network-eu-west-1a-transit-subnet`, { egress: [{ ...EVERYTHING, ruleNo: 100 }] }),
    blocks: [
      [n.toGooglePods('eu-west-1a'), 'network-acl', 'NetworkAcl::acl', 'acl-ingress-denied'],
      [n.ofPods('eu-west-1a'), 'network-acl', 'NetworkAcl::acl', 'acl-ingress-denied'],
    ],
  },
  {
    name: 'a network ACL denies the pods of Google the load balancer of one zone, in front of the rule that admits all',
    change: (s) =>
      acl(s, balancerSubnet('eu-west-1b'), {
        ingress: [
          { ...EVERYTHING, ruleNo: 200 },
          { ...EVERYTHING, cidrBlock: '10.250.0.0/16', action: 'deny', ruleNo: 100 },
        ],
        egress: [{ ...EVERYTHING, ruleNo: 100 }],
      }),
    blocks: [[n.toBalancers('eu-west-1b'), 'network-acl', 'NetworkAcl::acl', 'acl-ingress-denied']],
  },
  {
    name: 'a route table takes the pods of another zone to an appliance',
    change: (s) => route(s, n.privateRoutes('eu-west-1a'), '10.200.32.0/19'),
    blocks: [
      [
        /^internode, within dc1 \| 10\.200\.0\.10|^management API, dc1.*> 10\.200\.32\.10/,
        'route-table',
        'Route::stray',
        'route-elsewhere',
      ],
      [/^metrics, dc1 \| 10\.100\.0\.10 > 10\.200\.32\.10/, 'route-table', 'Route::stray', 'route-elsewhere'],
      [n.toBalancers('eu-west-1a'), 'route-table', 'Route::stray', 'health-check'],
    ],
  },
  {
    name: 'a security group rule names a group instead of the pods of Google',
    change: (s) =>
      s
        .set(n.peerRule('pods', 'internode'), 'cidrIpv4', undefined)
        .point(n.peerRule('pods', 'internode'), 'referencedSecurityGroupId', n.EKS),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the prefix list of a security group rule lacks the pods of Google',
    change: (s) => {
      const list = s.addBeside(n.VPC, 'aws:ec2/managedPrefixList:ManagedPrefixList', 'peers', {
        addressFamily: 'IPv4',
        maxEntries: 5,
        entries: [{ cidr: '10.150.0.0/16' }],
      });
      s.set(n.peerRule('pods', 'internode'), 'cidrIpv4', undefined);
      s.point(n.peerRule('pods', 'internode'), 'prefixListId', list);
    },
    blocks: [[/^internode, dc2 to dc1/, 'security-group', 'ManagedPrefixList::peers', 'no-ingress-rule']],
  },
  {
    name: 'the nodes have a security group of their own that the control plane does not know',
    change: (s) => {
      const rules = { egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }] };
      s.point(s.addBeside(n.VPC, 'aws:ec2/securityGroup:SecurityGroup', 'own', rules), 'vpcId', n.VPC);
      const found = s.find(GROUP) as { id?: string };
      if (s.find(n.VPC).id !== undefined) found.id = 'sg-0a1b2c3d4e5f60718';
      s.set(LAUNCH_TEMPLATE, 'vpcSecurityGroupIds', [idOf(s, GROUP)]);
      s.setSources(LAUNCH_TEMPLATE, 'vpcSecurityGroupIds', [s.urn(GROUP)]);
    },
    findings: [`nodes-cut-off ${n.EKS}`, `nodes-cut-off ${GROUP}`],
  },
  {
    name: 'the VPC gives its hosts no names',
    change: (s) => s.set(n.VPC, 'enableDnsHostnames', false),
    findings: [`vpc-dns ${n.VPC}`],
  },
  {
    name: 'the control plane of EKS is in one zone',
    change: (s) => {
      s.set(n.EKS, 'vpcConfig.subnetIds', [idOf(s, n.nodeSubnet('eu-west-1a'))]);
      s.setSources(n.EKS, 'vpcConfig', [s.urn(n.nodeSubnet('eu-west-1a'))]);
    },
    findings: [`cluster-zones ${n.EKS}`],
  },
  {
    name: 'EKS has no private endpoint, and its public one does not admit the nodes',
    change: (s) => s.set(n.EKS, 'vpcConfig.endpointPrivateAccess', false),
    findings: [`private-endpoint-off ${n.EKS}`],
  },
  {
    name: 'the nodes may start before the network plugin is configured',
    change: (s) => n.ZONES.forEach((zone) => s.forgetDependencies(nodeGroup(zone), /vpc-cni|eni-config/)),
    findings: n.ZONES.map((zone) => `cni-after-nodes ${nodeGroup(zone)}`),
  },
];
