import type { Stored } from '../../core/store';
import { UNKNOWN, flag, isProps, number, object, text, texts, type Props } from '../../core/values';
import { labelFingerprint, labelOutputs } from '../labels';
import type { GcpSession } from '../session';
import { hex, projectNumber } from '../session';
import { isAutopilot, channelOf } from './clusterChecks';
import type { ClusterRanges } from './clusterNetwork';
import { defaultZones } from './clusterInfo';
import { resolveVersion } from './versions';

/** What the API decides once, when it makes a cluster. */
export interface Endpoints {
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly authority: string;
}

export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly region: string;
}

/** What the API adds inside a block that the program gives. */
const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  masterAuth: ['clientCertificate', 'clientKey', 'clusterCaCertificate'],
  privateClusterConfig: ['peeringName', 'privateEndpoint', 'publicEndpoint'],
  ipAllocationPolicy: [
    'clusterIpv4CidrBlock',
    'servicesIpv4CidrBlock',
    'clusterSecondaryRangeName',
    'servicesSecondaryRangeName',
  ],
  controlPlaneEndpointsConfig: ['ipEndpointsConfig'],
};

/**
 * Blocks the program gives, with what the API adds inside: unknown before the cluster exists, what it was (`olds`)
 * afterwards.
 */
export function answeredInside(inputs: Props, olds: Props | undefined): Props {
  const outputs: Props = {};
  for (const [block, names] of Object.entries(ANSWERED)) {
    if (!isProps(inputs[block])) continue;
    const added = names.map((name) => [name, object(olds, block)[name] ?? UNKNOWN] as const);
    outputs[block] = { ...Object.fromEntries(added), ...object(inputs, block) };
  }
  const endpoints = outputs.controlPlaneEndpointsConfig;
  if (!isProps(endpoints)) return outputs;
  const endpoint = text(olds, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint') ?? UNKNOWN;
  const dnsEndpointConfig = { endpoint, ...object(endpoints, 'dnsEndpointConfig') };
  return { ...outputs, controlPlaneEndpointsConfig: { ...endpoints, dnsEndpointConfig } };
}

/** What the API answers of a cluster; `was` is the cluster before an update. */
export function clusterOutputs(
  inputs: Props,
  cloud: GcpSession,
  who: Identity,
  ranges: ClusterRanges,
  endpoints: Endpoints,
  was: Stored | undefined,
): Props {
  const channel = channelOf(inputs);
  const asked = text(inputs, 'minMasterVersion');
  const masterVersion =
    asked === undefined && was ? (text(was.outputs, 'masterVersion') ?? '') : resolveVersion(asked, channel);
  const labels = labelOutputs(inputs, 'resourceLabels', cloud);
  const byAddress = flag(inputs, 'controlPlaneEndpointsConfig', 'ipEndpointsConfig', 'enabled') ?? true;
  const onlyPrivate = flag(inputs, 'privateClusterConfig', 'enablePrivateEndpoint') ?? false;
  const zones = texts(inputs, 'nodeLocations').length > 0 ? texts(inputs, 'nodeLocations') : defaultZones(who.location);
  return {
    ...labels,
    labelFingerprint: labelFingerprint(labels.effectiveLabels),
    deletionPolicy: text(inputs, 'deletionPolicy') ?? 'DELETE',
    name: who.name,
    project: who.project,
    location: who.location,
    nodeLocations: zones,
    network: text(inputs, 'network') ?? 'default',
    subnetwork: text(inputs, 'subnetwork') ?? '',
    endpoint: byAddress ? (onlyPrivate ? endpoints.privateAddress : endpoints.publicAddress) : '',
    selfLink: `https://container.googleapis.com/v1/${who.id}`,
    operation: '',
    masterVersion,
    nodeVersion: text(inputs, 'nodeVersion') ?? masterVersion,
    emulatedVersion: '',
    clusterIpv4Cidr: ranges.pods.range.text,
    servicesIpv4Cidr: ranges.services.range.text,
    tpuIpv4CidrBlock: '',
    masterAuth: masterAuthOf(inputs, endpoints),
    privateClusterConfig: privateConfigOf(inputs, endpoints, byAddress && !onlyPrivate),
    controlPlaneEndpointsConfig: endpointsConfigOf(inputs, who, byAddress),
    ipAllocationPolicy: policyOf(inputs, ranges),
    defaultMaxPodsPerNode: number(inputs, 'defaultMaxPodsPerNode') ?? 110,
    ...computedDefaults(inputs, channel),
  };
}

function masterAuthOf(inputs: Props, endpoints: Endpoints): Props {
  return {
    clientCertificate: '',
    clientKey: '',
    clientCertificateConfig: { issueClientCertificate: false },
    ...object(inputs, 'masterAuth'),
    clusterCaCertificate: endpoints.authority,
  };
}

function privateConfigOf(inputs: Props, endpoints: Endpoints, isPublic: boolean): Props {
  return {
    enablePrivateEndpoint: false,
    enablePrivateNodes: false,
    masterGlobalAccessConfig: { enabled: false },
    masterIpv4CidrBlock: '',
    privateEndpointSubnetwork: '',
    peeringName: '',
    ...object(inputs, 'privateClusterConfig'),
    privateEndpoint: endpoints.privateAddress,
    publicEndpoint: isPublic ? endpoints.publicAddress : '',
  };
}

/** The DNS endpoint's name is the cluster's own for its whole life (GKE, "About control plane endpoints"). */
function endpointsConfigOf(inputs: Props, who: Identity, byAddress: boolean): Props {
  const given = object(inputs, 'controlPlaneEndpointsConfig');
  return {
    ipEndpointsConfig: { enabled: byAddress },
    ...given,
    dnsEndpointConfig: {
      allowExternalTraffic: false,
      enableK8sCertsViaDns: false,
      enableK8sTokensViaDns: false,
      ...object(given, 'dnsEndpointConfig'),
      endpoint: `gke-${hex(who.id, 32)}-${projectNumber(who.project)}.${who.region}.gke.goog`,
    },
  };
}

function policyOf(inputs: Props, ranges: ClusterRanges): Props {
  return {
    stackType: 'IPV4',
    podCidrOverprovisionConfig: { disabled: false },
    ...object(inputs, 'ipAllocationPolicy'),
    clusterSecondaryRangeName: ranges.pods.name,
    clusterIpv4CidrBlock: ranges.pods.range.text,
    servicesSecondaryRangeName: ranges.services.name,
    servicesIpv4CidrBlock: ranges.services.range.text,
  };
}

/** Blocks the API fills where the program gives none. */
function computedDefaults(inputs: Props, channel: string): Props {
  const defaults: Props = {
    releaseChannel: { channel },
    databaseEncryption: { state: 'DECRYPTED', keyName: '' },
    datapathProvider: isAutopilot(inputs) ? 'ADVANCED_DATAPATH' : 'LEGACY_DATAPATH',
    networkingMode: 'VPC_NATIVE',
    defaultSnatStatus: { disabled: false },
    enableIntranodeVisibility: false,
    enableL4IlbSubsetting: false,
    loggingService: 'logging.googleapis.com/kubernetes',
    monitoringService: 'monitoring.googleapis.com/kubernetes',
    loggingConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS'] },
    securityPostureConfig: { mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_MODE_UNSPECIFIED' },
    serviceExternalIpsConfig: { enabled: false },
    verticalPodAutoscaling: { enabled: false },
    maintenancePolicy: {},
    masterAuthorizedNetworksConfig: {},
    nodePools: [],
  };
  const monitoring = object(inputs, 'monitoringConfig');
  return {
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => inputs[name] === undefined)),
    // Managed collection is on unless it is switched off (GKE, "Google Cloud Managed Service for Prometheus").
    monitoringConfig: {
      enableComponents: ['SYSTEM_COMPONENTS'],
      managedPrometheus: { enabled: true },
      ...monitoring,
    },
  };
}
