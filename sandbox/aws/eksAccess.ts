import type { Stored } from '../core/store';
import { list, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, fail, known, oneOf } from './checks';
import { usesAccessEntries } from './eksInfrastructure';
import { eksError } from './errors';
import { requireCluster } from './lookups';
import type { AwsSession } from './session';
import { EKS_ACCESS_ENTRY, EKS_ACCESS_POLICY } from './tokens';

const CREATED_AT = '2026-01-01T00:00:00Z';
const TYPES = ['STANDARD', 'EC2', 'EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'HYBRID_LINUX'];

/** EKS user guide, "Review access policy permissions". */
const POLICIES = [
  'AmazonEKSAdminPolicy',
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSViewPolicy',
];

export const eksAccessEntry: AwsType = {
  token: EKS_ACCESS_ENTRY,
  seconds: { create: 2, update: 2, delete: 2 },
  immutable: ['clusterName', 'principalArn', 'type'],
  defaults: () => ({ type: 'STANDARD' }),
  check: (inputs) => [...arn(inputs, 'principalArn'), ...oneOf(inputs, 'type', TYPES), ...groups(inputs)],
  create: (inputs, cloud) => {
    const operation = 'CreateAccessEntry';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    refuseMode(operation, cluster);
    const principal = text(inputs, 'principalArn') ?? '';
    if (!/^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/.test(principal)) {
      throw eksError(
        operation,
        'InvalidParameterException',
        'The specified principalArn is invalid: invalid principal.',
      );
    }
    const id = `${cluster.id}:${principal}`;
    if (cloud.existing(EKS_ACCESS_ENTRY, id)) {
      throw eksError(
        operation,
        'ResourceInUseException',
        'The specified access entry resource is already in use on this cluster.',
      );
    }
    return { id, outputs: computedOf(cloud, cluster, principal, inputs) };
  },
  update: () => ({ modifiedAt: CREATED_AT }),
  updateUnknowns: () => ['modifiedAt'],
  delete: (resource, cloud) => {
    for (const policy of cloud.all(EKS_ACCESS_POLICY)) {
      const same = (name: string) => text(policy.outputs, name) === text(resource.outputs, name);
      if (same('clusterName') && same('principalArn')) cloud.remove(EKS_ACCESS_POLICY, policy.id);
    }
  },
};

export const eksAccessPolicyAssociation: AwsType = {
  token: EKS_ACCESS_POLICY,
  seconds: { create: 2, delete: 2 },
  immutable: 'all',
  check: (inputs) => [
    ...arn(inputs, 'policyArn'),
    ...arn(inputs, 'principalArn'),
    ...oneOf(inputs, 'accessScope.type', ['cluster', 'namespace']),
    ...(known(inputs, 'accessScope.type') === 'namespace' && list(inputs, 'accessScope', 'namespaces').length === 0
      ? [fail('accessScope.namespaces', 'needed when the type of the access scope is namespace')]
      : []),
  ],
  create: (inputs, cloud) => {
    const operation = 'AssociateAccessPolicy';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    refuseMode(operation, cluster);
    const policy = text(inputs, 'policyArn') ?? '';
    if (!POLICIES.some((name) => policy === `arn:aws:eks::aws:cluster-access-policy/${name}`)) {
      throw eksError(operation, 'InvalidParameterException', `The policyArn parameter format is not valid`);
    }
    const principal = text(inputs, 'principalArn') ?? '';
    if (!cloud.existing(EKS_ACCESS_ENTRY, `${cluster.id}:${principal}`)) {
      throw eksError(
        operation,
        'ResourceNotFoundException',
        "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
      );
    }
    return {
      id: `${cluster.id}#${principal}#${policy}`,
      outputs: { associatedAt: CREATED_AT, modifiedAt: CREATED_AT },
    };
  },
};

function groups(inputs: Props) {
  const value = known(inputs, 'kubernetesGroups');
  if (!Array.isArray(value)) return [];
  const reserved = value.filter((name) => typeof name === 'string' && /^(system:|eks:|aws:|amazon:|iam:)/.test(name));
  return reserved.map((name) =>
    fail(
      'kubernetesGroups',
      `The kubernetes group name ${String(name)} is invalid, it cannot start with system:, eks:, aws:, amazon: or iam:`,
    ),
  );
}

function refuseMode(operation: string, cluster: Stored): void {
  if (usesAccessEntries(cluster.outputs)) return;
  throw eksError(
    operation,
    'InvalidRequestException',
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  );
}

function computedOf(cloud: AwsSession, cluster: Stored, principal: string, inputs: Props): Props {
  const kind = principal.split(':')[5]?.replace('/', `/${cloud.accountId}/`) ?? '';
  return {
    accessEntryArn: cloud.arn('eks', `access-entry/${cluster.id}/${kind}/${cloud.uuid()}`),
    createdAt: CREATED_AT,
    modifiedAt: CREATED_AT,
    kubernetesGroups: list(inputs, 'kubernetesGroups'),
    userName: text(inputs, 'userName') ?? principal,
  };
}
