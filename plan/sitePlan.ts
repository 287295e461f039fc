/** The plan of each site, first alone and then among its peers. */
import { siteAsn } from './asn';
import { awsCapacity, gcpCapacity } from './capacity/capacity';
import { planAwsZone } from './layout/aws';
import { gcpAddresses } from './layout/gcp';
import type { PlacedAwsSite, PlacedGcpSite, PlacedSite } from './layout/place';
import type { Settings } from './settings';
import type { AwsSitePlan, GcpSitePlan, PeerPlan, SitePlan } from './types';
import { virtualAddress } from './virtual';

/** Port of Cassandra's internode traffic, and of the gateway of `connectivity: overlay`. */
const INTERNODE_PORT = 7000;
const OVERLAY_PORT = 17001;

/** Position of the cluster's DNS service in the service range, on EKS and on GKE. */
const CLUSTER_DNS_POSITION = 10;

type PeerFields = 'peers' | 'snatExclusions' | 'firewallSources' | 'remoteSeeds';

/** A site before it knows its peers: everything that follows from the site alone. */
export type Island = Omit<AwsSitePlan, PeerFields> | Omit<GcpSitePlan, PeerFields>;

export function planIsland(stack: Settings, site: PlacedSite): Island {
  return site.cloud === 'aws' ? planAws(stack, site) : planGcp(stack, site);
}

function planAws(stack: Settings, site: PlacedAwsSite): Island {
  const zones = site.zones.map(planAwsZone);
  return {
    ...commonPlan(stack, site),
    cloud: 'aws',
    zones,
    ...reachedBy(
      stack,
      site,
      zones.map((zone) => zone.gatewayAddress),
      zones.map((zone) => zone.dnsAddress),
    ),
    capacity: awsCapacity(site.settings, site.nodes, site.pods),
  };
}

function planGcp(stack: Settings, site: PlacedGcpSite): Island {
  const { gateway, dns } = gcpAddresses(site.nodeSubnet);
  return {
    ...commonPlan(stack, site),
    cloud: 'gcp',
    zones: site.zones.map((zone) => ({ zone, rack: zone })),
    nodeSubnet: site.nodeSubnet.toString(),
    controlPlane: site.controlPlane.toString(),
    podsPerNode: site.settings.nodes.maxPods,
    ...reachedBy(stack, site, [gateway], [dns]),
    capacity: gcpCapacity(site.settings, site.nodes, site.pods),
  };
}

function commonPlan({ connectivity }: Settings, { settings, nodes, pods, services, virtual }: PlacedSite) {
  return {
    name: settings.name,
    region: settings.region,
    datacenter: settings.datacenter,
    namespace: namespaceOf(settings.name),
    asn: siteAsn(settings.name, settings.asn),
    nodes: nodes.toString(),
    pods: pods.toString(),
    services: services.toString(),
    ...(virtual === undefined ? {} : { virtual: virtual.toString() }),
    clusterDns: services.at(CLUSTER_DNS_POSITION).toString(),
    // Service addresses work inside their own cluster only; with overlay, so do pod addresses.
    advertised: connectivity === 'overlay' ? [nodes.toString()] : [nodes.toString(), pods.toString()],
  };
}

function reachedBy(
  { cluster, connectivity }: Settings,
  { settings }: PlacedSite,
  gateways: readonly string[],
  resolvers: readonly string[],
): Pick<Island, 'gateway' | 'dns'> {
  return {
    gateway: {
      addresses: gateways,
      port: connectivity === 'overlay' ? OVERLAY_PORT : INTERNODE_PORT,
      service: `${cluster}-${settings.datacenter}-gateway`,
    },
    dns: { addresses: resolvers, zone: `${namespaceOf(settings.name)}.svc.cluster.local` },
  };
}

/** Unique over all sites: clusters share one DNS domain, so the namespace tells their names apart. */
function namespaceOf(site: string): string {
  return `cassandra-${site}`;
}

/** Adds what a site must know of the sites it is linked with; `peers` stand in order of name. */
export function withPeers(island: Island, peers: readonly Island[]): SitePlan {
  const prefixes = peers.flatMap((peer) => peer.advertised);
  return {
    ...island,
    peers: peers.map(peerOf),
    snatExclusions: prefixes,
    firewallSources: prefixes,
    remoteSeeds: peers.flatMap(seedsOf),
  };
}

function peerOf(site: Island): PeerPlan {
  return {
    site: site.name,
    cloud: site.cloud,
    nodes: site.nodes,
    pods: site.pods,
    advertised: site.advertised,
    gatewayAddresses: site.gateway.addresses,
    dnsAddresses: site.dns.addresses,
    dnsZone: site.dns.zone,
    datacenter: site.datacenter,
    ...(site.virtual === undefined ? {} : { virtual: site.virtual }),
  };
}

/** The gateway stands for the seeds; with overlay they have addresses of their own, the first pod of each rack. */
function seedsOf({ virtual, zones, gateway }: Island): readonly string[] {
  return virtual === undefined ? gateway.addresses : zones.map(({ zone }) => virtualAddress(virtual, zone, 0));
}
