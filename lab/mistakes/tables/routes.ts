/** Route tables of the VPC. */
import type { Mistake } from '../mistake';

const PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const ASSOCIATION = 'aws:ec2/routeTableAssociation:RouteTableAssociation';
const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const SOURCE = 'Amazon VPC User Guide, "Configure route tables"';

export const ROUTES: readonly Mistake[] = [
  {
    id: 'propagation-zone',
    what: 'one zone’s route table learns nothing from the gateway',
    source: SOURCE,
    make: (state) => state.remove(PROPAGATION, /eu-west-1b$/),
  },
  {
    id: 'propagation-none',
    what: 'no route table learns from the gateway',
    source: SOURCE,
    make: (state) => state.remove(PROPAGATION, /./),
  },
  {
    id: 'association-none',
    what: 'the pods of a zone use the main route table',
    source: SOURCE,
    make: (state) => state.remove(ASSOCIATION, /eu-west-1c-pod-association$/),
  },
  {
    id: 'association-public',
    what: 'the pods of a zone use the public route table',
    source: SOURCE,
    make: (state) => {
      const table = state.id(ROUTE_TABLE, /public-routes$/);
      state.edit(ASSOCIATION, /eu-west-1a-pod-association$/, (properties) => (properties['routeTableId'] = table));
    },
  },
  {
    id: 'association-balancers',
    what: 'the load balancers of a zone use the public route table',
    source: SOURCE,
    make: (state) => {
      const table = state.id(ROUTE_TABLE, /public-routes$/);
      state.edit(
        ASSOCIATION,
        /eu-west-1a-load-balancer-association$/,
        (properties) => (properties['routeTableId'] = table),
      );
    },
  },
  {
    id: 'gateway-detached',
    what: 'the virtual private gateway is attached to no VPC',
    source: 'AWS Site-to-Site VPN User Guide, "Get started", step 2',
    make: (state) => state.remove('aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment', /./),
  },
];
