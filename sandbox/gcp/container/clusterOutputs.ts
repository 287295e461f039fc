import type { Stored } from '../../core/store';
import { flag, isProps, number, object, text, texts, type Props } from '../../core/values';
import { completeBlocks, type Blocks } from '../blocks';
import { labelFingerprint, labelOutputs } from '../labels';
import { deletionPolicy } from '../resource';
import type { GcpSession } from '../session';
import { isAutopilot, channelOf } from './clusterChecks';
import type { ClusterRanges } from './clusterNetwork';
import { defaultZones } from './clusterInfo';
import { resolveVersion, upgradedVersion } from './versions';

/** What the API decides once, when it makes a cluster. */
export interface Endpoints {
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly authority: string;
  /** Host of the DNS endpoint: the cluster's own for its whole life (GKE, "About control plane endpoints"). */
  readonly dnsName: string;
}

export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly region: string;
}

/** What the API adds inside blocks that the program gives. */
const BLOCKS: Blocks = {
  masterAuth: { computed: ['clientCertificate', 'clientKey', 'clusterCaCertificate'] },
  privateClusterConfig: { computed: ['peeringName', 'privateEndpoint', 'publicEndpoint'] },
  ipAllocationPolicy: {
    computed: [
      'clusterIpv4CidrBlock',
      'clusterSecondaryRangeName',
      'servicesIpv4CidrBlock',
      'servicesSecondaryRangeName',
    ],
  },
  controlPlaneEndpointsConfig: { computed: ['dnsEndpointConfig', 'ipEndpointsConfig'] },
};
const ENDPOINT_BLOCKS: Blocks = { dnsEndpointConfig: { computed: ['endpoint'] } };

/** The cluster's blocks at preview; `olds` are the outputs before an update. */
export function answeredInside(inputs: Props, olds: Props | undefined): Props {
  const outputs = completeBlocks(BLOCKS, inputs, olds);
  const endpoints = outputs.controlPlaneEndpointsConfig;
  if (!isProps(endpoints)) return outputs;
  const inside = completeBlocks(ENDPOINT_BLOCKS, endpoints, object(olds, 'controlPlaneEndpointsConfig'));
  return { ...outputs, controlPlaneEndpointsConfig: { ...endpoints, ...inside } };
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
  const masterVersion = was
    ? upgradedVersion(text(was.outputs, 'masterVersion') ?? '', asked, channel)
    : resolveVersion(asked, channel);
  const labels = labelOutputs(inputs, 'resourceLabels', cloud);
  const byAddress = isByAddress(inputs);
  const onlyPrivate = flag(inputs, 'privateClusterConfig', 'enablePrivateEndpoint') ?? false;
  const zones = texts(inputs, 'nodeLocations').length > 0 ? texts(inputs, 'nodeLocations') : defaultZones(who.location);
  return {
    ...labels,
    labelFingerprint: labelFingerprint(labels.effectiveLabels),
    deletionPolicy: deletionPolicy(inputs, cloud),
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
    controlPlaneEndpointsConfig: endpointsConfigOf(inputs, endpoints, byAddress),
    ipAllocationPolicy: policyOf(inputs, ranges),
    defaultMaxPodsPerNode: number(inputs, 'defaultMaxPodsPerNode') ?? 110,
    ...computedDefaults(inputs, channel),
  };
}

/** Whether the control plane has addresses of its own, inside and outside the network. */
export function isByAddress(inputs: Props): boolean {
  return flag(inputs, 'controlPlaneEndpointsConfig', 'ipEndpointsConfig', 'enabled') ?? true;
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

function endpointsConfigOf(inputs: Props, endpoints: Endpoints, byAddress: boolean): Props {
  const given = object(inputs, 'controlPlaneEndpointsConfig');
  return {
    ipEndpointsConfig: { enabled: byAddress },
    ...given,
    dnsEndpointConfig: {
      allowExternalTraffic: false,
      enableK8sCertsViaDns: false,
      enableK8sTokensViaDns: false,
      ...object(given, 'dnsEndpointConfig'),
      endpoint: endpoints.dnsName,
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
