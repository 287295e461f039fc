import assert from 'node:assert/strict';
import type { State } from '../../../lab/mistakes/state';
import type { TransitGateway } from '../../../lab/network/model';
import { ATTACHMENT } from '../../../lab/network/names';
import { routeLines, transitRules, unservedRules } from '../../../lab/network/routes';
import { transitBirdConfiguration } from '../../../lab/network/transitBird';
import { modelOf } from './stacks';

const TABLE = 'aws:ec2transitgateway/routeTable:RouteTable';
const ROUTE = 'aws:ec2transitgateway/route:Route';
const ASSOCIATION = 'aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation';
const PROPAGATION = 'aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation';
const GATEWAY = 'aws:ec2transitgateway/transitGateway:TransitGateway';
const ATTACHMENTS = 'aws:ec2transitgateway/vpcAttachment:VpcAttachment';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const VPC_RANGES = ['10.100.0.0/16', '10.200.0.0/16'];
const TUNNELS = ['01', '02', '11', '12'];

function gatewayOf(change: (state: State) => void = () => undefined): TransitGateway {
  return modelOf('transit', change).transitGateways[0] ?? assert.fail('no transit gateway');
}

const told = (gateway: TransitGateway): string[][] =>
  gateway.tunnels.map(({ session }) => [...(session?.advertised ?? [])].sort());

describe('a virtual private gateway without a VPC', () => {
  it('has its sessions all the same, and tells nothing of a VPC', () => {
    const model = modelOf('virtualPrivate', (state) =>
      state.remove('aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment', /./),
    );
    const [gateway] = model.transitGateways;
    assert.deepEqual(
      gateway?.tunnels.map(({ session }) => session?.advertised),
      [[], [], [], []],
    );
    assert.deepEqual(gateway?.attachments, []);
    assert.deepEqual(
      model.networks.filter(({ cloud }) => cloud === 'aws').map(({ tunnels }) => tunnels),
      [[]],
    );
    // As long as it is attached, the VPC's router has its tunnels.
    assert.deepEqual(modelOf('virtualPrivate').transitGateways, []);
  });
});

