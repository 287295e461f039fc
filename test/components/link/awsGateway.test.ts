import assert from 'node:assert/strict';
import { awsPlan } from '../fixtures';
import type { Recording } from '../recorder';
import { linkedSites } from './linkedSites';

const PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const ROUTE = 'aws:ec2/route:Route';
const zones = awsPlan.zones.map(({ zone }) => zone);

describe('a virtual private gateway', () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await linkedSites({ kind: 'virtualPrivate' }));
  });

  it('has the planned ASN, as the string that the provider takes', () => {
    assert.equal(recording.one('aws:ec2/vpnGateway:VpnGateway').inputs.amazonSideAsn, '64512');
  });

  it('propagates its routes into every workload route table', () => {
    const tables = recording.ofType(PROPAGATION).map(({ inputs }) => inputs.routeTableId);
    assert.deepEqual(
      tables,
      zones.map((zone) => `table-${zone}-id`),
    );
  });

  it('propagates only after it is attached, and is detached last', () => {
    const attachment = recording.one('aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment');
    for (const propagation of recording.ofType(PROPAGATION)) {
      assert.ok(recording.waitsFor(propagation, attachment));
    }
  });

  it('ends every VPN connection', () => {
    for (const { inputs } of recording.ofType('aws:ec2/vpnConnection:VpnConnection')) {
      assert.equal(inputs.vpnGatewayId, 'aws-vpn-vgw-id');
      assert.equal(inputs.transitGatewayId, undefined);
    }
  });

  it('needs nothing of a transit gateway', () => {
    assert.deepEqual(
      recording.resources.filter(({ type }) => type.startsWith('aws:ec2transitgateway/')),
      [],
    );
  });
});

describe('a transit gateway', () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await linkedSites({ kind: 'transit' }));
  });

  it('has the planned ASN, as the number that the provider takes, and ECMP', () => {
    const { inputs } = recording.one('aws:ec2transitgateway/transitGateway:TransitGateway');
    assert.equal(inputs.amazonSideAsn, 64512);
    assert.equal(inputs.vpnEcmpSupport, 'enable');
    assert.equal(inputs.defaultRouteTableAssociation, 'disable');
    assert.equal(inputs.defaultRouteTablePropagation, 'disable');
  });

  it('is attached in every zone', () => {
    assert.deepEqual(
      recording.one('aws:ec2transitgateway/vpcAttachment:VpcAttachment').inputs.subnetIds,
      zones.map((zone) => `transit-${zone}`),
    );
  });

  it('associates and propagates the VPC and both connections in its one route table', () => {
    const attachments = ['aws-vpn-tgw-vpc-id', 'link-connection-0-attachment', 'link-connection-1-attachment'];
    for (const type of ['routeTableAssociation:RouteTableAssociation', 'routeTablePropagation:RouteTablePropagation']) {
      const found = recording.ofType(`aws:ec2transitgateway/${type}`).map(({ inputs }) => inputs);
      assert.deepEqual(found.map((inputs) => inputs.transitGatewayAttachmentId).sort(), attachments);
      for (const inputs of found) assert.equal(inputs.transitGatewayRouteTableId, 'aws-vpn-tgw-routes-id');
    }
  });

  it('gets a route for every prefix of the peers in every workload route table', () => {
    const routes = recording.ofType(ROUTE).map(({ inputs }) => `${inputs.routeTableId} ${inputs.destinationCidrBlock}`);
    const expected = zones.flatMap((zone) => [`table-${zone}-id 10.150.0.0/16`, `table-${zone}-id 10.250.0.0/16`]);
    assert.deepEqual(routes.sort(), expected.sort());
  });

  it('gets its routes only after the VPC is attached', () => {
    const attachment = recording.one('aws:ec2transitgateway/vpcAttachment:VpcAttachment');
    for (const route of recording.ofType(ROUTE)) assert.ok(recording.waitsFor(route, attachment));
  });

  it('ends every VPN connection', () => {
    for (const { inputs } of recording.ofType('aws:ec2/vpnConnection:VpnConnection')) {
      assert.equal(inputs.transitGatewayId, 'aws-vpn-tgw-id');
      assert.equal(inputs.vpnGatewayId, undefined);
    }
  });

  it('needs nothing of a virtual private gateway', () => {
    assert.deepEqual([...recording.ofType(PROPAGATION), ...recording.ofType('aws:ec2/vpnGateway:VpnGateway')], []);
  });
});
