import type * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { SiteSettings } from '../plan/settings';
import type { SitePlan } from '../plan/types';

/**
 * What the Kubernetes layer needs of a site, whichever cloud it is in. The lists of resources are
 * stages: an object that needs a stage names it in `dependsOn`, so that the graph chains only where
 * reality chains.
 */
export interface KubernetesSite {
  readonly plan: SitePlan;
  readonly settings: SiteSettings;
  /** Provider for the site's cluster; waits for the control plane only. */
  readonly provider: kubernetes.Provider;
  /** Secret: holds the cluster's certificate authority and the exec plugin's call, no token. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** Pods can run: the CNI is configured, the nodes have joined, cluster DNS answers. */
  readonly nodes: readonly pulumi.Resource[];
  /** Volumes can be provisioned: the CSI driver is active and the StorageClass exists. */
  readonly storage: readonly pulumi.Resource[];
  /** Name of the StorageClass for Cassandra's data. */
  readonly storageClass: string;
  /** Services of type LoadBalancer are served, at the planned addresses. */
  readonly loadBalancers: readonly pulumi.Resource[];
  /** The control plane reaches admission webhooks that run on the nodes. */
  readonly webhooks: readonly pulumi.Resource[];
  /** How an internal load balancer gets its planned addresses here. */
  internalLoadBalancer(role: LoadBalancerRole): InternalLoadBalancer;
}

export type LoadBalancerRole = 'gateway' | 'dns';

/** The parts of a Service that differ between the clouds. */
export interface InternalLoadBalancer {
  readonly annotations: Readonly<Record<string, string>>;
  readonly loadBalancerClass?: string;
  /** The planned address, where the cloud takes it in the Service's spec (GCP). */
  readonly loadBalancerIP?: string;
  /**
   * Whether one Service can carry TCP and UDP on the same port. Where it cannot (GCP), two Services
   * share the address.
   */
  readonly mixedProtocols: boolean;
}
