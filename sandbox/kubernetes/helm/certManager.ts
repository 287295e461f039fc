import { number, text } from '../../core/values';
import { callWebhook } from '../webhooks';
import { isDefined } from './definitions';
import { releasesOf } from './releases';
import type { ClusterState } from '../state';

export const CERT_MANAGER = 'cert-manager';

/** Port on which cert-manager's webhook pod listens, unless the chart is told otherwise. */
const WEBHOOK_PORT = 10250;

/** cert-manager as other parts of the cluster meet it. */
export const certManager = {
  webhookPort: WEBHOOK_PORT,
  /** Its kinds are known once a release brought them; the chart leaves them out unless told. */
  served: (state: ClusterState): boolean => isDefined(state, CERT_MANAGER),
  working: (state: ClusterState): boolean => releasesOf(state, CERT_MANAGER).some(({ ready }) => ready),
  namespace: (state: ClusterState): string | undefined => {
    const release = releasesOf(state, CERT_MANAGER)[0];
    return release && (text(release.values, 'clusterResourceNamespace') || release.namespace);
  },
  admit: (state: ClusterState): void => {
    const release = releasesOf(state, CERT_MANAGER)[0];
    if (!release) return;
    callWebhook(state, {
      name: 'webhook.cert-manager.io',
      service: `${release.name}-webhook`,
      namespace: release.namespace,
      path: '/validate',
      timeoutSeconds: 30,
      port: number(release.values, 'webhook', 'securePort') ?? WEBHOOK_PORT,
      running: release.ready,
    });
  },
};
