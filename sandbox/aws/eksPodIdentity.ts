import type { Stored } from '../core/store';
import { flag, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn } from './checks';
import { eksError } from './errors';
import { roleOfArn, roleTrusting } from './iam';
import { requireCluster } from './lookups';
import type { AwsSession } from './session';
import { EKS_POD_IDENTITY } from './tokens';

export const eksPodIdentityAssociation: AwsType = {
  token: EKS_POD_IDENTITY,
  seconds: { create: 2, update: 2, delete: 2 },
  immutable: ['clusterName', 'namespace', 'serviceAccount'],
  check: (inputs) => [...arn(inputs, 'roleArn'), ...arn(inputs, 'targetRoleArn')],
  create: (inputs, cloud) => {
    const operation = 'CreatePodIdentityAssociation';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    refuseAssociation(cloud, operation, cluster, inputs);
    const id = newAssociationId(cloud);
    return { id, outputs: computedOf(cloud, cluster, id, inputs) };
  },
  update: (_, inputs, cloud) => {
    refuseRole(cloud, 'UpdatePodIdentityAssociation', text(inputs, 'roleArn') ?? '');
    return {};
  },
};

/** The association that an add-on's own `podIdentityAssociations` makes; it goes with the add-on. */
export function associate(
  cloud: AwsSession,
  operation: string,
  cluster: Stored,
  namespace: string,
  item: Props,
  addonId: string,
): void {
  const inputs: Props = {
    clusterName: cluster.id,
    namespace,
    serviceAccount: item['serviceAccount'] ?? '',
    roleArn: item['roleArn'] ?? '',
  };
  refuseAssociation(cloud, operation, cluster, inputs);
  const id = newAssociationId(cloud);
  cloud.put(EKS_POD_IDENTITY, id, {}, { ...inputs, ...computedOf(cloud, cluster, id, inputs), addonId });
}

export function deleteAssociationsOf(cloud: AwsSession, addonId: string): void {
  for (const stored of cloud.all(EKS_POD_IDENTITY)) {
    if (text(stored.outputs, 'addonId') === addonId) cloud.remove(EKS_POD_IDENTITY, stored.id);
  }
}

/** One association for a service account (EKS user guide, "EKS Pod Identity"). */
function refuseAssociation(cloud: AwsSession, operation: string, cluster: Stored, inputs: Props): void {
  const same = (name: string) => (stored: Stored) => text(stored.outputs, name) === text(inputs, name);
  const existing = cloud
    .all(EKS_POD_IDENTITY)
    .find(
      (stored) =>
        text(stored.outputs, 'clusterName') === cluster.id &&
        same('namespace')(stored) &&
        same('serviceAccount')(stored),
    );
  if (existing) throw eksError(operation, 'ResourceInUseException', `Association already exists: ${existing.id}`);
  refuseRole(cloud, operation, text(inputs, 'roleArn') ?? '');
}

/** The role lets `pods.eks.amazonaws.com` assume it and tag the session. */
function refuseRole(cloud: AwsSession, operation: string, roleArn: string): void {
  if (!roleOfArn(cloud, roleArn)) {
    throw eksError(operation, 'InvalidParameterException', `Role provided in the request does not exist. (${roleArn})`);
  }
  const service = 'pods.eks.amazonaws.com';
  if (!roleTrusting(cloud, roleArn, service) || !roleTrusting(cloud, roleArn, service, 'sts:TagSession')) {
    throw eksError(
      operation,
      'InvalidParameterException',
      `Trust policy of role ${roleArn} must let ${service} do sts:AssumeRole and sts:TagSession`,
    );
  }
}

function newAssociationId(cloud: AwsSession): string {
  return `a-${cloud.digits(17)}`;
}

function computedOf(cloud: AwsSession, cluster: Stored, id: string, inputs: Props): Props {
  return {
    associationId: id,
    associationArn: cloud.arn('eks', `podidentityassociation/${cluster.id}/${id}`),
    disableSessionTags: flag(inputs, 'disableSessionTags') ?? false,
  };
}
