/** Routing by the transit gateway: VPC routes, attachments, associations, propagation and static routes. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

export const transit: readonly Mistake[] = [
  {
    name: 'one VPC route table has no route to the pods by the transit gateway',
    traps: ['network 7'],
    on: 'transit',
    change: (s) => s.remove(n.transitRoute('pods', 'eu-west-1a')),
    blocks: [[n.toGooglePods('eu-west-1a'), 'route-table', n.privateRoutes('eu-west-1a'), 'no-route']],
  },
  {
    name: 'the VPC route tables lead to the pods of Google, but not to its nodes',
    traps: ['network 7'],
    on: 'transit',
    change: (s) => s.remove(...n.ZONES.map((zone) => n.transitRoute('nodes', zone))),
    blocks: [
      [/^(seeds|DNS), dc1 to dc2.*10\.200\.0\.10 /, 'route-table', n.privateRoutes('eu-west-1a'), 'no-route'],
      [/^(seeds|DNS), dc1 to dc2.*10\.200\.32\.10 /, 'route-table', n.privateRoutes('eu-west-1b'), 'no-route'],
      [/^(seeds|DNS), dc1 to dc2/, 'route-table', n.privateRoutes('eu-west-1c'), 'no-route'],
    ],
  },
  {
    name: 'the attachment has no subnet in one zone',
    traps: ['network 7'],
    on: 'transit',
    change: (s) => {
      const subnets = s.get(n.TGW_VPC, 'subnetIds') as string[];
      const sources = (s.find(n.TGW_VPC).propertyDependencies?.['subnetIds'] ?? []) as string[];
      const kept = sources.filter((urn) => !urn.includes('eu-west-1c'));
      const lost = s.resources.find(({ urn }) => sources.includes(urn) && !kept.includes(urn));
      s.set(
        n.TGW_VPC,
        'subnetIds',
        lost?.id === undefined ? subnets.slice(0, 2) : subnets.filter((id) => id !== lost.id),
      );
      s.setSources(n.TGW_VPC, 'subnetIds', kept);
    },
    blocks: [[n.inZone('eu-west-1c'), 'transit-gateway', n.TGW_VPC, 'attachment-zone']],
  },
  {
    name: 'the VPC attachment is associated with no route table',
    on: 'transit',
    change: (s) => s.remove(`RouteTableAssociation::${n.AWS}-vpn-tgw-vpc-association`),
    blocks: [[n.CROSSING, 'transit-gateway', n.TGW_VPC, 'no-association']],
  },
  {
    name: 'the VPC attachment is not propagated',
    on: 'transit',
    change: (s) => s.remove(`RouteTablePropagation::${n.AWS}-vpn-tgw-vpc-propagation`),
    blocks: [[n.CROSSING, 'transit-gateway', n.TGW_ROUTES, 'no-propagation']],
  },
  {
    name: 'the VPN connections are associated with no route table',
    on: 'transit',
    change: (s) => s.remove(n.association(0), n.association(1)),
    blocks: [[n.CROSSING, 'transit-gateway', n.connection(0), 'no-association']],
  },
  {
    name: 'the VPN connections are not propagated',
    on: 'transit',
    change: (s) => s.remove(n.transitPropagation(0), n.transitPropagation(1)),
    blocks: [[n.CROSSING, 'transit-gateway', n.TGW_ROUTES, 'no-propagation']],
  },
  {
    name: 'one VPN connection is not propagated',
    on: 'transit',
    change: (s) => s.remove(n.transitPropagation(1)),
    findings: [`idle-connection ${n.connection(1)}`],
  },
  {
    name: 'one VPN connection is associated with no route table',
    on: 'transit',
    change: (s) => s.remove(n.association(1)),
    findings: [`idle-connection ${n.connection(1)}`],
  },
  {
    name: 'the VPN connections are associated with an empty table of their own',
    on: 'transit',
    change: (s) => {
      s.addLike(n.TGW_ROUTES, 'for-vpn');
      for (const index of [0, 1]) s.point(n.association(index), 'transitGatewayRouteTableId', 'RouteTable::for-vpn');
    },
    blocks: [[n.CROSSING, 'transit-gateway', 'RouteTable::for-vpn', 'no-propagation']],
  },
  {
    name: 'a blackhole route of the transit gateway takes the pods of Google',
    on: 'transit',
    change: (s) => staticRoute(s, { destinationCidrBlock: '10.250.0.0/16', blackhole: true }, undefined),
    blocks: [[n.AT_GOOGLE_PODS, 'transit-gateway', 'Route::static', 'blackhole']],
  },
  {
    name: "a static route of the transit gateway sends AWS's pods back into the VPN",
    on: 'transit',
    change: (s) => staticRoute(s, { destinationCidrBlock: '10.200.0.0/17' }, n.connection(0)),
    blocks: [[n.AT_AWS_PODS, 'transit-gateway', 'Route::static', 'wrong-attachment']],
  },
  {
    name: 'the transit gateway uses one of its equal paths only',
    traps: ['network 8'],
    on: 'transit',
    change: (s) => s.set(n.TGW, 'vpnEcmpSupport', 'disable'),
    findings: [`ecmp-off ${n.GATEWAY}`],
  },
];

function staticRoute(s: Stack, inputs: Record<string, unknown>, attachment: string | undefined): void {
  const route = s.addBeside(n.TGW_ROUTES, 'aws:ec2transitgateway/route:Route', 'static', inputs);
  s.point(route, 'transitGatewayRouteTableId', n.TGW_ROUTES);
  if (attachment === undefined) return;
  const { outputs } = s.find(attachment);
  s.point(route, 'transitGatewayAttachmentId', attachment);
  if (outputs !== undefined)
    s.set(route, 'transitGatewayAttachmentId', outputs['transitGatewayAttachmentId'] as string);
}
