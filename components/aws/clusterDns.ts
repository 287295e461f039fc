import type * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings } from '../../plan/settings';
import { addon } from './addons';
import type { EksCluster } from './cluster';

export interface ClusterDnsArgs {
  readonly versions: AwsSiteSettings['addonVersions'];
  readonly cluster: EksCluster;
  readonly corefile: string;
  readonly provider: aws.Provider;
}

/**
 * The CoreDNS add-on with a Corefile of ours. It has to come this way: the add-on reverts what is
 * written into its ConfigMap (EKS user guide, "Manage CoreDNS").
 */
export function clusterDns(
  name: string,
  args: ClusterDnsArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): aws.eks.Addon {
  return addon(
    name,
    {
      cluster: args.cluster.cluster,
      versions: args.versions,
      addonName: 'coredns',
      configuration: {
        corefile: args.corefile,
        replicaCount: 2,
        // Over the zones, since other sites resolve names through these pods as well.
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
      },
    },
    { ...options, provider: args.provider },
  );
}
