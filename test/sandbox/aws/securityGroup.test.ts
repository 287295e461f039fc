import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { LocalAws, reasons, refuses, type Made } from './localAws';
import { aNetwork, aVpc } from './network';

const GROUP = 'ec2/securityGroup:SecurityGroup';
const INGRESS = 'vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const EGRESS = 'vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const tcp = (port: number): Props => ({ ipProtocol: 'tcp', fromPort: port, toPort: port });

async function aGroup(): Promise<{ aws: LocalAws; vpc: Made; group: Made }> {
  const aws = new LocalAws();
  const vpc = await aVpc(aws);
  return { aws, vpc, group: await aws.create(GROUP, { vpcId: vpc.id, name: 'nodes' }) };
}

describe('local AWS: security groups', () => {
  it('have a name of their own in a VPC', async () => {
    const { aws, vpc } = await aGroup();
    await refuses('InvalidGroup.Duplicate', /'nodes' already exists for VPC/, () =>
      aws.create(GROUP, { vpcId: vpc.id, name: 'nodes' }),
    );
    await refuses('InvalidGroup.Duplicate', /'default' already exists/, () =>
      aws.create(GROUP, { vpcId: vpc.id, name: 'default' }),
    );
  });

  it('are named by the provider where the program does not, the same in every run', async () => {
    const { aws, vpc } = await aGroup();
    const name = aws.check(GROUP, { vpcId: vpc.id }, 'workers').inputs['name'];
    assert.match(String(name), /^workers-[0-9a-f]{7}$/);
    assert.equal(aws.check(GROUP, { vpcId: vpc.id }, 'workers').inputs['name'], name);
  });

  it('refuse a rule they have, whatever its description', async () => {
    const { aws, group } = await aGroup();
    const rule = { securityGroupId: group.id, cidrIpv4: '10.150.0.0/16', ...tcp(7000) };
    await aws.create(INGRESS, rule);
    await refuses('InvalidPermission.Duplicate', /"peer: 10\.150\.0\.0\/16, TCP, from port: 7000/, () =>
      aws.create(INGRESS, { ...rule, description: 'again' }),
    );
    await aws.create(EGRESS, rule);
    await aws.create(INGRESS, { ...rule, fromPort: 9042, toPort: 9042 });
  });

  it('take sixty rules in a direction', async () => {
    const { aws, group } = await aGroup();
    for (let n = 0; n < 60; n += 1) {
      await aws.create(INGRESS, { securityGroupId: group.id, cidrIpv4: '10.0.0.0/8', ...tcp(1000 + n) });
    }
    await refuses('RulesPerSecurityGroupLimitExceeded', /maximum number of rules/, () =>
      aws.create(INGRESS, { securityGroupId: group.id, cidrIpv4: '10.0.0.0/8', ...tcp(2000) }),
    );
  });

  it('refuse a reference to a group that does not exist', async () => {
    const { aws, group } = await aGroup();
    await refuses('InvalidGroup.NotFound', /sg-9/, () =>
      aws.create(INGRESS, { securityGroupId: group.id, referencedSecurityGroupId: 'sg-9', ...tcp(53) }),
    );
    await refuses('InvalidGroup.NotFound', /sg-8/, () =>
      aws.create(INGRESS, { securityGroupId: 'sg-8', cidrIpv4: '10.0.0.0/8', ...tcp(53) }),
    );
  });

  it('stay while a rule of another group names them', async () => {
    const { aws, vpc, group } = await aGroup();
    const other = await aws.create(GROUP, { vpcId: vpc.id, name: 'peers' });
    const rule = await aws.create(INGRESS, {
      securityGroupId: group.id,
      referencedSecurityGroupId: other.id,
      ...tcp(53),
    });
    await refuses('DependencyViolation', /has a dependent object/, () => aws.delete(other));
    await aws.delete(rule);
    await aws.delete(other);
  });

  it('take their rules along, and the default one loses them when adopted', async () => {
    const { aws, vpc, group } = await aGroup();
    const rules = () => aws.world.aws.all(`aws:${INGRESS}`).length;
    const on = (id: string) => aws.create(INGRESS, { securityGroupId: id, cidrIpv4: '10.0.0.0/8', ...tcp(53) });
    await on(group.id);
    await on(String(vpc.outputs['defaultSecurityGroupId']));
    await aws.create('ec2/defaultSecurityGroup:DefaultSecurityGroup', { vpcId: vpc.id });
    assert.equal(rules(), 1);
    await aws.delete(group);
    assert.equal(rules(), 0);
  });

  it('stay while an interface carries them', async () => {
    const { aws, vpc, subnets } = await aNetwork();
    const group = await aws.create(GROUP, { vpcId: vpc.id, name: 'endpoints' });
    await aws.create('ec2/vpcEndpoint:VpcEndpoint', {
      vpcId: vpc.id,
      serviceName: 'com.amazonaws.eu-west-1.sts',
      vpcEndpointType: 'Interface',
      subnetIds: [subnets[0].id],
      securityGroupIds: [group.id],
    });
    await refuses('DependencyViolation', /has a dependent object/, () => aws.delete(group));
  });

  it('the default one is adopted and emptied, not made', async () => {
    const { aws, vpc } = await aGroup();
    const adopted = await aws.create('ec2/defaultSecurityGroup:DefaultSecurityGroup', { vpcId: vpc.id });
    assert.equal(adopted.id, vpc.outputs['defaultSecurityGroupId']);
    assert.deepEqual(adopted.outputs['ingress'], []);
    const stored = aws.world.aws.get('aws:ec2/securityGroup:SecurityGroup', adopted.id);
    assert.deepEqual(stored?.outputs['egress'], []);
    await aws.delete(adopted);
    assert.ok(aws.world.aws.get('aws:ec2/securityGroup:SecurityGroup', adopted.id), 'only the VPC takes it along');
  });

  for (const [what, inputs, words] of [
    ['no source', tcp(53), /one must be/],
    ['two sources', { ...tcp(53), cidrIpv4: '10.0.0.0/8', referencedSecurityGroupId: UNKNOWN }, /were specified/],
    ['host bits', { ...tcp(53), cidrIpv4: '10.0.0.1/8' }, /expected 10\.0\.0\.0\/8/],
    [
      'ports for every protocol',
      { ipProtocol: '-1', fromPort: 1, toPort: 2, cidrIpv4: '10.0.0.0/8' },
      /must not be set/,
    ],
    ['ports upside down', { ipProtocol: 'tcp', fromPort: 2, toPort: 1, cidrIpv4: '10.0.0.0/8' }, /not a range/],
    ['TCP without ports', { ipProtocol: 'tcp', cidrIpv4: '10.0.0.0/8' }, /are required/],
  ] as const) {
    it(`a rule with ${what} is refused at preview`, () => {
      assert.match(reasons(new LocalAws().check(INGRESS, { securityGroupId: 'sg-1', ...inputs })), words);
    });
  }

  it('a rule whose group and source are not known yet passes', () => {
    const inputs = { securityGroupId: UNKNOWN, cidrIpv4: UNKNOWN, ipProtocol: 'icmp', fromPort: -1, toPort: -1 };
    assert.deepEqual(new LocalAws().check(INGRESS, inputs).failures, []);
  });
});
