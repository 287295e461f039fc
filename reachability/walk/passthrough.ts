/**
 * Connections through an internal passthrough load balancer made by GKE (Cloud Load Balancing documentation, "Internal
 * passthrough Network Load Balancer overview"; GKE, "LoadBalancer Services"): packets keep their addresses and are
 * answered by the node directly.
 */
import { EVERYWHERE, formatAddress, formatRange } from '../ip';
import type { Endpoint, GcpEndpoint } from '../model/endpoint';
import { judgeFirewall } from '../model/gcp/firewall';
import { PROBE_RANGES, balancerFirewalls } from '../model/kubernetes/gkeFirewalls';
import type { PassthroughLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { SAMPLE } from '../model/endpoint';
import type { Service } from '../model/ports';
import { type Stop, Trace, block } from '../verdict';
import { backendsOf, silentPort } from './backends';
import { carry, route } from './carry';
import type { Entry } from './entry';
import { leave, nameOfUrn } from './filters';
import { type Packet, describeService, replyTo } from './packet';
import { misconfigured } from './passthroughSettings';
import { enterPod } from './pods';
import { admitSource } from './sourceRanges';

export function throughPassthrough(model: Model, trace: Trace, entry: Entry): Stop | undefined {
  const { from, to, sender, request } = entry;
  const balancers = (to.balancers ?? []).filter((candidate) => candidate.cloud === 'gcp');
  const balancer = balancers.find((candidate) => portOf(candidate, request.service) !== undefined) ?? balancers[0];
  if (balancer === undefined || to.cloud !== 'gcp') return undefined;
  const port = portOf(balancer, request.service);
  if (port === undefined) {
    const why = `${balancer.name} does not forward ${describeService(request.service)}`;
    return block(
      'load-balancer',
      balancer.resource.urn,
      'no-listener',
      why,
      'Add the port, or a second Service that shares the address',
    );
  }
  const stop =
    misconfigured(model, balancer, balancers) ??
    leave(model, trace, sender, to, request) ??
    route(model, trace, sender, to, request) ??
    globalAccess(model, trace, sender, to, balancer) ??
    sourceRanges(trace, balancer, request) ??
    nodeFirewall(model, trace, to, balancer, request) ??
    probes(model, trace, to, balancer) ??
    toPod(model, trace, from, sender, balancer, port, request);
  if (stop !== undefined) return stop;
  trace.pass('destination', to.urn, to.label);
  return carry(model, trace, to, sender, replyTo(request));
}

function portOf(balancer: PassthroughLoadBalancer, service: Service): ServicePort | undefined {
  return balancer.ports.find((port) => port.port === service.port && port.protocol === service.protocol);
}

/** Clients of another region, and those behind a VPN that ends in another region, need global access. */
function globalAccess(
  model: Model,
  trace: Trace,
  sender: Endpoint,
  to: GcpEndpoint,
  balancer: PassthroughLoadBalancer,
): Stop | undefined {
  const region = to.subnet.region;
  if (region === undefined || balancer.globalAccess) return undefined;
  const inside = sender.cloud === 'gcp' && sender.subnet.network === to.subnet.network;
  const regions = inside
    ? [sender.subnet.region]
    : (model.routing.tunnelsOfNetwork.get(to.subnet.network) ?? [])
        .filter((tunnel) => model.routing.faultOf(tunnel) === undefined)
        .map((tunnel) => tunnel.gcp.region);
  const other = regions.find((candidate) => candidate !== undefined && candidate !== region);
  if (other === undefined) {
    trace.pass('load-balancer', balancer.resource.urn, `the packet comes in by ${region}`);
    return undefined;
  }
  const why = `the packet comes in by ${other}, the load balancer serves ${region} only`;
  return block(
    'load-balancer',
    balancer.resource.urn,
    'global-access',
    why,
    'Set networking.gke.io/internal-load-balancer-allow-global-access to "true"',
  );
}

/** Enforced twice: by GKE's firewall rule and on the node. */
function sourceRanges(trace: Trace, balancer: PassthroughLoadBalancer, request: Packet): Stop | undefined {
  const ranges = balancer.sourceRanges;
  if (ranges === undefined) return undefined;
  const refusal = `${formatAddress(request.source)} is in none of the source ranges`;
  return admitSource(trace, balancer, ranges, request.source, refusal);
}

/** The client's own address has to pass the firewall of the nodes; GKE's rule for the Service counts with the declared ones. */
function nodeFirewall(
  model: Model,
  trace: Trace,
  to: GcpEndpoint,
  balancer: PassthroughLoadBalancer,
  request: Packet,
): Stop | undefined {
  const peer = { address: request.source, traits: undefined };
  const decision = judgeFirewall(firewallRules(model, to, balancer), 'INGRESS', peer, to.traits, request.service);
  const what = `${describeService(request.service)} from ${formatAddress(request.source)}`;
  if (decision.verdict === 'allow') {
    const by = decision.rule?.note ?? nameOfUrn(decision.rule?.urn ?? '');
    trace.pass('firewall', decision.rule?.urn ?? '', `${what} is allowed by ${by}`);
    return undefined;
  }
  const urn = decision.rule?.urn ?? to.subnet.network.resource.urn;
  return block(
    'firewall',
    urn,
    'firewall-denied',
    `${what} is denied`,
    'Allow it with a rule of a lower priority number',
  );
}

function firewallRules(model: Model, to: GcpEndpoint, balancer: PassthroughLoadBalancer) {
  const declared = model.firewalls.get(to.subnet.network) ?? [];
  const all = [...declared, ...balancerFirewalls(balancer, [EVERYWHERE])];
  return all.sort((a, b) => a.priority - b.priority || Number(a.allow) - Number(b.allow));
}

/** `kube-proxy`'s health port, and where `healthCheckNodePort` is taken from. */
const CLUSTER_HEALTH_PORT = 10256;
const LOCAL_HEALTH_PORTS = [30000, 32767] as const;

/** Ports that the probes of a load balancer may use; of a range, both ends. */
export function healthPorts(balancer: PassthroughLoadBalancer): readonly number[] {
  return balancer.localTraffic ? LOCAL_HEALTH_PORTS : [CLUSTER_HEALTH_PORT];
}

/** A node that the probes do not reach gets nothing. */
function probes(model: Model, trace: Trace, to: GcpEndpoint, balancer: PassthroughLoadBalancer): Stop | undefined {
  const rules = firewallRules(model, to, balancer);
  const ports = healthPorts(balancer);
  for (const range of PROBE_RANGES) {
    for (const port of ports) {
      const peer = { address: range.first + SAMPLE, traits: undefined };
      const decision = judgeFirewall(rules, 'INGRESS', peer, to.traits, { protocol: 'tcp', port });
      if (decision.verdict !== 'allow') {
        const urn = decision.rule?.urn ?? to.subnet.network.resource.urn;
        const why = `health checks from ${formatRange(range)} on ${port}/tcp are denied`;
        return block('firewall', urn, 'health-check', why, `Allow ${formatRange(range)} to the nodes`);
      }
      if (decision.rule?.note !== undefined) trace.assume(`${decision.rule.note} of ${balancer.name} is in place`);
    }
  }
  return undefined;
}

/** On the node: with `externalTrafficPolicy: Cluster` the node's address replaces the client's. */
function toPod(
  model: Model,
  trace: Trace,
  from: Endpoint,
  sender: Endpoint,
  balancer: PassthroughLoadBalancer,
  port: ServicePort,
  request: Packet,
): Stop | undefined {
  const backends = backendsOf(model, balancer);
  if ('kind' in backends) return backends;
  const silent = silentPort(balancer, backends, port);
  if (silent !== undefined) return silent;
  const { cluster } = balancer;
  const source = balancer.localTraffic ? request.source : cluster.nodes.first + SAMPLE;
  const service: Service = { protocol: port.protocol, port: port.targetPort };
  for (const backend of backends.pods) {
    const pod = model.places.gkePod(cluster, cluster.pods.first + SAMPLE, backend.pod);
    const packet: Packet = { source, destination: pod.address, service, kind: 'request' };
    const node = model.places.nodeOf(pod);
    const stop = balancer.localTraffic
      ? enterPod(model, trace, from, sender, pod, packet)
      : enterPod(model, trace, node, node, pod, packet);
    if (stop !== undefined) return stop;
  }
  trace.pass(
    'load-balancer',
    balancer.resource.urn,
    `to ${backends.pods[0]?.pod.name ?? 'a pod'}, which sees ${formatAddress(source)}`,
  );
  return undefined;
}
