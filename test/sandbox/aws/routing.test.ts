import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { LocalAws, reasons, refuses, type Made } from './localAws';
import { aNetwork, aSubnet, aVpc } from './network';

const ROUTE = 'ec2/route:Route';
const TABLE = 'ec2/routeTable:RouteTable';
const ASSOCIATION = 'ec2/routeTableAssociation:RouteTableAssociation';
const GATEWAY = 'ec2/internetGateway:InternetGateway';
const NAT = 'ec2/natGateway:NatGateway';
const EIP = 'ec2/eip:Eip';

const routeTo = (aws: LocalAws, table: Made, destinationCidrBlock: string, target: Props) =>
  aws.create(ROUTE, { routeTableId: table.id, destinationCidrBlock, ...target });

describe('local AWS: routes', () => {
  it('refuse a destination that the table has', async () => {
    const { aws, tables, gateway } = await aNetwork();
    await refuses('RouteAlreadyExists', /route identified by 0\.0\.0\.0\/0 already exists/, () =>
      routeTo(aws, tables[0], '0.0.0.0/0', { gatewayId: gateway.id }),
    );
    await refuses('RouteAlreadyExists', /10\.100\.0\.0\/16 already exists/, () =>
      routeTo(aws, tables[0], '10.100.0.0/16', { gatewayId: gateway.id }),
    );
  });

  it('refuse a part of the VPC for anything but an interface', async () => {
    const { aws, tables, gateway } = await aNetwork();
    await refuses('InvalidParameterValue', /more specific than one of this VPC's CIDR blocks/, () =>
      routeTo(aws, tables[0], '10.100.0.0/24', { gatewayId: gateway.id }),
    );
  });

  for (const [target, code, words] of [
    [{ gatewayId: 'igw-1' }, 'InvalidGatewayID.NotFound', /igw-1/],
    [{ gatewayId: 'vgw-1' }, 'InvalidGatewayID.NotFound', /vgw-1/],
    [{ natGatewayId: 'nat-1' }, 'InvalidNatGatewayID.NotFound', /nat-1/],
    [{ transitGatewayId: 'tgw-1' }, 'InvalidTransitGatewayID.NotFound', /tgw-1/],
    [{ networkInterfaceId: 'eni-1' }, 'InvalidNetworkInterfaceID.NotFound', /eni-1/],
    [{ vpcEndpointId: 'vpce-1' }, 'InvalidVpcEndpointId.NotFound', /vpce-1/],
    [{ vpcPeeringConnectionId: 'pcx-1' }, 'InvalidVpcPeeringConnectionId.NotFound', /pcx-1/],
    [{ gatewayId: 'cgw-1' }, 'InvalidGatewayID.NotFound', /cgw-1/],
  ] as const) {
    it(`refuse the target ${JSON.stringify(target)}, which does not exist`, async () => {
      const { aws, tables } = await aNetwork();
      await refuses(code, words, () => routeTo(aws, tables[0], '10.150.0.0/16', target));
    });
  }

  it('refuse virtual private and NAT gateways of another VPC', async () => {
    const { aws, vpc } = await aNetwork();
    const other = await aws.create(TABLE, { vpcId: (await aVpc(aws, '10.101.0.0/16')).id });
    const gateway = await aws.create('ec2/vpnGateway:VpnGateway', { vpcId: vpc.id });
    const [nat] = aws.world.aws.all(`aws:${NAT}`);
    for (const target of [{ gatewayId: gateway.id }, { natGatewayId: nat?.id ?? '' }] as Props[]) {
      await refuses('InvalidParameterValue', /belong to different networks/, () =>
        routeTo(aws, other, '10.150.0.0/16', target),
      );
    }
  });

  it('refuse a gateway of another VPC', async () => {
    const { aws, gateway } = await aNetwork();
    const other = await aws.create(TABLE, { vpcId: (await aVpc(aws, '10.101.0.0/16')).id });
    await refuses('InvalidParameterValue', /belong to different networks/, () =>
      routeTo(aws, other, '0.0.0.0/0', { gatewayId: gateway.id }),
    );
  });

  it('refuse a table that does not exist', async () => {
    await refuses('InvalidRouteTableID.NotFound', /rtb-1/, () =>
      new LocalAws().create(ROUTE, { routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }),
    );
  });

  it('have exactly one destination and one target, known or not', () => {
    const aws = new LocalAws();
    const check = (inputs: Props) => reasons(aws.check(ROUTE, { routeTableId: 'rtb-1', ...inputs }));
    assert.match(check({ gatewayId: 'igw-1' }), /destinationCidrBlock/);
    assert.match(check({ destinationCidrBlock: '0.0.0.0/0' }), /none was specified/);
    assert.match(
      check({ destinationCidrBlock: '0.0.0.0/0', gatewayId: 'a', natGatewayId: UNKNOWN }),
      /gatewayId,natGatewayId were/,
    );
    assert.match(check({ destinationCidrBlock: '10.0.0.1/8', gatewayId: 'a' }), /expected 10\.0\.0\.0\/8/);
    assert.equal(check({ destinationCidrBlock: UNKNOWN, gatewayId: UNKNOWN }), '');
  });

  it('change their target in place and their destination by replacement', async () => {
    const { aws, tables, gateway } = await aNetwork();
    const route = await routeTo(aws, tables[0], '10.150.0.0/16', { gatewayId: gateway.id });
    const other = { routeTableId: tables[0].id, destinationCidrBlock: '10.151.0.0/16', gatewayId: gateway.id };
    assert.deepEqual(aws.diff(route, other).replaces, ['destinationCidrBlock']);
    const bad = { routeTableId: tables[0].id, destinationCidrBlock: '10.150.0.0/16', gatewayId: 'igw-9' };
    assert.deepEqual(aws.diff(route, bad).replaces, []);
    await refuses('InvalidGatewayID.NotFound', /igw-9/, () => aws.update(route, bad));
  });
});

