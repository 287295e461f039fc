import * as pulumi from '@pulumi/pulumi';

export interface GkeKubeconfigArgs {
  /** Name of cluster, context and user in the file. */
  readonly name: string;
  /** URL of the control plane. */
  readonly server: pulumi.Input<string>;
  /**
   * The cluster's certificate authority, base64. Absent for the DNS endpoint, whose certificate is
   * signed by a public authority.
   */
  readonly certificateAuthority?: pulumi.Input<string>;
}

/**
 * A kubeconfig that holds no credential: each client asks `gke-gcloud-auth-plugin` for a token of its
 * own identity. Secret nevertheless, because it names the control plane and its authority.
 */
export function gkeKubeconfig(args: GkeKubeconfigArgs): pulumi.Output<string> {
  const { name } = args;
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {
            server: args.server,
            ...(args.certificateAuthority ? { 'certificate-authority-data': args.certificateAuthority } : {}),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
      users: [
        {
          name,
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'gke-gcloud-auth-plugin',
              installHint: 'Install gke-gcloud-auth-plugin: gcloud components install gke-gcloud-auth-plugin',
              interactiveMode: 'Never',
              provideClusterInfo: true,
            },
          },
        },
      ],
    }),
  );
}
