/** A pod's network: a namespace with an address of its machine's pod block, behind the machine. */
import { addressAt, parseRange, sizeOf } from '../core/ip';
import { PREFIX, addLink, addNamespace, ipBatch } from '../core/namespace';
import { addToProfile } from '../network/build';
import { LabError } from '../core/errors';
import type { Cluster, Machine, VirtualNetwork } from '../network/model';
import { interfaceDevice, machineNamespace } from '../network/names';

/** The machine's side of every pod's cable. */
const POD_GATEWAY = '169.254.1.2';

export function podNamespace(cluster: Pick<Cluster, 'name'>, uid: string): string {
  return `${PREFIX}${cluster.name}-pod-${uid.slice(0, 8)}`;
}

/**
 * Hands out the addresses of a machine's block in turn, so that a pod that comes back has another address, as with
 * the clouds' own allocators.
 */
export class PodAddresses {
  private readonly used = new Map<string, string>();
  private readonly next = new Map<string, number>();

  take(machine: Machine, uid: string): string {
    const size = sizeOf(parseRange(machine.podBlock));
    const taken = new Set(this.used.values());
    for (let step = 0; step < size; step++) {
      // Neither the first nor the last: a GKE node's /24 has a bridge on its first address.
      const offset = 2 + (((this.next.get(machine.name) ?? 0) + step) % (size - 3));
      const address = addressAt(machine.podBlock, offset);
      if (taken.has(address)) continue;
      this.next.set(machine.name, offset - 1);
      this.used.set(uid, address);
      return address;
    }
    throw new LabError(`${machine.name} has no free pod address in ${machine.podBlock}`);
  }

  release(uid: string): void {
    this.used.delete(uid);
  }
}

export async function connectPod(
  network: VirtualNetwork,
  cluster: Cluster,
  machine: Machine,
  pod: { readonly namespace: string; readonly address: string },
): Promise<void> {
  const host = machineNamespace(cluster, machine);
  const device = interfaceDevice(pod.address);
  await addNamespace(pod.namespace, false);
  await addLink({ namespace: host, device }, { namespace: pod.namespace, device: 'eth0' }, network.mtu);
  await ipBatch(host, [
    `address add ${POD_GATEWAY}/32 dev ${device}`, // What the machine itself sends to its pods has its own address.
    `route add ${pod.address} dev ${device} src ${machine.address}`,
  ]);
  await ipBatch(pod.namespace, [
    `address add ${pod.address}/32 dev eth0`,
    `route add default via ${POD_GATEWAY} dev eth0 onlink src ${pod.address}`,
  ]);
  await addToProfile(network, machine.podProfile, pod.address);
}
