/**
 * Connections through a network load balancer made by the AWS Load Balancer Controller (LBC, "Service annotations"; Network
 * Load Balancer guide, "Target groups", "Client IP preservation").
 */
import { EVERYWHERE, formatAddress, holds, overlaps, sameRange } from '../ip';
import type { SecurityGroup } from '../model/aws/securityGroups';
import type { AwsEndpoint } from '../model/endpoint';
import type { EksZone } from '../model/kubernetes/cluster';
import { hasPlugin } from '../model/kubernetes/corefile';
import type { NetworkLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { SAMPLE } from '../model/endpoint';
import type { Service } from '../model/ports';
import { type Stop, Trace, block } from '../verdict';
import { type Backend, backendsOf, silentPort } from './backends';
import { carry, route } from './carry';
import type { Entry } from './entry';
import { arrive, leave } from './filters';
import { LBC, misconfigured, mixedProtocols, sharesPort } from './networkLoadBalancerSettings';
import { type Packet, describeService, replyTo } from './packet';
import { enterPod } from './pods';
import { outsideVpc } from './subnets';

export function throughNetworkLoadBalancer(model: Model, trace: Trace, entry: Entry): Stop | undefined {
  const { to, sender, request } = entry;
  const balancers = (to.balancers ?? []).filter((candidate) => candidate.cloud === 'aws');
  const balancer = balancers.find((candidate) => portOf(candidate, request.service) !== undefined) ?? balancers[0];
  if (balancer === undefined || to.cloud !== 'aws') return undefined;
  const port = portOf(balancer, request.service);
  if (port === undefined) {
    const why = `${balancer.name} has no listener for ${describeService(request.service)}`;
    return block('load-balancer', balancer.resource.urn, 'no-listener', why, `Add the port to the Service`);
  }
  const refused = misconfigured(model, balancer, to) ?? mixedProtocols(balancer, port);
  if (refused !== undefined) return refused;
  const stop =
    leave(model, trace, sender, to, request) ??
    route(model, trace, sender, to, request) ??
    arrive(model, new Trace(), sender, { ...to, groups: [OPEN], groupsAssumed: false }, request) ??
    sourceRanges(trace, balancer, request);
  if (stop !== undefined) return stop;
  const targets = reachTargets(model, trace, entry, balancer, to, port);
  if (targets !== undefined) return targets;
  trace.pass('destination', to.urn, to.label);
  // The answer leaves by the load balancer's own subnet.
  return carry(model, trace, to, sender, replyTo(request));
}

/** Stands for the controller's group on the load balancer, which is judged by the source ranges. */
const OPEN: SecurityGroup = {
  urn: '',
  vpc: undefined,
  kind: 'declared',
  ingress: [
    { urn: '', match: { protocol: 'all', from: 0, to: 65535 }, ranges: [EVERYWHERE], groups: [], unknown: undefined },
  ],
  egress: [],
};

function portOf(balancer: NetworkLoadBalancer, service: Service): ServicePort | undefined {
  return balancer.ports.find((port) => port.port === service.port && port.protocol === service.protocol);
}

/** LBC 2.6 and later put a group on the load balancer; without ranges an internal one admits its VPC only. */
function sourceRanges(trace: Trace, balancer: NetworkLoadBalancer, request: Packet): Stop | undefined {
  const own = balancer.cluster.vpc.cidrs.map(({ range }) => range);
  const ranges = balancer.sourceRanges ?? own;
  if (ranges.some((range) => holds(range, request.source))) {
    trace.pass('load-balancer', balancer.resource.urn, `${formatAddress(request.source)} is in the source ranges`);
    return undefined;
  }
  const given =
    balancer.sourceRanges === undefined
      ? 'no source ranges are given, so only the VPC is admitted'
      : 'it is in none of the source ranges';
  const why = `${formatAddress(request.source)}: ${given}`;
  return block(
    'load-balancer',
    balancer.resource.urn,
    'source-ranges',
    why,
    'Add its range to loadBalancerSourceRanges',
  );
}

/** Any target that the address may choose has to work. */
function reachTargets(
  model: Model,
  trace: Trace,
  entry: Entry,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  port: ServicePort,
): Stop | undefined {
  const backends = backendsOf(model, balancer);
  if ('kind' in backends) return backends;
  const silent = silentPort(balancer, backends, port);
  if (silent !== undefined) return silent;
  const all = balancer.cluster.zones.filter((zone) => zone.podSubnet !== undefined);
  const zones = balancer.crossZone ? all : all.filter((zone) => zone.zone === at.subnet.zone);
  const pinned = backends.pods.filter((backend) => backend.zone !== undefined);
  const served = zones.filter((zone) => pinned.length === 0 || pinned.some((backend) => backend.zone === zone.zone));
  if (served.length === 0 || (!balancer.crossZone && pinned.length === 0 && backends.replicas < all.length)) {
    const why = `cross-zone balancing is off, and ${at.subnet.zone ?? 'the zone'} need not have a target`;
    return block(
      'load-balancer',
      balancer.resource.urn,
      'cross-zone',
      why,
      'Set load_balancing.cross_zone.enabled=true',
    );
  }
  for (const zone of served) {
    const backend = backends.pods.find((candidate) => candidate.zone === zone.zone) ?? backends.pods[0];
    if (backend === undefined) continue;
    const stop = reachTarget(model, trace, entry, balancer, at, port, zone, backend);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function reachTarget(
  model: Model,
  trace: Trace,
  entry: Entry,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  port: ServicePort,
  zone: EksZone,
  backend: Backend,
): Stop | undefined {
  const { cluster } = balancer;
  const subnet = zone.podSubnet ?? zone.nodeSubnet;
  const refused = outsideVpc(subnet, 'destination');
  if (refused !== undefined) return refused;
  const address = subnet.range.first + SAMPLE;
  const pod = model.places.eksPod(cluster, zone, address, backend.pod);
  const unhealthy = healthCheck(model, balancer, at, pod, port, backend);
  if (unhealthy !== undefined) return unhealthy;
  const preserved = preservesClient(balancer, port);
  const source = preserved ? entry.request.source : at.address;
  const service: Service = { protocol: port.protocol, port: port.targetPort };
  const packet: Packet = { source, destination: address, service, kind: 'request' };
  const sight = preserved ? "sees the client's address" : "sees the load balancer's address";
  const stop = toTarget(model, trace, balancer, at, pod, packet);
  if (stop !== undefined) return stop;
  trace.pass('load-balancer', balancer.resource.urn, `to ${pod.label}, which ${sight} ${formatAddress(source)}`);
  const from = preserved ? entry.from : at;
  const sender = preserved ? entry.sender : at;
  return (
    enterPod(model, trace, from, sender, pod, packet) ??
    carry(model, new Trace(), pod, at, { ...replyTo(packet), destination: at.address })
  );
}

/** NLB guide: UDP and TCP_UDP always keep the client's address; TCP with IP targets only when told to. */
function preservesClient(balancer: NetworkLoadBalancer, port: ServicePort): boolean {
  if (port.protocol === 'udp' || sharesPort(balancer, port)) return true;
  return balancer.preservesClient ?? !balancer.ipTargets;
}

/** From the load balancer to a pod, within the VPC. */
function toTarget(
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

/** Health checks come from the load balancer's own addresses; a target that fails them gets nothing. */
function healthCheck(
  model: Model,
  balancer: NetworkLoadBalancer,
  at: AwsEndpoint,
  pod: AwsEndpoint,
  port: ServicePort,
  backend: Backend,
): Stop | undefined {
  const written = balancer.annotations.get(`${LBC}healthcheck-port`) ?? 'traffic-port';
  const number = written === 'traffic-port' ? port.targetPort : Number(written);
  const path = balancer.annotations.get(`${LBC}healthcheck-path`);
  const protocol = (balancer.annotations.get(`${LBC}healthcheck-protocol`) ?? 'tcp').toLowerCase();
  const packet: Packet = {
    source: at.address,
    destination: pod.address,
    service: { protocol: 'tcp', port: number },
    kind: 'request',
  };
  const stop =
    toTarget(model, new Trace(), balancer, at, pod, packet) ?? enterPod(model, new Trace(), at, at, pod, packet);
  if (stop !== undefined)
    return { ...stop, rule: 'health-check', why: `the health check on port ${number} fails: ${stop.why}` };
  const plugin = CHECKED_PLUGINS[number];
  if (backend.corefile !== undefined && plugin !== undefined && !hasPlugin(backend.corefile, plugin)) {
    const server = model.dns.get(balancer.cluster)?.servers.find((candidate) => candidate.pod === backend.pod);
    const why = `the ${protocol} health check on port ${number}${path ?? ''} needs the plugin ${plugin} in the Corefile`;
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
