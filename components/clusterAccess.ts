import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';

export interface KubeconfigArgs {
  /** Name of cluster, context and user in the file. */
  readonly name: pulumi.Input<string>;
  /** URL of the control plane. */
  readonly server: pulumi.Input<string>;
  /** The cluster's certificate authority, base64. Absent where a public authority signs the server's certificate. */
  readonly certificateAuthority?: pulumi.Input<string>;
  /** The cloud's command for a token, by the `exec` section of a kubeconfig user. */
  readonly exec: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/**
 * A kubeconfig that holds no credential: each client has the cloud's own command give it a token at every
 * use. Secret nevertheless, because it says where the control plane is and whom it trusts.
 */
export function kubeconfig(args: KubeconfigArgs): pulumi.Output<string> {
  const { name, server, certificateAuthority, exec } = args;
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {
            server,
            ...(certificateAuthority ? { 'certificate-authority-data': certificateAuthority } : {}),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
      users: [{ name, user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', ...exec } } }],
    }),
  );
}

export interface ClusterProviderArgs {
  readonly kubeconfig: pulumi.Input<string>;
  /** What is another exactly when the cluster is another, and outlives rotated certificates. */
  readonly clusterIdentifier: pulumi.Input<string>;
}

/** Provider for the objects of a site's cluster. */
export function clusterProvider(
  name: string,
  args: ClusterProviderArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.Provider {
  return new kubernetes.Provider(
    name,
    {
      kubeconfig: args.kubeconfig,
      // Without it every change of the kubeconfig would replace every object of the cluster. It is unknown
      // when the cluster is replaced: then the objects are too, load balancers and disks before the cluster
      // that would orphan them.
      clusterIdentifier: args.clusterIdentifier,
      enableServerSideApply: true,
      // The provider would replace them at every change of their data, and for a moment there would be none.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
      // Out of reach is not gone: forgetting the objects would orphan their load balancers and disks.
      deleteUnreachable: false,
    },
    opts,
  );
}
