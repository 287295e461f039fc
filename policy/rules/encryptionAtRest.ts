import { EKS_CLUSTER } from '../../reachability/model/kubernetes/eks';
import { GKE_CLUSTER } from '../../reachability/model/kubernetes/gke';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { kubernetesObjects } from '../clusters';
import { entryOf, flagAt, propertiesAt, settingAt, textAt, textOf } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

const EBS_PROVISIONERS = ['ebs.csi.aws.com', 'ebs.csi.eks.amazonaws.com', 'kubernetes.io/aws-ebs'];

/**
 * Secrets of both clusters are encrypted with a key of the stack's own, and every disk is encrypted. Google encrypts
 * all disks; EBS only when asked, or when the account does it by default.
 */
export const encryptionAtRest: Rule = {
  name: 'encryption-at-rest',
  description: 'Kubernetes Secrets are encrypted with a key of their own, and all volumes are encrypted.',
  level: 'mandatory',
  judge: (stack) => [
    ...stack.inventory.all(EKS_CLUSTER).flatMap(eksSecrets),
    ...stack.inventory.all(GKE_CLUSTER).flatMap(gkeSecrets),
    ...(encryptsByDefault(stack) ? [] : [...storageClasses(stack), ...nodeDisks(stack)]),
  ],
};

function eksSecrets(cluster: Resource): Finding[] {
  const property = 'encryptionConfig';
  const config = settingAt(cluster, property);
  if (config === UNKNOWN) return [undecided(cluster, property, 'the encryption of Secrets')];
  const resources = cluster.texts('encryptionConfig.resources');
  if (resources === UNKNOWN) return [undecided(cluster, 'encryptionConfig.resources', 'what is encrypted')];
  if (resources?.includes('secrets') === true) return [];
  const message = `Secrets of ${cluster.name} are not encrypted with a key of your own`;
  return [broken(cluster, message, 'set encryptionConfig with a KMS key for secrets', { property })];
}

function gkeSecrets(cluster: Resource): Finding[] {
  const property = 'databaseEncryption.state';
  const state = textAt(cluster, property);
  if (state === UNKNOWN) return [undecided(cluster, property, 'the encryption of Secrets')];
  // GKE answers with a longer name where it encrypts the whole of etcd ("ALL_OBJECTS_ENCRYPTION_ENABLED").
  if (state === 'ENCRYPTED' || state === 'ALL_OBJECTS_ENCRYPTION_ENABLED') return [];
  const message = `Secrets of ${cluster.name} are not encrypted with a key of your own`;
  return [broken(cluster, message, 'set databaseEncryption with a Cloud KMS key', { property })];
}

function encryptsByDefault({ inventory }: Stack): boolean {
  const settings = inventory.all('aws:ebs/encryptionByDefault:EncryptionByDefault');
  return settings.length > 0 && settings.every((setting) => flagAt(setting, 'enabled') !== false);
}

function storageClasses(stack: Stack): Finding[] {
  return kubernetesObjects(stack, 'StorageClass').flatMap((storage) => {
    const provisioner = textAt(storage, 'provisioner');
    if (provisioner === UNKNOWN) return [undecided(storage, 'provisioner', 'the provisioner')];
    if (provisioner === undefined || !EBS_PROVISIONERS.includes(provisioner)) return [];
    const encrypted = entryOf(storage, 'parameters', 'encrypted');
    if (encrypted === UNKNOWN) return [undecided(storage, 'parameters.encrypted', 'the encryption of volumes')];
    if (encrypted === 'true') return [];
    const message = `volumes of StorageClass ${storage.name} are not encrypted`;
    return [broken(storage, message, 'set the parameter encrypted to "true"', { property: 'parameters' })];
  });
}

const DISKS: readonly (readonly [type: string, property: string])[] = [
  ['aws:ec2/launchTemplate:LaunchTemplate', 'blockDeviceMappings.*.ebs.encrypted'],
  ['aws:ec2/instance:Instance', 'rootBlockDevice.encrypted'],
  ['aws:ebs/volume:Volume', 'encrypted'],
];

function nodeDisks({ inventory }: Stack): Finding[] {
  return DISKS.flatMap(([type, pattern]) =>
    inventory.all(type).flatMap((resource) => {
      const disks = propertiesAt(resource, pattern);
      // Nodes of a template without devices have the image's own, encrypted only where the account says so.
      return (disks.length > 0 ? disks : [{ path: pattern.split('.')[0] ?? pattern, value: undefined }]).flatMap(
        (disk) => {
          const encrypted = textOf(disk);
          if (encrypted === UNKNOWN) return [undecided(resource, disk.path, 'the encryption of a disk')];
          if (encrypted === 'true') return [];
          const message = `a disk of ${resource.name} (${disk.path}) is not encrypted`;
          return [broken(resource, message, 'set encrypted', { property: disk.path })];
        },
      );
    }),
  );
}
