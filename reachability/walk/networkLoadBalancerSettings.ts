/** Settings with which the AWS Load Balancer Controller cannot make a load balancer at its planned addresses. */
import { formatAddress, formatRange, holds } from '../ip';
import type { AwsEndpoint } from '../model/endpoint';
import type { NetworkLoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { type Stop, block } from '../verdict';

/** Prefix of the controller's annotations (LBC, "Service annotations"). */
export const LBC = 'service.beta.kubernetes.io/aws-load-balancer-';

/** What keeps the controller from making the load balancer at its pinned addresses. */
export function misconfigured(model: Model, balancer: NetworkLoadBalancer, to: AwsEndpoint): Stop | undefined {
  const urn = balancer.resource.urn;
  const pinned = balancer.addresses.find(({ address }) => address === to.address);
  const stop = (rule: string, why: string, remedy: string): Stop => block('load-balancer', urn, rule, why, remedy);
  const subnets = (balancer.annotations.get(`${LBC}subnets`) ?? '').split(',').filter((part) => part.trim() !== '');
  if (subnets.length > 0 && subnets.length !== balancer.addresses.length) {
    const why = `${balancer.addresses.length} addresses for ${subnets.length} subnets`;
    return stop('address-count', why, 'List one address for each subnet, in the same order');
  }
  const unknown = balancer.addresses.findIndex(({ subnet }) => subnet === undefined);
  if (subnets.length > 0 && unknown >= 0) {
    const why = `the VPC has no subnet named ${subnets[unknown]?.trim() ?? ''}`;
    return stop('no-such-subnet', why, 'Name subnets by their id or their Name tag');
  }
  if (pinned?.subnet !== undefined && !holds(pinned.subnet.range, to.address)) {
    const why = `${formatAddress(to.address)} is not in ${pinned.subnet.resource.name}, ${formatRange(pinned.subnet.range)}`;
    return stop('address-not-in-subnet', why, 'Give each subnet an address of its own range, in the same order');
  }
  const zones = balancer.addresses.map(({ subnet }) => subnet?.zone);
  if (new Set(zones).size < zones.length && !zones.includes(undefined)) {
    return stop('zone-twice', 'two subnets are in one availability zone', 'Name one subnet for each zone');
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
