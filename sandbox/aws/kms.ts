import type { Stored } from '../core/store';
import { flag, number, text } from '../core/values';
import type { AwsType } from './awsType';
import { between, json, matches, oneOf } from './checks';
import { serviceError } from './errors';
import { statements } from './iamPolicyDocument';
import type { AwsSession } from './session';
import { KMS_ALIAS, KMS_KEY } from './tokens';

export const kmsKey: AwsType = {
  token: KMS_KEY,
  seconds: { create: 10, update: 5, delete: 1 },
  immutable: ['customerMasterKeySpec', 'keyUsage', 'multiRegion', 'customKeyStoreId', 'xksKeyId'],
  defaults: () => ({ customerMasterKeySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', isEnabled: true }),
  check: (inputs) => [
    ...between(inputs, 'deletionWindowInDays', 7, 30),
    ...between(inputs, 'rotationPeriodInDays', 90, 2560),
    ...oneOf(inputs, 'keyUsage', ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT']),
    ...json(inputs, 'policy'),
  ],
  create: (inputs, cloud) => {
    const policy = text(inputs, 'policy');
    if (policy !== undefined) refusePolicy(cloud, policy, flag(inputs, 'bypassPolicyLockoutSafetyCheck') ?? false);
    const id = cloud.uuid();
    return {
      id,
      outputs: {
        keyId: id,
        arn: cloud.arn('kms', `key/${id}`),
        policy: policy ?? defaultPolicy(cloud),
        multiRegion: flag(inputs, 'multiRegion') ?? false,
        enableKeyRotation: flag(inputs, 'enableKeyRotation') ?? false,
        rotationPeriodInDays: number(inputs, 'rotationPeriodInDays') ?? (flag(inputs, 'enableKeyRotation') ? 365 : 0),
        description: text(inputs, 'description') ?? '',
      },
    };
  },
  update: (_, inputs, cloud) => {
    const policy = text(inputs, 'policy');
    if (policy !== undefined) refusePolicy(cloud, policy, flag(inputs, 'bypassPolicyLockoutSafetyCheck') ?? false);
    return { enableKeyRotation: flag(inputs, 'enableKeyRotation') ?? false };
  },
  // Deleting schedules the key for deletion; what it encrypted is lost after the waiting period. Aliases go with it.
  delete: (resource, cloud) => {
    for (const alias of cloud.all(KMS_ALIAS)) {
      if (text(alias.outputs, 'targetKeyArn') === text(resource.outputs, 'arn')) cloud.remove(KMS_ALIAS, alias.id);
    }
  },
};

export const kmsAlias: AwsType = {
  token: KMS_ALIAS,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix'],
  defaults: (_, subject) => ({ name: `alias/${subject.name}` }),
  check: (inputs) =>
    matches(inputs, 'name', /^alias\/(?!aws\/)[\w/-]+$/, 'must begin with alias/ and not with alias/aws/'),
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    const arn = cloud.arn('kms', name);
    if (cloud.existing(KMS_ALIAS, name)) {
      throw serviceError(
        'KMS',
        'CreateAlias',
        'AlreadyExistsException',
        `An alias with the name ${arn} already exists`,
      );
    }
    return { id: name, outputs: { arn, ...target(cloud, 'CreateAlias', text(inputs, 'targetKeyId')) } };
  },
  update: (_, inputs, cloud) => target(cloud, 'UpdateAlias', text(inputs, 'targetKeyId')),
};

/** A key by its id or ARN. */
export function findKey(cloud: AwsSession, id: string | undefined): Stored | undefined {
  return cloud.find(KMS_KEY, (key) => key.id === id || text(key.outputs, 'arn') === id);
}

function target(cloud: AwsSession, operation: string, id: string | undefined) {
  const key = findKey(cloud, id);
  if (!key) {
    throw serviceError('KMS', operation, 'NotFoundException', `Key '${cloud.arn('kms', `key/${id}`)}' does not exist`);
  }
  return { targetKeyArn: text(key.outputs, 'arn') ?? '', targetKeyId: key.id };
}

/** A key nobody of the account could manage any more is refused (KMS, "Policy lockout safety check"). */
function refusePolicy(cloud: AwsSession, policy: string, bypass: boolean): void {
  const found = statements(policy);
  if (!found) throw malformed('Policy contains a statement with one or more invalid principals.');
  const manages = found.some((statement) => {
    const principals = JSON.stringify(statement['Principal'] ?? '');
    const actions = JSON.stringify(statement['Action'] ?? '');
    const own = principals.includes(`:${cloud.accountId}:`) || principals.includes(`"${cloud.accountId}"`);
    return own && (actions.includes('"kms:*"') || actions.includes('kms:PutKeyPolicy'));
  });
  if (!manages && !bypass) {
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
  }
}

function malformed(message: string) {
  return serviceError('KMS', 'CreateKey', 'MalformedPolicyDocumentException', message);
}

function defaultPolicy(cloud: AwsSession): string {
  const Principal = { AWS: `arn:aws:iam::${cloud.accountId}:root` };
  const statement = { Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}
