/** Names of the program's resources in the fixtures, and patterns over their flows. */

const LINK = 'aws-eu-west-1--gcp-europe-west4';
export const AWS = 'aws-eu-west-1';
export const GCP = 'gcp-europe-west4';
export const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const;
export type Zone = (typeof ZONES)[number];

const link =
  (type: string, part: string) =>
  (index: number): string =>
    `${type}::${LINK}-${part}-${index}`;
export const connection = link('VpnConnection', 'connection');
export const customer = link('CustomerGateway', 'customer');
export const tunnel = link('VPNTunnel', 'tunnel');
export const routerInterface = link('RouterInterface', 'interface');
export const peer = link('RouterPeer', 'peer');
export const presharedKey = link('RandomPassword', 'psk');
export const CONNECTIONS = [0, 1].map(connection);
export const TUNNELS = [0, 1, 2, 3].map(tunnel);
export const PEERS = [0, 1, 2, 3].map(peer);
export const EXTERNAL = `ExternalVpnGateway::${LINK}-external`;

const network =
  (type: string, part: string) =>
  (zone: Zone): string =>
    `${type}::${AWS}-network-${zone}-${part}`;
export const podSubnet = network('Subnet', 'pod-subnet');
export const nodeSubnet = network('Subnet', 'node-subnet');
export const podAssociation = network('RouteTableAssociation', 'pod-association');
export const balancerAssociation = network('RouteTableAssociation', 'load-balancer-association');
export const privateRoutes = network('RouteTable', 'private-routes');
export const PUBLIC_ROUTES = `RouteTable::${AWS}-network-public-routes`;
export const VPC = `Vpc::${AWS}-network-vpc`;
export const POD_RANGE = `VpcIpv4CidrBlockAssociation::${AWS}-network-pod-range`;
export const VGW = `VpnGateway::${AWS}-vpn-vgw`;
export const VGW_ATTACHMENT = `VpnGatewayAttachment::${AWS}-vpn-vgw-attachment`;
/** Stands for AWS's gateway of either kind. */
export const GATEWAY = 'GATEWAY';
export const propagation = (zone: Zone): string => `VpnGatewayRoutePropagation::${AWS}-vpn-propagation-${zone}`;
export const TGW = `TransitGateway::${AWS}-vpn-tgw`;
export const TGW_VPC = `VpcAttachment::${AWS}-vpn-tgw-vpc`;
export const TGW_ROUTES = `RouteTable::${AWS}-vpn-tgw-routes`;
export const transitRoute = (range: 'nodes' | 'pods', zone: Zone): string =>
  `Route::${AWS}-vpn-to-10.${range === 'nodes' ? 150 : 250}.0.0-16-${zone}`;
export const association = (index: number): string => `RouteTableAssociation::${LINK}-connection-${index}-association`;
export const transitPropagation = (index: number): string =>
  `RouteTablePropagation::${LINK}-connection-${index}-propagation`;

export const EKS = `Cluster::${AWS}-eks-cluster`;
export const CNI = `Addon::${AWS}-pods-vpc-cni`;
export const nodeGroup = (zone: Zone): string => `NodeGroup::${AWS}-nodes-${zone}`;
export const COREDNS = `Addon::${AWS}-coredns`;
export const eniConfig = (zone: Zone): string => `ENIConfig::${AWS}-pods-${zone}-eni-config`;
export const peerRule = (range: 'nodes' | 'pods', service: string): string =>
  `SecurityGroupIngressRule::${AWS}-access-peer-10.${range === 'nodes' ? 150 : 250}.0.0-16-${service}`;
export const balancerRule = (zone: Zone, service: string): string =>
  `SecurityGroupIngressRule::${AWS}-access-load-balancer-${zone}-${service}`;

