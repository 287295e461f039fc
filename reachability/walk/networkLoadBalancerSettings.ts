/**
 * Settings with which the AWS Load Balancer Controller cannot make a load balancer at its planned addresses (LBC, "Service
 * annotations"; `pkg/service/model_build_load_balancer.go`: each subnet has to hold exactly one of the addresses).
 */
import { formatAddress, formatRange, holds } from '../ip';
import type { AwsEndpoint } from '../model/endpoint';
import type { NetworkLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { type Stop, block } from '../verdict';

/** Prefix of the controller's annotations (LBC, "Service annotations"). */
export const LBC = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Addresses that AWS keeps at the start of each subnet; it keeps the last one too (VPC guide, "Subnet sizing"). */
const KEPT = 4;

/** What keeps the controller from making the load balancer at its pinned addresses. */
export function misconfigured(model: Model, balancer: NetworkLoadBalancer, to: AwsEndpoint): Stop | undefined {
  const urn = balancer.resource.urn;
  const stop = (rule: string, why: string, remedy: string): Stop => block('load-balancer', urn, rule, why, remedy);
  const misplaced = placeFault(balancer, stop);
  if (misplaced !== undefined) return misplaced;
  const kept = balancer.addresses.find(
    ({ address, subnet }) =>
      subnet !== undefined && (address < subnet.range.first + KEPT || address === subnet.range.last),
  );
  if (kept !== undefined) {
    const why = `AWS keeps ${formatAddress(kept.address)}, one of the first four or the last of its subnet, for itself`;
    return stop('address-reserved', why, 'Use another address of the subnet');
  }
  if (!balancer.internal) {
    return stop(
      'internet-facing',
      'an internet-facing load balancer has no private address',
      'Set aws-load-balancer-scheme to internal',
    );
  }
  const rival = model.balancers.find(
    (other) =>
      other !== balancer &&
      other.cloud === 'aws' &&
      other.cluster.vpc === balancer.cluster.vpc &&
      other.addresses.some(({ address }) => address === to.address),
  );
  return rival === undefined
    ? undefined
    : stop(
        'address-taken',
        `${rival.name} asks for ${formatAddress(to.address)} too`,
        'Give each load balancer addresses of its own',
      );
}

/** Whether the addresses and the subnets fit. */
function placeFault(
  { addresses, subnets }: NetworkLoadBalancer,
  stop: (rule: string, why: string, remedy: string) => Stop,
): Stop | undefined {
  if (subnets.length > 0 && subnets.length !== addresses.length) {
    const why = `${addresses.length} addresses for ${subnets.length} subnets`;
    return stop('address-count', why, 'List one address for each subnet');
  }
  const unknown = subnets.find(({ subnet }) => subnet === undefined);
  if (unknown !== undefined) {
    const why = `the VPC has no subnet named ${unknown.name}`;
    return stop('no-such-subnet', why, 'Name subnets by their id or their Name tag');
  }
  for (const { subnet } of subnets) {
    const inside = addresses.filter(({ address }) => subnet !== undefined && holds(subnet.range, address));
    if (subnet === undefined || inside.length === 1) continue;
    const why = `${inside.length} of the addresses are in ${subnet.resource.name}, ${formatRange(subnet.range)}`;
    return stop('address-not-in-subnet', why, 'Give each subnet exactly one address of its own range');
  }
  const stray = addresses.find(({ subnet }) => subnet === undefined);
  if (stray !== undefined) {
    const why = `no subnet that the controller discovers by its tags holds ${formatAddress(stray.address)}`;
    return stop('no-tagged-subnet', why, 'Name the subnets, or tag them kubernetes.io/role/internal-elb');
  }
  const zones = addresses.map(({ subnet }) => subnet?.zone);
  if (new Set(zones).size < zones.length && !zones.includes(undefined)) {
    return stop('zone-twice', 'two subnets are in one availability zone', 'Name one subnet for each zone');
  }
  return undefined;
}

/** TCP and UDP on one port are one TCP_UDP listener, and only when the controller is told to join them. */
export function mixedProtocols(balancer: NetworkLoadBalancer, port: ServicePort): Stop | undefined {
  if (!sharesPort(balancer, port) || balancer.annotations.get(`${LBC}enable-tcp-udp-listener`) === 'true')
    return undefined;
  const why = `TCP and UDP on port ${port.port} need one TCP_UDP listener`;
  return block(
    'load-balancer',
    balancer.resource.urn,
    'mixed-protocols',
    why,
    'Set aws-load-balancer-enable-tcp-udp-listener to "true"',
  );
}

export function sharesPort(balancer: NetworkLoadBalancer, port: ServicePort): boolean {
  return balancer.ports.some((other) => other.port === port.port && other.protocol !== port.protocol);
}

/** What the load balancer adds to a connection, or takes from it, that neither Cassandra nor a DNS server expects. */
export function altered({ annotations, resource }: NetworkLoadBalancer): Stop | undefined {
  const attributes = annotations.get(`${LBC}target-group-attributes`) ?? '';
  if (annotations.has(`${LBC}proxy-protocol`) || /proxy_protocol_v2\.enabled\s*=\s*true/.test(attributes)) {
    const why = 'a proxy protocol header stands before what the client sends, and the pods do not read it';
    return block('load-balancer', resource.urn, 'proxy-protocol', why, 'Leave the proxy protocol off');
  }
  if (!annotations.has(`${LBC}ssl-cert`)) return undefined;
  const why = 'the load balancer ends TLS with a certificate of its own, and shows the pods no client certificate';
  return block('load-balancer', resource.urn, 'tls-terminated', why, 'Leave ssl-cert out: the pods end TLS themselves');
}
