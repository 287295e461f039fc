import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { AccessSettings, GcpSiteSettings, Settings } from '../../plan/settings';
import type { GcpSitePlan } from '../../plan/types';
import type { GcpApis } from './apis';
import { gkeKubeconfig } from './kubeconfig';
import { recurringWindow } from './maintenance';
import { namesOf } from './names';
import { POD_RANGE, SERVICE_RANGE, type GcpNetwork } from './network';
import { NodeIdentity } from './nodeIdentity';
import { SecretsKey } from './secretsKey';

/** Longest cluster or node pool name GKE takes. */
export const GKE_NAME_LIMIT = 40;

export interface GkeClusterArgs {
  readonly plan: GcpSitePlan;
  readonly settings: GcpSiteSettings;
  readonly stack: Settings;
  readonly network: GcpNetwork;
  readonly apis: GcpApis;
}

/**
 * A private, regional, VPC-native GKE cluster with Dataplane V2, and no nodes: node pools are added by
 * `CassandraNodePool`.
 */
export class GkeCluster extends pulumi.ComponentResource {
  readonly cluster: gcp.container.Cluster;
  readonly identity: NodeIdentity;
  /** URL of the control plane that clients use. */
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:GkeCluster', name, { plan: args.plan, settings: args.settings }, opts);
    const { plan, settings, stack, network, apis } = args;
    const names = namesOf(stack.cluster, plan.name);
    const zones = plan.zones.map(({ zone }) => zone);

    this.identity = new NodeIdentity(`${name}-nodes`, { project: settings.project, names, apis }, { parent: this });
    const key = new SecretsKey(
      `${name}-secrets`,
      { region: plan.region, apis, protect: stack.protect },
      { parent: this },
    );

    this.cluster = new gcp.container.Cluster(
      `${name}-cluster`,
      {
        name: names('gke', GKE_NAME_LIMIT),
        description: `Cassandra cluster ${stack.cluster}, site ${plan.name}`,
        // The region, not a zone: three control planes. Pinned node locations are the racks.
        location: plan.region,
        nodeLocations: zones,
        deletionProtection: stack.protect,

        releaseChannel: { channel: settings.channel },
        minMasterVersion: settings.kubernetesVersion,
        maintenancePolicy: { recurringWindow: recurringWindow(settings.maintenance) },

        network: network.networkId,
        subnetwork: network.nodeSubnetId,
        networkingMode: 'VPC_NATIVE',
        ipAllocationPolicy: { clusterSecondaryRangeName: POD_RANGE, servicesSecondaryRangeName: SERVICE_RANGE },
        defaultMaxPodsPerNode: plan.podsPerNode,
        datapathProvider: 'ADVANCED_DATAPATH',
        // Off for every destination, not by a list of the peers' ranges: the ip-masq-agent that reads such
        // a list is a workload of the cluster, so the first pods would be rewritten until it runs, and a
        // list that lacks a later peer breaks that link alone. Pods reach the internet by Cloud NAT, which
        // serves the secondary ranges.
        defaultSnatStatus: { disabled: true },
        enableL4IlbSubsetting: true,
        dnsConfig: {
          // Stub domains of the kube-dns ConfigMap do nothing under CLOUD_DNS.
          clusterDns: 'KUBE_DNS',
        },

        privateClusterConfig: {
          enablePrivateNodes: true,
          privateEndpointSubnetwork: network.controlPlaneSubnetId,
          // The DNS endpoint replaces both addresses, so neither is asked for.
          ...(stack.access.gkeDnsEndpoint ? {} : { enablePrivateEndpoint: false }),
        },
        ...controlPlaneAccess(stack.access),

        addonsConfig: {
          // NodeLocal DNSCache keeps the answers of stub domains for 30 s, so a Cassandra node that moved is
          // not found for as long; newer GKE versions switch it on unless told otherwise.
          dnsCacheConfig: { enabled: false },
          gcePersistentDiskCsiDriverConfig: { enabled: true },
          // Internal load balancers with subsetting are made by this add-on's controllers.
          httpLoadBalancing: { disabled: false },
        },
        workloadIdentityConfig: { workloadPool: `${settings.project}.svc.id.goog` },
        enableShieldedNodes: true,
        databaseEncryption: { state: 'ENCRYPTED', keyName: key.keyId },

        loggingConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS'] },
        monitoringConfig: {
          enableComponents: ['SYSTEM_COMPONENTS', 'STORAGE', 'POD', 'STATEFULSET'],
          managedPrometheus: { enabled: true },
          advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
        },

        // GKE makes no cluster without a pool. This one lives for a moment, but under the project's
        // default account it may never come up, and the cluster with it.
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        nodeConfig: { serviceAccount: this.identity.email, shieldedInstanceConfig: { enableSecureBoot: true } },
      },
      {
        parent: this,
        protect: stack.protect,
        dependsOn: [
          apis.services.container,
          // GKE writes to both from its first minute.
          apis.services.logging,
          apis.services.monitoring,
          // Without the right to use the key, creation is refused.
          key.granted,
          // Nodes of the passing default pool report health with this account.
          this.identity.granted,
        ],
        // The ranges cannot serve two clusters at once. What runs in the cluster is deleted before it then.
        deleteBeforeReplace: true,
        // The first two describe the default pool, which is gone: what is read back is another pool's. The third is
        // immutable and holds for pools that say nothing; the pool of this program has its own.
        ignoreChanges: ['initialNodeCount', 'nodeConfig', 'defaultMaxPodsPerNode'],
        customTimeouts: { create: '40m', update: '60m', delete: '40m' },
      },
    );

    this.endpoint = stack.access.gkeDnsEndpoint ? dnsEndpoint(this.cluster) : ipEndpoint(this.cluster);
    this.kubeconfig = gkeKubeconfig({
      name: names('gke', GKE_NAME_LIMIT),
      server: this.endpoint,
      certificateAuthority: stack.access.gkeDnsEndpoint
        ? undefined
        : this.cluster.masterAuth.apply(({ clusterCaCertificate }) => clusterCaCertificate),
    });
    this.registerOutputs({ endpoint: this.endpoint, kubeconfig: this.kubeconfig });
  }
}

/**
 * Who reaches the control plane: the admitted ranges by its public address, or, with the DNS endpoint,
 * whoever IAM admits and nobody by address.
 */
function controlPlaneAccess(access: AccessSettings): Partial<gcp.container.ClusterArgs> {
  if (access.gkeDnsEndpoint) {
    return {
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
    };
  }
  return {
    masterAuthorizedNetworksConfig: {
      cidrBlocks: access.admittedRanges.map((range) => ({ cidrBlock: range, displayName: range })),
      // Otherwise every virtual machine of every Google Cloud customer is admitted.
      gcpPublicCidrsAccessEnabled: false,
    },
  };
}

function ipEndpoint(cluster: gcp.container.Cluster): pulumi.Output<string> {
  return pulumi.interpolate`https://${cluster.endpoint}`;
}

function dnsEndpoint(cluster: gcp.container.Cluster): pulumi.Output<string> {
  return pulumi.interpolate`https://${cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint}`;
}
