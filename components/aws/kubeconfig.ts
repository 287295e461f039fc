import type * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { kubeconfig } from '../clusterAccess';

/** Kubeconfig that asks the AWS CLI for a token at every use. Secret. */
export function eksKubeconfig(cluster: aws.eks.Cluster, region: string): pulumi.Output<string> {
  return kubeconfig({
    name: cluster.name,
    server: cluster.endpoint,
    certificateAuthority: cluster.certificateAuthority.data,
    exec: {
      command: 'aws',
      args: ['--region', region, 'eks', 'get-token', '--cluster-name', cluster.name, '--output', 'json'],
      interactiveMode: 'IfAvailable',
    },
  });
}
