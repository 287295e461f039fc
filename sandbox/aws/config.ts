import { CloudError } from '../core/errors';
import type { CheckFailure } from '../core/validate';
import { UNKNOWN, object, text, texts, type Props, type Value } from '../core/values';
import type { World } from '../core/world';
import { ACCOUNT_ID } from './account';
import { fail } from './checks';
import { AwsSession } from './session';

/** Configuration keys of the AWS provider (its `ProviderArgs`). */
export const CONFIG_KEYS = [
  'accessKey',
  'allowedAccountIds',
  'assumeRoleWithWebIdentity',
  'assumeRoles',
  'customCaBundle',
  'defaultTags',
  'ec2MetadataServiceEndpoint',
  'ec2MetadataServiceEndpointMode',
  'endpoints',
  'forbiddenAccountIds',
  'httpProxy',
  'httpsProxy',
  'ignoreTags',
  'insecure',
  'maxRetries',
  'noProxy',
  'profile',
  'region',
  'retryMode',
  's3UsEast1RegionalEndpoint',
  's3UsePathStyle',
  'secretKey',
  'sharedConfigFiles',
  'sharedCredentialsFiles',
  'skipCredentialsValidation',
  'skipMetadataApiCheck',
  'skipRegionValidation',
  'skipRequestingAccountId',
  'stsRegion',
  'tagPolicyCompliance',
  'token',
  'tokenBucketRateLimiterCapacity',
  'useDualstackEndpoint',
  'useFipsEndpoint',
  'userAgents',
];

const REGION =
  /^(us|eu|ap|ca|sa|af|me|il|mx)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;

export function checkConfig(config: Props): CheckFailure[] {
  const region = text(config, 'region');
  const skipped = config['skipRegionValidation'] === 'true' || config['skipRegionValidation'] === true;
  const failures =
    region !== undefined && !skipped && !REGION.test(region) ? [fail('region', `invalid AWS Region: ${region}`)] : [];
  const allowed = given(config['allowedAccountIds']);
  const forbidden = given(config['forbiddenAccountIds']);
  return allowed && forbidden
    ? [...failures, fail('allowedAccountIds', 'conflicts with forbiddenAccountIds')]
    : failures;
}

/** A session for a configuration; refuses an account that is not the one the program expects. */
export function sessionFor(world: World, config: Props): AwsSession {
  const plain = decoded(config);
  const region = text(plain, 'region') ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    throw new CloudError(
      'MissingRegion',
      'Missing region information\nMake sure you have set your AWS region, e.g. `pulumi config set aws:region us-west-2`.',
    );
  }
  const allowed = texts(plain, 'allowedAccountIds');
  if (
    (allowed.length > 0 && !allowed.includes(ACCOUNT_ID)) ||
    texts(plain, 'forbiddenAccountIds').includes(ACCOUNT_ID)
  ) {
    throw new CloudError('AccountNotAllowed', `AWS account ID not allowed: ${ACCOUNT_ID}`);
  }
  return new AwsSession(world, ACCOUNT_ID, region, object(plain, 'defaultTags', 'tags'));
}

/** The engine hands configuration over as text; lists and objects in it are JSON. */
function decoded(config: Props): Props {
  const entries = Object.entries(config).filter(([, value]) => value !== UNKNOWN);
  return Object.fromEntries(entries.map(([key, value]): [string, Value] => [key, decode(value)]));
}

function decode(value: Value): Value {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  return JSON.parse(value) as Value;
}

function given(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}
