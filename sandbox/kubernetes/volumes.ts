import { object, text, texts, type Props } from '../core/values';
import { CloudError } from '../core/errors';
import { idOf } from './meta';
import { parseQuantity, wholeGiB } from './quantity';
import { DRIVERS, isEncrypted, parametersOf } from './storageClasses';
import type { ClusterState } from './state';

export const CLAIM = 'kubernetes:core/v1:PersistentVolumeClaim';
const STORAGE_CLASS = 'kubernetes:storage.k8s.io/v1:StorageClass';

/** What a volume claim asks for. */
export interface ClaimRequest {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `spec` of the claim. */
  readonly spec: Props;
  /** Zone of the pod that uses it: a disk has to be there. */
  readonly zone: string;
}

/** Why a claim cannot be bound here; undefined when it can. */
export function provisioningProblem(state: ClusterState, spec: Props): string | undefined {
  const name = text(spec, 'storageClassName');
  if (name === undefined) return 'no persistent volumes available for this claim and no storage class is set';
  const storage = state.get(STORAGE_CLASS, name);
  if (!storage) return `storageclass.storage.k8s.io "${name}" not found`;
  if (parseQuantity(text(spec, 'resources', 'requests', 'storage') ?? '') === undefined)
    return 'the claim asks for no amount of storage';
  const modes = texts(spec, 'accessModes');
  if (!modes.some((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')) {
    return `failed to provision volume with StorageClass "${name}": no access mode of ${modes.join(', ') || 'none'} fits a block device`;
  }
  return driverProblem(state, storage);
}

function driverProblem(state: ClusterState, storage: Props): string | undefined {
  const provisioner = text(storage, 'provisioner') ?? '';
  const driver = DRIVERS[provisioner];
  if (!driver) return `the local cloud plays the CSI drivers ${Object.keys(DRIVERS).join(' and ')}, not ${provisioner}`;
  if (!driverRuns(state, provisioner)) {
    return `waiting for a volume to be created, either by external provisioner "${provisioner}" or manually created by system administrator`;
  }
  const unknown = Object.keys(parametersOf(storage)).find((key) => !driver.parameters.includes(key));
  return unknown && `rpc error: code = InvalidArgument desc = Invalid parameter key ${unknown} for CreateVolume`;
}

/** EKS runs the EBS driver as an add-on; GKE the Persistent Disk driver by itself. */
function driverRuns({ cluster }: ClusterState, provisioner: string): boolean {
  return cluster.kind === 'eks'
    ? provisioner === 'ebs.csi.aws.com' && cluster.cloud.addons.some(({ name }) => name === 'aws-ebs-csi-driver')
    : provisioner === 'pd.csi.storage.gke.io';
}

/** Binds a claim to a new disk of the cloud, or finds it bound. */
export function bindClaim(state: ClusterState, request: ClaimRequest, owner: (metadata: Props) => Props): void {
  const bound = state.get(CLAIM, request.name, request.namespace);
  if (bound) return growClaim(state, bound, request.spec);
  const storage = state.get(STORAGE_CLASS, text(request.spec, 'storageClassName') ?? '') ?? {};
  const sizeGiB = wholeGiB(parseQuantity(text(request.spec, 'resources', 'requests', 'storage') ?? '') ?? 0);
  const { name: clusterName } = state.cluster;
  const handle =
    state.cluster.kind === 'eks'
      ? state.clouds.createVolume(state.world, {
          clusterName,
          zone: request.zone,
          sizeGiB,
          encrypted: isEncrypted(storage),
        }).volumeId
      : state.clouds.createDisk(state.world, {
          clusterName,
          zone: request.zone,
          sizeGiB,
          type: text(storage, 'parameters', 'type') ?? 'pd-standard',
        }).name;
  state.ensure(CLAIM, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: owner({ name: request.name, namespace: request.namespace, labels: { ...request.labels } }),
    spec: { ...request.spec, volumeName: handle, volumeMode: 'Filesystem' },
    status: { phase: 'Bound', accessModes: texts(request.spec, 'accessModes'), capacity: { storage: `${sizeGiB}Gi` } },
  });
}

/** A claim that asks for more gets it where its class lets volumes grow; the size of the cloud's disk is not kept here. */
function growClaim(state: ClusterState, bound: Props, wish: Props): void {
  const asked = text(wish, 'resources', 'requests', 'storage') ?? '';
  const has = text(bound, 'spec', 'resources', 'requests', 'storage') ?? '';
  const storage = state.get(STORAGE_CLASS, text(bound, 'spec', 'storageClassName') ?? '');
  if ((parseQuantity(asked) ?? 0) <= (parseQuantity(has) ?? 0)) return;
  if (storage?.allowVolumeExpansion !== true) {
    throw new CloudError(
      'Forbidden',
      'only dynamically provisioned pvc can be resized and the storageclass must support resize',
    );
  }
  const capacity = { storage: `${wholeGiB(parseQuantity(asked) ?? 0)}Gi` };
  state.put(CLAIM, bound, {
    ...bound,
    spec: { ...object(bound, 'spec'), resources: object(wish, 'resources') },
    status: { ...object(bound, 'status'), capacity },
  });
}

/**
 * Deletes a claim. Its disk goes with it only if the class says `Delete` and the driver still runs; otherwise the
 * disk stays in the cloud and costs money.
 */
export function releaseClaim(state: ClusterState, claim: Props): void {
  const storage = state.get(STORAGE_CLASS, text(claim, 'spec', 'storageClassName') ?? '');
  const handle = text(claim, 'spec', 'volumeName') ?? '';
  const deletes = text(storage, 'reclaimPolicy') === 'Delete' && driverRuns(state, text(storage, 'provisioner') ?? '');
  state.remove(CLAIM, idOf(claim));
  if (!deletes) return;
  if (state.cluster.kind === 'eks') state.clouds.deleteVolume(state.world, handle);
  else state.clouds.deleteDisk(state.world, handle);
}

/** What a cloud's refusal of a disk looks like on the claim. */
export function provisioningFailure(error: unknown): string {
  if (!(error instanceof CloudError)) throw error;
  return `failed to provision volume: rpc error: code = Internal desc = ${error.message}`;
}

export function claimsOf(state: ClusterState, namespace: string, labels: Readonly<Record<string, string>>): Props[] {
  return state
    .all(CLAIM, namespace)
    .filter((claim) =>
      Object.entries(labels).every(([key, value]) => object(claim, 'metadata', 'labels')[key] === value),
    );
}
