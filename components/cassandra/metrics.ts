import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import { clusterLabels } from './names';

/**
 * Has Google's managed Prometheus scrape the site's Cassandra pods. On AWS the scraper is part of the
 * site itself and finds the pods from outside the cluster.
 *
 * @returns nothing to wait for: the database does not depend on being watched.
 */
export function scrapeOnGoogle(
  name: string,
  site: KubernetesSite,
  cluster: string,
  opts: pulumi.CustomResourceOptions,
): void {
  if (site.plan.cloud !== 'gcp') return;
  new kubernetes.apiextensions.CustomResource(
    `${name}-pod-monitoring`,
    {
      apiVersion: 'monitoring.googleapis.com/v1',
      kind: 'PodMonitoring',
      metadata: { name: 'cassandra', namespace: site.plan.namespace },
      spec: {
        selector: { matchLabels: clusterLabels(cluster) },
        endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
      },
    },
    opts,
  );
}
