import type * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

/**
 * Kubeconfig that asks the AWS CLI for a token at every use, so that it holds no credentials. It is
 * still a secret: it says where the control plane is and whom it trusts.
 */
export function eksKubeconfig(cluster: aws.eks.Cluster, region: string): pulumi.Output<string> {
  const name = cluster.name;
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {
            server: cluster.endpoint,
            'certificate-authority-data': cluster.certificateAuthority.data,
          },
        },
      ],
      users: [
        {
          name,
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              args: ['--region', region, 'eks', 'get-token', '--cluster-name', name, '--output', 'json'],
              interactiveMode: 'IfAvailable',
            },
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  );
}
