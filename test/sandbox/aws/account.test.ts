import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { awsProvider } from '../../../sandbox/aws/provider';
import { tokens } from '../../../sandbox/schema/tokens';
import { LocalAws, reasons, refuses } from './localAws';
import { TRUST, aNetwork, aRole } from './network';

const ROLE = 'iam/role:Role';
const POLICY = 'iam/policy:Policy';
const KEY = 'kms/key:Key';
const LOG_GROUP = 'cloudwatch/logGroup:LogGroup';
const ALARM = 'cloudwatch/metricAlarm:MetricAlarm';
const FLOW_LOG = 'ec2/flowLog:FlowLog';
const TEMPLATE = 'ec2/launchTemplate:LaunchTemplate';

describe('local AWS: the provider', () => {
  it('serves every type that the schema lists, and no other', () => {
    const provider = awsProvider(new LocalAws().world);
    for (const token of tokens.aws) assert.ok(provider.typeOf(token), token);
    assert.equal(provider.typeOf('aws:s3/bucket:Bucket'), undefined);
  });

  it('refuses an account that the program does not allow, in the words of the real one', () => {
    const words = /AWS account ID not allowed: 123456789012/;
    assert.throws(() => new LocalAws({ region: 'eu-west-1', allowedAccountIds: '["111122223333"]' }), words);
    assert.throws(() => new LocalAws({ region: 'eu-west-1', forbiddenAccountIds: '["123456789012"]' }), words);
    assert.doesNotThrow(() => new LocalAws({ region: 'eu-west-1', allowedAccountIds: '["123456789012"]' }));
  });

  it('needs a region from somewhere', () => {
    const names = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
    const before = names.map((name) => process.env[name]);
    names.forEach((name) => delete process.env[name]);
    try {
      assert.throws(() => new LocalAws({}), /Missing region information/);
    } finally {
      names.forEach((name, index) => {
        if (before[index] !== undefined) process.env[name] = before[index];
      });
    }
  });

  it('refuses a region that AWS does not have', () => {
    const failures = awsProvider(new LocalAws().world).checkConfig?.({ region: 'eu-weast-1' }) ?? [];
    assert.match(reasons({ failures }), /invalid AWS Region: eu-weast-1/);
  });

  it('answers who is asking, and where', async () => {
    const provider = awsProvider(new LocalAws().world);
    const session = await provider.configure({ region: 'eu-west-1' });
    const call = (name: string, args: Props = {}) => provider.functions?.[name]?.(args, session) as Props;
    assert.equal(call('aws:index/getCallerIdentity:getCallerIdentity')['accountId'], '123456789012');
    assert.deepEqual(call('aws:index/getAvailabilityZones:getAvailabilityZones')['names'], [
      'eu-west-1a',
      'eu-west-1b',
      'eu-west-1c',
    ]);
    assert.equal(call('aws:index/getRegion:getRegion')['region'], 'eu-west-1');
    const addon = { addonName: 'kube-proxy', kubernetesVersion: '1.34' };
    assert.throws(
      () => call('aws:eks/getAddonVersion:getAddonVersion', { addonName: 'calico' }),
      /Addon calico is not supported/,
    );
    assert.match(String(call('aws:eks/getAddonVersion:getAddonVersion', addon)['version']), /^v1\.34\./);
  });

  it('keeps names apart by region', async () => {
    const aws = new LocalAws();
    const here = await aws.create(LOG_GROUP, { name: '/same' });
    const there = await aws.create(LOG_GROUP, { name: '/same', region: 'eu-central-1' });
    assert.equal(here.id, there.id);
    assert.match(String(here.outputs['arn']), /:eu-west-1:/);
    assert.match(String(there.outputs['arn']), /:eu-central-1:/);
  });
});

