import assert from 'node:assert/strict';
import { LocalAws, reasons, refuses } from './localAws';
import { aNetwork, aSubnet, aVpc } from './network';

const SUBNET = 'ec2/subnet:Subnet';
const RESERVATION = 'ec2/subnetCidrReservation:SubnetCidrReservation';

describe('local AWS: subnets', () => {
  for (const [cidr, code, words] of [
    ['10.101.0.0/24', 'InvalidSubnet.Range', /'10\.101\.0\.0\/24' is invalid/],
    ['10.100.0.0/15', 'InvalidSubnet.Range', /is invalid/],
    ['10.100.0.0/29', 'InvalidSubnet.Range', /is invalid/],
    ['10.100.8.0/24', 'InvalidSubnet.Conflict', /conflicts with another subnet/],
    ['10.100.0.0/16', 'InvalidSubnet.Conflict', /conflicts with another subnet/],
  ] as const) {
    it(`a VPC of 10.100.0.0/16 with 10.100.0.0/20 taken refuses ${cidr}`, async () => {
      const aws = new LocalAws();
      const vpc = await aVpc(aws);
      await aSubnet(aws, vpc, '10.100.0.0/20');
      await refuses(code, words, () => aSubnet(aws, vpc, cidr, 'b'));
    });
  }

  it('lies in a secondary range once that is associated', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    await refuses('InvalidSubnet.Range', /is invalid/, () => aSubnet(aws, vpc, '10.200.0.0/18'));
    await aws.create('ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation', {
      vpcId: vpc.id,
      cidrBlock: '10.200.0.0/16',
    });
    await aSubnet(aws, vpc, '10.200.0.0/18');
  });

  it('refuses a zone of another region, and names its own', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    await refuses('InvalidParameterValue', /eu-west-1a, eu-west-1b, eu-west-1c/, () =>
      aws.create(SUBNET, { vpcId: vpc.id, cidrBlock: '10.100.0.0/24', availabilityZone: 'eu-central-1a' }),
    );
  });

  it('knows its zone id and its VPC must exist', async () => {
    const aws = new LocalAws();
    const subnet = await aSubnet(aws, await aVpc(aws), '10.100.0.0/24', 'b');
    assert.equal(subnet.outputs['availabilityZoneId'], 'euw1-az2');
    await refuses('InvalidVpcID.NotFound', /vpc-0/, () =>
      aws.create(SUBNET, { vpcId: 'vpc-0', cidrBlock: '10.100.0.0/24' }),
    );
  });

  it('cannot be deleted while a NAT gateway has its interface there', async () => {
    const { aws, publicSubnet } = await aNetwork();
    await refuses('DependencyViolation', /has dependencies and cannot be deleted/, () => aws.delete(publicSubnet));
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('is replaced when its range or zone changes', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const subnet = await aSubnet(aws, vpc, '10.100.0.0/24');
    const changed = { vpcId: vpc.id, cidrBlock: '10.100.1.0/24', availabilityZone: 'eu-west-1b' };
    assert.deepEqual([...aws.diff(subnet, changed).replaces].sort(), ['availabilityZone', 'cidrBlock']);
  });
});

describe('local AWS: subnet CIDR reservations', () => {
  it('lie inside their subnet and beside one another', async () => {
    const aws = new LocalAws();
    const subnet = await aSubnet(aws, await aVpc(aws), '10.100.0.0/24');
    const reserve = (cidrBlock: string) =>
      aws.create(RESERVATION, { subnetId: subnet.id, cidrBlock, reservationType: 'explicit' });
    await reserve('10.100.0.16/28');
    await refuses('InvalidParameterValue', /not within the CIDR of subnet/, () => reserve('10.100.1.0/28'));
    await refuses('InvalidParameterValue', /conflicts with the reservation/, () => reserve('10.100.0.24/29'));
    await refuses('InvalidSubnetID.NotFound', /subnet-1/, () =>
      aws.create(RESERVATION, { subnetId: 'subnet-1', cidrBlock: '10.100.0.16/28', reservationType: 'explicit' }),
    );
  });

  it('know two types', () => {
    const failures = new LocalAws().check(RESERVATION, {
      subnetId: 's',
      cidrBlock: '10.0.0.0/28',
      reservationType: 'exact',
    });
    assert.match(reasons(failures), /expected reservationType to be one of \["prefix" "explicit"\]/);
  });

  it('keep their addresses from being given away', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const subnet = await aSubnet(aws, vpc, '10.100.0.0/28');
    await aws.create(RESERVATION, { subnetId: subnet.id, cidrBlock: '10.100.0.0/29', reservationType: 'explicit' });
    await aws.create('ec2/internetGateway:InternetGateway', { vpcId: vpc.id });
    const address = await aws.create('ec2/eip:Eip', { domain: 'vpc' });
    const nat = await aws.create('ec2/natGateway:NatGateway', { subnetId: subnet.id, allocationId: address.id });
    assert.equal(nat.outputs['privateIp'], '10.100.0.8');
  });
});
