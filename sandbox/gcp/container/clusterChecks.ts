import { text, type Props } from '../../core/values';
import { all, atMostOne, between, check, cidr, conflicts, matches, oneOf, rfc3339 } from '../checks';
import { checkNodeConfig } from './nodePoolRules';

/** `HH:MM` in GMT. */
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

const COMPONENTS = [
  'SYSTEM_COMPONENTS',
  'APISERVER',
  'CONTROLLER_MANAGER',
  'SCHEDULER',
  'WORKLOADS',
  'KCP_CONNECTION',
  'KCP_SSHD',
  'KCP_HPA',
];
const METRICS = [
  'SYSTEM_COMPONENTS',
  'APISERVER',
  'SCHEDULER',
  'CONTROLLER_MANAGER',
  'STORAGE',
  'HPA',
  'POD',
  'DAEMONSET',
  'DEPLOYMENT',
  'STATEFULSET',
  'WORKLOADS',
  'KUBELET',
  'CADVISOR',
  'DCGM',
  'JOBSET',
];

/** The provider's own validators of a cluster (`google_container_cluster`). */
export const checkCluster = all(
  checkNodeConfig,
  oneOf('datapathProvider', 'DATAPATH_PROVIDER_UNSPECIFIED', 'LEGACY_DATAPATH', 'ADVANCED_DATAPATH'),
  oneOf('networkingMode', 'VPC_NATIVE', 'ROUTES'),
  oneOf('releaseChannel.channel', 'UNSPECIFIED', 'RAPID', 'REGULAR', 'STABLE', 'EXTENDED'),
  oneOf('dnsConfig.clusterDns', 'PROVIDER_UNSPECIFIED', 'PLATFORM_DEFAULT', 'CLOUD_DNS', 'KUBE_DNS'),
  oneOf('dnsConfig.clusterDnsScope', 'DNS_SCOPE_UNSPECIFIED', 'CLUSTER_SCOPE', 'VPC_SCOPE'),
  oneOf('ipAllocationPolicy.stackType', 'IPV4', 'IPV4_IPV6'),
  oneOf('databaseEncryption.state', 'ENCRYPTED', 'DECRYPTED', 'ALL_OBJECTS_ENCRYPTION_ENABLED'),
  oneOf('loggingConfig.enableComponents[*]', ...COMPONENTS),
  oneOf('monitoringConfig.enableComponents[*]', ...METRICS),
  oneOf('gatewayApiConfig.channel', 'CHANNEL_DISABLED', 'CHANNEL_EXPERIMENTAL', 'CHANNEL_STANDARD'),
  oneOf('networkPolicy.provider', 'PROVIDER_UNSPECIFIED', 'CALICO'),
  oneOf(
    'privateIpv6GoogleAccess',
    'PRIVATE_IPV6_GOOGLE_ACCESS_UNSPECIFIED',
    'INHERIT_FROM_SUBNETWORK',
    'PRIVATE_IPV6_GOOGLE_ACCESS_DISABLED',
    'PRIVATE_IPV6_GOOGLE_ACCESS_TO_GOOGLE',
    'PRIVATE_IPV6_GOOGLE_ACCESS_BIDIRECTIONAL',
  ),
  oneOf('securityPostureConfig.mode', 'DISABLED', 'BASIC', 'ENTERPRISE', 'MODE_UNSPECIFIED'),
  oneOf(
    'securityPostureConfig.vulnerabilityMode',
    'VULNERABILITY_DISABLED',
    'VULNERABILITY_BASIC',
    'VULNERABILITY_ENTERPRISE',
    'VULNERABILITY_MODE_UNSPECIFIED',
  ),
  between('initialNodeCount', 0, Infinity),
  cidr('privateClusterConfig.masterIpv4CidrBlock', 28, 28),
  cidr('masterAuthorizedNetworksConfig.cidrBlocks[*].cidrBlock'),
  check('ipAllocationPolicy.clusterIpv4CidrBlock', blockProblem),
  check('ipAllocationPolicy.servicesIpv4CidrBlock', blockProblem),
  conflicts('ipAllocationPolicy.clusterSecondaryRangeName', 'ipAllocationPolicy.clusterIpv4CidrBlock'),
  conflicts('ipAllocationPolicy.servicesSecondaryRangeName', 'ipAllocationPolicy.servicesIpv4CidrBlock'),
  conflicts('clusterIpv4Cidr', 'ipAllocationPolicy'),
  conflicts('enableAutopilot', 'removeDefaultNodePool'),
  matches('maintenancePolicy.dailyMaintenanceWindow.startTime', CLOCK, 'HH:MM in GMT'),
  rfc3339('maintenancePolicy.recurringWindow.startTime'),
  rfc3339('maintenancePolicy.recurringWindow.endTime'),
  rfc3339('maintenancePolicy.maintenanceExclusions[*].startTime'),
  rfc3339('maintenancePolicy.maintenanceExclusions[*].endTime'),
  oneOf(
    'maintenancePolicy.maintenanceExclusions[*].exclusionOptions.scope',
    'NO_UPGRADES',
    'NO_MINOR_UPGRADES',
    'NO_MINOR_OR_NODE_UPGRADES',
  ),
  // The provider takes one kind of maintenance window.
  atMostOne(
    ...['dailyMaintenanceWindow', 'recurringWindow', 'recurringMaintenanceWindow'].map(
      (kind) => `maintenancePolicy.${kind}`,
    ),
  ),
);

/** A range, or a bare prefix length: then GKE chooses the range. */
function blockProblem(value: unknown): string | undefined {
  const written = String(value);
  if (/^\/\d{1,2}$/.test(written) && Number(written.slice(1)) <= 32) return undefined;
  return cidr('block')({ block: written })[0]?.reason;
}

export function isAutopilot(inputs: Props): boolean {
  return inputs.enableAutopilot === true;
}

export function channelOf(inputs: Props): string {
  return text(inputs, 'releaseChannel', 'channel') ?? 'REGULAR';
}
