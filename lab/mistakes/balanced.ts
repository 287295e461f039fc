/** The load balancers of a stack before Kubernetes runs: their Services in front of stand-ins, with health checks. */
import { admissionRules, applyBalancerRules, balancerRules } from '../agent/balancerRules';
import type { ServicePort } from '../agent/endpoints';
import { machineOf, nodeHealthPort, probeKey, probesOf, served, type Served } from '../agent/healthChecks';
import { type Balancer, annotation, balancers } from '../agent/loadBalancers';
import type { Json, KubernetesObject } from '../kubernetes/objects';
import { networkOf } from '../network/build';
import type { Cluster, LabModel } from '../network/model';
import { probe } from '../network/probes';
import type { Stack } from '../stack/stack';
import { inParallel } from './connections';
import type { StandIns } from './standIns';
import { clusterObjects } from './workloads';
import type { Built } from './stage';

/** First of the range that the API server takes `healthCheckNodePort` from. */
const FIRST_NODE_PORT = 30_000;
/** Services and answers started at once. */
const PARALLEL = 8;

/** Planned addresses of a stack's load balancers. */
export function balancerAddresses(stack: Stack, model: LabModel): string[] {
  return model.clusters.flatMap((cluster) => {
    const services = balancedServices(clusterObjects(stack, model, cluster).services);
    const ports = services.flatMap((service) => portsOf(service).map((port) => ({ ...port, targets: [] })));
    return balancers(cluster, ports).flatMap(({ addresses }) => addresses);
  });
}

/** The balancers of one cluster with their stand-ins. */
export interface BalancedCluster {
  readonly cluster: Cluster;
  readonly all: readonly Balancer[];
}

/** Puts stand-ins behind every balancer and has them answer, and the nodes for them. */
export async function seatTargets(
  model: LabModel,
  standIns: StandIns,
  { places, echoes, answers }: Pick<Built, 'places' | 'echoes' | 'answers'>,
): Promise<BalancedCluster[]> {
  const seated: BalancedCluster[] = [];
  for (const cluster of model.clusters) {
    const ports: ServicePort[] = [];
    for (const service of balancedServices(standIns.objectsOf(cluster).services)) {
      for (const port of portsOf(service)) {
        ports.push({ ...port, targets: await standIns.targetsOf(cluster, service, port.targetPort) });
      }
    }
    const targets = ports.flatMap(({ protocol, targets: own }) => own.map((target) => ({ ...target, protocol })));
    await inParallel(targets, PARALLEL, async ({ address, port, protocol }) =>
      echoes.at((await places.at(address)).netns, port, protocol),
    );
    await inParallel(answeringPorts(cluster, ports), PARALLEL, async ({ address, port }) =>
      answers.at((await places.at(address)).netns, port, true),
    );
    seated.push({ cluster, all: balancers(cluster, ports) });
  }
  return seated;
}

/** Where HTTP health checks are answered: on Google's nodes that have a target, and beside AWS's targets, as CoreDNS does. */
function answeringPorts(cluster: Cluster, ports: readonly ServicePort[]): { address: string; port: number }[] {
  const all = ports.flatMap(({ service, targets }) =>
    targets.flatMap((target) => {
      if (cluster.cloud === 'gcp')
        return [{ address: machineOf(cluster, target).address, port: nodeHealthPort(service) }];
      const port = annotation(service, 'aws-load-balancer-healthcheck-port') ?? 'traffic-port';
      return port === 'traffic-port' ? [] : [{ address: target.address, port: Number(port) }];
    }),
  );
  return [...new Map(all.map((entry) => [`${entry.address}:${entry.port}`, entry])).values()];
}

/**
 * Asks every health check, and has the balancers send to the targets that answered.
 *
 * @returns what each `address port/protocol` sends to
 */
export async function balance(model: LabModel, seated: readonly BalancedCluster[]): Promise<Map<string, Served>> {
  const serving = new Map<string, Served>();
  for (const { cluster, all } of seated) {
    const network = networkOf(model, cluster);
    await applyBalancerRules(network, admissionRules(network, cluster, all));
    const healthy = new Set((await probe(network, probesOf(cluster, all))).map(probeKey));
    await applyBalancerRules(network, balancerRules(network, cluster, all, healthy));
    for (const balancer of all) {
      for (const address of balancer.addresses) {
        for (const port of balancer.ports) {
          const key = `${address} ${port.port}/${port.protocol}`;
          serving.set(key, served(cluster, balancer, address, port, healthy));
        }
      }
    }
  }
  return serving;
}

function balancedServices(services: readonly KubernetesObject[]): KubernetesObject[] {
  return services
    .filter(({ spec }) => spec.type === 'LoadBalancer')
    .map((service, index) => ({
      ...service,
      spec: { ...service.spec, healthCheckNodePort: FIRST_NODE_PORT + index } as Json,
    }));
}

interface DeclaredPort extends Omit<ServicePort, 'targets'> {
  readonly targetPort: number;
}

function portsOf(service: KubernetesObject): DeclaredPort[] {
  return (service.spec.ports as Json[]).map((entry) => ({
    service,
    protocol: entry.protocol === 'UDP' ? 'udp' : 'tcp',
    port: entry.port as number,
    targetPort: typeof entry.targetPort === 'number' ? entry.targetPort : (entry.port as number),
  }));
}
