/**
 * Who stands at the addresses of the flows. The proof's address of a pod stands for any of its range; here each workload of a
 * range gets an address of its own, since what policies let through depends on who asks.
 */
import type { Target } from '../agent/endpoints';
import { type PolicyPod, policyRules } from '../agent/policies';
import { selects } from '../agent/selectors';
import { LabError } from '../core/errors';
import { addressAt } from '../core/ip';
import { inNamespace } from '../core/namespace';
import type { KubernetesObject } from '../kubernetes/objects';
import type { Cluster, LabModel, Machine } from '../network/model';
import { machineNamespace } from '../network/names';
import type { Stack } from '../stack/stack';
import type { Flow } from '../verify/proof';
import { type Places, machineFor } from '../verify/places';
import { type ClusterObjects, type Workload, clusterObjects } from './workloads';

/** Offset from the address that the proof names, where it names the same for somebody else. */
const SIBLING = 5;
/** Offset of the first target of a load balancer in its machine's pod block; the next workload has the one after. */
const FIRST_TARGET = 2;
/** Targets end before the addresses that the proof names. */
const LAST_TARGET = 9;
/** Offset of the pod that asks for names in its machine's pod block. */
const ASKER = 10;

/** A flow as it is tried. */
export interface SeatedFlow extends Flow {
  /** Address of the Cassandra pod that first asks the resolver, which is the flow's source; undefined where it asks nobody. */
  readonly asker?: string;
}

interface StandIn {
  readonly cluster: Cluster;
  readonly machine: Machine;
  readonly pod: PolicyPod;
}

export class StandIns {
  private readonly pods = new Map<string, StandIn>();
  private readonly objects: ReadonlyMap<Cluster, ClusterObjects>;

  constructor(
    stack: Stack,
    private readonly model: LabModel,
    private readonly places: Pick<Places, 'at'>,
  ) {
    this.objects = new Map(model.clusters.map((cluster) => [cluster, clusterObjects(stack, model, cluster)]));
  }

  objectsOf(cluster: Cluster): ClusterObjects {
    const found = this.objects.get(cluster);
    if (found === undefined) throw new LabError(`${cluster.urn} is not in the model`);
    return found;
  }

  /** Puts pods at both ends of a flow, where they are pods' addresses, and tells from where it is tried. */
  async seat(flow: Flow): Promise<SeatedFlow> {
    const { source: caller, destination: callee } = endsOf(flow.purpose);
    const source = this.callerOf(flow);
    if (caller !== undefined) await this.place(source, caller);
    if (callee !== undefined) await this.place(flow.destination, callee);
    if (!asksForNames(flow)) return { ...flow, source };
    const asker = this.askerOf(flow.source, source);
    await this.place(asker, { kind: 'cassandra' });
    return { ...flow, source, asker };
  }

  /** A target on each machine of the pods' zones, for every kind of pod that a Service selects. */
  async targetsOf(cluster: Cluster, service: KubernetesObject, port: number): Promise<Target[]> {
    const { workloads } = this.objectsOf(cluster);
    const names = [...new Set(workloads.map(({ name }) => name))];
    const selected = workloads.filter(
      ({ namespace, labels }) =>
        namespace === (service.metadata.namespace ?? 'default') &&
        service.spec.selector !== undefined &&
        selects({ matchLabels: service.spec.selector }, labels),
    );
    const targets = new Map<string, Target>();
    for (const machine of cluster.machines) {
      const workload = selected.find(({ zone }) => zone === undefined || zone === machine.zone);
      if (workload === undefined) continue;
      const offset = FIRST_TARGET + names.indexOf(workload.name);
      if (offset > LAST_TARGET)
        throw new LabError(`${cluster.urn} has more kinds of pods than stand-ins have addresses`);
      const address = addressAt(machine.podBlock, offset);
      await this.take(address, cluster, machine, workload);
      targets.set(address, { address, port });
    }
    return [...targets.values()];
  }

