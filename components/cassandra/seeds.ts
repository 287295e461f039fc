import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import { datacenterServices } from './names';

export interface RemoteSeedsArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * Tells a datacenter the seeds of the others: the planned gateway addresses, as plain `Endpoints` of the
 * additional-seed service that the operator makes without a selector.
 *
 * Never `additionalSeeds`: with any of those the operator labels no local seed while none is ready. The
 * first node's only seeds are then addresses of load balancers, which no node in gossip has as its own, so
 * Cassandra counts no seed as seen (`Gossiper.seenAnySeed`) and its bootstrap ends with "Unable to contact
 * any seeds". With these `Endpoints` the first node is a local seed that meets the others through the
 * gateway and joins their ring, and every datacenter can start from cold while the link is down.
 *
 * `Endpoints` because GKE's kube-dns reads nothing else; Kubernetes mirrors them into EndpointSlices for
 * CoreDNS.
 *
 * They carry no label of the operator's: it deletes `Endpoints` that do.
 */
export class RemoteSeeds extends pulumi.ComponentResource {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: RemoteSeedsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:RemoteSeeds', name, {}, opts);
    const { plan, provider } = args.site;

    const endpoints = new kubernetes.core.v1.Endpoints(
      `${name}-endpoints`,
      {
        metadata: {
          name: datacenterServices(args.cluster, plan.datacenter).additionalSeeds,
          namespace: plan.namespace,
        },
        subsets: [{ addresses: plan.remoteSeeds.map((ip) => ({ ip })) }],
      },
      { parent: this, provider, dependsOn: [...args.dependsOn] },
    );

    this.ready = [endpoints];
    this.registerOutputs({});
  }
}
