import type { Stored } from '../core/store';
import { UNKNOWN, at, flag, object, sameValue, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, eachOneOf, fail, known, length, matches, network, oneOf } from './checks';
import { createClusterInfrastructure, deleteClusterInfrastructure } from './eksInfrastructure';
import { LATEST_VERSION, VERSIONS, nextVersion } from './eksVersions';
import { eksError } from './errors';
import { roleTrusting } from './iam';
import { overlaps, range, parseRange, contains } from './ipv4';
import { findKey } from './kms';
import { requireSecurityGroup, vpcRanges } from './lookups';
import { freeAddressCount } from './networkInterface';
import type { AwsSession } from './session';
import { EKS_CLUSTER, EKS_NODE_GROUP, SUBNET, VPC } from './tokens';

const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const AUTHENTICATION_MODES = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'];

/** EKS user guide, "VPC and subnet considerations": at least six addresses for use by EKS in each subnet. */
const FREE_ADDRESSES_NEEDED = 6;
const CREATED_AT = '2026-01-01T00:00:00Z';

export const eksCluster: AwsType = {
  token: EKS_CLUSTER,
  seconds: { create: 540, update: 300, delete: 180 },
  immutable: [
    'name',
    'roleArn',
    'encryptionConfig',
    'bootstrapSelfManagedAddons',
    'outpostConfig',
    'accessConfig.bootstrapClusterCreatorAdminPermissions',
    'kubernetesNetworkConfig.ipFamily',
    'kubernetesNetworkConfig.serviceIpv4Cidr',
  ],
  autoName: { property: 'name', maxLength: 100 },
  defaults: () => ({ bootstrapSelfManagedAddons: true }),
  previewOutputs: (inputs, _, olds) => ({
    vpcConfig: {
      ...vpcDefaults(inputs),
      clusterSecurityGroupId: at(olds, 'vpcConfig', 'clusterSecurityGroupId') ?? UNKNOWN,
      vpcId: at(olds, 'vpcConfig', 'vpcId') ?? UNKNOWN,
    },
    kubernetesNetworkConfig: {
      ipFamily: 'ipv4',
      ...object(inputs, 'kubernetesNetworkConfig'),
      serviceIpv4Cidr:
        text(inputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr') ??
        at(olds, 'kubernetesNetworkConfig', 'serviceIpv4Cidr') ??
        UNKNOWN,
    },
  }),
  check: (inputs) => [
    ...length(inputs, 'name', 1, 100),
    ...matches(inputs, 'name', /^[0-9A-Za-z][A-Za-z0-9_-]*$/, 'must be alphanumeric, hyphens and underscores'),
    ...arn(inputs, 'roleArn'),
    ...arn(inputs, 'encryptionConfig.provider.keyArn'),
    ...eachOneOf(inputs, 'encryptionConfig.resources', ['secrets']),
    ...eachOneOf(inputs, 'enabledClusterLogTypes', LOG_TYPES),
    ...oneOf(inputs, 'accessConfig.authenticationMode', AUTHENTICATION_MODES),
    ...oneOf(inputs, 'upgradePolicy.supportType', ['STANDARD', 'EXTENDED']),
    ...oneOf(inputs, 'kubernetesNetworkConfig.ipFamily', ['ipv4', 'ipv6']),
    ...network(inputs, 'kubernetesNetworkConfig.serviceIpv4Cidr', 12, 24),
    ...matches(
      inputs,
      'kubernetesNetworkConfig.serviceIpv4Cidr',
      /^(10|172\.(1[6-9]|2[0-9]|3[0-1])|192\.168)\./,
      'must be within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16',
    ),
    ...publicCidrs(inputs),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    if (cloud.existing(EKS_CLUSTER, name)) {
      throw eksError('CreateCluster', 'ResourceInUseException', `Cluster already exists with name: ${name}`);
    }
    refuseCluster(cloud, 'CreateCluster', inputs);
    const subnets = requireSubnets(cloud, inputs);
    const vpc = vpcOf(cloud, subnets);
    const services = serviceRange(cloud, inputs, vpc);
    const made = createClusterInfrastructure(cloud, name, inputs, vpc, subnets);
    return {
      id: name,
      outputs: { ...computedOf(cloud, name, inputs), ...nested(inputs, vpc.id, made.securityGroupId, services) },
    };
  },
  update: (resource, inputs, cloud) => {
    refuseCluster(cloud, 'UpdateClusterConfig', inputs);
    refuseUpdate(resource, inputs);
    const { outputs } = resource;
    const moved = !sameValue(at(inputs, 'vpcConfig', 'subnetIds'), at(outputs, 'vpcConfig', 'subnetIds'));
    const vpc = moved ? vpcOf(cloud, requireSubnets(cloud, inputs)) : undefined;
    const vpcId = vpc?.id ?? text(outputs, 'vpcConfig', 'vpcId') ?? '';
    if (vpcId !== text(outputs, 'vpcConfig', 'vpcId')) {
      throw invalid('UpdateClusterConfig', 'Provided subnets belong to a different VPC than the one of the cluster');
    }
    return {
      ...nested(
        inputs,
        vpcId,
        text(outputs, 'vpcConfig', 'clusterSecurityGroupId') ?? '',
        text(outputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr') ?? '',
      ),
      version: text(inputs, 'version') ?? text(outputs, 'version') ?? LATEST_VERSION,
      deletionProtection: flag(inputs, 'deletionProtection') ?? false,
    };
  },
  delete: (resource, cloud) => {
    if (flag(resource.outputs, 'deletionProtection')) {
      throw eksError(
        'DeleteCluster',
        'InvalidRequestException',
        `Cluster ${resource.id} has deletion protection enabled`,
      );
    }
    if (cloud.find(EKS_NODE_GROUP, (group) => text(group.outputs, 'clusterName') === resource.id)) {
      throw eksError('DeleteCluster', 'ResourceInUseException', 'Cluster has nodegroups attached');
    }
    deleteClusterInfrastructure(cloud, resource);
  },
};

/** `publicAccessCidrs` takes at most 40 ranges, none of them private (EKS user guide, "Cluster API server endpoint"). */
function publicCidrs(inputs: Props) {
  const value = known(inputs, 'vpcConfig.publicAccessCidrs');
  if (!Array.isArray(value)) return [];
  const failures = value.flatMap((_, index) => network(inputs, `vpcConfig.publicAccessCidrs[${index}]`));
  return value.length > 40 ? [...failures, fail('vpcConfig.publicAccessCidrs', 'holds more than 40 ranges')] : failures;
}

function refuseCluster(cloud: AwsSession, operation: string, inputs: Props): void {
  const version = text(inputs, 'version');
  if (version !== undefined && !VERSIONS.includes(version)) {
    throw invalid(operation, `unsupported Kubernetes version ${version}`);
  }
  const roleArn = text(inputs, 'roleArn') ?? '';
  if (!roleTrusting(cloud, roleArn, 'eks.amazonaws.com')) {
    throw invalid(
      operation,
      `Role with arn: ${roleArn}, could not be assumed because it does not exist or the trusted entity is not correct`,
    );
  }
  const key = text(inputs, 'encryptionConfig', 'provider', 'keyArn');
  if (key !== undefined && text(findKey(cloud, key)?.outputs, 'arn') !== key) {
    throw invalid(operation, `Encryption key ${key} does not exist or cannot be described`);
  }
  const access = vpcDefaults(inputs);
  if (access['endpointPublicAccess'] === false && access['endpointPrivateAccess'] === false) {
    throw invalid(operation, 'Private and public endpoint access cannot be false');
  }
  const internal = [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '127.0.0.0/8',
  ].map(range);
  const refused = texts(inputs, 'vpcConfig', 'publicAccessCidrs').filter((cidr) => {
    const parsed = parseRange(cidr);
    return parsed !== undefined && internal.some((outer) => contains(outer, parsed));
  });
  if (refused.length > 0) {
    throw invalid(operation, `The following CIDRs are not allowed in publicAccessCidrs: [${refused.join(', ')}]`);
  }
  for (const group of texts(inputs, 'vpcConfig', 'securityGroupIds')) requireSecurityGroup(cloud, operation, group);
}

/** One minor version at a time and never back; access entries cannot be switched off again. */
function refuseUpdate(resource: Stored, inputs: Props): void {
  const [from, to] = [text(resource.outputs, 'version') ?? '', text(inputs, 'version')];
  if (to !== undefined && to !== from && to !== nextVersion(from)) {
    throw invalid('UpdateClusterVersion', `Unsupported Kubernetes minor version update from ${from} to ${to}`);
  }
  const mode = (props: Props) =>
    AUTHENTICATION_MODES.indexOf(text(props, 'accessConfig', 'authenticationMode') ?? 'CONFIG_MAP');
  if (mode(inputs) < mode(resource.outputs) || mode(inputs) > mode(resource.outputs) + 1) {
    throw invalid(
      'UpdateClusterConfig',
      `Unsupported authentication mode update from ${AUTHENTICATION_MODES[mode(resource.outputs)]} to ${AUTHENTICATION_MODES[mode(inputs)]}`,
    );
  }
}

function requireSubnets(cloud: AwsSession, inputs: Props): Stored[] {
  const subnets = texts(inputs, 'vpcConfig', 'subnetIds').map((id) => {
    const found = cloud.existing(SUBNET, id);
    if (!found) {
      throw invalid(
        'CreateCluster',
        `The subnet ID '${id}' does not exist (Service: AmazonEC2; Status Code: 400; Error Code: InvalidSubnetID.NotFound)`,
      );
    }
    return found;
  });
  const zones = new Set(subnets.map((subnet) => text(subnet.outputs, 'availabilityZone')));
  if (zones.size < 2) throw invalid('CreateCluster', 'Subnets specified must be in at least two different AZs');
  const full = subnets.find((subnet) => freeAddressCount(cloud, subnet) < FREE_ADDRESSES_NEEDED);
  if (full) {
    throw invalid(
      'CreateCluster',
      `Subnet ${full.id} does not have enough free IP addresses: at least ${FREE_ADDRESSES_NEEDED} are required`,
    );
  }
  return subnets;
}

function vpcOf(cloud: AwsSession, subnets: readonly Stored[]): Stored {
  const ids = [...new Set(subnets.map((subnet) => text(subnet.outputs, 'vpcId') ?? ''))];
  const vpc = cloud.existing(VPC, ids[0]);
  if (!vpc || ids.length > 1) throw invalid('CreateCluster', 'Subnets specified must belong to the same VPC');
  return vpc;
}

/** EKS user guide, "VPC and subnet considerations": not overlapping the VPC; by default whichever of two does not. */
function serviceRange(cloud: AwsSession, inputs: Props, vpc: Stored): string {
  const own = vpcRanges(cloud, vpc);
  const asked = text(inputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr');
  if (asked === undefined) {
    const primary = text(vpc.outputs, 'cidrBlock') ?? '';
    return primary.startsWith('10.') ? '172.20.0.0/16' : '10.100.0.0/16';
  }
  if (own.some((cidr) => overlaps(cidr, range(asked)))) {
    throw invalid(
      'CreateCluster',
      `The specified serviceIpv4Cidr ${asked} overlaps with a CIDR block of VPC ${vpc.id}`,
    );
  }
  return asked;
}

function computedOf(cloud: AwsSession, name: string, inputs: Props): Props {
  const id = cloud.digits(32).toUpperCase();
  const authority = Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(`certificate authority of ${name}`).toString('base64')}\n-----END CERTIFICATE-----\n`,
  ).toString('base64');
  return {
    arn: cloud.arn('eks', `cluster/${name}`),
    endpoint: `https://${id}.gr7.${cloud.region}.eks.amazonaws.com`,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${cloud.region}.amazonaws.com/id/${id}` }] }],
    certificateAuthority: { data: authority },
    createdAt: CREATED_AT,
    platformVersion: 'eks.9',
    status: 'ACTIVE',
    version: text(inputs, 'version') ?? LATEST_VERSION,
    deletionProtection: flag(inputs, 'deletionProtection') ?? false,
    upgradePolicy: { supportType: 'EXTENDED', ...object(inputs, 'upgradePolicy') },
  };
}

function nested(inputs: Props, vpcId: string, securityGroupId: string, services: string): Props {
  return {
    vpcConfig: { ...vpcDefaults(inputs), clusterSecurityGroupId: securityGroupId, vpcId },
    kubernetesNetworkConfig: {
      ipFamily: 'ipv4',
      elasticLoadBalancing: { enabled: false },
      serviceIpv6Cidr: '',
      ...object(inputs, 'kubernetesNetworkConfig'),
      serviceIpv4Cidr: services,
    },
    accessConfig: { authenticationMode: 'CONFIG_MAP', ...object(inputs, 'accessConfig') },
  };
}

/** Private access is off and public access open to everyone unless said otherwise (EKS API, VpcConfigRequest). */
function vpcDefaults(inputs: Props): Props {
  return {
    endpointPrivateAccess: false,
    endpointPublicAccess: true,
    publicAccessCidrs: ['0.0.0.0/0'],
    securityGroupIds: [],
    ...object(inputs, 'vpcConfig'),
  };
}

function invalid(operation: string, message: string) {
  return eksError(operation, 'InvalidParameterException', message);
}