describe('local AWS: routes whose target is gone', () => {
  it('are black holes at the next refresh', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const gateway = await aws.create(GATEWAY, { vpcId: vpc.id });
    const table = await aws.create(TABLE, { vpcId: vpc.id });
    const route = await routeTo(aws, table, '0.0.0.0/0', { gatewayId: gateway.id });
    assert.equal((await aws.read(route))?.['state'], 'active');
    await aws.delete(gateway);
    assert.equal((await aws.read(route))?.['state'], 'blackhole');
  });
});

describe('local AWS: route tables', () => {
  it('give a subnet one association', async () => {
    const { aws, subnets, tables } = await aNetwork();
    await refuses('Resource.AlreadyAssociated', /conflicts with an existing association/, () =>
      aws.create(ASSOCIATION, { subnetId: subnets[0].id, routeTableId: tables[1].id }),
    );
  });

  it('serve subnets of their own VPC', async () => {
    const { aws, tables } = await aNetwork();
    const foreign = await aSubnet(aws, await aVpc(aws, '10.101.0.0/16'), '10.101.0.0/24');
    await refuses('InvalidParameterValue', /belong to different networks/, () =>
      aws.create(ASSOCIATION, { subnetId: foreign.id, routeTableId: tables[0].id }),
    );
  });

  it('stay while a subnet is associated, and take their routes along', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const gateway = await aws.create(GATEWAY, { vpcId: vpc.id });
    const table = await aws.create(TABLE, { vpcId: vpc.id });
    await routeTo(aws, table, '0.0.0.0/0', { gatewayId: gateway.id });
    const subnet = await aSubnet(aws, vpc, '10.100.0.0/24');
    const association = await aws.create(ASSOCIATION, { subnetId: subnet.id, routeTableId: table.id });
    await refuses('DependencyViolation', /routeTable 'rtb-.*' has dependencies/, () => aws.delete(table));
    await aws.delete(association);
    await aws.delete(table);
    assert.deepEqual(aws.world.aws.all('aws:ec2/route:Route'), []);
  });

  it('refuse inline routes as they refuse those that stand alone', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const routes = (list: Props[]) => aws.create(TABLE, { vpcId: vpc.id, routes: list });
    await refuses('InvalidGatewayID.NotFound', /igw-1/, () => routes([{ cidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }]));
    const gateway = await aws.create(GATEWAY, { vpcId: vpc.id });
    const twice = { cidrBlock: '0.0.0.0/0', gatewayId: gateway.id };
    await refuses('RouteAlreadyExists', /0\.0\.0\.0\/0/, () => routes([twice, twice]));
    await routes([twice]);
    await refuses('InvalidVpnGatewayID.NotFound', /vgw-9/, () =>
      aws.create(TABLE, { vpcId: vpc.id, propagatingVgws: ['vgw-9'] }),
    );
  });
});

describe('local AWS: gateways to the internet', () => {
  it('are one per VPC', async () => {
    const { aws, vpc } = await aNetwork();
    await refuses('InvalidParameterValue', /already has an internet gateway attached/, () =>
      aws.create(GATEWAY, { vpcId: vpc.id }),
    );
    await refuses('InvalidVpcID.NotFound', /vpc-9/, () => aws.create(GATEWAY, { vpcId: 'vpc-9' }));
  });

  it('cannot be detached while a NAT gateway maps a public address', async () => {
    const { aws, gateway } = await aNetwork();
    await refuses('DependencyViolation', /mapped public address/, () => aws.delete(gateway));
  });

  it('a NAT gateway needs an internet gateway, an address and an address of its own', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const subnet = await aSubnet(aws, vpc, '10.100.0.0/24');
    const address = await aws.create(EIP, { domain: 'vpc' });
    const nat = (allocationId: string) => aws.create(NAT, { subnetId: subnet.id, allocationId });
    await refuses('Gateway.NotAttached', /has no Internet gateway attached/, () => nat(address.id));
    const gateway = await aws.create(GATEWAY, { vpcId: vpc.id });
    await refuses('InvalidAllocationID.NotFound', /eipalloc-1/, () => nat('eipalloc-1'));
    await refuses('MissingParameter', /AllocationId/, () => aws.create(NAT, { subnetId: subnet.id }));
    const made = await nat(address.id);
    assert.equal(made.outputs['publicIp'], address.outputs['publicIp']);
    assert.equal(made.outputs['privateIp'], '10.100.0.4', 'the first address that AWS does not keep');
    await refuses('Resource.AlreadyAssociated', /already associated/, () => nat(address.id));
    await refuses('InvalidIPAddress.InUse', /is in use/, () => aws.delete(address));
    await aws.delete(made);
    await aws.delete(address);
    await aws.delete(gateway);
  });

  it('a sixth address is refused', async () => {
    const aws = new LocalAws();
    for (let n = 0; n < 5; n += 1) await aws.create(EIP, { domain: 'vpc' });
    await refuses('AddressLimitExceeded', /maximum number of addresses/, () => aws.create(EIP, { domain: 'vpc' }));
  });

  it('public addresses are distinct, and unknown at preview', async () => {
    const aws = new LocalAws();
    const [a, b] = [await aws.create(EIP, { domain: 'vpc' }), await aws.create(EIP, { domain: 'vpc' })];
    assert.notEqual(a.outputs['publicIp'], b.outputs['publicIp']);
    assert.equal(aws.preview(EIP, { domain: 'vpc' })['publicIp'], UNKNOWN);
  });
});

