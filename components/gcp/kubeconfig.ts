import type * as pulumi from '@pulumi/pulumi';
import { type KubeconfigArgs, kubeconfig } from '../clusterAccess';

/** Kubeconfig that asks `gke-gcloud-auth-plugin` for a token of the client's own identity at every use. Secret. */
export function gkeKubeconfig(args: Omit<KubeconfigArgs, 'exec'>): pulumi.Output<string> {
  return kubeconfig({
    ...args,
    exec: {
      command: 'gke-gcloud-auth-plugin',
      installHint: 'Install gke-gcloud-auth-plugin: gcloud components install gke-gcloud-auth-plugin',
      interactiveMode: 'Never',
      provideClusterInfo: true,
    },
  });
}
