import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { CassandraSettings } from '../../plan/settings';
import type { KubernetesSite } from '../kubernetesSite';
import { datacenterSize, effectiveReplication } from './datacenterSize';
import type { ClusterIdentity } from './identity';
import { KEYSTORE_PATH, datacenterSecrets } from './names';
import { serverConfig } from './serverConfig';
import { base64 } from './siteSecrets';

export interface DatacenterArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  readonly settings: CassandraSettings;
  readonly identity: ClusterIdentity;
  /** Whether this datacenter starts the cluster; the others join it. */
  readonly first: boolean;
  /** Keeps the datacenter and its data from being deleted. */
  readonly protect: boolean;
  /** Everything that must exist before objects of the site's namespace. */
  readonly namespace: readonly pulumi.Resource[];
  /** Everything that must exist before the operator starts pods, and outlive them. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * One site's CassandraDatacenter, Ready when the resource is.
 *
 * Its first node is a seed of its own and so starts without streaming, on a datacenter that joins too; the
 * data of the others comes by the rebuild of ClusterReplication.
 *
 * Deleting it lets the operator scale the pods away and delete their volume claims, so it must go before
 * the operator, the CSI driver and the nodes: they stand in `dependsOn`.
 */
export class Datacenter extends pulumi.ComponentResource {
  /** Every node has joined and is ready. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DatacenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:Datacenter', name, {}, opts);
    const { site, cluster, settings } = args;
    const { plan } = site;
    const sizing = site.settings.cassandra;
    const secrets = datacenterSecrets(cluster, plan.datacenter);
    const size = datacenterSize(plan, site.settings);
    const child = { parent: this, provider: site.provider };

    // A Secret and not `spec.config`: the passwords of the stores stand in cassandra.yaml, and whoever may
    // read the CassandraDatacenter would read them.
    const config = new kubernetes.core.v1.Secret(
      `${name}-settings`,
      {
        metadata: { name: secrets.settings, namespace: plan.namespace },
        type: 'Opaque',
        data: {
          config: base64(
            pulumi.jsonStringify(
              serverConfig({
                replication: effectiveReplication(settings.replicationFactor, size),
                phiConvictThreshold: settings.phiConvictThreshold,
                heap: sizing.heap,
                keystorePassword: args.identity.keystorePassword,
                ...(args.first ? { first: { datacenter: plan.datacenter } } : {}),
              }),
            ),
          ),
        },
      },
      // The namespace holds it.
      { ...child, dependsOn: [...args.namespace] },
    );

    const timeout = readyTimeout(size);
    const datacenter = new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: 'cassandra.datastax.com/v1beta1',
        kind: 'CassandraDatacenter',
        metadata: {
          name: plan.datacenter,
          namespace: plan.namespace,
          annotations: {
            'pulumi.com/waitFor': 'condition=Ready',
            // The operator grows the volume claims with the setting; without it every change of them is refused.
            'cassandra.datastax.com/allow-storage-changes': 'true',
            // The first datacenter has made the roles; making them again on the second fails or races.
            ...(args.first ? {} : { 'cassandra.datastax.com/skip-user-creation': 'true' }),
          },
        },
        spec: {
          clusterName: cluster,
          serverType: 'cassandra',
          serverVersion: settings.version,
          size,
          racks: rackOrder(name, plan.zones, { parent: this }).apply((zones) =>
            zones.map(({ rack, zone }) => ({
              name: rack,
              nodeAffinityLabels: { 'topology.kubernetes.io/zone': zone },
            })),
          ),
          // One Cassandra pod per node, by the operator's own anti-affinity.
          allowMultipleNodesPerWorker: false,
          resources: {
            requests: { cpu: sizing.cpu, memory: sizing.memory },
            // No CPU limit: throttling shows as latency and, at its worst, as a node marked down.
            limits: { memory: sizing.memory },
          },
          storageConfig: {
            cassandraDataVolumeClaimSpec: {
              storageClassName: site.storageClass,
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: sizing.storage } },
            },
            additionalVolumes: [
              {
                name: 'internode-tls',
                mountPath: KEYSTORE_PATH,
                volumeSource: { secret: { secretName: secrets.internodeTls } },
              },
            ],
          },
          superuserSecretName: secrets.superuser,
          configSecret: secrets.settings,
          // Its port is closed to everything but the operator's namespace by NetworkPolicy.
          managementApiAuth: { insecure: {} },
          // No `additionalSeeds`, on any datacenter: see RemoteSeeds, which tells of the others instead.
        },
      },
      {
        ...child,
        dependsOn: [
          // The operator fails to reconcile without its configuration.
          config,
          ...args.dependsOn,
        ],
        protect: args.protect,
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );

    this.ready = [datacenter];
    this.registerOutputs({});
  }
}

/**
 * The zones in the order in which their racks were made, then by name: the operator takes new racks behind the
 * others only (cass-operator, `ValidateDatacenterFieldChanges`).
 *
 * Zones are added and never removed, so how many there were when a zone came says when it came. A `Stash` keeps the
 * first value it was given.
 */
function rackOrder<Zone extends { readonly zone: string }>(
  name: string,
  zones: readonly Zone[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<Zone[]> {
  const ages = zones.map(
    ({ zone }) =>
      new pulumi.Stash(`${name}-${zone}-age`, { input: zones.length }, { ...opts, ignoreChanges: ['input'] })
        .output as pulumi.Output<number | undefined>,
  );
  return pulumi.all(ages).apply((known) =>
    zones
      .map((zone, index) => ({ zone, age: known[index] ?? zones.length }))
      // Stable: zones of one age stay in order of their names.
      .sort((a, b) => a.age - b.age)
      .map(({ zone }) => zone),
  );
}

/**
 * How long a datacenter may take: nodes start one after another, each with an image to pull, a volume to
 * attach and a ring to join.
 */
export function readyTimeout(size: number): string {
  return `${20 + 10 * size}m`;
}
