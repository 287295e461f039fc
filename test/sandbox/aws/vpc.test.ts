import assert from 'node:assert/strict';
import { UNKNOWN } from '../../../sandbox/core/values';
import { LocalAws, reasons, refuses } from './localAws';
import { aSubnet, aVpc } from './network';

const VPC = 'ec2/vpc:Vpc';
const ASSOCIATION = 'ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation';

describe('local AWS: VPC', () => {
  it('comes with a main route table, a default security group and a network ACL, which go with it', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    assert.match(vpc.id, /^vpc-0[0-9a-f]{16}$/);
    assert.match(String(vpc.outputs['mainRouteTableId']), /^rtb-0[0-9a-f]{16}$/);
    assert.ok(aws.world.aws.get('aws:ec2/routeTable:RouteTable', String(vpc.outputs['mainRouteTableId'])));
    assert.ok(aws.world.aws.get('aws:ec2/securityGroup:SecurityGroup', String(vpc.outputs['defaultSecurityGroupId'])));
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('gives the same ids in every run', async () => {
    const [first, second] = [await aVpc(new LocalAws()), await aVpc(new LocalAws())];
    assert.deepEqual(first.outputs, second.outputs);
  });

  it('knows at preview the inputs, the region and all tags, and nothing that EC2 assigns', () => {
    const aws = new LocalAws({ region: 'eu-west-1', defaultTags: '{"tags":{"stack":"dev","Name":"default"}}' });
    const outputs = aws.preview(VPC, { cidrBlock: '10.0.0.0/16', tags: { Name: 'own' } });
    assert.equal(outputs['cidrBlock'], '10.0.0.0/16');
    assert.equal(outputs['region'], 'eu-west-1');
    assert.deepEqual(outputs['tagsAll'], { stack: 'dev', Name: 'own' });
    for (const name of ['arn', 'mainRouteTableId', 'defaultSecurityGroupId', 'ownerId']) {
      assert.equal(outputs[name], UNKNOWN, name);
    }
  });

  for (const [cidrBlock, words] of [
    ['10.0.0.0/8', /between 16 and 28 significant bits, got: 8/],
    ['10.0.0.0/29', /between 16 and 28 significant bits, got: 29/],
    ['10.0.0.1/16', /expected 10\.0\.0\.0\/16, got 10\.0\.0\.1\/16/],
    ['10.0.0/16', /not a valid CIDR block/],
  ] as const) {
    it(`refuses ${cidrBlock} at preview`, () => {
      assert.match(reasons(new LocalAws().check(VPC, { cidrBlock })), words);
    });
  }

  it('passes a range that is not known yet', () => {
    assert.deepEqual(new LocalAws().check(VPC, { cidrBlock: UNKNOWN }).failures, []);
  });

  it('refuses a property that the real provider does not have', () => {
    assert.match(reasons(new LocalAws().check(VPC, { cidrBlok: '10.0.0.0/16' })), /cidrBlok: .*unknown property/);
  });

  it('refuses link-local and multicast ranges', async () => {
    const aws = new LocalAws();
    for (const cidrBlock of ['169.254.0.0/16', '224.0.0.0/16', '127.0.0.0/16']) {
      await refuses('InvalidVpc.Range', /is invalid/, () => aws.create(VPC, { cidrBlock }));
    }
  });

  it('refuses a sixth VPC in a region, and takes it in another', async () => {
    const aws = new LocalAws();
    for (let n = 0; n < 5; n += 1) await aVpc(aws, `10.${n}.0.0/16`);
    await refuses('VpcLimitExceeded', /maximum number of VPCs/, () => aVpc(aws, '10.5.0.0/16'));
    const elsewhere = await aws.create(VPC, { cidrBlock: '10.5.0.0/16', region: 'eu-central-1' });
    assert.equal(elsewhere.outputs['region'], 'eu-central-1');
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('is replaced when its range changes and not when its DNS does', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    assert.deepEqual(aws.diff(vpc, { cidrBlock: '10.101.0.0/16', enableDnsHostnames: true }).replaces, ['cidrBlock']);
    assert.deepEqual(aws.diff(vpc, { cidrBlock: '10.100.0.0/16', enableDnsHostnames: false }).replaces, []);
  });

  it('updates tags in place, and all tags with them', async () => {
    const aws = new LocalAws({ region: 'eu-west-1', defaultTags: '{"tags":{"stack":"dev"}}' });
    const vpc = await aVpc(aws);
    const inputs = { cidrBlock: '10.100.0.0/16', enableDnsHostnames: true, tags: { Name: 'new' } };
    assert.deepEqual(aws.previewUpdate(vpc, inputs)['tagsAll'], { stack: 'dev', Name: 'new' });
    const updated = await aws.update(vpc, inputs);
    assert.deepEqual(updated.outputs['tagsAll'], { stack: 'dev', Name: 'new' });
    assert.equal(updated.outputs['arn'], vpc.outputs['arn']);
  });

  for (const [what, tags, code] of [
    ['a reserved key', { 'aws:owner': 'x' }, 'InvalidParameterValue'],
    ['a key of 129 characters', { ['k'.repeat(129)]: 'x' }, 'InvalidParameterValue'],
    ['a value of 257 characters', { k: 'v'.repeat(257) }, 'InvalidParameterValue'],
    ['51 tags', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'x'])), 'TagLimitExceeded'],
  ] as const) {
    it(`refuses tags with ${what}`, async () => {
      const aws = new LocalAws();
      await refuses(code, /[Tt]ag/, () => aws.create(VPC, { cidrBlock: '10.0.0.0/16', tags }));
      const vpc = await aVpc(aws);
      await refuses(code, /[Tt]ag/, () => aws.update(vpc, { ...vpc.inputs, tags }));
    });
  }

  for (const [what, token, inputs] of [
    ['a subnet', 'ec2/subnet:Subnet', { cidrBlock: '10.100.0.0/24' }],
    ['an internet gateway', 'ec2/internetGateway:InternetGateway', {}],
    ['a security group', 'ec2/securityGroup:SecurityGroup', { name: 'own' }],
    ['a route table', 'ec2/routeTable:RouteTable', {}],
  ] as const) {
    it(`cannot be deleted while ${what} is in it`, async () => {
      const aws = new LocalAws();
      const vpc = await aVpc(aws);
      const inside = await aws.create(token, { ...inputs, vpcId: vpc.id });
      await refuses('DependencyViolation', /has dependencies and cannot be deleted/, () => aws.delete(vpc));
      await aws.delete(inside);
      await aws.delete(vpc);
      assert.deepEqual(aws.world.aws.everything(), []);
    });
  }
});

