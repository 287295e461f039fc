import assert from 'node:assert/strict';
import type { RouteTarget } from '../../../lab/network/model';
import { birdConfiguration } from '../../../lab/network/bird';
import { memberRules, networkRules, routeLines } from '../../../lab/network/routes';
import { ATTACHMENT } from '../../../lab/network/names';
import { modelOf, tableFor } from './stacks';

const ROUTE = 'aws:ec2/route:Route';
const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
const GOOGLE_ROUTE = 'gcp:compute/route:Route';
const PODS_A = '10.200.0.0/19';
const GOOGLE_PODS = '10.250.0.0/16';

const targets = (routes: readonly { destination: string; to: RouteTarget }[]): Record<string, RouteTarget> =>
  Object.fromEntries(routes.map(({ destination, to }) => [destination, to]));

describe('static routes of a VPC', () => {
  it('are those of its tables: to the transit gateway, and nowhere for what the lab has not', () => {
    assert.deepEqual(targets(tableFor(modelOf('transit'), 'aws', PODS_A).routes), {
      '0.0.0.0/0': { kind: 'nowhere' },
      '10.150.0.0/16': { kind: 'router', name: 'tgw0' },
      '10.250.0.0/16': { kind: 'router', name: 'tgw0' },
    });
  });

  it('to a transit gateway that the VPC is not attached to lead nowhere', () => {
    const model = modelOf('transit', (state) => state.remove('aws:ec2transitgateway/vpcAttachment:VpcAttachment', /./));
    assert.deepEqual(targets(tableFor(model, 'aws', PODS_A).routes)['10.250.0.0/16'], { kind: 'nowhere' });
  });

  it('may be inline, and one that a resource of its own makes counts once', () => {
    const model = modelOf('transit', (state) =>
      state.edit(ROUTE_TABLE, /eu-west-1a-private-routes$/, (properties) => {
        properties['routes'] = [
          { cidrBlock: '0.0.0.0/0', natGatewayId: 'nat-1' },
          { cidrBlock: '10.99.0.0/16', natGatewayId: 'nat-1', transitGatewayId: '' },
          { cidrBlock: '10.100.0.0/16', gatewayId: 'local' },
        ];
      }),
    );
    const { routes } = tableFor(model, 'aws', PODS_A);
    assert.deepEqual(routes.map(({ destination }) => destination).sort(), [
      '0.0.0.0/0',
      '10.150.0.0/16',
      '10.250.0.0/16',
      '10.99.0.0/16',
    ]);
    assert.deepEqual(targets(routes)['10.99.0.0/16'], { kind: 'nowhere' });
  });

  it('have the destinations of a managed prefix list', () => {
    const model = modelOf('transit', (state) => {
      const prefixList = 'aws:ec2/managedPrefixList:ManagedPrefixList';
      state.add(prefixList, 'pl-1', { entries: [{ cidr: '10.1.0.0/16' }, { cidr: '10.2.0.0/16' }] });
      state.copy(ROUTE, /eu-west-1a-default-route$/, '-listed', (properties) => {
        delete properties['destinationCidrBlock'];
        properties['destinationPrefixListId'] = 'pl-1';
      });
    });
    const routes = targets(tableFor(model, 'aws', PODS_A).routes);
    assert.deepEqual([routes['10.1.0.0/16'], routes['10.2.0.0/16']], [{ kind: 'nowhere' }, { kind: 'nowhere' }]);
  });

  it('win over learnt ones of the same destination, and over the VPC’s own only when more specific', () => {
    const model = modelOf('virtualPrivate', (state) =>
      state.copy(ROUTE, /eu-west-1a-default-route$/, '-stray', (properties) => {
        properties['destinationCidrBlock'] = '10.200.32.0/19';
      }),
    );
    const network = model.networks.find(({ cloud }) => cloud === 'aws') ?? assert.fail();
    const { table } = tableFor(model, 'aws', PODS_A);
    assert.ok(
      networkRules(network).includes(`rule add priority 95 from ${PODS_A} to 10.200.32.0/19 lookup ${table}`),
      networkRules(network).join('\n'),
    );
    assert.ok(!networkRules(network).some((line) => line.includes('to 0.0.0.0/0')));
    const learnt = /metric (\d+);/.exec(birdConfiguration(network))?.[1];
    const written = routeLines(network, tableFor(model, 'aws', PODS_A), ATTACHMENT.transit);
    assert.ok(written.length > 0);
    for (const line of written) assert.ok(Number(/metric (\d+)/.exec(line)?.[1]) < Number(learnt), line);
  });

  it('to the virtual private gateway go as it has learnt, in a table that learns nothing else', () => {
    const model = modelOf('virtualPrivate', (state) => {
      const gatewayId = state.id(VPN_GATEWAY, /./);
      state.remove('aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation', /./);
      state.copy(ROUTE, /eu-west-1a-default-route$/, '-stray', (properties) => {
        delete properties['natGatewayId'];
        Object.assign(properties, { gatewayId, destinationCidrBlock: '10.250.0.0/17' });
      });
    });
    const network = model.networks.find(({ cloud }) => cloud === 'aws') ?? assert.fail();
    const { table } = tableFor(model, 'aws', PODS_A);
    const text = birdConfiguration(network);
    assert.ok(
      text.includes(
        `peer table learnt${table}; import none; export where source = RTS_BGP && net ~ [ 10.250.0.0/17+ ];`,
      ),
    );
    assert.match(text, /route 10\.250\.0\.0\/17 recursive 10\.250\.0\.0;/);
    assert.equal(text.match(/protocol kernel/g)?.length, 1);
  });

  it('of the main table that an own resource adopts serve subnets without an association', () => {
    const model = modelOf('virtualPrivate', (state) => {
      const vpc = 'aws:ec2/vpc:Vpc';
      const main = state.property(vpc, /./, 'defaultRouteTableId') as string;
      state.add('aws:ec2/defaultRouteTable:DefaultRouteTable', main, {
        defaultRouteTableId: main,
        routes: [{ cidrBlock: '10.98.0.0/16', natGatewayId: 'nat-1' }],
      });
      state.remove('aws:ec2/routeTableAssociation:RouteTableAssociation', /eu-west-1a-pod-association$/);
    });
    assert.deepEqual(targets(tableFor(model, 'aws', PODS_A).routes), { '10.98.0.0/16': { kind: 'nowhere' } });
  });
});

