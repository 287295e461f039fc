import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { LocalAws, reasons, refuses, type Made } from './localAws';
import { aNetwork, aSubnet, aVpc, type Network } from './network';

const GATEWAY = 'ec2transitgateway/transitGateway:TransitGateway';
const TABLE = 'ec2transitgateway/routeTable:RouteTable';
const ATTACHMENT = 'ec2transitgateway/vpcAttachment:VpcAttachment';
const ASSOCIATION = 'ec2transitgateway/routeTableAssociation:RouteTableAssociation';
const PROPAGATION = 'ec2transitgateway/routeTablePropagation:RouteTablePropagation';

const OWN_TABLES: Props = { defaultRouteTableAssociation: 'disable', defaultRouteTablePropagation: 'disable' };

async function attached(inputs: Props = OWN_TABLES): Promise<Network & { gateway: Made; attachment: Made }> {
  const network = await aNetwork();
  const { aws, vpc, subnets } = network;
  const gateway = await aws.create(GATEWAY, inputs);
  const attachment = await aws.create(ATTACHMENT, {
    transitGatewayId: gateway.id,
    vpcId: vpc.id,
    subnetIds: subnets.map(({ id }) => id),
  });
  return { ...network, gateway, attachment };
}

const aConnection = async (aws: LocalAws, gateway: Made) => {
  const customer = await aws.create('ec2/customerGateway:CustomerGateway', {
    type: 'ipsec.1',
    bgpAsn: '65010',
    ipAddress: '203.0.113.1',
  });
  return aws.create('ec2/vpnConnection:VpnConnection', {
    type: 'ipsec.1',
    customerGatewayId: customer.id,
    transitGatewayId: gateway.id,
  });
};

