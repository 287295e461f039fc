/** What happens to a packet inside a Kubernetes cluster: NetworkPolicy on both ends, and the source that others see. */
import { type Address, formatAddress } from '../ip';
import type { Endpoint } from '../model/endpoint';
import { keepsSource } from '../model/kubernetes/cluster';
import { judgePolicies } from '../model/kubernetes/networkPolicy';
import type { Model } from '../model/model';
import type { Service } from '../model/ports';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { type Packet, describeService } from './packet';

/** Takes a packet out of its pod; the endpoint that it then comes from is the pod's, or its node's when SNAT rewrites it. */
export function leavePod(
  model: Model,
  trace: Trace,
  from: Endpoint,
  destination: Address,
  service: Service,
): Endpoint | Stop {
  const workload = from.workload;
  if (workload?.kind !== 'pod') return from;
  const stop = policies(model, trace, from, { address: destination, pod: undefined }, service, 'egress');
  if (stop !== undefined) return stop;
  const { snat } = workload.cluster;
  if (keepsSource(snat, destination)) {
    trace.pass('snat', snat.urn, `${formatAddress(destination)} sees the pod's own address`);
    return from;
  }
  if (snat.unknown !== undefined) return unknownValue('snat', snat.urn, snat.unknown);
  const node = model.places.nodeOf(from);
  trace.pass(
    'snat',
    snat.urn,
    `${formatAddress(destination)} sees the node's address ${formatAddress(node.address)}: ${snat.why}`,
  );
  return node;
}

/** Judges the pod's own ingress policies, by the source that it sees. */
export function enterPod(
  model: Model,
  trace: Trace,
  from: Endpoint,
  sender: Endpoint,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const sameCluster = from.workload !== undefined && from.workload.cluster === to.workload?.cluster && sender === from;
  const pod = sameCluster ? from.workload?.pod : undefined;
  return policies(model, trace, to, { address: packet.source, pod }, packet.service, 'ingress');
}

type Peer = Parameters<typeof judgePolicies>[3];

export function policies(
  model: Model,
  trace: Trace,
  at: Endpoint,
  peer: Peer,
  service: Service,
  direction: 'ingress' | 'egress',
): Stop | undefined {
  const workload = at.workload;
  const pod = workload?.pod;
  if (workload === undefined || pod === undefined || pod.hostNetwork === true || !workload.cluster.policies.enforced)
    return undefined;
  // Policies are defined for TCP, UDP and SCTP; what they do to ICMP is left to the network plugin.
  if (service.protocol === 'icmp') return undefined;
  const own = model.policies.get(workload.cluster);
  const decision = own === undefined ? undefined : judgePolicies(own, direction, pod, peer, service);
  if (decision === undefined) return undefined;
  const word = direction === 'ingress' ? 'from' : 'to';
  const what = `${describeService(service)} ${word} ${peer.pod?.name ?? formatAddress(peer.address)}`;
  if (decision.allow) {
    trace.pass('network-policy', decision.urn, `${what} is admitted`);
    return undefined;
  }
  const remedy = `Add a rule for ${what} to a NetworkPolicy of namespace ${pod.namespace}`;
  return block('network-policy', decision.urn, `no-policy-${direction}`, `${what}: ${decision.why}`, remedy);
}
