/**
 * Health checks of the load balancers: what each asks, from where, and which targets get connections by the answers.
 *
 * AWS (Network Load Balancer guide, "Health checks for target groups"): every node of the load balancer asks every target from
 * its own address. Google (Cloud Load Balancing, "Health checks overview"; GKE, "LoadBalancer Service concepts"): probes from
 * two ranges ask the health port of the nodes.
 */
import { contains } from '../core/ip';
import { LabError } from '../core/errors';
import type { Cluster, Machine } from '../network/model';
import type { Probe } from '../network/probes';
import type { ServicePort, Target } from './endpoints';
import { type Balancer, annotation } from './loadBalancers';

/** An address of each range that Google's probes come from ("Health checks overview"): any of them stands for all. */
const GOOGLE_PROBES = ['35.191.0.10', '130.211.0.10'];
/** Where kube-proxy answers for Services with `externalTrafficPolicy: Cluster`. */
const KUBE_PROXY_HEALTH = 10256;

/** The targets of a port at one address of a balancer. */
export interface Served {
  readonly targets: readonly Target[];
  /** No target is healthy, and the balancer sends to all of them for want of a better. */
  readonly lastResort: boolean;
}

/** Every probe of a cluster's balancers, each once. */
export function probesOf(cluster: Cluster, all: readonly Balancer[]): Probe[] {
  const probes = all.flatMap((balancer) =>
    balancer.addresses.flatMap((address) =>
      balancer.ports.flatMap(({ targets }) =>
        targets.flatMap((target) => checksOf(cluster, balancer, address, target)),
      ),
    ),
  );
  return [...new Map(probes.map((probe) => [probeKey(probe), probe])).values()];
}

/**
 * The targets that get connections: those whose checks are all answered. With none, both clouds send to all of them (AWS,
 * "Target group health", routing failover; Google, "Traffic distribution for internal passthrough Network Load Balancers").
 *
 * @param healthy keys of the probes that were answered
 */
export function served(
  cluster: Cluster,
  balancer: Balancer,
  address: string,
  { targets }: ServicePort,
  healthy: ReadonlySet<string>,
): Served {
  const answered = (target: Target): boolean =>
    checksOf(cluster, balancer, address, target).every((probe) => healthy.has(probeKey(probe)));
  const chosen = targets.filter(answered);
  return chosen.length > 0 ? { targets: chosen, lastResort: false } : { targets, lastResort: targets.length > 0 };
}

export function probeKey({ source, address, port, path = '' }: Probe): string {
  return `${source}>${address}:${port}${path}`;
}

function checksOf(cluster: Cluster, { service }: Balancer, address: string, target: Target): Probe[] {
  if (cluster.cloud === 'aws') {
    const port = annotation(service, 'aws-load-balancer-healthcheck-port') ?? 'traffic-port';
    const protocol = (annotation(service, 'aws-load-balancer-healthcheck-protocol') ?? 'tcp').toLowerCase();
    const path = annotation(service, 'aws-load-balancer-healthcheck-path') ?? '/';
    return [
      {
        source: address,
        address: target.address,
        port: port === 'traffic-port' ? target.port : Number(port),
        path: protocol === 'tcp' ? undefined : path,
      },
    ];
  }
  const { address: node } = machineOf(cluster, target);
  return GOOGLE_PROBES.map((source) => ({ source, address: node, port: nodeHealthPort(service), path: '/healthz' }));
}

/** Where the nodes answer for a Service (Kubernetes, "Preserving the client source IP"). */
export function nodeHealthPort(service: Balancer['service']): number {
  if (service.spec.externalTrafficPolicy !== 'Local') return KUBE_PROXY_HEALTH;
  const port = service.spec.healthCheckNodePort as number | undefined;
  if (port === undefined) throw new LabError(`Service ${service.metadata.name} has no healthCheckNodePort`);
  return port;
}

export function machineOf({ machines, urn }: Cluster, { address }: Target): Machine {
  const found = machines.find(({ podBlock }) => contains(podBlock, address));
  if (found === undefined) throw new LabError(`${urn}: no machine has a pod at ${address}`);
  return found;
}
