import type { GcpSiteSettings, Settings } from '../../plan/settings';
import type { GcpSitePlan, LinkPlan, TunnelPlan } from '../../plan/types';
import { awsPlan, awsSettings, stackSettings } from './fixtures';

/** The reference plan's Google Cloud site, written by hand: an oracle for what the components register. */
export const gcpPlan: GcpSitePlan = {
  cloud: 'gcp',
  name: 'gcp-europe-west4',
  region: 'europe-west4',
  datacenter: 'dc2',
  namespace: 'cassandra-gcp-europe-west4',
  asn: 64513,
  nodes: '10.150.0.0/16',
  pods: '10.250.0.0/16',
  services: '172.21.0.0/16',
  clusterDns: '172.21.0.10',
  gateway: { addresses: ['10.150.127.244'], port: 7000, service: 'xcloud-dc2-gateway' },
  dns: { addresses: ['10.150.127.245'], zone: 'cassandra-gcp-europe-west4.svc.cluster.local' },
  advertised: ['10.150.0.0/16', '10.250.0.0/16'],
  peers: [
    {
      site: 'aws-eu-west-1',
      cloud: 'aws',
      nodes: awsPlan.nodes,
      pods: awsPlan.pods,
      advertised: awsPlan.advertised,
      gatewayAddresses: awsPlan.gateway.addresses,
      dnsAddresses: awsPlan.dns.addresses,
      dnsZone: awsPlan.dns.zone,
      datacenter: 'dc1',
    },
  ],
  snatExclusions: ['10.100.0.0/16', '10.200.0.0/16'],
  firewallSources: ['10.100.0.0/16', '10.200.0.0/16'],
  remoteSeeds: awsPlan.gateway.addresses,
  capacity: {
    nodes: { used: 3, max: 256, limit: 'pod range' },
    pods: { used: 330, max: 28160, limit: 'pod range' },
    cassandraNodes: { used: 3, max: 6, limit: 'nodes' },
    firstLimit: 'nodes',
  },
  zones: [zone('a'), zone('b'), zone('c')],
  nodeSubnet: '10.150.0.0/17',
  controlPlane: '10.150.255.240/28',
  podsPerNode: 110,
};

function zone(letter: string) {
  return { zone: `europe-west4-${letter}`, rack: `europe-west4-${letter}` };
}

export const gcpSettings: GcpSiteSettings = {
  cloud: 'gcp',
  name: 'gcp-europe-west4',
  region: 'europe-west4',
  zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
  datacenter: 'dc2',
  ranges: { nodes: '10.150.0.0/16', pods: '10.250.0.0/16', services: '172.21.0.0/16' },
  asn: 64513,
  project: 'example-project',
  channel: 'REGULAR',
  kubernetesVersion: '1.34',
  nodes: {
    machineType: 'n2-standard-8',
    perZone: 1,
    maxPerZone: 2,
    diskGiB: 100,
    image: 'COS_CONTAINERD',
    maxPods: 110,
  },
  cassandra: { nodesPerRack: 1, cpu: '4', memory: '16Gi', heap: '8Gi', storage: '500Gi' },
  maintenance: { day: 'sunday', startHour: 15 },
};

/** Settings of a stack with both sites, linked. */
export const linkedSettings: Settings = {
  ...stackSettings,
  links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'] }],
  sites: [awsSettings, gcpSettings],
};

export const linkPlan: LinkPlan = {
  name: 'aws-eu-west-1--gcp-europe-west4',
  aws: 'aws-eu-west-1',
  gcp: 'gcp-europe-west4',
  awsAsn: 64512,
  gcpAsn: 64513,
  tunnels: [tunnel(0, 0, 0, 1), tunnel(1, 0, 0, 2), tunnel(2, 1, 1, 1), tunnel(3, 1, 1, 2)],
};

function tunnel(
  externalInterface: TunnelPlan['externalInterface'],
  haInterface: TunnelPlan['haInterface'],
  connection: TunnelPlan['connection'],
  connectionTunnel: TunnelPlan['connectionTunnel'],
): TunnelPlan {
  const block = externalInterface * 4;
  return {
    externalInterface,
    haInterface,
    connection,
    connectionTunnel,
    cidr: `169.254.40.${block}/30`,
    awsAddress: `169.254.40.${block + 1}`,
    gcpAddress: `169.254.40.${block + 2}`,
  };
}
