import * as gcp from '@pulumi/gcp';
import type * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { GcpSiteSettings, Settings } from '../../plan/settings';
import type { GcpSitePlan } from '../../plan/types';
import { clusterProvider } from '../clusterAccess';
import type { InternalLoadBalancer, KubernetesSite, LoadBalancerRole } from '../kubernetesSite';
import { siteTags } from '../names';
import { GcpApis } from './apis';
import { GkeCluster } from './cluster';
import { gcpLabels } from './names';
import { GcpNetwork } from './network';
import { CassandraNodePool } from './nodePool';
import { cassandraStorageClass, STORAGE_CLASS } from './storage';

export interface GcpSiteArgs {
  readonly plan: GcpSitePlan;
  readonly settings: GcpSiteSettings;
  readonly stack: Settings;
  /** Fails where the settings would change what the site was made with; nothing of the site starts before it. */
  readonly unchanged: pulumi.Output<unknown>;
}

/** A site on Google Cloud: network, GKE cluster, nodes and StorageClass. */
export class GcpSite extends pulumi.ComponentResource implements KubernetesSite {
  readonly plan: GcpSitePlan;
  readonly settings: GcpSiteSettings;
  readonly gcpProvider: gcp.Provider;
  readonly network: GcpNetwork;
  readonly cluster: GkeCluster;
  readonly provider: kubernetes.Provider;
  readonly kubeconfig: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly nodes: readonly pulumi.Resource[];
  readonly storage: readonly pulumi.Resource[];
  readonly storageClass: string;
  readonly loadBalancers: readonly pulumi.Resource[];
  readonly webhooks: readonly pulumi.Resource[];

  constructor(name: string, args: GcpSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, settings, stack, unchanged } = args;
    super('multicloud-cassandra:gcp:Site', name, { plan, settings }, opts);
    this.plan = plan;
    this.settings = settings;

    this.gcpProvider = new gcp.Provider(
      `${name}-gcp`,
      {
        project: settings.project,
        // Every resource of the site waits for its provider, and the provider for this.
        region: unchanged.apply(() => plan.region),
        defaultLabels: gcpLabels(siteTags(stack, plan)),
      },
      { parent: this },
    );
    const inGoogleCloud = { parent: this, provider: this.gcpProvider };

    const apis = new GcpApis(`${name}-apis`, inGoogleCloud);
    this.network = new GcpNetwork(name, { plan, stack, apis, provider: this.gcpProvider }, inGoogleCloud);
    this.cluster = new GkeCluster(name, { plan, settings, stack, apis, network: this.network }, inGoogleCloud);
    const nodePool = new CassandraNodePool(
      name,
      { plan, settings, stack, cluster: this.cluster, network: this.network },
      inGoogleCloud,
    );

    this.kubeconfig = this.cluster.kubeconfig;
    this.endpoint = this.cluster.endpoint;
    this.provider = clusterProvider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: this.cluster.cluster.id },
      { parent: this },
    );

    const storageClass = cassandraStorageClass(
      `${name}-storage-class`,
      // Owns nothing in the cloud, so it may go with the cluster.
      { parent: this, provider: this.provider, deletedWith: this.cluster.cluster },
    );

    const { firewall, addresses } = this.network;
    this.nodes = [nodePool.pool];
    // The CSI driver is an add-on of the control plane; its node part comes with the nodes.
    this.storage = [storageClass, nodePool.pool];
    this.storageClass = settings.cassandra.storageClass ?? STORAGE_CLASS;
    // A Service asks for an address that must be reserved by then, and is served only by nodes whose
    // probes pass. Deleted in the opposite order: a forwarding rule holds its address.
    this.loadBalancers = [...addresses.gateway, ...addresses.dns, firewall.healthChecks, nodePool.pool];
    this.webhooks = [firewall.webhooks, nodePool.pool];

    this.registerOutputs({ endpoint: this.endpoint, kubeconfig: this.kubeconfig });
  }

  internalLoadBalancer(role: LoadBalancerRole): InternalLoadBalancer {
    return {
      annotations: {
        'networking.gke.io/load-balancer-type': 'Internal',
        // The VPN may end in another region of the network; without it such clients are not served.
        'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
      },
      loadBalancerIP: this.plan[role].addresses[0],
      // One forwarding rule carries one protocol.
      mixedProtocols: false,
    };
  }
}
