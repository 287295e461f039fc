import { ApiError } from './apiErrors';
import type { ClusterState } from './state';

/** An admission webhook with failurePolicy Fail. */
export interface Webhook {
  readonly name: string;
  readonly service: string;
  readonly namespace: string;
  readonly path: string;
  readonly timeoutSeconds: number;
  /** Port of the pod: what the control plane has to reach, whatever the Service's port. */
  readonly port: number;
  readonly running: boolean;
}

/**
 * The API server's call of a webhook (Kubernetes documentation, "Dynamic Admission Control"). It fails where no pod
 * answers, and on GKE where no firewall rule lets the control plane reach the nodes on the port (GKE documentation,
 * "Add firewall rules for specific use cases": only 443 and 10250 are open by default).
 */
export function callWebhook(state: ClusterState, webhook: Webhook): void {
  const url = `https://${webhook.service}.${webhook.namespace}.svc:443${webhook.path}?timeout=${webhook.timeoutSeconds}s`;
  const failed = (why: string) =>
    new ApiError(
      'InternalError',
      `Internal error occurred: failed calling webhook "${webhook.name}": failed to call webhook: Post "${url}": ${why}`,
    );
  if (!webhook.running) throw failed(`no endpoints available for service "${webhook.service}"`);
  const { cluster } = state;
  if (cluster.kind === 'gke' && !cluster.cloud.firewallAdmits(webhook.port)) throw failed('context deadline exceeded');
}
