/** Network load balancers that a controller in a cluster makes (Elastic Load Balancing, "Network Load Balancers"). */
import { CloudError } from '../core/errors';
import type { Stored } from '../core/store';
import { text } from '../core/values';
import { serviceError } from './errors';
import {
  createInterface,
  deleteInterfacesOf,
  freeAddressCount,
  interfaceAddress,
  refuseAddress,
} from './networkInterface';
import type { AwsSession } from './session';
import { INTERNET_GATEWAY, LOAD_BALANCER, SUBNET } from './tokens';

export interface LoadBalancerRequest {
  readonly clusterName: string;
  readonly name: string;
  readonly scheme: 'internal' | 'internet-facing';
  /** Subnet ids or values of their `Name` tags, one per zone. */
  readonly subnets: readonly string[];
  /** One per subnet, in the same order. */
  readonly privateAddresses?: readonly string[];
}

export interface LoadBalancerView {
  readonly dnsName: string;
  readonly arn: string;
  readonly addresses: string[];
}

/** "Subnets must have at least 8 free IP addresses" (Elastic Load Balancing, "Availability Zones"). */
const FREE_ADDRESSES_NEEDED = 8;

export function createLoadBalancer(cloud: AwsSession, vpcId: string, request: LoadBalancerRequest): LoadBalancerView {
  const subnets = request.subnets.map((name) => findSubnet(cloud, vpcId, name));
  refuseRequest(cloud, vpcId, request, subnets);
  const suffix = cloud.digits(16);
  const arn = cloud.arn('elasticloadbalancing', `loadbalancer/net/${request.name}/${suffix}`);
  const addresses = subnets.map((subnet, index) => {
    const wanted = request.privateAddresses?.[index];
    const eni = createInterface(cloud, 'CreateLoadBalancer', {
      subnet,
      owner: arn,
      description: `ELB net/${request.name}/${suffix}`,
      interfaceType: 'network_load_balancer',
      ...(wanted === undefined ? {} : { address: wanted }),
    });
    return interfaceAddress(eni);
  });
  const dnsName = `${request.name}-${suffix}.elb.${cloud.region}.amazonaws.com`;
  cloud.put(
    LOAD_BALANCER,
    arn,
    {},
    {
      region: cloud.region,
      arn,
      name: request.name,
      dnsName,
      scheme: request.scheme,
      vpcId,
      clusterName: request.clusterName,
      subnetIds: subnets.map((subnet) => subnet.id),
      addresses,
    },
  );
  return { dnsName, arn, addresses };
}

export function deleteLoadBalancer(cloud: AwsSession, arn: string): void {
  deleteInterfacesOf(cloud, arn);
  cloud.remove(LOAD_BALANCER, arn);
}

function refuseRequest(
  cloud: AwsSession,
  vpcId: string,
  request: LoadBalancerRequest,
  subnets: readonly Stored[],
): void {
  if (!/^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(request.name)) {
    throw elbError(
      'ValidationError',
      `The load balancer name '${request.name}' must be 1 to 32 letters, digits and hyphens, not begin with 'internal-' nor begin or end with a hyphen`,
    );
  }
  if (cloud.find(LOAD_BALANCER, (stored) => text(stored.outputs, 'name') === request.name)) {
    throw elbError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${request.name}' exists, but with different settings`,
    );
  }
  if (subnets.length === 0) throw elbError('ValidationError', 'At least one subnet must be specified');
  const zones = subnets.map((subnet) => text(subnet.outputs, 'availabilityZone') ?? '');
  if (new Set(zones).size < zones.length) {
    throw elbError(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  }
  if (
    request.scheme === 'internet-facing' &&
    !cloud.find(INTERNET_GATEWAY, (igw) => text(igw.outputs, 'vpcId') === vpcId)
  ) {
    throw elbError('InvalidSubnet', `VPC ${vpcId} has no internet gateway`);
  }
  const wanted = request.privateAddresses ?? [];
  if (wanted.length > 0 && request.scheme !== 'internal') {
    throw elbError(
      'InvalidConfigurationRequest',
      'Private IPv4 addresses can be specified for internal load balancers only',
    );
  }
  if (wanted.length > 0 && wanted.length !== subnets.length) {
    throw elbError(
      'ValidationError',
      `expected ${subnets.length} private IPv4 addresses, one per subnet, got ${wanted.length}`,
    );
  }
  subnets.forEach((subnet, index) => {
    const address = wanted[index];
    if (address !== undefined) refuseWanted(cloud, subnet, address);
    else if (freeAddressCount(cloud, subnet) < FREE_ADDRESSES_NEEDED) {
      throw elbError(
        'InvalidSubnet',
        `Not enough IP space available in ${subnet.id}. ELB requires at least 8 free IP addresses in each subnet.`,
      );
    }
  });
}

/** The address rules are EC2's; the code that reaches the controller is Elastic Load Balancing's. */
function refuseWanted(cloud: AwsSession, subnet: Stored, address: string): void {
  try {
    refuseAddress(cloud, 'CreateNetworkInterface', subnet, address);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw elbError(
      'InvalidConfigurationRequest',
      `The private IPv4 address '${address}' cannot be used in ${subnet.id}: ${error.code}`,
    );
  }
}

function findSubnet(cloud: AwsSession, vpcId: string, name: string): Stored {
  const inVpc = cloud.all(SUBNET).filter((subnet) => text(subnet.outputs, 'vpcId') === vpcId);
  const found = inVpc.filter((subnet) => subnet.id === name || text(subnet.outputs, 'tagsAll', 'Name') === name);
  const [subnet] = found;
  if (!subnet) throw elbError('SubnetNotFound', `The subnet '${name}' does not exist in VPC ${vpcId}`);
  if (found.length > 1) {
    throw elbError('InvalidConfigurationRequest', `${found.length} subnets of VPC ${vpcId} are named '${name}'`);
  }
  return subnet;
}

function elbError(code: string, message: string): CloudError {
  return serviceError('Elastic Load Balancing v2', 'CreateLoadBalancer', code, message);
}