describe('local AWS: secondary VPC ranges', () => {
  const cases: readonly [primary: string, added: string, allowed: boolean][] = [
    ['10.100.0.0/16', '10.200.0.0/16', true],
    ['10.100.0.0/16', '100.64.0.0/16', true],
    ['10.100.0.0/16', '8.8.0.0/16', true],
    ['10.100.0.0/16', '172.16.0.0/16', false],
    ['10.100.0.0/16', '192.168.0.0/16', false],
    ['10.100.0.0/16', '198.19.0.0/16', false],
    ['10.100.0.0/16', '10.0.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/16', false],
    ['10.1.0.0/16', '10.0.128.0/20', false],
    ['10.1.0.0/16', '10.2.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/16', true],
    ['172.16.0.0/16', '172.17.0.0/16', true],
    ['172.16.0.0/16', '172.31.0.0/16', false],
    ['172.16.0.0/16', '10.0.0.0/16', false],
    ['192.168.0.0/20', '192.168.64.0/20', true],
    ['192.168.0.0/20', '172.16.0.0/16', false],
    ['100.64.0.0/16', '100.65.0.0/16', true],
    ['100.64.0.0/16', '10.0.0.0/16', false],
    ['198.19.0.0/20', '100.64.0.0/16', true],
    ['198.19.0.0/20', '10.0.0.0/16', false],
  ];
  for (const [primary, added, allowed] of cases) {
    it(`a VPC of ${primary} ${allowed ? 'takes' : 'refuses'} ${added}`, async () => {
      const aws = new LocalAws();
      const vpc = await aVpc(aws, primary);
      const associate = () => aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: added });
      if (!allowed) return refuses('InvalidVpc.Range', /is restricted/, associate);
      assert.match((await associate()).id, /^vpc-cidr-assoc-0[0-9a-f]{16}$/);
    });
  }

  it('refuses a range that overlaps one the VPC has', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    await refuses('InvalidVpc.Range', /conflicts with another CIDR/, () =>
      aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '10.100.128.0/20' }),
    );
  });

  it('refuses link-local addresses, and a range that is not given at all', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    await refuses('InvalidVpc.Range', /'169\.254\.0\.0\/16' is invalid/, () =>
      aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '169.254.0.0/16' }),
    );
    await refuses('MissingParameter', /CidrBlock/, () => aws.create(ASSOCIATION, { vpcId: vpc.id }));
  });

  it('refuses a sixth range', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    for (let n = 1; n <= 4; n += 1) await aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: `10.${100 + n}.0.0/16` });
    await refuses('CidrLimitExceeded', /maximum number of allowed CIDRs: 5/, () =>
      aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '10.105.0.0/16' }),
    );
  });

  it('refuses a range that holds the destination of a route', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const gateway = await aws.create('ec2/internetGateway:InternetGateway', { vpcId: vpc.id });
    const table = await aws.create('ec2/routeTable:RouteTable', { vpcId: vpc.id });
    await aws.create('ec2/route:Route', {
      routeTableId: table.id,
      destinationCidrBlock: '10.150.4.0/22',
      gatewayId: gateway.id,
    });
    await refuses('InvalidVpc.Range', /destination 10\.150\.4\.0\/22 of a route/, () =>
      aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '10.150.0.0/16' }),
    );
    await aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '10.151.0.0/16' });
  });

  it('refuses a VPC that does not exist', async () => {
    await refuses('InvalidVpcID.NotFound', /vpc ID 'vpc-1' does not exist/, () =>
      new LocalAws().create(ASSOCIATION, { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/16' }),
    );
  });

  it('cannot be taken away while a subnet lies in it', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const association = await aws.create(ASSOCIATION, { vpcId: vpc.id, cidrBlock: '10.200.0.0/16' });
    const subnet = await aSubnet(aws, vpc, '10.200.0.0/18');
    await refuses('InvalidCidrBlock.InUse', /subnet within CIDR block 10\.200\.0\.0\/16/, () =>
      aws.delete(association),
    );
    await aws.delete(subnet);
    await aws.delete(association);
  });
});
