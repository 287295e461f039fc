import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GcpSiteSettings, Settings } from '../../plan/settings';
import type { GcpSitePlan } from '../../plan/types';
import { siteTags } from '../names';
import { GKE_NAME_LIMIT, type GkeCluster } from './cluster';
import { gcpLabels, namesOf } from './names';
import type { GcpNetwork } from './network';

export interface CassandraNodePoolArgs {
  readonly plan: GcpSitePlan;
  readonly settings: GcpSiteSettings;
  readonly stack: Settings;
  readonly cluster: GkeCluster;
  readonly network: GcpNetwork;
}

/**
 * The nodes of a site: one pool over the site's zones. Unlike EKS, GKE counts, scales and upgrades a
 * pool zone by zone, so one pool has the racks that one pool per zone would have, and an upgrade
 * touches one rack at a time.
 */
export class CassandraNodePool extends pulumi.ComponentResource {
  readonly pool: gcp.container.NodePool;

  constructor(name: string, args: CassandraNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:NodePool', name, { plan: args.plan, settings: args.settings }, opts);
    const { plan, stack, cluster, network } = args;
    const { nodes } = args.settings;

    this.pool = new gcp.container.NodePool(
      `${name}-pool`,
      {
        // The number of pods is the one setting that replaces the pool. With a name of its own the new pool can be
        // made before the old one is drained.
        name: namesOf(stack.cluster, plan.name)(`pool-${plan.podsPerNode}`, GKE_NAME_LIMIT),
        cluster: cluster.cluster.name,
        location: plan.region,
        nodeLocations: plan.zones.map(({ zone }) => zone),
        // Every count of a regional pool is per zone.
        initialNodeCount: nodes.perZone,
        autoscaling: {
          minNodeCount: nodes.perZone,
          maxNodeCount: nodes.maxPerZone,
          locationPolicy: 'BALANCED',
        },
        maxPodsPerNode: plan.podsPerNode,
        management: { autoRepair: true, autoUpgrade: true },
        // A new node joins before an old one leaves: a rack is never short of room.
        upgradeSettings: { strategy: 'SURGE', maxSurge: 1, maxUnavailable: 0 },
        nodeConfig: {
          machineType: nodes.machineType,
          imageType: nodes.image,
          diskType: 'pd-balanced',
          diskSizeGb: nodes.diskGiB,
          serviceAccount: cluster.identity.email,
          // The service account's roles decide; access scopes are the older, coarser lock.
          oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
          workloadMetadataConfig: { mode: 'GKE_METADATA' },
          shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
          kubeletConfig: { insecureKubeletReadonlyPortEnabled: 'FALSE' },
          metadata: { 'disable-legacy-endpoints': 'true' },
          tags: [network.nodeTag],
          // The virtual machines are GKE's resources: the provider's default labels do not reach them.
          resourceLabels: gcpLabels(siteTags(stack, plan)),
        },
      },
      {
        parent: this,
        dependsOn: [
          // Pods pull their images from the internet by NAT, and reach each other across nodes.
          network.nat,
          network.firewall.internal,
        ],
        // The first count only: a change would replace the pool, and autoscaling moves the count anyway.
        ignoreChanges: ['initialNodeCount'],
        // The provider would delete first whatever is given a name by the program, an equal one or not.
        deleteBeforeReplace: false,
        customTimeouts: { create: '30m', update: '120m', delete: '30m' },
      },
    );

    this.registerOutputs({ poolId: this.pool.id });
  }
}
