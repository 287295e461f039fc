import type { Stored } from '../core/store';
import { flag, list, text, texts, type Props, type Value } from '../core/values';
import type { AwsType } from './awsType';
import { arn, between, conflicts, json, length, matches } from './checks';
import { iamError } from './errors';
import { documentProblem, trusts } from './iamPolicyDocument';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT } from './tokens';

const NAME = /^[0-9A-Za-z=,.@_+-]+$/;

/** Managed policies of AWS's own that a cluster has use for (AWS managed policy reference). */
const AWS_POLICIES = new Set(
  [
    'AmazonEKSClusterPolicy',
    'AmazonEKSVPCResourceController',
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKSWorkerNodeMinimalPolicy',
    'AmazonEKS_CNI_Policy',
    'AmazonEC2ContainerRegistryReadOnly',
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonSSMManagedInstanceCore',
    'AmazonPrometheusRemoteWriteAccess',
    'AmazonPrometheusFullAccess',
    'AmazonPrometheusScraperServiceRolePolicy',
    'CloudWatchAgentServerPolicy',
    'CloudWatchLogsFullAccess',
    'ReadOnlyAccess',
    'AdministratorAccess',
    'service-role/AmazonEBSCSIDriverPolicy',
    'service-role/AmazonEFSCSIDriverPolicy',
  ].map((name) => `arn:aws:iam::aws:policy/${name}`),
);

export const role: AwsType = {
  token: ROLE,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix', 'path'],
  autoName: { property: 'name', maxLength: 64 },
  defaults: () => ({ path: '/', maxSessionDuration: 3600, forceDetachPolicies: false }),
  check: (inputs) => [
    ...length(inputs, 'name', 1, 64),
    ...matches(inputs, 'name', NAME, 'must match [\\w+=,.@-]'),
    ...conflicts(inputs, 'name', 'namePrefix'),
    ...json(inputs, 'assumeRolePolicy'),
    ...between(inputs, 'maxSessionDuration', 3600, 43200),
    ...length(inputs, 'description', 0, 1000),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    if (cloud.existing(ROLE, name)) {
      throw iamError('CreateRole', 'EntityAlreadyExists', `Role with name ${name} already exists.`);
    }
    refuseDocument('CreateRole', inputs['assumeRolePolicy'], 'trust');
    for (const policyArn of texts(inputs, 'managedPolicyArns')) refusePolicy(cloud, policyArn);
    return {
      id: name,
      outputs: {
        arn: cloud.arn('iam', `role${text(inputs, 'path') ?? '/'}${name}`),
        uniqueId: `AROA${cloud.digits(17).toUpperCase()}`,
        createDate: '2026-01-01T00:00:00Z',
      },
    };
  },
  update: (_, inputs, cloud) => {
    refuseDocument('UpdateAssumeRolePolicy', inputs['assumeRolePolicy'], 'trust');
    for (const policyArn of texts(inputs, 'managedPolicyArns')) refusePolicy(cloud, policyArn);
    return attached(inputs);
  },
  delete: (resource, cloud) => {
    const attachments = policiesOf(cloud, resource.id).filter((stored) => stored.token === ROLE_POLICY_ATTACHMENT);
    const inline = policiesOf(cloud, resource.id).filter((stored) => stored.token === ROLE_POLICY);
    if (flag(resource.inputs, 'forceDetachPolicies')) {
      for (const stored of [...attachments, ...inline]) cloud.remove(stored.token, stored.id);
    } else if (attachments.length > 0) {
      throw iamError('DeleteRole', 'DeleteConflict', 'Cannot delete entity, must detach all policies first.');
    } else if (inline.length > 0) {
      throw iamError('DeleteRole', 'DeleteConflict', 'Cannot delete entity, must delete policies first.');
    }
  },
};

export const policy: AwsType = {
  token: POLICY,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix', 'path', 'description'],
  autoName: { property: 'name', maxLength: 128 },
  defaults: () => ({ path: '/' }),
  check: (inputs) => [
    ...length(inputs, 'name', 1, 128),
    ...matches(inputs, 'name', NAME, 'must match [\\w+=,.@-]'),
    ...json(inputs, 'policy'),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    const policyArn = cloud.arn('iam', `policy${text(inputs, 'path') ?? '/'}${name}`);
    if (cloud.existing(POLICY, policyArn)) {
      throw iamError(
        'CreatePolicy',
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
      );
    }
    refuseDocument('CreatePolicy', inputs['policy'], 'identity');
    refuseLength('CreatePolicy', inputs['policy'], 6144);
    return {
      id: policyArn,
      outputs: {
        arn: policyArn,
        policyId: `ANPA${cloud.digits(17).toUpperCase()}`,
        attachmentCount: 0,
      },
    };
  },
  update: (_, inputs) => {
    refuseDocument('CreatePolicyVersion', inputs['policy'], 'identity');
    refuseLength('CreatePolicyVersion', inputs['policy'], 6144);
    return {};
  },
  delete: (resource, cloud) => {
    if (cloud.all(ROLE_POLICY_ATTACHMENT).some((stored) => text(stored.outputs, 'policyArn') === resource.id)) {
      throw iamError('DeletePolicy', 'DeleteConflict', 'Cannot delete a policy attached to entities.');
    }
  },
};

