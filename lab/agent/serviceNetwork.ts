/** Services, load balancers and NetworkPolicies of one cluster as rules, written when they change. */
import { inNamespace } from '../core/namespace';
import type { KubeClient } from '../kubernetes/client';
import type { Json } from '../kubernetes/objects';
import { machineNamespace } from '../network/names';
import { probe } from '../network/probes';
import { admissionRules, applyBalancerRules, balancerRules } from './balancerRules';
import type { AgentConfig } from './config';
import { servicePorts } from './endpoints';
import { machineOf, nodeHealthPort, probeKey, probesOf } from './healthChecks';
import { type Balancer, balancers, reportBalancers } from './loadBalancers';
import { HealthAnswers } from './nodeHealth';
import { type PolicyPod, type PolicyWorld, policyRules } from './policies';
import { applyServiceRules, serviceRules } from './services';

/** Milliseconds between health checks: AWS's default; Google's is 8 s for a Service of GKE. */
const CHECK_INTERVAL = 10_000;

export class ServiceNetwork {
  private services = '';
  private balancers = '';
  private readonly policies = new Map<string, string>();
  private readonly answers = new HealthAnswers();
  private healthy: ReadonlySet<string> = new Set();
  private checked = '';
  private checkedAt = 0;

  constructor(
    private readonly config: AgentConfig,
    private readonly api: KubeClient,
  ) {}

  async reconcile(): Promise<void> {
    const { cluster, network } = this.config;
    const ports = await servicePorts(this.api);
    const services = serviceRules(ports);
    if (services !== this.services) await applyServiceRules(cluster, services);
    this.services = services;
    const wanted = balancers(cluster, ports);
    const admission = admissionRules(network, cluster, wanted);
    if (cluster.cloud === 'gcp') await this.answerHealthChecks(wanted);
    await this.check(wanted, admission);
    const rules = `${balancerRules(network, cluster, wanted, this.healthy)}${admission}`;
    if (rules !== this.balancers) await applyBalancerRules(network, rules);
    this.balancers = rules;
    await reportBalancers(this.api, wanted);
  }

  /** kube-proxy's answers: with `externalTrafficPolicy: Local` only a node with a pod of its own serves. */
  private async answerHealthChecks(wanted: readonly Balancer[]): Promise<void> {
    for (const { service, ports } of wanted) {
      const targets = ports.flatMap((port) => port.targets);
      const serving = new Set(targets.map((target) => machineOf(this.config.cluster, target)));
      const local = service.spec.externalTrafficPolicy === 'Local';
      for (const machine of this.config.cluster.machines) {
        const namespace = machineNamespace(this.config.cluster, machine);
        await this.answers.at(namespace, nodeHealthPort(service), !local || serving.has(machine));
      }
    }
  }

  /** Asks again when there is something new to ask, and from time to time. */
  private async check(wanted: readonly Balancer[], admission: string): Promise<void> {
    const probes = probesOf(this.config.cluster, wanted);
    const asked = `${probes.map(probeKey).join()}${admission}`;
    if (asked === this.checked && Date.now() - this.checkedAt < CHECK_INTERVAL) return;
    // Probes need the filters that come with their Services.
    if (asked !== this.checked) await applyBalancerRules(this.config.network, admission);
    this.healthy = new Set((await probe(this.config.network, probes)).map(probeKey));
    this.checked = asked;
    this.checkedAt = Date.now();
  }

  /** What the CNI's agents do, where the cluster has them. */
  async enforcePolicies(): Promise<void> {
    const { cluster } = this.config;
    if (!cluster.enforcesPolicies) return;
    const [policies, namespaces, objects] = await Promise.all([
      this.api.list('networking.k8s.io/v1', 'NetworkPolicy'),
      this.api.list('v1', 'Namespace'),
      this.api.list('v1', 'Pod'),
    ]);
    const running = objects.filter(
      ({ spec, status }) =>
        status?.podIP !== undefined && spec.hostNetwork !== true && !['Succeeded', 'Failed'].includes(status.phase),
    );
    const placed = running.map((object) => ({
      node: object.spec.nodeName as string,
      namespace: object.metadata.namespace ?? 'default',
      labels: object.metadata.labels ?? {},
      address: object.status.podIP as string,
      ports: namedPorts(object.spec),
    }));
    const world: PolicyWorld = {
      policies,
      pods: placed,
      namespaces: new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    };
    for (const machine of cluster.machines) {
      const own: PolicyPod[] = placed.filter(({ node }) => node === machine.name);
      const rules = policyRules(own, world);
      if (rules === this.policies.get(machine.name)) continue;
      await inNamespace(machineNamespace(cluster, machine), 'nft', ['-f', '-'], { input: rules });
      this.policies.set(machine.name, rules);
    }
  }
}

function namedPorts(spec: Json): Record<string, number> {
  const ports = (spec.containers as Json[]).flatMap((container) => (container.ports ?? []) as Json[]);
  return Object.fromEntries(
    ports.filter(({ name }) => name !== undefined).map(({ name, containerPort }) => [name, containerPort]),
  ) as Record<string, number>;
}