export const NETWORK = `Network::${GCP}-network`;
export const NODES = `Subnetwork::${GCP}-nodes`;
export const ROUTER = `Router::${GCP}-vpn-router`;
export const HA_GATEWAY = `HaVpnGateway::${GCP}-vpn-gateway`;
export const ADMIT_PEERS = `Firewall::${GCP}-admit-peers`;
export const ADMIT_WEBHOOKS = `Firewall::${GCP}-admit-webhooks`;
export const GKE = `Cluster::${GCP}-cluster`;
export const POOL = `NodePool::${GCP}-pool`;
export const STUB_DOMAINS = `ConfigMapPatch::${GCP}-dns-stub-domains`;
export const SITE_COREFILE = `ConfigMap::${GCP}-dns-coredns-config`;
export const SITE_DNS = `Deployment::${GCP}-dns-coredns-deployment`;
export const gkeDns = (protocol: 'udp' | 'tcp'): string => `Service::${GCP}-dns-service-${protocol}`;
export const DNS_ADDRESS = `Address::${GCP}-dns-10.150.127.251`;
export const GATEWAY_ADDRESS = `Address::${GCP}-gateway-10.150.127.250`;

export const DC1 = 'CassandraDatacenter::xcloud-dc1';
export const DC2 = 'CassandraDatacenter::xcloud-dc2';
export const GATEWAY1 = 'Service::xcloud-dc1-gateway-service';
export const GATEWAY2 = 'Service::xcloud-dc2-gateway-service';
export const EKS_DNS = `Service::${AWS}-dns-service`;
export const SEEDS1 = 'Endpoints::xcloud-dc1-remote-seeds-endpoints';
export const SEEDS2 = 'Endpoints::xcloud-dc2-remote-seeds-endpoints';
export const REPLICATION = 'Job::xcloud-replication-job';
export const PROBE = 'Job::xcloud-probe-dc2-dc1-job';
export const REBUILD = `CassandraTask::xcloud-replication-rebuild-${GCP}`;
export const policy = (site: string, part: 'cassandra' | 'deny'): string =>
  `NetworkPolicy::xcloud-${site}-policies-${part}`;
export const superuser = (site: string): string => `Secret::xcloud-${site}-secrets-superuser`;
export const release = (site: string, chart: string): string => `Release::xcloud-${site}-operators-${chart}`;

export const nlb = (name: string): readonly string[] => [
  'metadata',
  'annotations',
  `service.beta.kubernetes.io/aws-load-balancer-${name}`,
];
export const gke = (name: string): readonly string[] => ['metadata', 'annotations', `networking.gke.io/${name}`];

/** Sample addresses of the zones' pods, as the proof prints them. */
const PODS: Readonly<Record<Zone, string>> = {
  'eu-west-1a': '10.200.0.10',
  'eu-west-1b': '10.200.32.10',
  'eu-west-1c': '10.200.64.10',
};
const quote = (text: string): string => text.replaceAll('.', '\\.');

/** Every flow from one cloud to the other. */
export const CROSSING = /, dc. to dc./;
export const EASTWARD = /, dc1 to dc2/;
export const WESTWARD = /, dc2 to dc1/;
/** Flows between the clouds that start or end at pods of Google, not at its load balancers; and the same of AWS. */
export const AT_GOOGLE_PODS = /^(internode|native protocol|path MTU), dc. to dc.|, dc2 to dc1/;
export const AT_AWS_PODS = /^(internode|native protocol|path MTU), dc. to dc.|, dc1 to dc2/;
/** Flows between the clouds that start or end in a zone of AWS, at a pod. */
export const ofPods = (zone: Zone): RegExp => new RegExp(`, dc. to dc.*(?<![0-9.])${quote(PODS[zone])} `);
/** Flows to the load balancers of one zone. */
export const toBalancers = (zone: Zone): RegExp =>
  new RegExp(`> 10\\.100\\.${19 + 32 * ZONES.indexOf(zone)}\\.25[01] `);
/** Flows between the clouds that start or end in a zone of AWS. */
export const inZone = (zone: Zone): RegExp => new RegExp(`${ofPods(zone).source}|${toBalancers(zone).source}`);
/** Flows between a zone of AWS and the pods of Google, either way; load balancers of Google are on its nodes. */
export const toGooglePods = (zone: Zone): RegExp =>
  new RegExp(`${quote(PODS[zone])} > 10\\.250\\.|, dc2 to dc1.*> ${quote(PODS[zone])} |${toBalancers(zone).source}`);
/** Flows from or to a place, as the proof prints it. */
export const from = (place: string): RegExp => new RegExp(`\\| ${quote(place)} >`);
export const to = (place: string): RegExp => new RegExp(`> ${quote(place)} \\|`);
