import { InitializationFailed } from '../core/errors';
import type { Stored } from '../core/store';
import { flag, list, object, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, oneOf } from './checks';
import { ADDONS, configurationProblem, type AddonEntry } from './eksAddonCatalogue';
import { nodeCount } from './eksNodeGroup';
import { associate, deleteAssociationsOf } from './eksPodIdentity';
import { eksError } from './errors';
import { roleOfArn } from './iam';
import { requireCluster } from './lookups';
import type { AwsSession } from './session';
import { EKS_ADDON, EKS_POD_IDENTITY } from './tokens';

const CREATED_AT = '2026-01-01T00:00:00Z';
/** Add-ons a cluster has from the start unless `bootstrapSelfManagedAddons` is off. */
const SELF_MANAGED = ['vpc-cni', 'coredns', 'kube-proxy'];

export const eksAddon: AwsType = {
  token: EKS_ADDON,
  seconds: { create: 30, update: 30, delete: 20 },
  immutable: ['clusterName', 'addonName', 'namespaceConfig'],
  check: (inputs) => [
    ...oneOf(inputs, 'resolveConflictsOnCreate', ['NONE', 'OVERWRITE']),
    ...oneOf(inputs, 'resolveConflictsOnUpdate', ['NONE', 'OVERWRITE', 'PRESERVE']),
    ...arn(inputs, 'serviceAccountRoleArn'),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateAddon';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    const name = text(inputs, 'addonName') ?? '';
    const id = `${cluster.id}:${name}`;
    if (cloud.existing(EKS_ADDON, id)) throw eksError(operation, 'ResourceInUseException', `Addon already exists.`);
    const entry = requireEntry(operation, cluster, inputs);
    refuseConfiguration(cloud, operation, entry, inputs);
    refuseConflict(cluster, name, inputs);
    for (const item of list(inputs, 'podIdentityAssociations')) {
      associate(cloud, operation, cluster, 'kube-system', item as Props, id);
    }
    const outputs = {
      arn: cloud.arn('eks', `addon/${cluster.id}/${name}/${cloud.uuid()}`),
      createdAt: CREATED_AT,
      modifiedAt: CREATED_AT,
      addonVersion: text(inputs, 'addonVersion') ?? entry.defaultVersion(text(cluster.outputs, 'version') ?? ''),
      configurationValues: text(inputs, 'configurationValues') ?? '',
      namespaceConfig: { namespace: 'kube-system', ...object(inputs, 'namespaceConfig') },
    };
    settle(cloud, cluster, name, id, entry, inputs, outputs);
    return { id, outputs };
  },
  update: (resource, inputs, cloud) => {
    const operation = 'UpdateAddon';
    const cluster = requireCluster(cloud, operation, text(inputs, 'clusterName'));
    const entry = requireEntry(operation, cluster, inputs);
    refuseConfiguration(cloud, operation, entry, inputs);
    const name = text(inputs, 'addonName') ?? '';
    deleteAssociationsOf(cloud, resource.id);
    for (const item of list(inputs, 'podIdentityAssociations')) {
      associate(cloud, operation, cluster, 'kube-system', item as Props, resource.id);
    }
    const outputs = {
      ...resource.outputs,
      addonVersion: text(inputs, 'addonVersion') ?? text(resource.outputs, 'addonVersion') ?? '',
      configurationValues: text(inputs, 'configurationValues') ?? '',
    };
    settle(cloud, cluster, name, resource.id, entry, inputs, outputs);
    return outputs;
  },
  updateUnknowns: () => ['modifiedAt'],
  delete: (resource, cloud) => deleteAssociationsOf(cloud, resource.id),
};

function requireEntry(operation: string, cluster: Stored, inputs: Props): AddonEntry {
  const name = text(inputs, 'addonName') ?? '';
  const version = text(cluster.outputs, 'version') ?? '';
  const entry = ADDONS[name];
  if (!entry) throw invalid(operation, `Addon ${name} specified is not supported in ${version} kubernetes version`);
  const asked = text(inputs, 'addonVersion');
  if (asked !== undefined && !entry.supports(asked, version)) {
    throw invalid(operation, 'Addon version specified is not supported');
  }
  return entry;
}

function refuseConfiguration(cloud: AwsSession, operation: string, entry: AddonEntry, inputs: Props): void {
  const configuration = text(inputs, 'configurationValues');
  const problem = configuration ? configurationProblem(entry, configuration) : undefined;
  if (problem) throw invalid(operation, `ConfigurationValue provided in request is not supported: ${problem}`);
  const role = text(inputs, 'serviceAccountRoleArn');
  if (role !== undefined && !roleOfArn(cloud, role)) throw invalid(operation, `Role ${role} does not exist`);
}

/** What the cluster brought along is not overwritten without being asked (EKS user guide, "Create an Amazon EKS add-on"). */
function refuseConflict(cluster: Stored, name: string, inputs: Props): void {
  const brought = SELF_MANAGED.includes(name) && flag(cluster.outputs, 'bootstrapSelfManagedAddons') !== false;
  if (!brought || !text(inputs, 'configurationValues') || text(inputs, 'resolveConflictsOnCreate') === 'OVERWRITE') {
    return;
  }
  throw eksError(
    'CreateAddon',
    'ConfigurationConflict',
    'Conflicts found when trying to apply. Will not continue due to resolve conflicts mode.',
  );
}

/** The provider waits for the add-on to become ACTIVE; one that runs as a Deployment needs nodes, and what it calls needs a role. */
function settle(
  cloud: AwsSession,
  cluster: Stored,
  name: string,
  id: string,
  entry: AddonEntry,
  inputs: Props,
  outputs: Props,
): void {
  const reason = unhealthy(cloud, cluster, name, entry, inputs);
  if (!reason) return;
  const message = `waiting for EKS Add-On (${id}) create: timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s). ${reason}`;
  throw new InitializationFailed(id, inputs, { ...inputs, ...outputs }, [message]);
}

function unhealthy(
  cloud: AwsSession,
  cluster: Stored,
  name: string,
  entry: AddonEntry,
  inputs: Props,
): string | undefined {
  const replicas =
    "InsufficientNumberOfReplicas: The add-on is unhealthy because it doesn't have the desired number of replicas.";
  if (entry.needsNodes && nodeCount(cloud, cluster.id) === 0) return replicas;
  if (name === 'aws-ebs-csi-driver' && !hasCsiRole(cloud, cluster, inputs)) return replicas;
  return undefined;
}

/** The driver's controller exits where it gets no credentials for EC2 (EKS user guide, "Store Kubernetes volumes with Amazon EBS"). */
function hasCsiRole(cloud: AwsSession, cluster: Stored, inputs: Props): boolean {
  if (text(inputs, 'serviceAccountRoleArn') !== undefined) return true;
  const agent = cloud.existing(EKS_ADDON, `${cluster.id}:eks-pod-identity-agent`) !== undefined;
  const association = cloud.find(
    EKS_POD_IDENTITY,
    ({ outputs }) =>
      text(outputs, 'clusterName') === cluster.id && text(outputs, 'serviceAccount') === 'ebs-csi-controller-sa',
  );
  return agent && association !== undefined;
}

function invalid(operation: string, message: string) {
  return eksError(operation, 'InvalidParameterException', message);
}
