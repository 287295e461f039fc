/** Transit gateway: routes to it, its attachments, route tables and what is in them. */
import type { State } from '../state';
import type { Mistake } from '../mistake';

const GATEWAY = 'aws:ec2transitgateway/transitGateway:TransitGateway';
const ATTACHMENT = 'aws:ec2transitgateway/vpcAttachment:VpcAttachment';
const TABLE = 'aws:ec2transitgateway/routeTable:RouteTable';
const ASSOCIATION = 'aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation';
const PROPAGATION = 'aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation';
const TRANSIT_ROUTE = 'aws:ec2transitgateway/route:Route';
const ROUTE = 'aws:ec2/route:Route';
const SUBNET = 'aws:ec2/subnet:Subnet';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const ROUTING = 'AWS Transit Gateway guide, "How transit gateways work", routing';
const ZONES = 'AWS Transit Gateway guide, "How transit gateways work", Availability Zones';
const STATIC = 'AWS Transit Gateway guide, "Create a static route"';

/** A static route of the transit gateway, to an attachment or into nothing. */
function addRoute(state: State, destination: string, attachment: string | undefined): void {
  state.add(TRANSIT_ROUTE, 'stray', {
    destinationCidrBlock: destination,
    transitGatewayRouteTableId: state.id(TABLE, /tgw-routes$/),
    ...(attachment === undefined ? { blackhole: true } : { transitGatewayAttachmentId: attachment }),
  });
}

function attachmentOf(state: State, connection: RegExp): string {
  return String(state.property(CONNECTION, connection, 'transitGatewayAttachmentId'));
}

/** An empty table with which the attachments are associated that the pattern names. */
function associateElsewhere(state: State, associations: RegExp): void {
  state.copy(TABLE, /tgw-routes$/, '-other', () => undefined);
  const table = `${state.id(TABLE, /tgw-routes$/)}-other`;
  state.edit(ASSOCIATION, associations, (properties) => (properties['transitGatewayRouteTableId'] = table));
}

export const TRANSIT: readonly Mistake[] = [
  {
    id: 'transit-route-zone',
    what: 'one zone’s route table has no route to the peer’s pods by the transit gateway',
    source: 'AWS Transit Gateway guide, "Transit gateway VPC attachments"',
    make: (state) => state.remove(ROUTE, /vpn-to-10\.250\..*eu-west-1a$/),
  },
  {
    id: 'transit-route-none',
    what: 'no route table has a route to the peer’s pods by the transit gateway',
    source: 'AWS Transit Gateway guide, "Transit gateway VPC attachments"',
    make: (state) => state.remove(ROUTE, /vpn-to-10\.250\./),
  },
  {
    id: 'transit-zone',
    what: 'the VPC’s attachment has no subnet in one zone',
    source: ZONES,
    make: (state) => {
      const lost = state.id(SUBNET, /eu-west-1c-transit-subnet$/);
      const subnetIds = state.property(ATTACHMENT, /./, 'subnetIds') as string[];
      state.edit(ATTACHMENT, /./, (properties) => {
        properties['subnetIds'] = subnetIds.filter((id) => id !== lost);
      });
    },
  },
  {
    id: 'transit-detached',
    what: 'the VPC is not attached to the transit gateway',
    source: ROUTING,
    make: (state) => state.remove(ATTACHMENT, /./),
  },
  {
    id: 'transit-association-vpc',
    what: 'the VPC’s attachment is associated with no route table',
    source: ROUTING,
    make: (state) => state.remove(ASSOCIATION, /tgw-vpc-association$/),
  },
  {
    id: 'transit-association-vpn',
    what: 'the VPN connections are associated with no route table',
    source: ROUTING,
    make: (state) => state.remove(ASSOCIATION, /connection-\d-association$/),
  },
  {
    id: 'transit-association-empty',
    what: 'the VPN connections are associated with an empty route table',
    source: ROUTING,
    make: (state) => associateElsewhere(state, /connection-\d-association$/),
  },
  {
    id: 'transit-association-one',
    what: 'one VPN connection is associated with an empty route table',
    source: ROUTING,
    make: (state) => associateElsewhere(state, /connection-1-association$/),
  },
  {
    id: 'transit-propagation-vpc',
    what: 'the VPC’s attachment is not propagated',
    source: ROUTING,
    make: (state) => state.remove(PROPAGATION, /tgw-vpc-propagation$/),
  },
  {
    id: 'transit-propagation-vpn',
    what: 'the VPN connections are not propagated',
    source: ROUTING,
    make: (state) => state.remove(PROPAGATION, /connection-\d-propagation$/),
  },
  {
    id: 'transit-propagation-one',
    what: 'one VPN connection is not propagated, the other carries everything',
    source: ROUTING,
    make: (state) => state.remove(PROPAGATION, /connection-1-propagation$/),
  },
  {
    id: 'transit-blackhole',
    what: 'a blackhole route of the transit gateway takes the peer’s pods',
    source: STATIC,
    make: (state) => addRoute(state, '10.250.0.0/16', undefined),
  },
  {
    id: 'transit-static-back',
    what: 'a static route of the transit gateway sends AWS’s pods back into the VPN',
    source: STATIC,
    make: (state) => addRoute(state, '10.200.0.0/17', attachmentOf(state, /connection-0$/)),
  },
  {
    id: 'transit-static-vpn',
    what: 'static routes to a VPN connection in place of propagation',
    source: STATIC,
    make: (state) => {
      state.remove(PROPAGATION, /connection-\d-propagation$/);
      addRoute(state, '10.128.0.0/9', attachmentOf(state, /connection-0$/));
    },
  },
  {
    id: 'transit-ecmp-off',
    what: 'the transit gateway uses one of its equal paths only',
    source: 'AWS Transit Gateway guide, "Create a transit gateway", VPN ECMP support',
    make: (state) => state.edit(GATEWAY, /./, (properties) => (properties['vpnEcmpSupport'] = 'disable')),
  },
];
