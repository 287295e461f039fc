/** The plain stack with other kinds of gateways: what a different author would have chosen. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type FlowVerdict, type ResourceInput, prove } from '../../reachability';
import { parseFlow } from '../../reachability/arguments';
import { Stack } from './mistakes/edit';

const plain = Stack.read(join(__dirname, 'fixtures', 'plain-vpn.json'));
const VPC = 'vpc-0a1b2c3d4e5f60718';
const PRIVATE_TABLE = 'rtb-0private000000001';

const there = '10.10.1.10,10.20.0.10,7000/tcp';
const back = '10.20.0.10,10.10.1.10,7000/tcp';
const zoneB = '10.10.2.77,10.20.0.10,7000/tcp';

function judge(stack: Stack, text: string): FlowVerdict {
  const flow = parseFlow(text);
  assert.ok(typeof flow !== 'string');
  return prove(stack.resources, { flows: [flow] }).flows[0] as FlowVerdict;
}

function expectBlocked(stack: Stack, text: string, hop: string, resource: string, rule: string): void {
  const { verdict, blockedAt, path } = judge(stack, text);
  const found = [verdict, blockedAt?.hop, blockedAt?.urn.split('::').slice(-1)[0], blockedAt?.rule];
  assert.deepEqual(found, ['blocked', hop, resource, rule], path.at(-1)?.why);
}

function expectReachable(stack: Stack, ...texts: readonly string[]): void {
  for (const text of texts) {
    const verdict = judge(stack, text);
    assert.equal(verdict.verdict, 'reachable', `${text}: ${verdict.path.at(-1)?.why ?? ''}`);
  }
}

function resource(type: string, name: string, id: string, inputs: Record<string, unknown>): ResourceInput {
  return { urn: `urn:pulumi:prod::hybrid::${type}::${name}`, type, id, inputs };
}

/** Two connections to a transit gateway with AWS's default route table, which everything joins by itself. */
function transitStack(): Stack {
  const stack = plain.copy();
  stack.remove('VpnGatewayRoutePropagation::private', 'VpnGateway::vgw');
  for (const k of [0, 1]) {
    stack
      .set(`VpnConnection::vpn-${k}`, 'vpnGatewayId', undefined)
      .set(`VpnConnection::vpn-${k}`, 'transitGatewayId', 'tgw-1');
    stack.set(`VpnConnection::vpn-${k}`, 'transitGatewayAttachmentId', `tgw-attach-vpn-${k}`);
  }
  stack.add(resource('aws:ec2transitgateway/transitGateway:TransitGateway', 'hub', 'tgw-1', { amazonSideAsn: 64620 }));
  stack.add(
    resource('aws:ec2transitgateway/vpcAttachment:VpcAttachment', 'main', 'tgw-attach-vpc', {
      transitGatewayId: 'tgw-1',
      vpcId: VPC,
      subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
    }),
  );
  const toPeer = { routeTableId: PRIVATE_TABLE, destinationCidrBlock: '10.20.0.0/20', transitGatewayId: 'tgw-1' };
  return stack.add(resource('aws:ec2/route:Route', 'to-gcp', 'r-to-gcp', toPeer));
}

