import { flag, number, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, conflicts, fail, given, known, length, matches, oneOf } from './checks';
import { ec2Error, serviceError } from './errors';
import { roleTrusting } from './iam';
import { findKey } from './kms';
import type { AwsSession } from './session';
import { FLOW_LOG, LOG_GROUP, SUBNET, TRANSIT_GATEWAY, VPC } from './tokens';

/** CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logGroup: AwsType = {
  token: LOG_GROUP,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix', 'logGroupClass'],
  autoName: { property: 'name', maxLength: 512 },
  defaults: () => ({ skipDestroy: false, retentionInDays: 0 }),
  check: (inputs) => [
    ...oneOf(inputs, 'retentionInDays', RETENTION_DAYS),
    ...oneOf(inputs, 'logGroupClass', ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']),
    ...matches(inputs, 'name', /^[.\-_/#A-Za-z0-9]+$/, "isn't a valid log group name"),
    ...length(inputs, 'name', 1, 512),
    ...conflicts(inputs, 'name', 'namePrefix'),
    ...arn(inputs, 'kmsKeyId'),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    if (cloud.existing(LOG_GROUP, name)) {
      throw serviceError(
        'CloudWatch Logs',
        'CreateLogGroup',
        'ResourceAlreadyExistsException',
        'The specified log group already exists',
      );
    }
    const key = text(inputs, 'kmsKeyId');
    if (key !== undefined && !findKey(cloud, key)) {
      throw serviceError(
        'CloudWatch Logs',
        'CreateLogGroup',
        'InvalidParameterException',
        `The specified KMS key does not exist or is not allowed to be used with Arn '${cloud.arn('logs', `log-group:${name}`)}'`,
      );
    }
    return {
      id: name,
      outputs: {
        arn: cloud.arn('logs', `log-group:${name}`),
        logGroupClass: text(inputs, 'logGroupClass') ?? 'STANDARD',
        deletionProtectionEnabled: flag(inputs, 'deletionProtectionEnabled') ?? false,
      },
    };
  },
  update: (_, inputs) => ({ retentionInDays: number(inputs, 'retentionInDays') ?? 0 }),
  delete: (resource) => {
    if (flag(resource.outputs, 'deletionProtectionEnabled')) {
      throw serviceError(
        'CloudWatch Logs',
        'DeleteLogGroup',
        'ValidationException',
        `The log group ${resource.id} has deletion protection enabled`,
      );
    }
  },
};

const SOURCES = [
  'vpcId',
  'subnetId',
  'eniId',
  'transitGatewayId',
  'transitGatewayAttachmentId',
  'regionalNatGatewayId',
];

export const flowLog: AwsType = {
  token: FLOW_LOG,
  seconds: { create: 2, delete: 2 },
  immutable: 'all',
  defaults: () => ({ maxAggregationInterval: 600, logDestinationType: 'cloud-watch-logs' }),
  check: (inputs) => [
    ...(SOURCES.filter((name) => given(inputs, name)).length === 1
      ? []
      : [fail('vpcId', `exactly one of ${SOURCES.join(', ')} must be specified`)]),
    ...oneOf(inputs, 'maxAggregationInterval', [60, 600]),
    ...oneOf(inputs, 'trafficType', ['ACCEPT', 'REJECT', 'ALL']),
    ...oneOf(inputs, 'logDestinationType', ['cloud-watch-logs', 's3', 'kinesis-data-firehose']),
    ...arn(inputs, 'iamRoleArn'),
    ...arn(inputs, 'logDestination'),
    ...(known(inputs, 'transitGatewayId') !== undefined ||
    given(inputs, 'trafficType') ||
    given(inputs, 'transitGatewayAttachmentId')
      ? []
      : [fail('trafficType', '`traffic_type` is required unless the source is a transit gateway')]),
  ],
  create: (inputs, cloud) => {
    refuseSource(cloud, inputs);
    if (text(inputs, 'logDestinationType') === 'cloud-watch-logs') refuseDelivery(cloud, inputs);
    const id = cloud.newId('fl');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `vpc-flow-log/${id}`),
        logFormat:
          text(inputs, 'logFormat') ??
          '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}',
      },
    };
  },
};

function refuseSource(cloud: AwsSession, inputs: Props): void {
  const sources = [
    ['vpcId', VPC],
    ['subnetId', SUBNET],
    ['transitGatewayId', TRANSIT_GATEWAY],
  ] as const;
  for (const [name, token] of sources) {
    const id = text(inputs, name);
    if (id !== undefined && !cloud.existing(token, id)) {
      throw ec2Error('CreateFlowLogs', 'InvalidParameterValue', `Value (${id}) for parameter ResourceId is invalid.`);
    }
  }
}

/** The role must trust the flow logs service (VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs"). */
function refuseDelivery(cloud: AwsSession, inputs: Props): void {
  const roleArn = text(inputs, 'iamRoleArn');
  if (roleArn === undefined) {
    throw ec2Error(
      'CreateFlowLogs',
      'InvalidParameter',
      'DeliverLogsPermissionArn is required for destination type cloud-watch-logs',
    );
  }
  if (!roleTrusting(cloud, roleArn, 'vpc-flow-logs.amazonaws.com')) {
    throw ec2Error(
      'CreateFlowLogs',
      'InvalidParameter',
      `Access Denied for LogDestination: the role ${roleArn} cannot be assumed by vpc-flow-logs.amazonaws.com`,
    );
  }
}
