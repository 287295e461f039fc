/** Settings with which GKE cannot make an internal load balancer at its planned address (GKE, "LoadBalancer Service parameters"). */
import { formatAddress, formatRange, holds } from '../ip';
import { SUBNETWORK, regionOf } from '../model/gcp/network';
import type { PassthroughLoadBalancer } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { type Stop, block } from '../verdict';

/** What keeps GKE from making the forwarding rule at its planned address. */
export function misconfigured(
  model: Model,
  balancer: PassthroughLoadBalancer,
  sharing: readonly PassthroughLoadBalancer[],
): Stop | undefined {
  const stop = (rule: string, why: string, remedy: string, urn = balancer.resource.urn): Stop =>
    block('load-balancer', urn, rule, why, remedy);
  if (!balancer.internal) {
    return stop(
      'external',
      'without the annotation the load balancer is external and takes no private address',
      'Set networking.gke.io/load-balancer-type to Internal',
    );
  }
  const address = balancer.address;
  if (address !== undefined && !holds(balancer.cluster.nodes, address) && balancer.reservation === undefined) {
    const why = `${formatAddress(address)} is not in the node subnet ${formatRange(balancer.cluster.nodes)}`;
    return stop('address-not-in-subnet', why, "Use an address of the node subnet's primary range");
  }
  const edge = address === undefined ? undefined : keptAddress(balancer, address);
  if (edge !== undefined) return stop('address-reserved', edge, 'Use another address of the subnet');
  const elsewhere = otherSubnet(balancer);
  if (elsewhere !== undefined)
    return stop(
      'address-not-in-subnet',
      elsewhere,
      'Name the subnet that holds the address, or leave the annotation out',
    );
  if (new Set(balancer.ports.map(({ protocol }) => protocol)).size > 1) {
    return stop(
      'mixed-protocols',
      'one forwarding rule carries one protocol',
      'Make two Services, TCP and UDP, that share a SHARED_LOADBALANCER_VIP address',
    );
  }
  return reservationFault(model, balancer, sharing, stop);
}

/** Google keeps the first two and the last two addresses of a primary range (VPC documentation, "Subnets"). */
function keptAddress({ cluster }: PassthroughLoadBalancer, address: number): string | undefined {
  const range = cluster.network.subnets
    .map((subnet) => subnet.ranges[0]?.range)
    .find((primary) => primary !== undefined && holds(primary, address));
  if (range === undefined || (address >= range.first + 2 && address <= range.last - 2)) return undefined;
  return `Google keeps ${formatAddress(address)}, one of the first two or last two of its subnet, for itself`;
}

/** GKE, "LoadBalancer Service parameters": the annotation takes the address from another subnet than the nodes'. */
function otherSubnet({ annotations, cluster, address }: PassthroughLoadBalancer): string | undefined {
  const name = annotations.get('networking.gke.io/internal-load-balancer-subnet');
  if (name === undefined || address === undefined) return undefined;
  const subnet = cluster.network.subnets.find(({ resource }) => resource.knownText('name') === name);
  if (subnet === undefined) return `the network has no subnet named ${name}`;
  const range = subnet.ranges[0]?.range;
  if (range === undefined || holds(range, address)) return undefined;
  return `${formatAddress(address)} is not in subnet ${name}, ${formatRange(range)}`;
}

function reservationFault(
  model: Model,
  balancer: PassthroughLoadBalancer,
  sharing: readonly PassthroughLoadBalancer[],
  stop: (rule: string, why: string, remedy: string, urn?: string) => Stop,
): Stop | undefined {
  const reservation = balancer.reservation;
  const purpose = reservation?.knownText('purpose');
  if (sharing.length > 1 && purpose !== 'SHARED_LOADBALANCER_VIP') {
    const names = sharing.map(({ name }) => name).join(' and ');
    const why = `${names} share an address that is not reserved for sharing`;
    return stop(
      'address-not-shared',
      why,
      'Reserve the address with purpose SHARED_LOADBALANCER_VIP',
      reservation?.urn,
    );
  }
  if (reservation === undefined) return undefined;
  if (reservation.knownText('addressType') !== 'INTERNAL') {
    return stop('address-external', 'the reserved address is external', 'Set addressType to INTERNAL', reservation.urn);
  }
  const owner = model.inventory.find(reservation, 'subnetwork', SUBNETWORK);
  const subnet = owner === undefined ? undefined : model.gcp.subnets.get(owner.urn);
  const range = subnet?.ranges[0]?.range;
  if (range !== undefined && balancer.address !== undefined && !holds(range, balancer.address)) {
    const why = `${formatAddress(balancer.address)} is not in subnet ${owner?.name ?? ''}, ${formatRange(range)}`;
    return stop('address-not-in-subnet', why, "Reserve an address of the subnet's primary range", reservation.urn);
  }
  const region = regionOf(model.inventory, reservation);
  if (
    region !== undefined &&
    balancer.cluster.subnet.region !== undefined &&
    region !== balancer.cluster.subnet.region
  ) {
    return stop(
      'address-region',
      `the address is reserved in ${region}`,
      "Reserve it in the cluster's region",
      reservation.urn,
    );
  }
  return undefined;
}
