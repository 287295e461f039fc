/**
 * Connections through a network load balancer made by the AWS Load Balancer Controller (LBC, "Service annotations"; Network
 * Load Balancer guide, "Target groups", "Client IP preservation").
 */
import { EVERYWHERE, formatAddress } from '../ip';
import type { SecurityGroup } from '../model/aws/securityGroups';
import type { AwsEndpoint } from '../model/endpoint';
import type { EksZone } from '../model/kubernetes/cluster';
import type { NetworkLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { SAMPLE } from '../model/endpoint';
import type { Service } from '../model/ports';
import { type Stop, Trace, block } from '../verdict';
import { type Backend, backendsOf, silentPort } from './backends';
import { carry, route } from './carry';
import type { Entry } from './entry';
import { arrive, leave } from './filters';
import { controllerFault } from './loadBalancerController';
import { admit } from './networkLoadBalancerAdmission';
import { altered, misconfigured, mixedProtocols, sharesPort } from './networkLoadBalancerSettings';
import { fromNode, healthCheck, toNode, toTarget } from './networkLoadBalancerTargets';
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
  const refused =
    controllerFault(trace, balancer) ?? misconfigured(model, balancer, to) ?? mixedProtocols(balancer, port);
  if (refused !== undefined) return refused;
  const stop =
    leave(model, trace, sender, to, request) ??
    route(model, trace, sender, to, request) ??
    arrive(model, new Trace(), sender, { ...to, groups: [OPEN], groupsAssumed: false }, request) ??
    admit(model, trace, balancer, request);
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
  const changed = backends.pods.some(({ ports }) => ports !== undefined) ? altered(balancer) : undefined;
  if (changed !== undefined) return changed;
  const { cluster } = balancer;
  const all = cluster.zones.filter((zone) => zone.podSubnet !== undefined);
  if (all.length === 0) {
    const why = 'no zone has an ENIConfig that its nodes look for, so no pod gets an address';
    const urn = cluster.cni?.urn ?? cluster.resource.urn;
    return block('load-balancer', urn, 'no-eni-config', why, 'Set ENI_CONFIG_LABEL_DEF to the label that names them');
  }
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
  const preserved = preservesClient(balancer, port);
  const source = preserved ? entry.request.source : at.address;
  if (!balancer.ipTargets) {
    const unreached = toNode(model, trace, balancer, at, zone, source, port);
    if (unreached !== undefined) return unreached;
  } else {
    const unhealthy = healthCheck(model, balancer, at, pod, port, backend);
    if (unhealthy !== undefined) return unhealthy;
  }
  const service: Service = { protocol: port.protocol, port: port.targetPort };
  const packet: Packet = { source, destination: address, service, kind: 'request' };
  const sight = preserved ? "sees the client's address" : "sees the load balancer's address";
  const stop = balancer.ipTargets ? toTarget(model, trace, balancer, at, pod, packet) : undefined;
  if (stop !== undefined) return stop;
  if (!balancer.ipTargets && !balancer.localTraffic) return fromNode(model, trace, zone, balancer, pod, packet);
  trace.pass('load-balancer', balancer.resource.urn, `to ${pod.label}, which ${sight} ${formatAddress(source)}`);
  const from = preserved ? entry.from : at;
  const sender = preserved ? entry.sender : at;
  return enterPod(model, trace, from, sender, pod, packet) ?? answerFrom(model, at, pod, replyTo(packet));
}

/** The answer of a target comes back to the load balancer, even where it is written to the client's own address. */
function answerFrom(model: Model, at: AwsEndpoint, pod: AwsEndpoint, reply: Packet): Stop | undefined {
  const quiet = new Trace();
  return (
    leave(model, quiet, pod, at, reply) ??
    route(model, quiet, pod, at, { ...reply, destination: at.address }) ??
    arrive(model, quiet, pod, at, reply)
  );
}

/** NLB guide: UDP and TCP_UDP always keep the client's address; TCP with IP targets only when told to. */
function preservesClient(balancer: NetworkLoadBalancer, port: ServicePort): boolean {
  if (port.protocol === 'udp' || sharesPort(balancer, port)) return true;
  return balancer.preservesClient ?? !balancer.ipTargets;
}
