/** Static routes that compete with learnt ones. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const ROUTE = 'aws:ec2/route:Route';
const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const ASSOCIATION = 'aws:ec2/routeTableAssociation:RouteTableAssociation';
const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
const PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const NETWORK = 'gcp:compute/network:Network';
const GOOGLE_ROUTE = 'gcp:compute/route:Route';
const POOL = 'gcp:container/nodePool:NodePool';
const VPC_PRIORITY = 'Amazon VPC User Guide, "Route priority"';
const GOOGLE_ORDER = 'Google Cloud VPC documentation, "Routing order"';
const INTERNET = 'default-internet-gateway';

/** One zone's route to the NAT gateway once more, for another destination. */
function throughNat(state: State, destinationCidrBlock: string): void {
  state.copy(ROUTE, /eu-west-1a-default-route$/, '-stray', (properties) => {
    Object.assign(properties, { destinationCidrBlock });
  });
}

function toInternet(state: State, properties: Properties): void {
  state.add(GOOGLE_ROUTE, 'stray', {
    name: 'stray',
    network: state.id(NETWORK, /./),
    nextHopGateway: INTERNET,
    priority: 1000,
    ...properties,
  });
}

export const STATIC_ROUTES: readonly Mistake[] = [
  {
    id: 'static-aws-steals',
    what: 'one zone’s more specific route takes the peer’s pods to the NAT gateway',
    source: VPC_PRIORITY,
    make: (state) => throughNat(state, '10.250.0.0/17'),
  },
  {
    id: 'static-aws-equal',
    what: 'one zone’s route to the NAT gateway has the destination that the gateway propagates',
    source: VPC_PRIORITY,
    make: (state) => {
      // A route table with a transit gateway has a static route to that destination already.
      state.id(VPN_GATEWAY, /./);
      throughNat(state, '10.250.0.0/16');
    },
  },
  {
    id: 'static-aws-covering',
    what: 'one zone’s less specific route to the NAT gateway covers the peer',
    source: VPC_PRIORITY,
    make: (state) => throughNat(state, '10.128.0.0/9'),
  },
  {
    id: 'static-aws-local',
    what: 'the pods of a zone have a table with a route to the internet that is more specific than the VPC’s own',
    source: VPC_PRIORITY,
    make: (state) => {
      const table = state.id(ROUTE_TABLE, /public-routes$/);
      state.edit(ASSOCIATION, /eu-west-1a-pod-association$/, (properties) => (properties['routeTableId'] = table));
      state.copy(ROUTE, /public-default-route$/, '-stray', (properties) => {
        properties['destinationCidrBlock'] = '10.200.32.0/19';
      });
    },
  },
  {
    id: 'static-aws-inline',
    what: 'one zone’s table has an inline route that takes the peer’s pods to the NAT gateway',
    source: VPC_PRIORITY,
    make: (state) => {
      const natGatewayId = state.property(ROUTE, /eu-west-1b-default-route$/, 'natGatewayId') as string;
      state.edit(ROUTE_TABLE, /eu-west-1b-private-routes$/, (properties) => {
        properties['routes'] = [{ cidrBlock: '10.250.0.0/17', natGatewayId }];
      });
    },
  },
  {
    id: 'static-aws-gateway',
    what: 'one zone’s table has a static route to the virtual private gateway in place of propagation',
    source: 'AWS Site-to-Site VPN User Guide, "Route tables and route priority"',
    make: (state) => {
      const gatewayId = state.id(VPN_GATEWAY, /./);
      state.remove(PROPAGATION, /eu-west-1a$/);
      state.copy(ROUTE, /eu-west-1a-default-route$/, '-stray', (properties) => {
        delete properties['natGatewayId'];
        Object.assign(properties, { gatewayId, destinationCidrBlock: '10.250.0.0/16' });
      });
    },
  },
  {
    id: 'static-gcp-steals',
    what: 'a more specific route takes the peer’s pods to the internet',
    source: GOOGLE_ORDER,
    make: (state) => toInternet(state, { destRange: '10.200.0.0/17' }),
  },
  {
    id: 'static-gcp-equal',
    what: 'a route to the internet has the learnt destination, and a lower priority number',
    source: GOOGLE_ORDER,
    make: (state) => toInternet(state, { destRange: '10.200.0.0/16', priority: 50 }),
  },
  {
    id: 'static-gcp-later',
    what: 'a route to the internet has the learnt destination, and a higher priority number',
    source: GOOGLE_ORDER,
    make: (state) => toInternet(state, { destRange: '10.200.0.0/16' }),
  },
  {
    id: 'static-gcp-tagged',
    what: 'a more specific route takes the peer’s pods to the internet from machines with the nodes’ tag',
    source: GOOGLE_ORDER,
    make: (state) => {
      const { tags } = state.property(POOL, /./, 'nodeConfig') as { tags: string[] };
      toInternet(state, { destRange: '10.200.0.0/17', tags });
    },
  },
  {
    id: 'static-gcp-untagged',
    what: 'a more specific route takes the peer’s pods to the internet from machines with a tag that none has',
    source: GOOGLE_ORDER,
    make: (state) => toInternet(state, { destRange: '10.200.0.0/17', tags: ['other'] }),
  },
];