export const rolePolicy: AwsType = {
  token: ROLE_POLICY,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name', 'namePrefix', 'role'],
  autoName: { property: 'name', maxLength: 128 },
  check: (inputs) => [...json(inputs, 'policy'), ...matches(inputs, 'name', NAME, 'must match [\\w+=,.@-]')],
  create: (inputs, cloud) => {
    const owner = requireRole(cloud, 'PutRolePolicy', inputs['role']);
    refuseDocument('PutRolePolicy', inputs['policy'], 'identity');
    return { id: `${owner.id}:${text(inputs, 'name')}`, outputs: { role: owner.id } };
  },
  update: (_, inputs) => {
    refuseDocument('PutRolePolicy', inputs['policy'], 'identity');
    return {};
  },
};

export const rolePolicyAttachment: AwsType = {
  token: ROLE_POLICY_ATTACHMENT,
  seconds: { create: 1, delete: 1 },
  immutable: 'all',
  check: (inputs) => arn(inputs, 'policyArn'),
  create: (inputs, cloud) => {
    const owner = requireRole(cloud, 'AttachRolePolicy', inputs['role']);
    const policyArn = text(inputs, 'policyArn') ?? '';
    refusePolicy(cloud, policyArn);
    const attachments = policiesOf(cloud, owner.id).filter((stored) => stored.token === ROLE_POLICY_ATTACHMENT);
    if (attachments.length >= quotas.managedPoliciesPerRole) {
      throw iamError(
        'AttachRolePolicy',
        'LimitExceeded',
        `Cannot exceed quota for PoliciesPerRole: ${quotas.managedPoliciesPerRole}`,
      );
    }
    return { id: `${owner.id}/${policyArn}`, outputs: { role: owner.id } };
  },
};

/** The role of an ARN, if it exists and trusts a service; services ask both before they take a role. */
export function roleTrusting(cloud: AwsSession, roleArn: string, service: string, action?: string): Stored | undefined {
  const found = cloud.find(ROLE, (stored) => text(stored.outputs, 'arn') === roleArn);
  return found && trusts(found.outputs['assumeRolePolicy'], service, action) ? found : undefined;
}

export function roleOfArn(cloud: AwsSession, roleArn: string): Stored | undefined {
  return cloud.find(ROLE, (stored) => text(stored.outputs, 'arn') === roleArn);
}

/** Whether a role has a managed policy, whichever way it was attached. */
export function hasPolicy(cloud: AwsSession, owner: Stored, ...names: string[]): boolean {
  const arns = [
    ...texts(owner.outputs, 'managedPolicyArns'),
    ...policiesOf(cloud, owner.id).map((stored) => text(stored.outputs, 'policyArn') ?? ''),
  ];
  return arns.some((policyArn) => names.some((name) => policyArn.endsWith(`/${name}`)));
}

function policiesOf(cloud: AwsSession, roleName: string): Stored[] {
  return [ROLE_POLICY_ATTACHMENT, ROLE_POLICY]
    .flatMap((token) => cloud.all(token))
    .filter((stored) => text(stored.outputs, 'role') === roleName);
}

function requireRole(cloud: AwsSession, operation: string, value: Value | undefined): Stored {
  const name = typeof value === 'string' ? value : '';
  const found = cloud.existing(ROLE, name);
  if (!found) throw iamError(operation, 'NoSuchEntity', `The role with name ${name} cannot be found.`);
  return found;
}

function refusePolicy(cloud: AwsSession, policyArn: string): void {
  if (AWS_POLICIES.has(policyArn) || cloud.existing(POLICY, policyArn)) return;
  throw iamError('AttachRolePolicy', 'NoSuchEntity', `Policy ${policyArn} does not exist or is not attachable.`);
}

function refuseDocument(operation: string, document: Value | undefined, kind: 'trust' | 'identity'): void {
  const problem = documentProblem(document ?? '', kind);
  if (problem) throw iamError(operation, 'MalformedPolicyDocument', problem);
}

/** White space does not count (IAM user guide, "IAM and AWS STS quotas"). */
function refuseLength(operation: string, document: Value | undefined, max: number): void {
  const whole = typeof document === 'string' ? document : JSON.stringify(document);
  if (whole.replace(/\s/g, '').length > max) {
    throw iamError(operation, 'LimitExceeded', `Cannot exceed quota for PolicySize: ${max}`);
  }
}

function attached(inputs: Props): Props {
  return { managedPolicyArns: texts(inputs, 'managedPolicyArns'), inlinePolicies: list(inputs, 'inlinePolicies') };
}