describe('static routes of a VPC network', () => {
  const withRoute = (properties: Record<string, unknown>) =>
    modelOf('virtualPrivate', (state) =>
      state.add(GOOGLE_ROUTE, 'stray', {
        network: state.id('gcp:compute/network:Network', /./),
        destRange: '10.200.0.0/16',
        nextHopGateway: 'default-internet-gateway',
        ...properties,
      }),
    );

  for (const { priority, wins } of [
    { priority: 0, wins: true },
    { priority: 100, wins: true },
    { priority: 101, wins: false },
    { priority: undefined, wins: false },
  ]) {
    it(`of priority ${priority ?? 'unset'} ${wins ? 'win over' : 'lose to'} a learnt one of the same destination`, () => {
      const model = withRoute(priority === undefined ? {} : { priority });
      const [route] = tableFor(model, 'gcp', GOOGLE_PODS).routes;
      const network = model.networks.find(({ cloud }) => cloud === 'gcp') ?? assert.fail();
      const learnt = Number(/metric (\d+);/.exec(birdConfiguration(network))?.[1]);
      assert.equal((route?.metric ?? assert.fail()) < learnt, wins);
    });
  }

  it('lead into a tunnel of the network, or nowhere', () => {
    const tunnel = 'gcp:compute/vPNTunnel:VPNTunnel';
    const model = modelOf('virtualPrivate', (state) =>
      state.add(GOOGLE_ROUTE, 'by-tunnel', {
        network: state.id('gcp:compute/network:Network', /./),
        destRange: '10.200.0.0/17',
        nextHopVpnTunnel: state.id(tunnel, /tunnel-2$/),
      }),
    );
    const network = model.networks.find(({ cloud }) => cloud === 'gcp') ?? assert.fail();
    const [line] = routeLines(network, tableFor(model, 'gcp', GOOGLE_PODS), ATTACHMENT.transit);
    assert.match(
      line ?? '',
      /^route add 10\.200\.0\.0\/17 metric 2000 table 100 nexthop via 169\.254\.\S+ dev tunnel2 onlink$/,
    );
    assert.deepEqual(tableFor(withRoute({}), 'gcp', GOOGLE_PODS).routes[0]?.to, { kind: 'nowhere' });
  });

  it('with tags hold for machines that carry one of them', () => {
    const tags = ['xcloud-gcp-europe-west4-node'];
    const network = withRoute({ tags }).networks.find(({ cloud }) => cloud === 'gcp') ?? assert.fail();
    const [common, tagged] = network.routingTables;
    assert.deepEqual([common?.routes.length, tagged?.routes.length], [0, 1]);
    assert.match(
      memberRules(network),
      new RegExp(`ip saddr @profile_${tags[0]?.replaceAll('-', '_')} meta mark set ${tagged?.table}`),
    );
    const other = withRoute({ tags: ['other'] }).networks.find(({ cloud }) => cloud === 'gcp') ?? assert.fail();
    assert.deepEqual(
      other.routingTables.map(({ routes }) => routes.length),
      [0, 0],
    );
  });
});
