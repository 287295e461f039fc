/** Routing within AWS: tables, associations, the virtual private gateway, network ACLs and CIDR blocks. */
import type { Block, Mistake } from '../mistake';
import * as n from '../names';

export const awsRoutes: readonly Mistake[] = [
  {
    name: 'one route table does not propagate the virtual private gateway',
    traps: ['network 8'],
    on: 'virtualPrivate',
    change: (s) => s.remove(n.propagation('eu-west-1a')),
    blocks: [[n.inZone('eu-west-1a'), 'route-table', n.privateRoutes('eu-west-1a'), 'no-propagation']],
  },
  {
    name: 'the virtual private gateway propagates into the main route table only',
    traps: ['network 8'],
    on: 'virtualPrivate',
    change: (s) => {
      s.remove(n.propagation('eu-west-1b'), n.propagation('eu-west-1c'));
      s.point(n.propagation('eu-west-1a'), 'routeTableId', undefined);
      s.set(n.propagation('eu-west-1a'), 'routeTableId', s.find(n.VPC).outputs?.['mainRouteTableId'] as string);
      s.setSources(n.propagation('eu-west-1a'), 'routeTableId', [s.urn(n.VPC)]);
    },
    blocks: [
      [n.inZone('eu-west-1a'), 'route-table', n.privateRoutes('eu-west-1a'), 'no-propagation'],
      [n.inZone('eu-west-1b'), 'route-table', n.privateRoutes('eu-west-1b'), 'no-propagation'],
      [n.CROSSING, 'route-table', n.privateRoutes('eu-west-1c'), 'no-propagation'],
    ],
  },
  {
    name: 'a pod subnet is associated with the public route table',
    change: (s) => s.point(n.podAssociation('eu-west-1b'), 'routeTableId', n.PUBLIC_ROUTES),
    blocks: [
      [
        n.ofPods('eu-west-1b'),
        'route-table',
        n.PUBLIC_ROUTES,
        { virtualPrivate: 'no-propagation', transit: 'no-route' },
      ],
    ],
  },
  {
    name: 'a pod subnet has no association and falls back to the main table',
    change: (s) => s.remove(n.podAssociation('eu-west-1c')),
    blocks: [[n.ofPods('eu-west-1c'), 'route-table', n.VPC, { virtualPrivate: 'no-propagation', transit: 'no-route' }]],
  },
  {
    name: 'a load-balancer subnet is associated with the public route table',
    change: (s) => s.point(n.balancerAssociation('eu-west-1b'), 'routeTableId', n.PUBLIC_ROUTES),
    blocks: [
      [
        n.toBalancers('eu-west-1b'),
        'route-table',
        n.PUBLIC_ROUTES,
        { virtualPrivate: 'no-propagation', transit: 'no-route' },
      ],
    ],
  },
  {
    name: 'the virtual private gateway is attached to no VPC',
    on: 'virtualPrivate',
    change: (s) => s.remove(n.VGW_ATTACHMENT),
    blocks: [[n.CROSSING, 'virtual-private-gateway', n.GATEWAY, 'not-attached']],
  },
  {
    name: 'a more specific static route takes the pods of Google to the NAT gateway',
    change: (s) => {
      const route = s.addLike(`Route::${n.AWS}-network-eu-west-1a-default-route`, 'stray');
      s.set(route, 'destinationCidrBlock', '10.250.0.0/17');
    },
    blocks: [[n.toGooglePods('eu-west-1a'), 'route-table', 'Route::stray', 'route-elsewhere']],
  },
  {
    name: 'a network ACL denies the internode port to the pods of one zone',
    change: (s) =>
      s.point(
        s.addBeside(n.podSubnet('eu-west-1a'), 'aws:ec2/networkAcl:NetworkAcl', 'strict', {
          subnetIds: [],
          ingress: [
            { ruleNo: 90, action: 'deny', protocol: 'tcp', fromPort: 7000, toPort: 7000, cidrBlock: '10.250.0.0/16' },
            { ruleNo: 100, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0' },
          ],
          egress: [{ ruleNo: 100, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0' }],
        }),
        'subnetIds.0',
        n.podSubnet('eu-west-1a'),
      ),
    blocks: [[/^internode, dc2 to dc1.*10\.200\.0\.10 /, 'network-acl', 'NetworkAcl::strict', 'acl-ingress-denied']],
  },
  {
    name: 'a network ACL forgets the ephemeral ports of replies to the pods of one zone',
    change: (s) =>
      s.point(
        s.addBeside(n.podSubnet('eu-west-1a'), 'aws:ec2/networkAcl:NetworkAcl', 'strict', {
          subnetIds: [],
          ingress: [
            { ruleNo: 90, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '10.100.0.0/16' },
            { ruleNo: 91, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '10.200.0.0/16' },
            { ruleNo: 100, action: 'allow', protocol: 'tcp', fromPort: 1, toPort: 10000, cidrBlock: '0.0.0.0/0' },
            {
              ruleNo: 110,
              action: 'allow',
              protocol: 'icmp',
              icmpType: -1,
              icmpCode: -1,
              fromPort: 0,
              toPort: 0,
              cidrBlock: '0.0.0.0/0',
            },
          ],
          egress: [{ ruleNo: 100, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0' }],
        }),
        'subnetIds.0',
        n.podSubnet('eu-west-1a'),
      ),
    blocks: [
      [/, dc1 to dc2 \| 10\.200\.0\.10 .*(tcp|udp)$/, 'network-acl', 'NetworkAcl::strict', 'acl-ingress-denied'],
      // Questions over UDP keep the address of the client, which this list does not admit.
      [/^DNS, dc2 to dc1.*udp$/, 'network-acl', 'NetworkAcl::strict', 'acl-ingress-denied'],
    ],
  },
  {
    name: 'a network ACL lets requests to the pods of one zone in, and not their answers out',
    change: (s) =>
      s.point(
        s.addBeside(n.podSubnet('eu-west-1a'), 'aws:ec2/networkAcl:NetworkAcl', 'strict', {
          subnetIds: [],
          ingress: [{ ruleNo: 100, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0' }],
          egress: [
            { ruleNo: 100, action: 'allow', protocol: 'tcp', fromPort: 1, toPort: 32767, cidrBlock: '0.0.0.0/0' },
            { ruleNo: 110, action: 'allow', protocol: 'udp', fromPort: 1, toPort: 65535, cidrBlock: '0.0.0.0/0' },
            { ruleNo: 120, action: 'allow', protocol: 'icmp', icmpType: -1, icmpCode: -1, cidrBlock: '0.0.0.0/0' },
          ],
        }),
        'subnetIds.0',
        n.podSubnet('eu-west-1a'),
      ),
    blocks: [
      [
        /^(internode|native|metrics|webhook).*> 10\.200\.0\.1[03] .*tcp$/,
        'network-acl',
        'NetworkAcl::strict',
        'acl-egress-denied',
      ],
      // Their health checks get no answer either, those of DNS over UDP among them.
      [/^(seeds|DNS), dc2 to dc1/, 'network-acl', 'NetworkAcl::strict', 'health-check'],
    ],
  },
  {
    name: 'the pod range is not associated with the VPC',
    change: (s) => s.remove(n.POD_RANGE),
    blocks: [
      ...n.ZONES.map((zone): Block => [n.from(`pod in ${zone}`), 'source', n.podSubnet(zone), 'outside-vpc']),
      ...n.ZONES.map((zone): Block => [n.to(`pod in ${zone}`), 'destination', n.podSubnet(zone), 'outside-vpc']),
      // The load balancers find no healthy target.
      [n.WESTWARD, 'destination', n.podSubnet('eu-west-1a'), 'outside-vpc'],
    ],
  },
  {
    name: 'a secondary CIDR block is of a family that AWS refuses',
    traps: ['network 10'],
    change: (s) => s.set(s.addLike(n.POD_RANGE, 'second'), 'cidrBlock', '172.30.0.0/16'),
    findings: ['cidr-family VpcIpv4CidrBlockAssociation::second', `late-cidr ${n.EKS}`],
  },
  {
    name: 'the cluster may be created before the pod range belongs to the VPC',
    traps: ['network 10'],
    change: (s) => {
      for (const key of [n.EKS, ...n.ZONES.map(n.podSubnet)]) s.forgetDependencies(key, /pod-(subnet|range)$/);
    },
    findings: [`late-cidr ${n.EKS}`],
  },
];
