import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { SitePlan } from '../../plan/types';
import type { KubernetesSite } from '../kubernetesSite';
import { runKey, scriptPod } from './jobs';
import { cassandraImage } from './names';

export interface LinkProbeArgs {
  /** Site that the connections are opened from. */
  readonly from: KubernetesSite;
  /** Site whose gateway they are opened to. */
  readonly to: SitePlan;
  /** Cassandra version, whose image the probe runs: it is on the nodes anyway and brings bash. */
  readonly version: string;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Seconds until an address must have answered. */
const DEADLINE = 1800;

/**
 * Holds a datacenter back until packets cross: opens a TCP connection to every gateway address of another
 * site, from a pod as Cassandra's are.
 *
 * Needed because created tunnels do not mean that BGP has converged, and the operator deletes pods whose
 * start fails. The Job has no TTL and its name depends on what it probes, so it runs once.
 */
export class LinkProbe extends pulumi.ComponentResource {
  /** Every gateway address has answered. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: LinkProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:LinkProbe', name, {}, opts);
    const { from, to } = args;
    const { addresses, port } = to.gateway;

    const job = new kubernetes.batch.v1.Job(
      `${name}-job`,
      {
        metadata: {
          name: `link-probe-${runKey({ from: from.plan.name, to: to.name, addresses, port })}`,
          namespace: from.plan.namespace,
          // A probe that failed is repeated by the next update instead of being waited for again.
          annotations: { 'pulumi.com/replaceUnready': 'true' },
        },
        spec: {
          activeDeadlineSeconds: DEADLINE,
          backoffLimit: 6,
          template: {
            spec: scriptPod({
              image: cassandraImage(args.version),
              script: PROBE_SCRIPT,
              env: { ADDRESSES: addresses.join(' '), PORT: String(port) },
            }),
          },
        },
      },
      {
        parent: this,
        provider: from.provider,
        dependsOn: [...args.dependsOn],
        // Probed once; a later version's image is no reason to probe again.
        ignoreChanges: ['spec.template.spec.containers[0].image'],
        customTimeouts: { create: `${DEADLINE + 120}s` },
      },
    );

    this.ready = [job];
    this.registerOutputs({});
  }
}

/** Waits for each address in turn; the Job's deadline ends it. */
const PROBE_SCRIPT = `
for address in $ADDRESSES; do
  until timeout 5 bash -c "exec 3<>/dev/tcp/$address/$PORT"; do
    echo "no connection to $address:$PORT yet"
    sleep 5
  done
  echo "connected to $address:$PORT"
done
`.trim();
