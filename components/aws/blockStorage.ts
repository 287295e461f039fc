import type * as aws from '@pulumi/aws';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings } from '../../plan/settings';
import { addon } from './addons';
import type { EksCluster } from './cluster';
import { managedRole, podIdentityTrust } from './iam';

export interface BlockStorageArgs {
  readonly versions: AwsSiteSettings['addonVersions'];
  /** Tags of the volumes that the driver makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly cluster: EksCluster;
  /** What pods need to run. */
  readonly nodes: readonly pulumi.Resource[];
  readonly provider: aws.Provider;
  readonly kubernetes: kubernetes.Provider;
}

/** Name of the StorageClass. EKS makes `gp2` of the in-tree driver itself, and no `gp3`. */
export const blockStorageClass = 'gp3';

/** The EBS driver and the StorageClass of Cassandra's data. */
export class BlockStorage extends pulumi.ComponentResource {
  /** Volumes can be provisioned. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: BlockStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:BlockStorage', name, {}, opts);
    const { provider } = args;

    const { role, policies } = managedRole(
      `${name}-driver-role`,
      podIdentityTrust(),
      ['service-role/AmazonEBSCSIDriverPolicy'],
      { parent: this, provider },
    );
    const driver = addon(
      `${name}-driver`,
      {
        cluster: args.cluster.cluster,
        versions: args.versions,
        addonName: 'aws-ebs-csi-driver',
        configuration: { controller: { extraVolumeTags: args.tags } },
        podIdentity: { serviceAccount: 'ebs-csi-controller-sa', roleArn: role.arn },
      },
      // The add-on is active only when its pods run, and it must outlive the volumes that it deletes:
      // it goes before the nodes it runs on and before its permissions.
      { parent: this, provider, dependsOn: [...policies, ...args.nodes] },
    );
    const storageClass = new kubernetes.storage.v1.StorageClass(
      `${name}-class`,
      {
        metadata: { name: blockStorageClass },
        provisioner: 'ebs.csi.aws.com',
        parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'xfs' },
        // The pod's rack decides the zone, and only then the volume is made, in that zone.
        volumeBindingMode: 'WaitForFirstConsumer',
        allowVolumeExpansion: true,
        // A claim goes only when its datacenter is deleted, which `protect` guards. Retain would then
        // leave disks behind that nothing refers to, found on the bill alone.
        reclaimPolicy: 'Delete',
      },
      // A volume of this class can be made only by the driver.
      { parent: this, provider: args.kubernetes, dependsOn: [driver] },
    );
    this.ready = [driver, storageClass];
    this.registerOutputs({});
  }
}
