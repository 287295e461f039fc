import type { AwsSiteSettings, Settings } from '../../plan/settings';
import type { AwsSitePlan, AwsZonePlan } from '../../plan/types';

/** The reference plan's AWS site, written by hand: an oracle for what the components register. */
export const awsPlan: AwsSitePlan = {
  cloud: 'aws',
  name: 'aws-eu-west-1',
  region: 'eu-west-1',
  datacenter: 'dc1',
  namespace: 'cassandra-aws-eu-west-1',
  asn: 64512,
  nodes: '10.100.0.0/16',
  pods: '10.200.0.0/16',
  services: '172.20.0.0/16',
  clusterDns: '172.20.0.10',
  gateway: {
    addresses: ['10.100.19.250', '10.100.51.250', '10.100.83.250'],
    port: 7000,
    service: 'xcloud-dc1-gateway',
  },
  dns: {
    addresses: ['10.100.19.251', '10.100.51.251', '10.100.83.251'],
    zone: 'cassandra-aws-eu-west-1.svc.cluster.local',
  },
  advertised: ['10.100.0.0/16', '10.200.0.0/16'],
  peers: [
    {
      site: 'gcp-europe-west4',
      cloud: 'gcp',
      nodes: '10.150.0.0/16',
      pods: '10.250.0.0/16',
      advertised: ['10.150.0.0/16', '10.250.0.0/16'],
      gatewayAddresses: ['10.150.127.250'],
      dnsAddresses: ['10.150.127.251'],
      dnsZone: 'cassandra-gcp-europe-west4.svc.cluster.local',
      datacenter: 'dc2',
    },
  ],
  snatExclusions: ['10.150.0.0/16', '10.250.0.0/16'],
  firewallSources: ['10.150.0.0/16', '10.250.0.0/16'],
  remoteSeeds: ['10.150.127.250'],
  capacity: {
    nodes: { used: 3, max: 189, limit: '/28 prefixes of the pod subnets, 8 per node of 110 pods' },
    pods: { used: 330, max: 20790, limit: '/28 prefixes of the pod subnets, 8 per node of 110 pods' },
    cassandraNodes: { used: 3, max: 189, limit: '/28 prefixes of the pod subnets, 8 per node of 110 pods' },
    firstLimit: '/28 prefixes of the pod subnets, 8 per node of 110 pods: at 189 nodes, 63 per zone',
  },
  zones: [zone('a', 0), zone('b', 32), zone('c', 64)],
};

function zone(letter: string, block: number): AwsZonePlan {
  return {
    zone: `eu-west-1${letter}`,
    rack: `eu-west-1${letter}`,
    nodeSubnet: `10.100.${block}.0/20`,
    podSubnet: `10.200.${block}.0/19`,
    loadBalancerSubnet: `10.100.${block + 16}.0/22`,
    publicSubnet: `10.100.${block + 20}.0/22`,
    transitSubnet: `10.100.${block + 24}.0/28`,
    loadBalancerReservation: `10.100.${block + 19}.240/28`,
    gatewayAddress: `10.100.${block + 19}.250`,
    dnsAddress: `10.100.${block + 19}.251`,
  };
}

export const awsSettings: AwsSiteSettings = {
  cloud: 'aws',
  name: 'aws-eu-west-1',
  region: 'eu-west-1',
  zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  datacenter: 'dc1',
  ranges: { nodes: '10.100.0.0/16', pods: '10.200.0.0/16', services: '172.20.0.0/16' },
  asn: 64512,
  accountId: '123456789012',
  kubernetesVersion: '1.34',
  addonVersions: {},
  nodes: {
    machineType: 'm6i.2xlarge',
    perZone: 1,
    maxPerZone: 2,
    diskGiB: 100,
    image: 'AL2023_x86_64_STANDARD',
    maxPods: 110,
  },
  cassandra: { nodesPerRack: 1, cpu: '4', memory: '16Gi', heap: '8Gi', storage: '500Gi' },
  maintenance: { day: 'sunday', startHour: 3 },
};

/** Settings of a stack with the AWS site alone. */
export const stackSettings: Settings = {
  cluster: 'xcloud',
  connectivity: 'native',
  dns: 'forward',
  pool: { range: '10.64.0.0/10', prefix: 14 },
  link: { awsGateway: 'virtualPrivate' },
  links: [],
  cassandra: { version: '5.0.9', replicationFactor: 3, keyspaces: [], phiConvictThreshold: 12 },
  operators: {
    cassOperator: { chart: 'cass-operator', repository: 'https://helm.k8ssandra.io/stable', version: '0.61.1' },
    certManager: { chart: 'cert-manager', repository: 'https://charts.jetstack.io', version: '1.18.2' },
    awsLoadBalancerController: {
      chart: 'aws-load-balancer-controller',
      repository: 'https://aws.github.io/eks-charts',
      version: '1.13.4',
    },
  },
  access: {
    admittedRanges: ['203.0.113.0/24'],
    awsAdmins: ['arn:aws:iam::123456789012:role/platform'],
    gkeDnsEndpoint: false,
  },
  alerts: { notificationChannels: [] },
  tags: { team: 'data' },
  protect: false,
  sites: [awsSettings],
};
