/** The kubelets and the scheduler of one cluster's machines. */
import { say } from '../core/say';
import { ApiError, type KubeClient } from '../kubernetes/client';
import type { KubernetesObject } from '../kubernetes/objects';
import type { AgentConfig } from './config';
import { Pod } from './pod';
import { PodAddresses } from './podNetwork';
import { nodeLabels, schedule } from './scheduler';

export class Kubelets {
  private readonly pods = new Map<string, Pod>();
  private readonly addresses = new PodAddresses();
  private readonly unschedulable = new Map<string, string>();

  constructor(
    private readonly config: AgentConfig,
    private readonly api: KubeClient,
  ) {}

  /** Makes the Node object of every machine. */
  async register(): Promise<void> {
    for (const machine of this.config.cluster.machines) {
      const node = await this.api.apply({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: machine.name, labels: nodeLabels(machine) },
        spec: { providerID: `lab://${this.config.cluster.name}/${machine.name}` },
      });
      await this.api.patchStatus(node, {
        addresses: [
          { type: 'InternalIP', address: machine.address },
          { type: 'Hostname', address: machine.name },
        ],
        capacity: CAPACITY,
        allocatable: CAPACITY,
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      });
    }
  }

  /** One look at all pods: binds, starts and ends those that need it. */
  async reconcile(): Promise<void> {
    const objects = await this.api.list('v1', 'Pod');
    for (const object of objects) {
      const uid = object.metadata.uid ?? '';
      const known = this.pods.get(uid);
      if (object.metadata.deletionTimestamp !== undefined) await this.end(object, known);
      else if (known === undefined && object.spec.nodeName === undefined) await this.bind(object, objects);
      else if (known === undefined && !hasEnded(object)) this.begin(object);
    }
    const present = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const [uid, pod] of this.pods) {
      // Removed without waiting, e.g. by force.
      if (!present.has(uid)) this.finish(uid, pod);
    }
  }

  private async bind(object: KubernetesObject, objects: readonly KubernetesObject[]): Promise<void> {
    const machine = schedule(object, this.config.cluster.machines, objects);
    const name = `${object.metadata.namespace}/${object.metadata.name}`;
    if (typeof machine === 'string') {
      if (this.unschedulable.get(name) !== machine) say(`${name} is not scheduled: ${machine}`);
      this.unschedulable.set(name, machine);
      return;
    }
    this.unschedulable.delete(name);
    try {
      await this.api.post(object, 'binding', {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: object.metadata.name, namespace: object.metadata.namespace },
        target: { apiVersion: 'v1', kind: 'Node', name: machine.name },
      });
      // The list is a moment old: the next decision must know of this one.
      object.spec.nodeName = machine.name;
      say(`${name} → ${machine.name}`);
    } catch (error) {
      // Deleted meanwhile, or not ready to be bound.
      if (!(error instanceof ApiError && [404, 409].includes(error.status))) throw error;
    }
  }

  private begin(object: KubernetesObject): void {
    const machine = this.config.cluster.machines.find(({ name }) => name === object.spec.nodeName);
    if (machine === undefined) return;
    const pod = new Pod(this.config, this.api, this.addresses, machine, object);
    this.pods.set(object.metadata.uid ?? '', pod);
    say(`${object.metadata.name} starts at ${pod.address}`);
    pod.start().catch((error: unknown) => say(`${object.metadata.name}: ${String(error)}`));
  }

  private async end(object: KubernetesObject, pod: Pod | undefined): Promise<void> {
    const uid = object.metadata.uid ?? '';
    if (pod !== undefined) this.finish(uid, pod);
    else if (!this.ending.has(uid)) await this.api.remove(object, 0);
  }

  private readonly ending = new Set<string>();

  private finish(uid: string, pod: Pod): void {
    this.pods.delete(uid);
    this.ending.add(uid);
    say(`${pod.address} ends`);
    pod
      .stop()
      .catch((error: unknown) => say(`${pod.address}: ${String(error)}`))
      .finally(() => this.ending.delete(uid));
  }
}

const CAPACITY = { cpu: '64', memory: '512Gi', pods: '110', 'ephemeral-storage': '1Ti' };

function hasEnded({ status }: KubernetesObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
