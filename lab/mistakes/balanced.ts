/** The load balancers of a stack before Kubernetes runs: their Services in front of stand-ins, one on each machine. */
import { applyBalancerRules, balancerRules, balancers } from '../agent/loadBalancers';
import type { ServicePort } from '../agent/endpoints';
import { addressAt } from '../core/ip';
import type { Json } from '../kubernetes/objects';
import { objectOf, stackObjects } from '../kubernetes/stackObjects';
import { networkOf } from '../network/build';
import type { Cluster, LabModel } from '../network/model';
import type { Stack } from '../stack/stack';
import type { Places } from '../verify/places';
import type { Echoes } from './connections';

const SERVICE = 'kubernetes:core/v1:Service';
/** Of a stand-in in its machine's pod block. */
const TARGET_OFFSET = 9;

/** Planned addresses of a stack's load balancers. */
export function balancerAddresses(stack: Stack, model: LabModel): string[] {
  return model.clusters.flatMap((cluster) =>
    balancers(cluster, servicePorts(stack, model, cluster)).flatMap(({ addresses }) => addresses),
  );
}

export async function buildBalancers(stack: Stack, model: LabModel, places: Places, echoes: Echoes): Promise<void> {
  for (const cluster of model.clusters) {
    const ports = servicePorts(stack, model, cluster);
    for (const { protocol, targets } of ports) {
      for (const { address, port } of targets) await echoes.at((await places.at(address)).netns, port, protocol);
    }
    const network = networkOf(model, cluster);
    await applyBalancerRules(network, balancerRules(network, balancers(cluster, ports)));
  }
}

function servicePorts(stack: Stack, model: LabModel, cluster: Cluster): ServicePort[] {
  return [...stackObjects(stack, model.clusters).values()]
    .filter((object) => object.type === SERVICE && object.cluster === cluster)
    .map(objectOf)
    .filter(({ spec }) => spec.type === 'LoadBalancer')
    .flatMap((service) =>
      (service.spec.ports as Json[]).map((entry): ServicePort => ({
        service,
        protocol: entry.protocol === 'UDP' ? 'udp' : 'tcp',
        port: entry.port as number,
        targets: cluster.machines.map(({ podBlock }) => ({
          address: addressAt(podBlock, TARGET_OFFSET),
          port: typeof entry.targetPort === 'number' ? entry.targetPort : (entry.port as number),
        })),
      })),
    );
}
