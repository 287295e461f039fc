import type { Stored } from '../core/store';
import { flag, list, object, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { fail, given, json, known, oneOf } from './checks';
import { ec2Error } from './errors';
import { requireRouteTable, requireSecurityGroup, requireSubnet, requireVpc } from './lookups';
import { createInterface, deleteInterfacesOf, interfacesOf } from './networkInterface';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { VPC_ENDPOINT } from './tokens';

/** Services with a gateway endpoint (VPC user guide, "Gateway endpoints"). */
const GATEWAY_SERVICES = ['s3', 'dynamodb'];

/** Services with an interface endpoint that a cluster may use (AWS PrivateLink guide, "AWS services that integrate"). */
const INTERFACE_SERVICES = [
  'autoscaling',
  'aps',
  'aps-workspaces',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'eks',
  'eks-auth',
  'elasticloadbalancing',
  'kms',
  'logs',
  'monitoring',
  's3',
  'secretsmanager',
  'ssm',
  'ssmmessages',
  'sts',
  'xray',
];

export const vpcEndpoint: AwsType = {
  token: VPC_ENDPOINT,
  seconds: { create: 60, update: 10, delete: 60 },
  immutable: [
    'vpcId',
    'serviceName',
    'vpcEndpointType',
    'serviceRegion',
    'resourceConfigurationArn',
    'serviceNetworkArn',
  ],
  defaults: () => ({ vpcEndpointType: 'Gateway' }),
  check: (inputs) => [
    ...oneOf(inputs, 'vpcEndpointType', ['Interface', 'Gateway', 'GatewayLoadBalancer', 'Resource', 'ServiceNetwork']),
    ...oneOf(inputs, 'ipAddressType', ['ipv4', 'dualstack', 'ipv6']),
    ...json(inputs, 'policy'),
    ...(given(inputs, 'serviceName') || given(inputs, 'resourceConfigurationArn') || given(inputs, 'serviceNetworkArn')
      ? []
      : [
          fail('serviceName', 'one of `resource_configuration_arn,service_name,service_network_arn` must be specified'),
        ]),
    ...wrongKind(inputs),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateVpcEndpoint';
    const vpc = requireVpc(cloud, operation, text(inputs, 'vpcId'));
    const service = requireService(cloud, inputs);
    const id = cloud.newId('vpce');
    const gateway = text(inputs, 'vpcEndpointType') === 'Gateway';
    if (gateway) refuseGateway(cloud, vpc, inputs);
    else refuseInterface(cloud, vpc, inputs, service);
    if (!gateway) createInterfaces(cloud, id, inputs);
    return { id, outputs: computedOf(cloud, vpc, id, inputs, service) };
  },
  update: (resource, inputs, cloud) => {
    const vpc = requireVpc(cloud, 'ModifyVpcEndpoint', text(resource.outputs, 'vpcId'));
    const service = requireService(cloud, inputs);
    if (text(inputs, 'vpcEndpointType') !== 'Gateway') {
      for (const subnetId of texts(inputs, 'subnetIds')) requireInVpc(cloud, vpc, subnetId);
      deleteInterfacesOf(cloud, resource.id);
      createInterfaces(cloud, resource.id, inputs);
    }
    return computedOf(cloud, vpc, resource.id, inputs, service);
  },
  delete: (resource, cloud) => deleteInterfacesOf(cloud, resource.id),
};

/** The short name of an endpoint's service, e.g. `ecr.api`. */
export function serviceOf(endpoint: Props): string {
  return (text(endpoint, 'serviceName') ?? '').split('.').slice(3).join('.');
}

function wrongKind(inputs: Props) {
  const gateway = known(inputs, 'vpcEndpointType') === 'Gateway';
  const misplaced = gateway ? ['subnetIds', 'securityGroupIds', 'privateDnsEnabled'] : ['routeTableIds'];
  return misplaced
    .filter((name) => (name === 'privateDnsEnabled' ? flag(inputs, name) === true : list(inputs, name).length > 0))
    .map((name) => fail(name, `not for a VPC endpoint of type ${String(inputs['vpcEndpointType'])}`));
}

function requireService(cloud: AwsSession, inputs: Props): string {
  const name = text(inputs, 'serviceName') ?? '';
  const prefix = `com.amazonaws.${cloud.region}.`;
  const services = text(inputs, 'vpcEndpointType') === 'Gateway' ? GATEWAY_SERVICES : INTERFACE_SERVICES;
  const service = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  if (services.includes(service)) return service;
  throw ec2Error('CreateVpcEndpoint', 'InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}

function refuseGateway(cloud: AwsSession, vpc: Stored, inputs: Props): void {
  const operation = 'CreateVpcEndpoint';
  for (const id of texts(inputs, 'routeTableIds')) {
    const table = requireRouteTable(cloud, operation, id);
    if (text(table.outputs, 'vpcId') !== vpc.id) {
      throw ec2Error(
        operation,
        'InvalidRouteTableId.NotFound',
        `The routeTable ID '${id}' does not exist in ${vpc.id}`,
      );
    }
    // One route per service and table: "RouteAlreadyExists: route table already has a route with destination-prefix-list-id".
    const other = cloud.find(
      VPC_ENDPOINT,
      (stored) =>
        text(stored.outputs, 'serviceName') === text(inputs, 'serviceName') &&
        texts(stored.outputs, 'routeTableIds').includes(id),
    );
    if (other) {
      throw ec2Error(
        operation,
        'RouteAlreadyExists',
        `route table ${id} already has a route with destination-prefix-list-id ${text(other.outputs, 'prefixListId')}`,
      );
    }
  }
  const gateways = cloud.all(VPC_ENDPOINT).filter((stored) => text(stored.outputs, 'vpcEndpointType') === 'Gateway');
  if (gateways.length >= quotas.gatewayEndpointsPerRegion) {
    throw ec2Error(operation, 'VpcEndpointLimitExceeded', 'The maximum number of VPC endpoints has been reached.');
  }
}

function refuseInterface(cloud: AwsSession, vpc: Stored, inputs: Props, service: string): void {
  const operation = 'CreateVpcEndpoint';
  for (const id of texts(inputs, 'securityGroupIds')) requireSecurityGroup(cloud, operation, id);
  const zones = texts(inputs, 'subnetIds').map((id) => text(requireInVpc(cloud, vpc, id).outputs, 'availabilityZone'));
  if (new Set(zones).size < zones.length) {
    throw ec2Error(
      operation,
      'DuplicateSubnetsInSameZone',
      `Found another VPC endpoint subnet in the availability zone of ${zones[0]}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`,
    );
  }
  if (flag(inputs, 'privateDnsEnabled') !== true) return;
  if (flag(vpc.outputs, 'enableDnsHostnames') !== true || flag(vpc.outputs, 'enableDnsSupport') !== true) {
    throw ec2Error(
      operation,
      'InvalidParameter',
      'Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ' +
        vpc.id,
    );
  }
  const other = cloud.find(
    VPC_ENDPOINT,
    (stored) =>
      text(stored.outputs, 'vpcId') === vpc.id &&
      flag(stored.outputs, 'privateDnsEnabled') === true &&
      serviceOf(stored.outputs) === service,
  );
  if (other) {
    throw ec2Error(
      operation,
      'InvalidParameter',
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service}.${cloud.region}.amazonaws.com in the VPC ${vpc.id}`,
    );
  }
}

function requireInVpc(cloud: AwsSession, vpc: Stored, subnetId: string): Stored {
  const subnet = requireSubnet(cloud, 'CreateVpcEndpoint', subnetId);
  if (text(subnet.outputs, 'vpcId') === vpc.id) return subnet;
  throw ec2Error(
    'CreateVpcEndpoint',
    'InvalidSubnetId.NotFound',
    `The subnet ID '${subnetId}' does not exist in ${vpc.id}`,
  );
}

function createInterfaces(cloud: AwsSession, id: string, inputs: Props): void {
  for (const subnetId of texts(inputs, 'subnetIds')) {
    const pinned = list(inputs, 'subnetConfigurations').find((item) => text(item, 'subnetId') === subnetId);
    const address = text(pinned, 'ipv4');
    createInterface(cloud, 'CreateVpcEndpoint', {
      subnet: requireSubnet(cloud, 'CreateVpcEndpoint', subnetId),
      owner: id,
      description: `VPC Endpoint Interface ${id}`,
      interfaceType: 'vpc_endpoint',
      securityGroups: texts(inputs, 'securityGroupIds'),
      ...(address === undefined ? {} : { address }),
    });
  }
}

function computedOf(cloud: AwsSession, vpc: Stored, id: string, inputs: Props, service: string): Props {
  const gateway = text(inputs, 'vpcEndpointType') === 'Gateway';
  const groups = texts(inputs, 'securityGroupIds');
  const own = groups.length > 0 ? groups : [text(vpc.outputs, 'defaultSecurityGroupId') ?? ''];
  return {
    arn: cloud.arn('ec2', `vpc-endpoint/${id}`),
    ownerId: cloud.accountId,
    state: 'available',
    requesterManaged: false,
    policy: text(inputs, 'policy') ?? '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}',
    prefixListId: gateway ? `pl-6${service === 's3' ? 'd' : 'f'}a54004` : '',
    cidrBlocks: gateway ? ['3.5.64.0/21', '52.218.0.0/17', '52.92.0.0/17'] : [],
    networkInterfaceIds: interfacesOf(cloud, id).map((eni) => eni.id),
    dnsEntries: gateway
      ? []
      : [
          {
            dnsName: `${id}-${id.slice(-8)}.${service}.${cloud.region}.vpce.amazonaws.com`,
            hostedZoneId: 'Z38GZ743OKFT7T',
          },
        ],
    dnsOptions: { dnsRecordIpType: gateway ? 'service-defined' : 'ipv4', ...object(inputs, 'dnsOptions') },
    ipAddressType: text(inputs, 'ipAddressType') ?? 'ipv4',
    privateDnsEnabled: flag(inputs, 'privateDnsEnabled') ?? false,
    routeTableIds: texts(inputs, 'routeTableIds'),
    subnetIds: texts(inputs, 'subnetIds'),
    securityGroupIds: gateway ? [] : own,
    serviceRegion: cloud.region,
  };
}