  /** Has every machine of a cluster that enforces policies filter for the pods that stand on it. */
  async enforcePolicies(): Promise<void> {
    for (const [cluster, { policies, namespaces }] of this.objects) {
      if (!cluster.enforcesPolicies) continue;
      const own = [...this.pods.values()].filter((standIn) => standIn.cluster === cluster);
      const world = { policies, namespaces, pods: own.map(({ pod }) => pod) };
      for (const machine of cluster.machines) {
        const pods = own.filter((standIn) => standIn.machine === machine).map(({ pod }) => pod);
        const input = policyRules(pods, world);
        await inNamespace(machineNamespace(cluster, machine), 'nft', ['-f', '-'], { input });
      }
    }
  }

  /** The address that a flow is tried from. */
  private callerOf({ source, destination, purpose = '' }: Flow): string {
    const cluster = this.clusterOf(destination);
    if (purpose.startsWith('webhook') && cluster !== undefined) return cluster.controlPlane;
    // A resolver at a Cassandra pod's address, or a collector's own interface at a machine's.
    const taken = asksForNames({ purpose }) || (purpose.startsWith('metrics,') && this.clusterOf(source) === undefined);
    return taken ? sibling(source) : source;
  }

  /**
   * A pod of the resolver's range. It is on another machine if one of that range is there, since between pods of one machine
   * neither cloud filters; and otherwise at the address that the proof names, beside the resolver.
   */
  private askerOf(named: string, resolver: string): string {
    const cluster = this.clusterOf(resolver);
    const own = cluster === undefined ? undefined : machineFor(cluster, resolver);
    if (cluster === undefined || own === undefined)
      throw new LabError(`no machine gives out ${resolver}, so that no pod of its zone can ask the resolver there`);
    const other = cluster.machines.find((machine) => machine !== own && machine.podRange === own.podRange);
    return other === undefined ? named : addressAt(other.podBlock, ASKER);
  }

  /** The cluster whose pods have addresses like this one. */
  private clusterOf(address: string): Cluster | undefined {
    return this.model.clusters.find((cluster) => machineFor(cluster, address) !== undefined);
  }

  private async place(address: string, { kind }: End): Promise<void> {
    for (const cluster of this.model.clusters) {
      const machine = machineFor(cluster, address);
      if (machine === undefined) continue;
      const fitting = this.objectsOf(cluster).workloads.filter((workload) => workload.kind === kind);
      const workload = fitting.find(({ zone }) => zone === machine.zone) ?? fitting[0];
      if (workload !== undefined) await this.take(address, cluster, machine, workload);
    }
  }

  private async take(address: string, cluster: Cluster, machine: Machine, workload: Workload): Promise<void> {
    const before = this.pods.get(address)?.pod;
    if (before !== undefined && before.namespace !== workload.namespace)
      throw new LabError(`${address} cannot stand for pods of ${before.namespace} and of ${workload.namespace}`);
    const { namespace, labels, ports } = workload;
    this.pods.set(address, { cluster, machine, pod: { namespace, labels, address, ports } });
    await this.places.at(address);
  }
}

interface End {
  readonly kind: Workload['kind'];
}

/** Which pods a flow is between, by what the proof says it is for; an end without one is no pod, or any. */
export function endsOf(purpose = ''): { readonly source?: End; readonly destination?: End } {
  const cassandra: End = { kind: 'cassandra' };
  if (/^(internode|native protocol|path MTU|seeds),/.test(purpose))
    return { source: cassandra, destination: cassandra };
  if (asksForNames({ purpose })) return { source: { kind: 'dns' } };
  if (purpose.startsWith('management API,')) return { source: { kind: 'operator' }, destination: cassandra };
  if (purpose.startsWith('metrics,')) return { source: { kind: 'collector' }, destination: cassandra };
  return {};
}

/** Whether a flow is what a resolver asks for its pods. */
function asksForNames({ purpose = '' }: Pick<Flow, 'purpose'>): boolean {
  return purpose.startsWith('DNS,');
}

function sibling(address: string): string {
  return addressAt(`${address}/24`, Number(address.split('.')[3]) + SIBLING);
}
