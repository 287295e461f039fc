/** A connection: the request gets there and the reply gets back. */
import { type Address, formatAddress, isPrivate } from '../ip';
import { type Endpoint, farEnd, networkUrn } from '../model/endpoint';
import type { Model } from '../model/model';
import type { Service } from '../model/ports';
import { type HopName, type Stop, Trace, block } from '../verdict';
import { carry } from './carry';
import { throughNetworkLoadBalancer } from './networkLoadBalancer';
import { type Packet, replyTo } from './packet';
import { throughPassthrough } from './passthrough';
import { enterPod, leavePod } from './pods';
import { outsideVpc } from './subnets';

/**
 * Walks the request from one endpoint to the other and the reply back. Where an endpoint stands for a range, both ends of the
 * range have to get through: a rule for a part of it would let one of them down.
 */
export function connect(model: Model, trace: Trace, from: Endpoint, to: Endpoint, service: Service): Stop | undefined {
  const stop = connectOnce(model, trace, from, to, service);
  if (stop !== undefined || (from.range === undefined && to.range === undefined)) return stop;
  return connectOnce(model, new Trace(), farEnd(from), farEnd(to), service);
}

function connectOnce(model: Model, trace: Trace, from: Endpoint, to: Endpoint, service: Service): Stop | undefined {
  trace.pass('source', from.urn, from.label);
  const sender = leavePod(model, trace, from, to.address, service);
  if ('kind' in sender) return sender;
  const request: Packet = { source: sender.address, destination: to.address, service, kind: 'request' };
  const stop = deliver(model, trace, from, sender, to, request);
  if (stop === undefined || sender === from || !FILTERS.has(stop.hop)) return stop;
  // A filter that the pod's own address would pass is not at fault: the rewritten source is.
  const unchanged = deliver(model, new Trace(), from, from, to, { ...request, source: from.address });
  const { snat } = from.workload?.cluster ?? {};
  if (unchanged !== undefined || snat === undefined) return stop;
  const why = `${stop.why}, because SNAT shows the node's address: ${snat.why}`;
  return block('snat', snat.urn, 'source-rewritten', why, 'Keep the pod source towards the other sites');
}

const FILTERS: ReadonlySet<HopName> = new Set(['security-group', 'firewall', 'network-policy', 'load-balancer']);

function deliver(
  model: Model,
  trace: Trace,
  from: Endpoint,
  sender: Endpoint,
  to: Endpoint,
  request: Packet,
): Stop | undefined {
  const [balancer] = to.balancers ?? [];
  if (balancer === undefined) return direct(model, trace, from, sender, to, request);
  return balancer.cloud === 'aws'
    ? throughNetworkLoadBalancer(model, trace, { from, sender, to, request })
    : throughPassthrough(model, trace, { from, sender, to, request });
}

function direct(
  model: Model,
  trace: Trace,
  from: Endpoint,
  sender: Endpoint,
  to: Endpoint,
  request: Packet,
): Stop | undefined {
  const stop = carry(model, trace, sender, to, request) ?? enterPod(model, trace, from, sender, to, request);
  if (stop !== undefined) return stop;
  trace.pass('destination', to.urn, to.label);
  return carry(model, trace, to, sender, replyTo(request));
}

/** The other end is on the Internet, which has no route to the private addresses of a network. */
function fromInternet(hop: 'source' | 'destination', text: string): Stop {
  const why = `${text} is a public address: no private address is reached from there, and flows to it are not judged`;
  return block('internet', '', 'public-address', why, `Ask about ${hop}s in the declared networks`);
}

/** The place that has an address, or why there is none. */
export function place(
  model: Model,
  address: Address,
  service: Service,
  hop: 'source' | 'destination',
): Endpoint | Stop {
  const [first, second] = model.places.locate(address, service);
  const text = formatAddress(address);
  if (first === undefined) {
    if (!isPrivate(address)) return fromInternet(hop, text);
    const why = `${text} is in no subnet of the input`;
    const remedy = 'Ask about an address of a declared subnet, or declare the subnet';
    return block(hop, model.places.vpcHolding(address) ?? '', 'no-such-address', why, remedy);
  }
  if (second !== undefined && networkUrn(first) !== networkUrn(second)) {
    const why = `${text} is in ${first.subnet.resource.name} and in ${second.subnet.resource.name}`;
    return block(hop, second.subnet.resource.urn, 'overlap', why, 'Give the two networks ranges that do not overlap');
  }
  const outside = first.cloud === 'aws' ? outsideVpc(first.subnet, hop) : undefined;
  if (outside !== undefined) return outside;
  const idle = model.places.idleCluster(first);
  if (idle === undefined) return first;
  const why = `no pod gets ${text}: an ENIConfig names its subnet, but the CNI does not use it`;
  const remedy = 'Set AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG to "true", and name each ENIConfig after its zone';
  return block(hop, idle.cni?.urn ?? idle.resource.urn, 'eni-config-inert', why, remedy);
}
