/**
 * The add-ons of AWS that the local cloud offers: versions and the keys their configuration may have (EKS API,
 * DescribeAddonVersions and DescribeAddonConfiguration; the add-ons' own documentation).
 */
import { isProps, type Props, type Value } from '../core/values';

/** `open`: anything goes below; `env`: names of environment variables, values as text. */
type Keys = { readonly [key: string]: Keys | 'open' | 'env' };

export interface AddonEntry {
  /** Version of a cluster of this minor version unless one is asked for. */
  defaultVersion(clusterVersion: string): string;
  /** Whether a version goes with a cluster version. */
  supports(addonVersion: string, clusterVersion: string): boolean;
  readonly configuration: Keys;
  /** Needs a node to become active: it runs as a Deployment. */
  readonly needsNodes: boolean;
}

const VERSION = /^v(\d+)\.(\d+)\.(\d+)-eksbuild\.\d+$/;

const SCHEDULING: Keys = { affinity: 'open', nodeSelector: 'open', tolerations: 'open', resources: 'open' };
const PODS: Keys = { podAnnotations: 'open', podLabels: 'open' };

/** Variables of amazon-vpc-cni-k8s, its README "CNI Configuration Variables". */
const CNI_VARIABLES = [
  'ADDITIONAL_ENI_TAGS',
  'ANNOTATE_POD_IP',
  'AWS_EC2_ENDPOINT',
  'AWS_EXTERNAL_SERVICE_CIDRS',
  'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
  'AWS_VPC_CNI_NODE_PORT_SUPPORT',
  'AWS_VPC_ENI_MTU',
  'AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS',
  'AWS_VPC_K8S_CNI_EXTERNALSNAT',
  'AWS_VPC_K8S_CNI_LOGLEVEL',
  'AWS_VPC_K8S_CNI_LOG_FILE',
  'AWS_VPC_K8S_CNI_RANDOMIZESNAT',
  'AWS_VPC_K8S_CNI_VETHPREFIX',
  'AWS_VPC_K8S_PLUGIN_LOG_FILE',
  'AWS_VPC_K8S_PLUGIN_LOG_LEVEL',
  'CLUSTER_ENDPOINT',
  'CLUSTER_NAME',
  'DISABLE_INTROSPECTION',
  'DISABLE_LEAKED_ENI_CLEANUP',
  'DISABLE_METRICS',
  'DISABLE_NETWORK_RESOURCE_PROVISIONING',
  'DISABLE_POD_V6',
  'ENABLE_BANDWIDTH_PLUGIN',
  'ENABLE_IMDS_ONLY_MODE',
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENABLE_MULTI_NIC',
  'ENABLE_NFTABLES',
  'ENABLE_POD_ENI',
  'ENABLE_PREFIX_DELEGATION',
  'ENABLE_SUBNET_DISCOVERY',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
  'ENI_CONFIG_ANNOTATION_DEF',
  'ENI_CONFIG_LABEL_DEF',
  'INTROSPECTION_BIND_ADDRESS',
  'IP_COOLDOWN_PERIOD',
  'MAX_ENI',
  'MINIMUM_IP_TARGET',
  'NETWORK_POLICY_ENFORCING_MODE',
  'POD_MTU',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
  'VPC_ID',
  'WARM_ENI_TARGET',
  'WARM_IP_TARGET',
  'WARM_PREFIX_TARGET',
];