describe('a transit gateway of the lab', () => {
  it('has the tunnels that would else be the VPC’s', () => {
    const model = modelOf('transit');
    assert.deepEqual(
      model.networks.filter(({ cloud }) => cloud === 'aws').map(({ tunnels }) => tunnels.length),
      [0],
    );
    assert.deepEqual(
      model.transitGateways.map(({ tunnels }) => tunnels.map(({ name }) => name)),
      [TUNNELS],
    );
    assert.deepEqual(modelOf('virtualPrivate').transitGateways, []);
  });

  it('tells the connections the VPC’s ranges, and sends by all tunnels', () => {
    const gateway = gatewayOf();
    assert.deepEqual(told(gateway), [VPC_RANGES, VPC_RANGES, VPC_RANGES, VPC_RANGES]);
    assert.equal(gateway.multipath, true);
    assert.match(transitBirdConfiguration(gateway), /merge paths on/);
    const single = gatewayOf((state) => state.edit(GATEWAY, /./, (p) => (p['vpnEcmpSupport'] = 'disable')));
    assert.doesNotMatch(transitBirdConfiguration(single), /merge paths/);
  });

  it('routes what comes in by the table of its attachment, and nothing without one', () => {
    const iif = (gateway: TransitGateway): string[] =>
      transitRules(gateway).flatMap((line) => /iif (\S+)/.exec(line)?.[1] ?? []);
    assert.deepEqual(iif(gatewayOf()).sort(), [...TUNNELS.map((name) => `tunnel${name}`), 'vpc0']);
    const loose = gatewayOf((state) => state.remove(ASSOCIATION, /connection-0-association$|tgw-vpc-association$/));
    assert.deepEqual(iif(loose).sort(), ['tunnel11', 'tunnel12']);
    assert.deepEqual(told(loose), [[], [], VPC_RANGES, VPC_RANGES]);
  });

  it('takes routes only from connections that propagate', () => {
    const text = transitBirdConfiguration(gatewayOf((state) => state.remove(PROPAGATION, /connection-0-propagation$/)));
    assert.doesNotMatch(text, /import where source = RTS_BGP && proto = "tunnel01"/);
    assert.match(text, /import where source = RTS_BGP && proto = "tunnel11"/);
  });

  it('tells a connection what another said, but not what it said itself', () => {
    const text = transitBirdConfiguration(gatewayOf());
    assert.match(
      text,
      /peer table heard01;[^}]+export where source = RTS_STATIC \|\| \(source = RTS_BGP && proto != "tunnel01" && proto != "tunnel02"\)/,
    );
  });

  it('joins attachments to its default table unless that is switched off', () => {
    const gateway = gatewayOf((state) => {
      for (const type of [ASSOCIATION, PROPAGATION, TABLE]) state.remove(type, /./);
      state.edit(GATEWAY, /./, (properties) => {
        properties['defaultRouteTableAssociation'] = 'enable';
        properties['defaultRouteTablePropagation'] = 'enable';
      });
      state.edit(ATTACHMENTS, /./, (properties) => {
        properties['transitGatewayDefaultRouteTableAssociation'] = true;
      });
    });
    assert.deepEqual(
      gateway.tables.map(({ networks, tunnels, learnsFrom }) => [networks, tunnels, learnsFrom]),
      [[['vpc0'], TUNNELS, TUNNELS]],
    );
    // The VPC's attachment does not propagate there.
    assert.deepEqual(told(gateway), [[], [], [], []]);
  });

  it('prefers static routes to a VPC’s, and advertises no blackhole', () => {
    const gateway = gatewayOf((state) => {
      const transitGatewayRouteTableId = state.id(TABLE, /./);
      const add = (name: string, properties: Record<string, unknown>): void =>
        state.add(ROUTE, name, { transitGatewayRouteTableId, ...properties });
      add('hole', { destinationCidrBlock: '10.9.0.0/16', blackhole: true });
      add('back', {
        destinationCidrBlock: '10.200.0.0/16',
        transitGatewayAttachmentId: state.property(CONNECTION, /connection-1$/, 'transitGatewayAttachmentId'),
      });
      add('vpc', { destinationCidrBlock: '10.8.0.0/16', transitGatewayAttachmentId: state.id(ATTACHMENTS, /./) });
    });
    const table = gateway.tables.find(({ routes }) => routes.length > 0) ?? assert.fail();
    const lines = routeLines(gateway, table, ATTACHMENT.network);
    assert.ok(lines.includes('route add unreachable 10.9.0.0/16 metric 10 table 100'));
    assert.ok(lines.includes('route add 10.8.0.0/16 via 169.254.1.2 dev vpc0 onlink metric 10 table 100'));
    assert.ok(lines.includes('route add 10.200.0.0/16 via 169.254.1.2 dev vpc0 onlink metric 20 table 100'));
    assert.ok(lines.some((line) => /^route add 10\.200\.0\.0\/16 metric 10 .*dev tunnel11 .*dev tunnel12 /.test(line)));
    assert.deepEqual(told(gateway)[0], ['10.100.0.0/16', '10.200.0.0/16', '10.8.0.0/16']);
  });

  it('is out of reach from zones without a subnet of the attachment', () => {
    const gateway = gatewayOf((state) => {
      const lost = state.id('aws:ec2/subnet:Subnet', /eu-west-1c-transit-subnet$/);
      const subnetIds = state.property(ATTACHMENTS, /./, 'subnetIds') as string[];
      state.edit(ATTACHMENTS, /./, (properties) => {
        properties['subnetIds'] = subnetIds.filter((id) => id !== lost);
      });
    });
    const [attachment] = gateway.attachments;
    assert.ok(attachment?.unserved.includes('10.200.64.0/19'));
    assert.ok(!attachment?.unserved.includes('10.200.32.0/19'));
    assert.match(
      unservedRules('tgw0', attachment?.unserved ?? []),
      /oifname "tgw0" ip saddr \{ .*10\.200\.64\.0\/19.* \} counter drop/,
    );
    assert.equal(unservedRules('tgw0', gatewayOf().attachments[0]?.unserved ?? ['?']), '');
  });
});
