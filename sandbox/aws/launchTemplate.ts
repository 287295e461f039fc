import { list, number, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { between, conflicts, fail, known, length, matches, oneOf } from './checks';
import { ec2Error } from './errors';
import { findKey } from './kms';
import { requireSecurityGroup } from './lookups';
import type { AwsSession } from './session';
import { LAUNCH_TEMPLATE } from './tokens';

const VOLUME_TYPES = ['standard', 'io1', 'io2', 'gp2', 'gp3', 'sc1', 'st1'];

export const launchTemplate: AwsType = {
  token: LAUNCH_TEMPLATE,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix'],
  autoName: { property: 'name', maxLength: 125 },
  check: (inputs) => [
    ...length(inputs, 'name', 3, 128),
    ...matches(inputs, 'name', /^[0-9A-Za-z().\-/_]+$/, 'launch template name'),
    ...conflicts(inputs, 'name', 'namePrefix'),
    ...length(inputs, 'description', 0, 255),
    ...oneOf(inputs, 'metadataOptions.httpTokens', ['optional', 'required']),
    ...oneOf(inputs, 'metadataOptions.httpEndpoint', ['enabled', 'disabled']),
    ...between(inputs, 'metadataOptions.httpPutResponseHopLimit', 1, 64),
    ...volumes(inputs),
    ...userData(inputs),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    if (cloud.find(LAUNCH_TEMPLATE, (stored) => text(stored.outputs, 'name') === name)) {
      throw ec2Error(
        'CreateLaunchTemplate',
        'InvalidLaunchTemplateName.AlreadyExistsException',
        'Launch template name already in use.',
      );
    }
    refuseReferences(cloud, 'CreateLaunchTemplate', inputs);
    const id = cloud.newId('lt');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `launch-template/${id}`),
        latestVersion: 1,
        defaultVersion: 1,
      },
    };
  },
  // A template is never edited: a change is a new version (EC2 user guide, "Launch templates").
  update: (resource, inputs, cloud) => {
    refuseReferences(cloud, 'CreateLaunchTemplateVersion', inputs);
    const latestVersion = (number(resource.outputs, 'latestVersion') ?? 1) + 1;
    const chosen = inputs['updateDefaultVersion'] === true ? latestVersion : number(inputs, 'defaultVersion');
    return { latestVersion, defaultVersion: chosen ?? number(resource.outputs, 'defaultVersion') ?? 1 };
  },
  updateUnknowns: (inputs) =>
    inputs['updateDefaultVersion'] === true ? ['latestVersion', 'defaultVersion'] : ['latestVersion'],
};

function volumes(inputs: Props) {
  const mappings = known(inputs, 'blockDeviceMappings');
  if (!Array.isArray(mappings)) return [];
  return mappings.flatMap((_, index) => {
    const path = `blockDeviceMappings[${index}].ebs`;
    return [
      ...oneOf(inputs, `${path}.volumeType`, VOLUME_TYPES),
      ...between(inputs, `${path}.volumeSize`, 1, 65536),
      ...between(inputs, `${path}.throughput`, 125, 2000),
      ...oneOf(inputs, `${path}.encrypted`, ['true', 'false', '0', '1', '']),
      ...oneOf(inputs, `${path}.deleteOnTermination`, ['true', 'false', '0', '1', '']),
    ];
  });
}

function userData(inputs: Props) {
  const value = known(inputs, 'userData');
  if (typeof value !== 'string') return [];
  const decoded = Buffer.from(value, 'base64');
  const valid = decoded.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '');
  if (!valid) return [fail('userData', `expected user_data to be base64 encoded`)];
  // "User data is limited to 16 KB, in raw form, before it is base64-encoded" (EC2 user guide).
  return decoded.length > 16384 ? [fail('userData', 'User data is limited to 16384 bytes')] : [];
}

function refuseReferences(cloud: AwsSession, operation: string, inputs: Props): void {
  for (const id of list(inputs, 'vpcSecurityGroupIds')) {
    requireSecurityGroup(cloud, operation, typeof id === 'string' ? id : undefined);
  }
  for (const mapping of list(inputs, 'blockDeviceMappings')) {
    const key = text(mapping, 'ebs', 'kmsKeyId');
    if (key !== undefined && !findKey(cloud, key)) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `Value (${key}) for parameter kmsKeyId is invalid. Key does not exist.`,
      );
    }
  }
}
