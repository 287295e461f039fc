import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { stringify } from 'yaml';
import type { AwsSitePlan } from '../../plan/types';
import type { EksCluster } from './cluster';
import type { AwsNetwork } from './network';

export interface MetricsArgs {
  readonly plan: AwsSitePlan;
  readonly clusterName: string;
  readonly cluster: EksCluster;
  readonly network: AwsNetwork;
  readonly provider: aws.Provider;
}

/**
 * Cassandra's metrics in Amazon Managed Service for Prometheus, by its agentless scraper: nothing to
 * run in the cluster. The scraper's interfaces are in the node subnets and the cluster security group,
 * so that it reaches pods and control plane; EKS gives it an access entry of its own.
 */
export class Metrics extends pulumi.ComponentResource {
  readonly workspace: aws.amp.Workspace;

  constructor(name: string, args: MetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:Metrics', name, {}, opts);
    const { plan, clusterName, cluster, network, provider } = args;
    const options = { parent: this, provider };

    this.workspace = new aws.amp.Workspace(`${name}-workspace`, { alias: clusterName }, options);
    new aws.amp.Scraper(
      `${name}-scraper`,
      {
        alias: clusterName,
        source: {
          eks: {
            clusterArn: cluster.cluster.arn,
            subnetIds: network.zones.map((zone) => zone.nodeSubnet.id),
            securityGroupIds: [cluster.securityGroupId],
          },
        },
        destination: { amp: { workspaceArn: this.workspace.arn } },
        scrapeConfiguration: scrapeConfiguration(plan),
      },
      options,
    );
    this.registerOutputs({ prometheusEndpoint: this.workspace.prometheusEndpoint });
  }
}

/** Port of the management API's metrics in every Cassandra pod; cass-operator names it `metrics`. */
const metricsPort = 9000;

/** Cassandra's pods in the site's namespace, at their metrics port. */
export function scrapeConfiguration(plan: Pick<AwsSitePlan, 'namespace' | 'datacenter'>): string {
  const label = (name: string) => `__meta_kubernetes_pod_label_cassandra_datastax_com_${name}`;
  return stringify({
    global: { scrape_interval: '30s', external_labels: { datacenter: plan.datacenter } },
    scrape_configs: [
      {
        job_name: 'cassandra',
        kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [plan.namespace] } }],
        relabel_configs: [
          // Not 9103 as well, which the operator declares too: nothing listens there since Cassandra 5.0, and
          // half of the targets would be down for good.
          {
            source_labels: [label('cluster'), '__meta_kubernetes_pod_container_port_number'],
            regex: `.+;${metricsPort}`,
            action: 'keep',
          },
          { source_labels: [label('cluster')], target_label: 'cluster' },
          { source_labels: [label('rack')], target_label: 'rack' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
        ],
      },
    ],
  });
}