export const ADDONS: Readonly<Record<string, AddonEntry>> = {
  'vpc-cni': entry('v1.20.4-eksbuild.2', false, {
    ...SCHEDULING,
    ...PODS,
    enableNetworkPolicy: 'open',
    enableWindowsIpam: 'open',
    enableWindowsPrefixDelegation: 'open',
    env: 'env',
    eniConfig: { create: 'open', region: 'open', subnets: 'open' },
    init: { env: 'open', resources: 'open' },
    livenessProbeTimeoutSeconds: 'open',
    nodeAgent: {
      conntrackCacheCleanupPeriod: 'open',
      conntrackCacheTableSize: 'open',
      enableCloudWatchLogs: 'open',
      enablePolicyEventLogs: 'open',
      enabled: 'open',
      healthProbeBindAddr: 'open',
      metricsBindAddr: 'open',
      networkPolicyAgentLogFileLocation: 'open',
      resources: 'open',
    },
    originalMatchLabels: 'open',
    readinessProbeTimeoutSeconds: 'open',
  }),
  coredns: entry('v1.12.4-eksbuild.1', true, {
    ...SCHEDULING,
    ...PODS,
    autoScaling: 'open',
    computeType: 'open',
    corefile: 'open',
    podDisruptionBudget: 'open',
    replicaCount: 'open',
    topologySpreadConstraints: 'open',
  }),
  'kube-proxy': {
    defaultVersion: (cluster) => `v${cluster}.3-eksbuild.2`,
    supports: (version, cluster) => VERSION.test(version) && version.startsWith(`v${cluster}.`),
    configuration: { ...SCHEDULING, ...PODS, ipvs: 'open', mode: 'open' },
    needsNodes: false,
  },
  'aws-ebs-csi-driver': entry('v1.51.1-eksbuild.1', true, {
    additionalDaemonSets: 'open',
    controller: 'open',
    defaultStorageClass: { enabled: 'open' },
    node: 'open',
    sidecars: 'open',
    snapshotController: 'open',
  }),
  'eks-pod-identity-agent': entry('v1.3.9-eksbuild.3', false, {
    ...SCHEDULING,
    ...PODS,
    agent: 'open',
    daemonsets: 'open',
    priorityClassName: 'open',
    updateStrategy: 'open',
  }),
  'metrics-server': entry('v0.8.0-eksbuild.2', true, {
    ...SCHEDULING,
    ...PODS,
    args: 'open',
    replicas: 'open',
    podDisruptionBudget: 'open',
  }),
  'snapshot-controller': entry('v8.3.0-eksbuild.1', true, {
    ...SCHEDULING,
    ...PODS,
    replicas: 'open',
    controller: 'open',
  }),
};

/** What EKS's JSON schema of an add-on says of a configuration; undefined where it accepts it. */
export function configurationProblem(addon: AddonEntry, text: string): string | undefined {
  let parsed: Value;
  try {
    parsed = JSON.parse(text) as Value;
  } catch {
    return 'The provided configuration is neither valid JSON nor YAML';
  }
  if (!isProps(parsed)) return 'Json schema validation failed with error: [$: expected object]';
  return unknownKey(parsed, addon.configuration, '$');
}

function unknownKey(value: Props, keys: Keys, path: string): string | undefined {
  for (const [key, item] of Object.entries(value)) {
    const allowed = keys[key];
    if (allowed === undefined) return undefinedKey(`${path}.${key}`);
    if (allowed === 'env') {
      const problem = variableProblem(item, `${path}.${key}`);
      if (problem) return problem;
    } else if (allowed !== 'open' && isProps(item)) {
      const problem = unknownKey(item, allowed, `${path}.${key}`);
      if (problem) return problem;
    }
  }
  return undefined;
}

function variableProblem(value: Value, path: string): string | undefined {
  if (!isProps(value)) return `Json schema validation failed with error: [${path}: expected object]`;
  for (const [name, item] of Object.entries(value)) {
    if (!CNI_VARIABLES.includes(name)) return undefinedKey(`${path}.${name}`);
    if (typeof item !== 'string') {
      return `Json schema validation failed with error: [${path}.${name}: ${typeof item} found, string expected]`;
    }
  }
  return undefined;
}

function undefinedKey(path: string): string {
  return `Json schema validation failed with error: [${path}: is not defined in the schema and the schema does not allow additional properties]`;
}

/** Versions of the same line as the default one; the real catalogue drops and adds some every few weeks. */
function entry(defaultVersion: string, needsNodes: boolean, configuration: Keys): AddonEntry {
  const line = VERSION.exec(defaultVersion);
  const supports = (version: string) => {
    const asked = VERSION.exec(version);
    return asked !== null && asked[1] === line?.[1] && Math.abs(Number(asked[2]) - Number(line?.[2])) <= 6;
  };
  return { defaultVersion: () => defaultVersion, supports, configuration, needsNodes };
}
