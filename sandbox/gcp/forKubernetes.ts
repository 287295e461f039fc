/** What the Kubernetes server needs of the local Google Cloud: clusters, load balancers and disks of GKE. */
import type { Stored } from '../core/store';
import { flag, object, text, type Props } from '../core/values';
import type { World } from '../core/world';
import { CLUSTER } from './compute/clusterRanges';
import { deleteDisk as removeDisk, insertDisk } from './compute/disks';
import { deleteRule, insertRule } from './compute/forwardingRules';
import { reachesNodes } from './container/controlPlaneAccess';
import { clusterInfo, podRange, poolsOf, zonesOfPool, type ClusterInfo } from './container/clusterInfo';
import { nodesPerZone } from './container/nodes';
import { googleError } from './errors';
import { COLLECTIONS, nameOf } from './names';
import { GcpSession } from './session';

/** A GKE cluster as its Kubernetes API server is to play it. */
export interface GkeView {
  /** Host of the DNS endpoint, which stays when addresses come and go. */
  readonly dnsName: string;
  readonly name: string;
  readonly project: string;
  /** Region of a regional cluster, zone of a zonal one. */
  readonly location: string;
  /** Path of the network. */
  readonly network: string;
  /** Path of the nodes' subnetwork. */
  readonly subnetwork: string;
  readonly servicesCidr: string;
  readonly podsCidr: string;
  /** Version of the control plane, e.g. `1.34.8-gke.1035000`. */
  readonly version: string;
  readonly nodePools: readonly GkePoolView[];
  readonly datapathProvider: string;
  readonly dnsConfig: Props;
  readonly managedPrometheus: boolean;
  /** Range from which the control plane calls webhooks. */
  readonly controlPlaneRange: string;
  /** Whether the firewall lets the control plane reach every node of the cluster on a TCP port. */
  firewallAdmits(port: number): boolean;
}

export interface GkePoolView {
  readonly name: string;
  readonly zones: readonly string[];
  readonly nodesPerZone: number;
  readonly machineType: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The cluster behind a control plane's address or DNS name, with or without `https://`. */
export function findGkeCluster(world: World, endpoint: string): GkeView | undefined {
  const host = endpoint.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
  const stored = host === '' ? undefined : world.gcp.find(CLUSTER, ({ outputs }) => hostsOf(outputs).includes(host));
  const info = stored && clusterInfo(world.gcp, stored.id);
  return info && viewOf(world, info);
}

function hostsOf(cluster: Props): (string | undefined)[] {
  return [
    text(cluster, 'endpoint'),
    text(cluster, 'privateClusterConfig', 'privateEndpoint'),
    text(cluster, 'privateClusterConfig', 'publicEndpoint'),
    text(cluster, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint'),
  ];
}

function viewOf(world: World, info: ClusterInfo): GkeView {
  const { outputs } = info.stored;
  return {
    dnsName: text(outputs, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint') ?? '',
    name: info.name,
    project: info.project,
    location: info.location,
    network: info.network,
    subnetwork: info.subnetwork,
    servicesCidr: text(outputs, 'servicesIpv4Cidr') ?? '',
    podsCidr: podRange(world.gcp, info)?.text ?? text(outputs, 'clusterIpv4Cidr') ?? '',
    version: info.version,
    nodePools: poolsOf(world.gcp, info.id).map((pool) => poolView(info, pool)),
    datapathProvider: text(outputs, 'datapathProvider') ?? 'LEGACY_DATAPATH',
    dnsConfig: object(outputs, 'dnsConfig'),
    managedPrometheus: flag(outputs, 'monitoringConfig', 'managedPrometheus', 'enabled') ?? true,
    controlPlaneRange: info.controlPlane?.text ?? '',
    firewallAdmits: (port) => reachesNodes(world.gcp, info, port),
  };
}

function poolView(info: ClusterInfo, pool: Stored): GkePoolView {
  const labels = object(pool.outputs, 'nodeConfig', 'labels');
  return {
    name: nameOf(pool.id),
    zones: zonesOfPool(info, pool),
    nodesPerZone: nodesPerZone(pool.outputs),
    machineType: text(pool.outputs, 'nodeConfig', 'machineType') ?? '',
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
  };
}

export interface ForwardingRuleRequest {
  readonly clusterName: string;
  readonly name: string;
  /** A planned address; the lowest free one of the nodes' subnetwork unless set. */
  readonly address?: string;
  /** `TCP` or `UDP`. */
  readonly protocol: string;
  readonly ports: readonly (number | string)[];
  /** Whether the caller counts on another rule at the same address. */
  readonly sharedVip: boolean;
}

/**
 * Makes an internal passthrough load balancer's forwarding rule, as GKE's controller does for a Service, and the
 * firewall rule that admits its clients. Throws the API's refusal. Two rules share an address only where it is
 * reserved with the purpose SHARED_LOADBALANCER_VIP.
 */
export function createForwardingRule(world: World, request: ForwardingRuleRequest): { ip: string; name: string } {
  const info = clusterNamed(world, request.clusterName);
  const { address } = insertRule(sessionOf(world, info), {
    project: info.project,
    region: info.region,
    name: request.name,
    network: info.network,
    subnetwork: info.subnetwork,
    ...(request.address === undefined ? {} : { address: request.address }),
    protocol: request.protocol.toUpperCase(),
    ports: request.ports.map(String),
    requireShared: request.sharedVip,
    cluster: info,
  });
  return { ip: address, name: request.name };
}

export function deleteForwardingRule(world: World, name: string): void {
  const rule = world.gcp.find(COLLECTIONS.forwardingRules.token, ({ id }) => nameOf(id) === name);
  if (rule) deleteRule(bareSession(world), rule.id);
}

export interface DiskRequest {
  readonly clusterName: string;
  readonly zone: string;
  readonly sizeGiB: number;
  /** Disk type, e.g. `pd-ssd`. */
  readonly type: string;
}

/** Makes a persistent disk, as GKE's CSI driver does for a volume. */
export function createDisk(world: World, request: DiskRequest): { name: string } {
  const info = clusterNamed(world, request.clusterName);
  return { name: insertDisk(sessionOf(world, info), info, request) };
}

export function deleteDisk(world: World, name: string): void {
  removeDisk(bareSession(world), name);
}

/** Paths of load balancers and disks that workloads made and nobody deleted: what a teardown has orphaned. */
export function leftovers(world: World): string[] {
  return [COLLECTIONS.forwardingRules.token, COLLECTIONS.disks.token].flatMap((token) =>
    world.gcp.all(token).map(({ id }) => id),
  );
}

function clusterNamed(world: World, name: string): ClusterInfo {
  const stored = world.gcp.find(CLUSTER, ({ id }) => nameOf(id) === name);
  const info = stored && clusterInfo(world.gcp, stored.id);
  if (!info) throw googleError(404, `Not found: clusters/${name}.`, 'notFound');
  return info;
}

function sessionOf(world: World, info: ClusterInfo): GcpSession {
  return new GcpSession(world, { project: info.project, region: info.region, defaultLabels: {}, attribution: false });
}

function bareSession(world: World): GcpSession {
  return new GcpSession(world, { defaultLabels: {}, attribution: false });
}