describe('local AWS: IAM', () => {
  const allow = (Action: string[], Resource = '*') =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

  it('roles have names of their own, up to 64 characters', async () => {
    const aws = new LocalAws();
    const assumeRolePolicy = TRUST('ec2.amazonaws.com');
    const role = await aws.create(ROLE, { name: 'nodes', assumeRolePolicy });
    assert.equal(role.outputs['arn'], 'arn:aws:iam::123456789012:role/nodes');
    await refuses('EntityAlreadyExists', /Role with name nodes already exists/, () =>
      aws.create(ROLE, { name: 'nodes', assumeRolePolicy }),
    );
    assert.match(reasons(aws.check(ROLE, { name: 'n'.repeat(65), assumeRolePolicy })), /range \(1 - 64\)/);
  });

  for (const [what, document, words] of [
    ['no statement', '{"Version":"2012-10-17"}', /Syntax errors in policy/],
    ['no principal', allow(['sts:AssumeRole']), /Principal|Resource/],
    ['no effect', '{"Statement":[{"Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}', /Effect/],
  ] as const) {
    it(`a trust policy with ${what} is malformed`, async () => {
      await refuses('MalformedPolicyDocument', words, () =>
        new LocalAws().create(ROLE, { name: 'r', assumeRolePolicy: document }),
      );
    });
  }

  it('a policy needs resources and actions of a service', async () => {
    const aws = new LocalAws();
    const statement = (more: Props) => JSON.stringify({ Statement: [{ Effect: 'Allow', ...more }] });
    await refuses('MalformedPolicyDocument', /must contain resources/, () =>
      aws.create(POLICY, { policy: statement({ Action: 'ec2:*' }) }),
    );
    await refuses('MalformedPolicyDocument', /prefaced by a vendor/, () =>
      aws.create(POLICY, { policy: statement({ Action: 'Describe', Resource: '*' }) }),
    );
    await refuses('MalformedPolicyDocument', /ARN format/, () =>
      aws.create(POLICY, { policy: statement({ Action: 'ec2:*', Resource: 'all' }) }),
    );
    assert.match(reasons(aws.check(POLICY, { policy: '{' })), /invalid JSON/);
    await refuses('LimitExceeded', /PolicySize: 6144/, () =>
      aws.create(POLICY, { policy: allow(Array.from({ length: 400 }, (_, n) => `ec2:DescribeThings${n}`)) }),
    );
  });

  it('policies have names of their own', async () => {
    const aws = new LocalAws();
    const inputs = { name: 'p', policy: allow(['ec2:DescribeVpcs']) };
    await aws.create(POLICY, inputs);
    await refuses('EntityAlreadyExists', /policy called p already exists/, () => aws.create(POLICY, inputs));
  });

  it('a role goes only after its policies, and a policy after its attachments', async () => {
    const aws = new LocalAws();
    const role = await aws.create(ROLE, { assumeRolePolicy: TRUST('ec2.amazonaws.com') });
    const policy = await aws.create(POLICY, { policy: allow(['ec2:DescribeInstances']) });
    const attachment = await aws.create('iam/rolePolicyAttachment:RolePolicyAttachment', {
      role: role.id,
      policyArn: policy.id,
    });
    const inline = await aws.create('iam/rolePolicy:RolePolicy', {
      role: role.id,
      policy: allow(['ec2:DescribeVpcs']),
    });
    await refuses('DeleteConflict', /must detach all policies first/, () => aws.delete(role));
    await refuses('DeleteConflict', /policy attached to entities/, () => aws.delete(policy));
    await aws.delete(attachment);
    await refuses('DeleteConflict', /must delete policies first/, () => aws.delete(role));
    await aws.delete(inline);
    await aws.delete(role);
    await aws.delete(policy);
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('an attachment names a role and a policy that exist', async () => {
    const aws = new LocalAws();
    const role = await aws.create(ROLE, { assumeRolePolicy: TRUST('ec2.amazonaws.com') });
    const attach = (name: string, policy: string) =>
      aws.create('iam/rolePolicyAttachment:RolePolicyAttachment', {
        role: name,
        policyArn: `arn:aws:iam::aws:policy/${policy}`,
      });
    await attach(role.id, 'AmazonEKSWorkerNodePolicy');
    await refuses('NoSuchEntity', /AmazonEKSNodePolicy does not exist or is not attachable/, () =>
      attach(role.id, 'AmazonEKSNodePolicy'),
    );
    await refuses('NoSuchEntity', /role with name nobody cannot be found/, () =>
      attach('nobody', 'AmazonEKSWorkerNodePolicy'),
    );
  });
});

describe('local AWS: keys, logs and alarms', () => {
  it('a key waits 7 to 30 days and its policy may not lock the account out', async () => {
    const aws = new LocalAws();
    assert.match(reasons(aws.check(KEY, { deletionWindowInDays: 3 })), /range \(7 - 30\)/);
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'kms:*', Resource: '*' }],
    });
    await refuses('MalformedPolicyDocumentException', /update the key policy in the future/, () =>
      aws.create(KEY, { policy }),
    );
    await refuses('MalformedPolicyDocumentException', /invalid principals/, () => aws.create(KEY, { policy: '{}' }));
    const key = await aws.create(KEY, { enableKeyRotation: true });
    assert.equal(key.outputs['arn'], `arn:aws:kms:eu-west-1:123456789012:key/${key.id}`);
    assert.equal(aws.preview(KEY, {})['arn'], UNKNOWN);
  });

  it('an alias is unique and points to a key', async () => {
    const aws = new LocalAws();
    const key = await aws.create(KEY, {});
    const alias = (name: string, targetKeyId: string) => aws.create('kms/alias:Alias', { name, targetKeyId });
    await alias('alias/one', key.id);
    await refuses('AlreadyExistsException', /alias\/one already exists/, () => alias('alias/one', key.id));
    await refuses('NotFoundException', /does not exist/, () => alias('alias/two', 'none'));
    assert.match(reasons(aws.check('kms/alias:Alias', { name: 'one', targetKeyId: key.id })), /must begin with alias/);
    await aws.delete(key);
    assert.deepEqual(aws.world.aws.all('aws:kms/alias:Alias'), [], 'aliases go with their key');
  });

  it('a log group is unique and keeps logs for days that CloudWatch offers', async () => {
    const aws = new LocalAws();
    await aws.create(LOG_GROUP, { name: '/aws/vpc', retentionInDays: 30 });
    await refuses('ResourceAlreadyExistsException', /log group already exists/, () =>
      aws.create(LOG_GROUP, { name: '/aws/vpc' }),
    );
    await refuses('InvalidParameterException', /KMS key does not exist/, () =>
      aws.create(LOG_GROUP, { name: '/key', kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/none' }),
    );
    const locked = await aws.create(LOG_GROUP, { name: '/locked', deletionProtectionEnabled: true });
    await refuses('ValidationException', /deletion protection/, () => aws.delete(locked));
    assert.match(reasons(aws.check(LOG_GROUP, { name: 'a', retentionInDays: 31 })), /got 31/);
    assert.match(reasons(aws.check(LOG_GROUP, { name: 'a b' })), /log group name/);
  });

  it('an alarm has a metric, a statistic and a period that CloudWatch evaluates', () => {
    const aws = new LocalAws();
    const alarm: Props = {
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 1,
      metricName: 'TunnelState',
      namespace: 'AWS/VPN',
      period: 300,
      statistic: 'Maximum',
      threshold: 1,
    };
    assert.deepEqual(aws.check(ALARM, alarm).failures, []);
    for (const [change, words] of [
      [{ comparisonOperator: 'Below' }, /"LessThanThreshold"/],
      [{ period: 45 }, /multiple of 60/],
      [{ statistic: 'Median' }, /"Maximum"/],
      [{ treatMissingData: 'bad' }, /"breaching"/],
      [{ evaluationPeriods: 0 }, /evaluationPeriods/],
    ] as const) {
      assert.match(reasons(aws.check(ALARM, { ...alarm, ...change })), words);
    }
  });

  it('an alarm acts on a topic of its own region', async () => {
    const aws = new LocalAws();
    const alarm = {
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 1,
      metricName: 'm',
      namespace: 'n',
      period: 60,
      statistic: 'Sum',
      threshold: 1,
    };
    await refuses('ValidationError', /Only eu-west-1 is supported/, () =>
      aws.create(ALARM, { ...alarm, alarmActions: ['arn:aws:sns:us-east-1:123456789012:t'] }),
    );
    await refuses('ValidationError', /Invalid arn syntax/, () =>
      aws.create(ALARM, { ...alarm, alarmActions: ['topic'] }),
    );
    await aws.create(ALARM, { ...alarm, alarmActions: ['arn:aws:sns:eu-west-1:123456789012:t'] });
  });

  it('a flow log needs a role that the service can assume, and one source', async () => {
    const { aws, vpc } = await aNetwork();
    const group = await aws.create(LOG_GROUP, { name: '/flow' });
    const log = (iamRoleArn: unknown) =>
      aws.create(FLOW_LOG, {
        vpcId: vpc.id,
        trafficType: 'ALL',
        logDestination: group.outputs['arn'] ?? '',
        iamRoleArn: String(iamRoleArn),
      });
    const wrong = await aRole(aws, 'ec2.amazonaws.com', []);
    await refuses('InvalidParameter', /cannot be assumed by vpc-flow-logs/, () => log(wrong.outputs['arn']));
    await log((await aRole(aws, 'vpc-flow-logs.amazonaws.com', [])).outputs['arn']);
    await refuses('InvalidParameter', /DeliverLogsPermissionArn is required/, () =>
      aws.create(FLOW_LOG, { vpcId: vpc.id, trafficType: 'ALL' }),
    );
    await refuses('InvalidParameterValue', /vpc-9/, () =>
      aws.create(FLOW_LOG, { vpcId: 'vpc-9', trafficType: 'ALL', logDestinationType: 's3' }),
    );
    assert.match(reasons(aws.check(FLOW_LOG, { trafficType: 'ALL' })), /exactly one of/);
    assert.match(
      reasons(aws.check(FLOW_LOG, { vpcId: 'v', trafficType: 'ALL', maxAggregationInterval: 300 })),
      /got 300/,
    );
  });
});

