/** Where in the lab an address of a flow is, and a stand-in interface where nothing has it yet. */
import { LabError } from '../core/errors';
import { contains } from '../core/ip';
import { endNamespace } from '../core/ledger';
import { PREFIX, addNamespace, ipBatch } from '../core/namespace';
import { podNamespace, connectPod } from '../agent/podNetwork';
import { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import { addToProfile, attach, networkOf } from '../network/build';
import type { Cluster, LabModel, Machine } from '../network/model';
import { controlPlaneNamespace, interfaceDevice, machineNamespace, networkNamespace } from '../network/names';
import { LOCAL_TABLE } from '../network/routes';

/** A flow's end: the namespace that has its address. */
export interface Place {
  readonly netns: string;
  /** Made for this flow, so nothing else listens there. */
  readonly standIn: boolean;
}

export class Places {
  private readonly known = new Map<string, Place>();
  private readonly cleanUp: (() => Promise<void>)[] = [];

  constructor(private model: LabModel) {}

  /** Finds everything that has an address. */
  async survey(): Promise<void> {
    this.surveyMachines();
    for (const cluster of this.model.clusters) {
      const api = new KubeClient(clusterFolder(cluster));
      for (const { status, metadata } of await api.list('v1', 'Pod')) {
        const running = status?.podIP !== undefined && !['Succeeded', 'Failed'].includes(status.phase as string);
        if (running) this.known.set(status.podIP, { netns: podNamespace(cluster, metadata.uid ?? ''), standIn: false });
      }
    }
  }

  /** What has an address before Kubernetes runs. */
  surveyMachines(): void {
    for (const cluster of this.model.clusters) {
      this.known.set(cluster.controlPlane, { netns: controlPlaneNamespace(cluster), standIn: false });
      for (const machine of cluster.machines) {
        this.known.set(machine.address, { netns: machineNamespace(cluster, machine), standIn: false });
      }
    }
  }

  /** Has the filters of a model of the same shape apply to the stand-ins. */
  async readmit(model: LabModel): Promise<void> {
    this.model = model;
    for (const [address, { standIn }] of this.known) {
      if (!standIn) continue;
      for (const cluster of model.clusters) {
        const network = networkOf(model, cluster);
        const machine = machineFor(cluster, address);
        if (machine !== undefined) await addToProfile(network, machine.podProfile, address);
        else if (network.localRanges.some((range) => contains(range, address)))
          await addToProfile(network, cluster.controlPlaneProfile, address);
        else continue;
        break;
      }
    }
  }

  /** The place of an address; one that nobody has gets a stand-in with the filters and the way that a pod would have there. */
  async at(address: string): Promise<Place> {
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const place = { netns: `${PREFIX}flow-${address.replaceAll('.', '-')}`, standIn: true };
    await this.makeStandIn(address, place.netns);
    this.known.set(address, place);
    return place;
  }

  private async makeStandIn(address: string, netns: string): Promise<void> {
    for (const cluster of this.model.clusters) {
      const network = networkOf(this.model, cluster);
      const router = networkNamespace(network);
      const machine = machineFor(cluster, address);
      if (machine !== undefined) {
        await connectPod(network, cluster, machine, { namespace: netns, address });
        const outside = !contains(machine.podBlock, address);
        const route = `${address} via ${machine.address} dev ${interfaceDevice(machine.address)} onlink table ${LOCAL_TABLE}`;
        if (outside) await ipBatch(router, [`route add ${route}`]);
        this.cleanUp.push(async () => {
          await ipBatch(machineNamespace(cluster, machine), [`link del ${interfaceDevice(address)}`]);
          await endNamespace(netns);
          if (outside) await ipBatch(router, [`route del ${route}`]);
        });
        return;
      }
      const subnet = network.localRanges.find((range) => contains(range, address));
      if (subnet !== undefined) {
        await addNamespace(netns, false);
        await attach(network, netns, address);
        await addToProfile(network, cluster.controlPlaneProfile, address);
        this.cleanUp.push(async () => {
          // Its route goes with the cable.
          await ipBatch(router, [`link del ${interfaceDevice(address)}`]);
          await endNamespace(netns);
        });
        return;
      }
    }
    throw new LabError(`no network of the stack has a place for ${address}`);
  }

  async remove(): Promise<void> {
    for (const undo of this.cleanUp.reverse()) await undo();
  }
}

/** Pods of an address's range run on machines that give out such addresses; of those, the one whose block it is. */
export function machineFor(cluster: Cluster, address: string): Machine | undefined {
  const fitting = cluster.machines.filter(({ podRange }) => contains(podRange, address));
  return fitting.find(({ podBlock }) => contains(podBlock, address)) ?? fitting[0];
}
