/**
 * From a network load balancer to its targets: pods, or nodes with a node port (LBC, "Network Load Balancer", target types;
 * Network Load Balancer guide, "Health checks").
 */
import { overlaps, sameRange } from '../ip';
import type { SecurityGroup } from '../model/aws/securityGroups';
import { type AwsEndpoint, SAMPLE } from '../model/endpoint';
import type { EksZone } from '../model/kubernetes/cluster';
import { hasPlugin } from '../model/kubernetes/corefile';
import { PORTS } from '../model/kubernetes/cassandra';
import type { NetworkLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import { PORT_NAMES } from '../model/kubernetes/portNames';
import type { Model } from '../model/model';
import { type Stop, Trace, block } from '../verdict';
import type { Backend } from './backends';
import { carry, route } from './carry';
import { arrive } from './filters';
import { LBC } from './networkLoadBalancerSettings';
import { type Packet, replyTo } from './packet';
import { enterPod } from './pods';

/** From the load balancer to a pod, within the VPC. */
export function toTarget(
  model: Model,
  trace: Trace,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  pod: AwsEndpoint,
  packet: Packet,
): Stop | undefined {
  const quiet = new Trace();
  const stop = route(model, quiet, at, pod, packet) ?? arrive(model, quiet, at, pod, packet);
  if (stop?.hop !== 'security-group' || !managesBackend(balancer, at, pod.groups)) return stop;
  trace.assume(`the load balancer controller admits ${balancer.name} to the pods' security group`);
  return undefined;
}

/**
 * The controller adds rules for its load balancers to the targets' group unless told not to (LBC,
 * `manage-backend-security-group-rules`). A stack that admits its load balancers' subnets itself is judged by what it
 * declares: then a rule that is missing was meant to be there.
 */
export function managesBackend(
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  groups: readonly SecurityGroup[],
): boolean {
  const manages = balancer.annotations.get(`${LBC}manage-backend-security-group-rules`);
  const ownGroups = balancer.annotations.get(`${LBC}security-groups`) !== undefined;
  if (manages === 'false' || (ownGroups && manages !== 'true')) return false;
  const subnets = balancer.addresses.map(({ subnet }) => subnet?.range ?? at.subnet.range);
  const declared = groups.some((group) =>
    group.ingress.some((rule) =>
      rule.ranges.some((range) =>
        subnets.some((subnet) => sameRange(range, subnet) || (range.prefix > 16 && overlaps(range, subnet))),
      ),
    ),
  );
  return !declared;
}

/** Node ports (Kubernetes, "Service", `--service-node-port-range`); the ends stand for all. */
const NODE_PORTS = [30000, 32767] as const;

/** To a node at its node port, which serves the traffic and, with `externalTrafficPolicy: Local`, the health check. */
export function toNode(
  model: Model,
  trace: Trace,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  zone: EksZone,
  source: number,
  port: ServicePort,
): Stop | undefined {
  const node = model.places.eksNode(zone, balancer.cluster, zone.nodeSubnet.range.first + SAMPLE);
  for (const number of NODE_PORTS) {
    const check: Packet = {
      source: at.address,
      destination: node.address,
      service: { protocol: 'tcp', port: number },
      kind: 'request',
    };
    const unhealthy = toTarget(model, trace, balancer, at, node, check);
    if (unhealthy !== undefined)
      return { ...unhealthy, rule: 'health-check', why: `the health check of the node port fails: ${unhealthy.why}` };
    const packet: Packet = { ...check, source, service: { protocol: port.protocol, port: number } };
    const stop = toTarget(model, trace, balancer, at, node, packet);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** With `externalTrafficPolicy: Cluster` the node sends it on with its own address. */
export function fromNode(
  model: Model,
  trace: Trace,
  zone: EksZone,
  balancer: NetworkLoadBalancer,
  pod: AwsEndpoint,
  packet: Packet,
): Stop | undefined {
  const node = model.places.eksNode(zone, balancer.cluster, zone.nodeSubnet.range.first + SAMPLE);
  const forwarded: Packet = { ...packet, source: node.address };
  return arrive(model, trace, node, pod, forwarded) ?? enterPod(model, trace, node, node, pod, forwarded);
}

/** Health checks come from the load balancer's own addresses; a target that fails them gets nothing. */
export function healthCheck(
  model: Model,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  pod: AwsEndpoint,
  port: ServicePort,
  backend: Backend,
): Stop | undefined {
  const written = balancer.annotations.get(`${LBC}healthcheck-port`) ?? 'traffic-port';
  const number = written === 'traffic-port' ? port.targetPort : (PORT_NAMES[written] ?? Number(written));
  const path = balancer.annotations.get(`${LBC}healthcheck-path`) ?? '/';
  const protocol = (balancer.annotations.get(`${LBC}healthcheck-protocol`) ?? 'tcp').toLowerCase();
  const packet: Packet = {
    source: at.address,
    destination: pod.address,
    service: { protocol: 'tcp', port: number },
    kind: 'request',
  };
  const stop =
    toTarget(model, new Trace(), balancer, at, pod, packet) ??
    enterPod(model, new Trace(), at, at, pod, packet) ??
    carry(model, new Trace(), pod, at, replyTo(packet));
  if (stop !== undefined)
    return { ...stop, rule: 'health-check', why: `the health check on port ${number} fails: ${stop.why}` };
  const silent = protocol === 'tcp' ? undefined : unanswered(backend, number, path);
  if (silent !== undefined) {
    const why = `the ${protocol} health check asks port ${number} for ${path}: ${silent}`;
    const remedy = 'Check a path that the pod answers, or set the protocol to tcp';
    return block('load-balancer', balancer.resource.urn, 'health-check', why, remedy);
  }
  const plugin = CHECKED_PLUGINS[number];
  if (backend.corefile !== undefined && plugin !== undefined && !hasPlugin(backend.corefile, plugin)) {
    const server = model.dns.get(balancer.cluster)?.servers.find((candidate) => candidate.pod === backend.pod);
    const why = `the ${protocol} health check on port ${number} needs the plugin ${plugin} in the Corefile`;
    return block(
      'load-balancer',
      server?.urn ?? balancer.resource.urn,
      'health-check',
      why,
      `Keep ${plugin} in the Corefile`,
    );
  }
  return undefined;
}

/** Ports of CoreDNS's `health` and `ready` plugins. */
const CHECKED_PLUGINS: Readonly<Record<number, string>> = { 8080: 'health', 8181: 'ready' };

/** What CoreDNS answers over HTTP, by port; Cassandra's management API answers probes only. */
const DNS_PATHS: Readonly<Record<number, string>> = { 8080: '/health', 8181: '/ready', 9153: '/metrics' };
const PROBES = '/api/v0/probes/';

/** Why a pod that the model knows does not answer an HTTP health check. */
function unanswered({ corefile, ports }: Backend, number: number, path: string): string | undefined {
  if (ports === undefined) return undefined;
  if (!ports.includes(number)) return 'nothing listens there';
  if (corefile !== undefined) {
    const answered = DNS_PATHS[number];
    if (answered === undefined) return 'it speaks no HTTP';
    return path === answered ? undefined : `it answers ${answered} only`;
  }
  if (!ports.includes(PORTS.internode)) return undefined;
  if (number !== PORTS.management) return 'it speaks no HTTP';
  return path.startsWith(PROBES) ? undefined : `it answers ${PROBES}* without credentials`;
}