describe('local AWS: launch templates', () => {
  it('count their versions, unknown at the preview of a change', async () => {
    const aws = new LocalAws();
    const template = await aws.create(TEMPLATE, { name: 'nodes', instanceType: 'm7i.large' });
    assert.equal(template.outputs['latestVersion'], 1);
    const inputs = { name: 'nodes', instanceType: 'm7i.xlarge' };
    assert.equal(aws.previewUpdate(template, inputs)['latestVersion'], UNKNOWN);
    assert.equal((await aws.update(template, inputs)).outputs['latestVersion'], 2);
    await refuses('InvalidLaunchTemplateName.AlreadyExistsException', /already in use/, () =>
      aws.create(TEMPLATE, { name: 'nodes' }),
    );
  });

  it('name keys and security groups that exist', async () => {
    const aws = new LocalAws();
    const kmsKeyId = 'arn:aws:kms:eu-west-1:123456789012:key/none';
    await refuses('InvalidParameterValue', /Key does not exist/, () =>
      aws.create(TEMPLATE, {
        blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: 'true', kmsKeyId } }],
      }),
    );
    await refuses('InvalidGroup.NotFound', /sg-9/, () => aws.create(TEMPLATE, { vpcSecurityGroupIds: ['sg-9'] }));
  });

  it('take user data in base64 and volumes that exist', () => {
    const aws = new LocalAws();
    assert.match(reasons(aws.check(TEMPLATE, { userData: '#!/bin/bash' })), /base64/);
    const ebs = { volumeType: 'gp4', encrypted: 'yes', throughput: 5000 };
    const found = reasons(aws.check(TEMPLATE, { blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs }] }));
    assert.match(found, /volumeType/);
    assert.match(found, /encrypted/);
    assert.match(found, /throughput/);
    assert.match(reasons(aws.check(TEMPLATE, { metadataOptions: { httpTokens: 'must' } })), /httpTokens/);
  });
});
