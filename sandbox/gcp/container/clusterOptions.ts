import { flag, list, number, text, texts, type Props } from '../../core/values';
import { isSet } from '../checks';
import { badRequest, googleError, notFound } from '../errors';
import { mayEncrypt } from '../iam/bindings';
import { agentOf, workloadPool } from '../iam/principals';
import { CRYPTO_KEY, isUsableKey } from '../kms/cryptoKey';
import { isZone, regionOf } from '../locations';
import type { GcpSession } from '../session';
import { validateMaintenance } from './maintenance';
import { requirePodsPerNode } from './nodePoolRules';

/** GKE documentation, "Add authorized networks for control plane access": how many ranges. */
const MAX_AUTHORIZED_NETWORKS = 100;

/** The API's rules for a cluster's options: all of them but its network. */
export function validateOptions(inputs: Props, cloud: GcpSession, project: string, location: string): void {
  validateZones(inputs, location);
  validateDatapath(inputs);
  validateDns(inputs);
  validateMaintenance(inputs);
  validateWorkloadIdentity(inputs, project);
  validateEncryption(inputs, cloud, project, location);
  validateAccess(inputs);
  requirePodsPerNode('default_max_pods_constraint', number(inputs, 'defaultMaxPodsPerNode'));
}

function validateZones(inputs: Props, location: string): void {
  for (const zone of texts(inputs, 'nodeLocations')) {
    if (!isZone(zone) || regionOf(zone) !== regionOf(location)) {
      throw badRequest(`Location "${zone}" is not a zone of region ${regionOf(location)}.`);
    }
  }
}

/** Dataplane V2 brings its own network policy and needs VPC-native addresses (GKE, "GKE Dataplane V2"). */
function validateDatapath(inputs: Props): void {
  const advanced = text(inputs, 'datapathProvider') === 'ADVANCED_DATAPATH';
  if (advanced && text(inputs, 'networkingMode') === 'ROUTES') {
    throw badRequest('ADVANCED_DATAPATH requires a VPC-native cluster.');
  }
  if (advanced && flag(inputs, 'networkPolicy', 'enabled')) {
    throw badRequest('Enabling NetworkPolicy for clusters with DatapathProvider=ADVANCED_DATAPATH is not allowed.');
  }
  const observability = isSet(inputs, 'monitoringConfig.advancedDatapathObservabilityConfig');
  if (
    observability &&
    !advanced &&
    flag(inputs, 'monitoringConfig', 'advancedDatapathObservabilityConfig', 'enableMetrics')
  ) {
    throw badRequest('Advanced datapath observability requires ADVANCED_DATAPATH.');
  }
  if (flag(inputs, 'enableCiliumClusterwideNetworkPolicy') && !advanced) {
    throw badRequest('Cilium clusterwide network policy requires ADVANCED_DATAPATH.');
  }
}

/** GKE documentation, "Use Cloud DNS for GKE". */
function validateDns(inputs: Props): void {
  const provider = text(inputs, 'dnsConfig', 'clusterDns') ?? 'PROVIDER_UNSPECIFIED';
  const scope = text(inputs, 'dnsConfig', 'clusterDnsScope') ?? 'DNS_SCOPE_UNSPECIFIED';
  const domain = text(inputs, 'dnsConfig', 'clusterDnsDomain');
  const additive = text(inputs, 'dnsConfig', 'additiveVpcScopeDnsDomain');
  if (provider !== 'CLOUD_DNS' && (scope !== 'DNS_SCOPE_UNSPECIFIED' || additive)) {
    throw badRequest(`Cluster DNS scope ${scope} requires cluster DNS provider CLOUD_DNS, not ${provider}.`);
  }
  if (scope === 'VPC_SCOPE' && !domain) throw badRequest('VPC_SCOPE requires a cluster DNS domain.');
  if (domain && domain !== 'cluster.local' && scope !== 'VPC_SCOPE') {
    throw badRequest(`Custom DNS domain "${domain}" is supported with VPC_SCOPE only.`);
  }
  if (additive && scope !== 'CLUSTER_SCOPE') {
    throw badRequest('An additive VPC scope DNS domain requires CLUSTER_SCOPE.');
  }
}

function validateWorkloadIdentity(inputs: Props, project: string): void {
  const pool = text(inputs, 'workloadIdentityConfig', 'workloadPool');
  if (pool !== undefined && pool !== '' && pool !== workloadPool(project)) {
    throw badRequest(`Workload pool "${pool}" is not available: the cluster's project has "${workloadPool(project)}".`);
  }
}

/** GKE documentation, "Encrypt secrets at the application layer": key in the cluster's region, agent may use it. */
function validateEncryption(inputs: Props, cloud: GcpSession, project: string, location: string): void {
  const state = text(inputs, 'databaseEncryption', 'state');
  const name = text(inputs, 'databaseEncryption', 'keyName');
  if (state !== 'ENCRYPTED') return;
  if (!name) throw badRequest('database_encryption: a key name is required when state is ENCRYPTED.');
  const key = cloud.get(CRYPTO_KEY, name);
  if (!key) throw notFound(name);
  const region = regionOf(location);
  if (!name.includes(`/locations/${region}/`)) {
    throw badRequest(`Cloud KMS key "${name}" must be in the region of the cluster, ${region}.`);
  }
  if (text(key.outputs, 'purpose') !== 'ENCRYPT_DECRYPT' || !isUsableKey(key)) {
    throw googleError(400, `Cloud KMS key "${name}" has no enabled version for encryption.`, 'failedPrecondition');
  }
  const agent = agentOf(project, 'container.googleapis.com') ?? '';
  if (!mayEncrypt(cloud, name, `serviceAccount:${agent}`)) {
    const message =
      `The Kubernetes Engine service agent "${agent}" is missing permission "cloudkms.cryptoKeyVersions.useToEncrypt" ` +
      `on Cloud KMS key "${name}". Grant it roles/cloudkms.cryptoKeyEncrypterDecrypter.`;
    throw googleError(400, message, 'failedPrecondition');
  }
}

function validateAccess(inputs: Props): void {
  const blocks = list(inputs, 'masterAuthorizedNetworksConfig', 'cidrBlocks').map((item) => text(item, 'cidrBlock'));
  if (blocks.length > MAX_AUTHORIZED_NETWORKS) {
    throw badRequest(
      `master_authorized_networks_config has ${blocks.length} blocks, at most ${MAX_AUTHORIZED_NETWORKS}.`,
    );
  }
  const twice = blocks.find((block, i) => blocks.indexOf(block) !== i);
  if (twice !== undefined) throw badRequest(`Duplicate CIDR block "${twice}" in master_authorized_networks_config.`);
  const byAddress = flag(inputs, 'controlPlaneEndpointsConfig', 'ipEndpointsConfig', 'enabled') ?? true;
  if (!byAddress && isSet(inputs, 'masterAuthorizedNetworksConfig.cidrBlocks')) {
    throw badRequest('Authorized networks apply to IP endpoints, which are disabled.');
  }
  const dns = flag(inputs, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'allowExternalTraffic') ?? false;
  if (!byAddress && !dns)
    throw badRequest('Either the DNS endpoint or the IP endpoints of the control plane must be enabled.');
}
