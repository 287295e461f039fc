import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { OperatorSettings } from '../../plan/settings';
import type { KubernetesSite } from '../kubernetesSite';
import { Certificates } from './certificates';
import type { ClusterIdentity } from './identity';
import { scrapeOnGoogle } from './metrics';
import { NetworkPolicies } from './networkPolicy';
import { Operators } from './operators';
import { SiteSecrets } from './siteSecrets';

export interface SiteFoundationArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  readonly identity: ClusterIdentity;
  readonly charts: OperatorSettings;
}

/**
 * Everything a site needs before its datacenter: namespace, operators, secrets, certificate, policies.
 * Waits for nothing of the other sites, so all sites prepare themselves at once.
 */
export class SiteFoundation extends pulumi.ComponentResource {
  /** Objects can be made in the site's namespace. */
  readonly namespace: readonly pulumi.Resource[];
  /** A CassandraDatacenter can start. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SiteFoundationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:SiteFoundation', name, {}, opts);
    const { site, cluster, identity } = args;
    const child = { parent: this, provider: site.provider };

    // One name per site: the seed service's name is the same on every site, and a forwarded query must
    // tell them apart.
    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: site.plan.namespace } },
      {
        ...child,
        // For the way back: a namespace is gone only when its volume claims are, and their disks are deleted
        // by the CSI driver. On the way there nothing waits for it that does not wait for nodes anyway.
        dependsOn: [...site.storage],
      },
    );
    this.namespace = [namespace];

    const operators = new Operators(`${name}-operators`, { site, charts: args.charts }, { parent: this });
    const secrets = new SiteSecrets(
      `${name}-secrets`,
      { site, cluster, identity, namespace: this.namespace },
      { parent: this },
    );
    const certificates = new Certificates(
      `${name}-certificates`,
      { site, cluster, secrets, certManager: operators.certManager },
      { parent: this },
    );
    const policies = new NetworkPolicies(
      `${name}-policies`,
      { site, cluster, namespace: this.namespace },
      { parent: this },
    );
    scrapeOnGoogle(`${name}-metrics`, site, cluster, {
      ...child,
      // The namespace holds it; its kind comes with the cluster, and is served once the collectors run.
      dependsOn: [namespace, ...site.nodes],
    });

    this.ready = [
      // It holds the datacenter.
      namespace,
      // It turns the CassandraDatacenter into pods, and on deletion removes their volumes.
      ...operators.cassOperator,
      // Mounted into every pod.
      ...certificates.ready,
      // The operator would make one of its own, different on every site.
      secrets.superuser,
      // No pod is ever open to more than they say.
      ...policies.ready,
      // Pods need nodes and volumes; deleting claims needs the CSI driver.
      ...site.nodes,
      ...site.storage,
    ];
    this.registerOutputs({});
  }
}