describe('the proof on a plain stack with a transit gateway', () => {
  it('lets the default route table route everything', () => {
    expectReachable(transitStack(), there, back, zoneB);
  });

  it('blocks a zone that the attachment has no subnet in', () => {
    const stack = transitStack().set('VpcAttachment::main', 'subnetIds', ['subnet-0aaaaaaaaaaaaaaaa']);
    expectReachable(stack, there, back);
    expectBlocked(stack, zoneB, 'transit-gateway', 'main', 'attachment-zone');
  });

  it('blocks at the route table that has no route to the gateway', () => {
    expectBlocked(transitStack().remove('Route::to-gcp'), there, 'route-table', 'private', 'no-route');
  });

  it('blocks at a gateway whose default association is off and not replaced', () => {
    const stack = transitStack().set('TransitGateway::hub', 'defaultRouteTableAssociation', 'disable');
    expectBlocked(stack, there, 'transit-gateway', 'main', 'no-association');
  });

  it('blocks both ways without propagation', () => {
    const stack = transitStack().set('TransitGateway::hub', 'defaultRouteTablePropagation', 'disable');
    expectBlocked(stack, there, 'transit-gateway', 'hub', 'no-propagation');
    expectBlocked(stack, back, 'transit-gateway', 'hub', 'no-propagation');
  });

  it('blocks at a blackhole', () => {
    const stack = transitStack().add(
      resource('aws:ec2transitgateway/route:Route', 'hole', 'hole', {
        transitGatewayRouteTableId: 'tgw-1',
        destinationCidrBlock: '10.20.0.0/20',
        blackhole: true,
      }),
    );
    expectBlocked(stack, there, 'transit-gateway', 'hole', 'blackhole');
  });

  it('takes association and propagation from a route table of its own', () => {
    const stack = transitStack()
      .set('TransitGateway::hub', 'defaultRouteTableAssociation', 'disable')
      .set('TransitGateway::hub', 'defaultRouteTablePropagation', 'disable')
      .add(resource('aws:ec2transitgateway/routeTable:RouteTable', 'own', 'tgw-rtb-1', { transitGatewayId: 'tgw-1' }));
    for (const attachment of ['tgw-attach-vpc', 'tgw-attach-vpn-0', 'tgw-attach-vpn-1']) {
      for (const kind of ['Association', 'Propagation']) {
        const type = `aws:ec2transitgateway/routeTable${kind}:RouteTable${kind}`;
        const inputs = { transitGatewayAttachmentId: attachment, transitGatewayRouteTableId: 'tgw-rtb-1' };
        stack.add(resource(type, attachment, `${attachment}-${kind}`, inputs));
      }
    }
    expectReachable(stack, there, back, zoneB);
    expectBlocked(
      stack.copy().remove('RouteTableAssociation::tgw-attach-vpc'),
      there,
      'transit-gateway',
      'main',
      'no-association',
    );
    expectBlocked(
      stack.copy().remove('RouteTablePropagation::tgw-attach-vpc'),
      back,
      'transit-gateway',
      'own',
      'no-propagation',
    );
  });
});

/** One Classic VPN tunnel with routes written down on both sides, and no BGP. */
function staticStack(): Stack {
  const stack = plain.copy();
  for (const k of [0, 1, 2, 3]) stack.remove(`RouterPeer::peer-${k}`, `RouterInterface::if-${k}`);
  stack.remove('VPNTunnel::tunnel-1', 'VPNTunnel::tunnel-2', 'VPNTunnel::tunnel-3', 'VpnConnection::vpn-1');
  stack.remove('ExternalVpnGateway::aws', 'HaVpnGateway::gw', 'Router::router');
  const network = 'projects/hybrid-prod/global/networks/main';
  const gateway = 'projects/hybrid-prod/regions/europe-west3/targetVpnGateways/classic';
  stack.add(
    resource('gcp:compute/vPNGateway:VPNGateway', 'classic', gateway, {
      name: 'classic',
      network,
      region: 'europe-west3',
    }),
  );
  for (const path of [
    'vpnGateway',
    'vpnGatewayInterface',
    'peerExternalGateway',
    'peerExternalGatewayInterface',
    'router',
  ]) {
    stack.set('VPNTunnel::tunnel-0', path, undefined).setSources('VPNTunnel::tunnel-0', path, []);
  }
  stack.set('VPNTunnel::tunnel-0', 'targetVpnGateway', gateway).set('VPNTunnel::tunnel-0', 'peerIp', '3.120.1.1');
  stack.set('VpnConnection::vpn-0', 'staticRoutesOnly', true);
  stack.add(
    resource('aws:ec2/vpnConnectionRoute:VpnConnectionRoute', 'to-gcp', 'route', {
      vpnConnectionId: 'vpn-00000000000000000',
      destinationCidrBlock: '10.20.0.0/20',
    }),
  );
  const nextHopVpnTunnel = 'projects/hybrid-prod/regions/europe-west3/vpnTunnels/tunnel-0';
  return stack.add(
    resource('gcp:compute/route:Route', 'to-aws', 'to-aws', { network, destRange: '10.10.0.0/16', nextHopVpnTunnel }),
  );
}

describe('the proof on a plain stack with static routes', () => {
  it('follows the routes that are written on both sides', () => {
    expectReachable(staticStack(), there, back);
  });

  it('blocks at the connection that has no route to the peer', () => {
    expectBlocked(staticStack().remove('VpnConnectionRoute::to-gcp'), there, 'bgp', 'vpn-0', 'no-static-route');
  });

  it('blocks at the network that has no route back', () => {
    expectBlocked(staticStack().remove('Route::to-aws'), back, 'route', 'main', 'no-route');
  });

  it('blocks where one side speaks BGP and the other does not', () => {
    const stack = staticStack().set('VpnConnection::vpn-0', 'staticRoutesOnly', false);
    expectBlocked(stack, there, 'bgp', 'vpn-0', 'static-routes-only');
  });
});
