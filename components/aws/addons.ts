import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings } from '../../plan/settings';

export interface AddonArgs {
  readonly cluster: aws.eks.Cluster;
  readonly addonName: string;
  readonly versions: AwsSiteSettings['addonVersions'];
  /** Configuration values, by the schema that `aws eks describe-addon-configuration` prints. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Role that the add-on's service account gets through EKS Pod Identity. */
  readonly podIdentity?: { readonly serviceAccount: string; readonly roleArn: pulumi.Input<string> };
}

/** An EKS add-on that is what the program says: edits made in the cluster by hand are overwritten. */
export function addon(name: string, args: AddonArgs, options: pulumi.CustomResourceOptions): aws.eks.Addon {
  return new aws.eks.Addon(
    name,
    {
      clusterName: args.cluster.name,
      addonName: args.addonName,
      addonVersion: args.versions[args.addonName],
      configurationValues: args.configuration && JSON.stringify(args.configuration),
      podIdentityAssociations: args.podIdentity && [args.podIdentity],
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
    },
    options,
  );
}