describe('local AWS: VPC endpoints', () => {
  const ENDPOINT = 'ec2/vpcEndpoint:VpcEndpoint';
  const service = (name: string) => `com.amazonaws.eu-west-1.${name}`;

  it('a gateway endpoint routes each table once', async () => {
    const { aws, vpc, tables } = await aNetwork();
    const routeTableIds = tables.map(({ id }) => id);
    const endpoint = await aws.create(ENDPOINT, { vpcId: vpc.id, serviceName: service('s3'), routeTableIds });
    assert.equal(endpoint.outputs['vpcEndpointType'], 'Gateway');
    await refuses('RouteAlreadyExists', /destination-prefix-list-id/, () =>
      aws.create(ENDPOINT, { vpcId: vpc.id, serviceName: service('s3'), routeTableIds }),
    );
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('an interface endpoint keeps an interface in each subnet, one per zone', async () => {
    const { aws, vpc, subnets } = await aNetwork();
    const inputs = {
      vpcId: vpc.id,
      serviceName: service('sts'),
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
    };
    const endpoint = await aws.create(ENDPOINT, { ...inputs, subnetIds: subnets.map(({ id }) => id) });
    assert.equal((endpoint.outputs['networkInterfaceIds'] as string[]).length, 2);
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(subnets[0]));
    await refuses('InvalidParameter', /conflicting DNS domain/, () => aws.create(ENDPOINT, inputs));
    const sameZone = await aSubnet(aws, vpc, '10.100.32.0/20', 'a');
    await refuses('DuplicateSubnetsInSameZone', /availability zone/, () =>
      aws.create(ENDPOINT, { ...inputs, serviceName: service('ec2'), subnetIds: [subnets[0].id, sameZone.id] }),
    );
  });

  it('an endpoint serves tables, subnets and private names of its own VPC', async () => {
    const { aws, vpc } = await aNetwork();
    const other = await aws.create('ec2/vpc:Vpc', { cidrBlock: '10.101.0.0/16' });
    const table = await aws.create(TABLE, { vpcId: other.id });
    await refuses('InvalidRouteTableId.NotFound', /does not exist in vpc-/, () =>
      aws.create(ENDPOINT, { vpcId: vpc.id, serviceName: service('s3'), routeTableIds: [table.id] }),
    );
    const subnet = await aSubnet(aws, other, '10.101.0.0/24');
    const sts = { serviceName: service('sts'), vpcEndpointType: 'Interface' };
    await refuses('InvalidSubnetId.NotFound', /does not exist in vpc-/, () =>
      aws.create(ENDPOINT, { ...sts, vpcId: vpc.id, subnetIds: [subnet.id] }),
    );
    await refuses('InvalidParameter', /enableDnsSupport and enableDnsHostnames/, () =>
      aws.create(ENDPOINT, { ...sts, vpcId: other.id, privateDnsEnabled: true }),
    );
  });

  it('a service of another region, or one nobody offers, does not exist', async () => {
    const { aws, vpc } = await aNetwork();
    for (const serviceName of ['com.amazonaws.us-east-1.s3', service('cassandra-proxy')]) {
      await refuses('InvalidServiceName', /does not exist/, () => aws.create(ENDPOINT, { vpcId: vpc.id, serviceName }));
    }
  });

  it('a gateway endpoint takes no subnets and an interface endpoint no route tables', () => {
    const aws = new LocalAws();
    const base = { vpcId: 'vpc-1', serviceName: service('s3') };
    assert.match(reasons(aws.check(ENDPOINT, { ...base, subnetIds: ['a'] })), /subnetIds/);
    assert.match(
      reasons(aws.check(ENDPOINT, { ...base, vpcEndpointType: 'Interface', routeTableIds: ['a'] })),
      /routeTableIds/,
    );
  });
});