describe('local AWS: transit gateways', () => {
  it('have a default route table unless both defaults are off', async () => {
    const aws = new LocalAws();
    const gateway = await aws.create(GATEWAY, {});
    assert.match(String(gateway.outputs['associationDefaultRouteTableId']), /^tgw-rtb-0/);
    assert.equal(gateway.outputs['amazonSideAsn'], 64512);
    const bare = await aws.create(GATEWAY, OWN_TABLES);
    assert.equal(bare.outputs['associationDefaultRouteTableId'], '');
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('take a private number as a number', () => {
    const aws = new LocalAws();
    assert.match(reasons(aws.check(GATEWAY, { amazonSideAsn: 100 })), /64512 to 65534/);
    assert.match(reasons(aws.check(GATEWAY, { amazonSideAsn: '64512' })), /expected a number, got a string/);
    assert.match(reasons(aws.check(GATEWAY, { vpnEcmpSupport: 'on' })), /"enable" "disable"/);
  });

  it('attach a VPC once, with one subnet per zone', async () => {
    const { aws, vpc, subnets, gateway } = await attached();
    await refuses('DuplicateTransitGatewayAttachment', /same VPC ID/, () =>
      aws.create(ATTACHMENT, { transitGatewayId: gateway.id, vpcId: vpc.id, subnetIds: [subnets[0].id] }),
    );
    const other = await aws.create(GATEWAY, OWN_TABLES);
    const sameZone = await aSubnet(aws, vpc, '10.100.32.0/20', 'a');
    await refuses('DuplicateSubnetsInSameZone', /eu-west-1a/, () =>
      aws.create(ATTACHMENT, { transitGatewayId: other.id, vpcId: vpc.id, subnetIds: [subnets[0].id, sameZone.id] }),
    );
  });

  it('attach subnets of the VPC itself', async () => {
    const { aws, vpc } = await aNetwork();
    const gateway = await aws.create(GATEWAY, OWN_TABLES);
    const foreign = await aSubnet(aws, await aVpc(aws, '10.101.0.0/16'), '10.101.0.0/24');
    await refuses('InvalidSubnet', /is not in VPC/, () =>
      aws.create(ATTACHMENT, { transitGatewayId: gateway.id, vpcId: vpc.id, subnetIds: [foreign.id] }),
    );
  });

  it('hold the subnets they are attached to', async () => {
    const { aws, vpc, subnets, attachment, gateway } = await attached();
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(subnets[0]));
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(vpc));
    await refuses('IncorrectState', /non-deleted VPC Attachments: tgw-attach-/, () => aws.delete(gateway));
    await aws.delete(attachment);
    await aws.delete(gateway);
  });

  it('are a route target of attached VPCs only', async () => {
    const { aws, tables } = await aNetwork();
    const gateway = await aws.create(GATEWAY, OWN_TABLES);
    await refuses('InvalidTransitGatewayID.NotFound', /does not exist/, () =>
      aws.create('ec2/route:Route', {
        routeTableId: tables[0].id,
        destinationCidrBlock: '10.150.0.0/16',
        transitGatewayId: gateway.id,
      }),
    );
    const there = await attached();
    await there.aws.create('ec2/route:Route', {
      routeTableId: there.tables[0].id,
      destinationCidrBlock: '10.150.0.0/16',
      transitGatewayId: there.gateway.id,
    });
  });

  it('associate an attachment with one table', async () => {
    const { aws, gateway, attachment } = await attached();
    const table = await aws.create(TABLE, { transitGatewayId: gateway.id });
    const ends = { transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: table.id };
    const association = await aws.create(ASSOCIATION, ends);
    assert.equal(association.outputs['resourceType'], 'vpc');
    await refuses('Resource.AlreadyAssociated', /already associated to a route table/, () =>
      aws.create(ASSOCIATION, ends),
    );
    await refuses('IncorrectState', /non-deleted associations/, () => aws.delete(table));
    await aws.create(PROPAGATION, ends);
    await refuses('TransitGatewayRouteTablePropagation.Duplicate', /already exists/, () =>
      aws.create(PROPAGATION, ends),
    );
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('associate by default, unless the attachment says no; replacing must be asked for', async () => {
    const { aws, gateway, attachment } = await attached({});
    const table = await aws.create(TABLE, { transitGatewayId: gateway.id });
    const ends = { transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: table.id };
    await refuses('Resource.AlreadyAssociated', /already associated/, () => aws.create(ASSOCIATION, ends));
    await aws.create(ASSOCIATION, { ...ends, replaceExistingAssociation: true });
    assert.equal(aws.world.aws.all(`aws:${ASSOCIATION}`).length, 1);
  });

  it('stay while a route table of the program is theirs', async () => {
    const aws = new LocalAws();
    const gateway = await aws.create(GATEWAY, {});
    const table = await aws.create(TABLE, { transitGatewayId: gateway.id });
    await refuses('IncorrectState', /non-deleted Transit Gateway Route Tables/, () => aws.delete(gateway));
    await refuses('InvalidRouteTableID.NotFound', /tgw-rtb-9/, () =>
      aws.create(ASSOCIATION, { transitGatewayAttachmentId: 'tgw-attach-9', transitGatewayRouteTableId: 'tgw-rtb-9' }),
    );
    await aws.delete(table);
    await aws.delete(gateway);
  });

  it('the default table takes attachments of VPCs and VPN connections, and loses them with the attachment', async () => {
    const { aws, gateway, attachment } = await attached({});
    const connection = await aConnection(aws, gateway);
    const links = () =>
      [ASSOCIATION, PROPAGATION].map((type) =>
        aws.world.aws.all(`aws:${type}`).map(({ outputs }) => outputs['transitGatewayAttachmentId']),
      );
    const vpn = connection.outputs['transitGatewayAttachmentId'];
    assert.deepEqual(links(), [
      [attachment.id, vpn],
      [attachment.id, vpn],
    ]);
    await aws.delete(connection);
    assert.deepEqual(links(), [[attachment.id], [attachment.id]]);
    await aws.delete(attachment);
    assert.deepEqual(links(), [[], []]);
  });

  it('refuse tables and attachments of another gateway, and those that do not exist', async () => {
    const { aws, attachment } = await attached();
    const other = await aws.create(GATEWAY, OWN_TABLES);
    const table = await aws.create(TABLE, { transitGatewayId: other.id });
    await refuses('InvalidParameterValue', /different transit gateways/, () =>
      aws.create(ASSOCIATION, { transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: table.id }),
    );
    await refuses('InvalidTransitGatewayAttachmentID.NotFound', /tgw-attach-9/, () =>
      aws.create(ASSOCIATION, { transitGatewayAttachmentId: 'tgw-attach-9', transitGatewayRouteTableId: table.id }),
    );
    await refuses('InvalidTransitGatewayID.NotFound', /tgw-9/, () => aws.create(TABLE, { transitGatewayId: 'tgw-9' }));
  });

  it('get an attachment from each VPN connection, unknown at preview', async () => {
    const { aws, gateway } = await attached();
    const connection = await aConnection(aws, gateway);
    const attachmentId = String(connection.outputs['transitGatewayAttachmentId']);
    assert.match(attachmentId, /^tgw-attach-0/);
    const table = await aws.create(TABLE, { transitGatewayId: gateway.id });
    const association = await aws.create(ASSOCIATION, {
      transitGatewayAttachmentId: attachmentId,
      transitGatewayRouteTableId: table.id,
    });
    assert.deepEqual([association.outputs['resourceType'], association.outputs['resourceId']], ['vpn', connection.id]);
    const inputs = { type: 'ipsec.1', customerGatewayId: UNKNOWN, transitGatewayId: UNKNOWN };
    assert.equal(aws.preview('ec2/vpnConnection:VpnConnection', inputs)['transitGatewayAttachmentId'], UNKNOWN);
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });
});
