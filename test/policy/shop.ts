import { type TestResource, ref, res, secret } from './resources';

/**
 * A correct stack that this program did not make: one Cassandra cluster over EKS and GKE, with one zone's worth of
 * everything but racks. Its tests change one thing each.
 */
export function shop(): TestResource[] {
  return [...awsNetwork(), ...eks(), ...gcpNetwork(), ...gke(), ...vpn(), ...cassandraOnAws(), ...cassandraOnGoogle()];
}

const ZONES = ['a', 'b', 'c'] as const;

function awsNetwork(): TestResource[] {
  return [
    res('aws:ec2/vpc:Vpc', 'vpc', { cidrBlock: '10.10.0.0/16' }),
    res('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation', 'pod-range', {
      vpcId: ref('vpc'),
      cidrBlock: '10.20.0.0/16',
    }),
    res('aws:ec2/internetGateway:InternetGateway', 'internet', { vpcId: ref('vpc') }),
    res('aws:ec2/routeTable:RouteTable', 'public-table', { vpcId: ref('vpc') }),
    res('aws:ec2/route:Route', 'public-default', {
      routeTableId: ref('public-table'),
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: ref('internet'),
    }),
    ...subnet('public', 'a', '10.10.200.0/24', 'public-table'),
    ...ZONES.flatMap((zone, index) => [
      res('aws:ec2/routeTable:RouteTable', `table-${zone}`, { vpcId: ref('vpc') }),
      res('aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation', `propagation-${zone}`, {
        vpnGatewayId: ref('vgw'),
        routeTableId: ref(`table-${zone}`),
      }),
      ...subnet('nodes', zone, `10.10.${index * 16}.0/20`, `table-${zone}`),
      ...subnet('pods', zone, `10.20.${index * 32}.0/19`, `table-${zone}`),
    ]),
    ...subnet('balancers', 'a', '10.10.100.0/24', 'table-a', { Name: 'balancers-a' }),
  ];
}

function subnet(
  role: string,
  zone: string,
  cidrBlock: string,
  table: string,
  tags: Record<string, string> = {},
): TestResource[] {
  const name = `${role}-${zone}`;
  return [
    res('aws:ec2/subnet:Subnet', name, {
      vpcId: ref('vpc'),
      cidrBlock,
      availabilityZone: `eu-west-1${zone}`,
      mapPublicIpOnLaunch: false,
      tags,
    }),
    res('aws:ec2/routeTableAssociation:RouteTableAssociation', `${name}-table`, {
      subnetId: ref(name),
      routeTableId: ref(table),
    }),
  ];
}

function eks(): TestResource[] {
  return [
    res('aws:kms/key:Key', 'eks-key', {}),
    res(
      'aws:eks/cluster:Cluster',
      'eks',
      {
        name: 'shop-eks',
        vpcConfig: {
          subnetIds: ZONES.map((zone) => ref(`nodes-${zone}`)),
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: ['203.0.113.0/24'],
        },
        kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16' },
        encryptionConfig: { provider: { keyArn: ref('eks-key') }, resources: ['secrets'] },
      },
      { dependsOn: ['pod-range', ...ZONES.map((zone) => `pods-${zone}`)] },
    ),
    res('aws:eks/addon:Addon', 'vpc-cni', {
      clusterName: ref('eks'),
      addonName: 'vpc-cni',
      configurationValues: JSON.stringify({
        env: {
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
          ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
          ENABLE_PREFIX_DELEGATION: 'true',
          AWS_VPC_K8S_CNI_EXTERNALSNAT: 'false',
          AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '10.50.0.0/16,10.60.0.0/16',
        },
        enableNetworkPolicy: 'true',
      }),
    }),
    res('aws:ec2/launchTemplate:LaunchTemplate', 'template', {
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: 'true' } }],
    }),
    ...ZONES.map((zone) =>
      res(
        'aws:eks/nodeGroup:NodeGroup',
        `group-${zone}`,
        {
          clusterName: ref('eks'),
          subnetIds: [ref(`nodes-${zone}`)],
          launchTemplate: { id: ref('template') },
          scalingConfig: { desiredSize: 1, minSize: 1, maxSize: 2 },
        },
        { dependsOn: ['vpc-cni'] },
      ),
    ),
    res('pulumi:providers:kubernetes', 'on-eks', { kubeconfig: ref('eks') }),
    ...ZONES.map((zone) =>
      object('crd.k8s.amazonaws.com/v1alpha1:ENIConfig', `eni-${zone}`, 'on-eks', {
        metadata: { name: `eu-west-1${zone}` },
        spec: { subnet: ref(`pods-${zone}`), securityGroups: [ref('eks')] },
      }),
    ),
    ...['10.50.0.0/16', '10.60.0.0/16'].flatMap((source, index) =>
      [7000, 9042, -1].map((port) => admit(`admit-${index}-${port}`, source, port)),
    ),
    admit('admit-balancers', '10.10.100.0/24', 7000),
    object('storage.k8s.io/v1:StorageClass', 'gp3', 'on-eks', {
      metadata: { name: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true' },
    }),
  ];
}

function admit(name: string, cidrIpv4: string, port: number): TestResource {
  return res('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', name, {
    securityGroupId: ref('eks'),
    cidrIpv4,
    ipProtocol: port < 0 ? 'icmp' : 'tcp',
    fromPort: port,
    toPort: port,
  });
}

function gcpNetwork(): TestResource[] {
  return [
    res('gcp:compute/network:Network', 'network', {
      name: 'shop',
      autoCreateSubnetworks: false,
      routingMode: 'GLOBAL',
    }),
    res('gcp:compute/subnetwork:Subnetwork', 'subnet', {
      name: 'shop',
      region: 'europe-west4',
      network: ref('network'),
      ipCidrRange: '10.50.0.0/17',
      secondaryIpRanges: [
        { rangeName: 'p', ipCidrRange: '10.60.0.0/16' },
        { rangeName: 's', ipCidrRange: '172.21.0.0/16' },
      ],
    }),
    res('gcp:compute/subnetwork:Subnetwork', 'control', {
      name: 'shop-control',
      region: 'europe-west4',
      network: ref('network'),
      ipCidrRange: '10.50.255.240/28',
    }),
    res('gcp:compute/router:Router', 'nat-router', { name: 'nat', region: 'europe-west4', network: ref('network') }),
    res('gcp:compute/routerNat:RouterNat', 'nat', {
      name: 'nat',
      region: 'europe-west4',
      router: ref('nat-router'),
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
    }),
    res('gcp:compute/firewall:Firewall', 'admit-aws', {
      network: ref('network'),
      direction: 'INGRESS',
      sourceRanges: ['10.10.0.0/16', '10.20.0.0/16'],
      targetTags: ['node'],
      allows: [{ protocol: 'tcp', ports: ['7000', '9042'] }, { protocol: 'icmp' }],
    }),
    res('gcp:compute/firewall:Firewall', 'admit-own', {
      network: ref('network'),
      direction: 'INGRESS',
      sourceRanges: ['10.50.0.0/17', '10.60.0.0/16'],
      targetTags: ['node'],
      allows: [{ protocol: 'tcp' }, { protocol: 'udp' }, { protocol: 'icmp' }],
    }),
    res('gcp:compute/firewall:Firewall', 'admit-webhooks', {
      network: ref('network'),
      direction: 'INGRESS',
      sourceRanges: ['10.50.255.240/28'],
      targetTags: ['node'],
      allows: [{ protocol: 'tcp', ports: ['9443', '10250'] }],
    }),
    res('gcp:compute/firewall:Firewall', 'admit-probes', {
      network: ref('network'),
      direction: 'INGRESS',
      sourceRanges: ['35.191.0.0/16', '130.211.0.0/22'],
      targetTags: ['node'],
      allows: [{ protocol: 'tcp', ports: ['10256', '30000-32767'] }],
    }),
    res('gcp:compute/address:Address', 'gateway-address', {
      name: 'gateway',
      region: 'europe-west4',
      subnetwork: ref('subnet'),
      addressType: 'INTERNAL',
      address: '10.50.100.5',
    }),
  ];
}

function gke(): TestResource[] {
  return [
    res('gcp:container/cluster:Cluster', 'gke', {
      name: 'shop-gke',
      location: 'europe-west4',
      deletionProtection: false,
      nodeLocations: ZONES.map((zone) => `europe-west4-${zone}`),
      network: ref('network'),
      subnetwork: ref('subnet'),
      ipAllocationPolicy: { clusterSecondaryRangeName: 'p', servicesSecondaryRangeName: 's' },
      defaultMaxPodsPerNode: 64,
      datapathProvider: 'ADVANCED_DATAPATH',
      defaultSnatStatus: { disabled: true },
      dnsConfig: { clusterDns: 'KUBE_DNS' },
      privateClusterConfig: { enablePrivateNodes: true, privateEndpointSubnetwork: ref('control') },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: [{ cidrBlock: '203.0.113.0/24' }],
        gcpPublicCidrsAccessEnabled: false,
      },
      databaseEncryption: {
        state: 'ENCRYPTED',
        keyName: 'projects/shop/locations/europe-west4/keyRings/r/cryptoKeys/k',
      },
    }),
    res('gcp:container/nodePool:NodePool', 'pool', {
      cluster: ref('gke'),
      location: 'europe-west4',
      nodeLocations: ZONES.map((zone) => `europe-west4-${zone}`),
      autoscaling: { minNodeCount: 1, maxNodeCount: 2 },
      maxPodsPerNode: 64,
      nodeConfig: { tags: ['node'] },
    }),
    res('pulumi:providers:kubernetes', 'on-gke', { kubeconfig: ref('gke') }),
  ];
}

const PROPOSAL = {
  IkeVersions: ['ikev2'],
  Phase1EncryptionAlgorithms: ['AES256'],
  Phase1IntegrityAlgorithms: ['SHA2-256'],
  Phase1DhGroupNumbers: [14],
  Phase2EncryptionAlgorithms: ['AES256'],
  Phase2IntegrityAlgorithms: ['SHA2-256'],
  Phase2DhGroupNumbers: [14],
};

function vpn(): TestResource[] {
  return [
    res('aws:ec2/vpnGateway:VpnGateway', 'vgw', { amazonSideAsn: '64512' }),
    res('aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment', 'vgw-attachment', {
      vpnGatewayId: ref('vgw'),
      vpcId: ref('vpc'),
    }),
    res('gcp:compute/haVpnGateway:HaVpnGateway', 'ha', { name: 'ha', region: 'europe-west4', network: ref('network') }),
    res('gcp:compute/router:Router', 'router', {
      name: 'bgp',
      region: 'europe-west4',
      network: ref('network'),
      bgp: {
        asn: 65010,
        advertiseMode: 'CUSTOM',
        advertisedIpRanges: [{ range: '10.50.0.0/16' }, { range: '10.60.0.0/16' }],
      },
    }),
    ...([0, 1] as const).flatMap((connection) => [
      res('aws:ec2/customerGateway:CustomerGateway', `customer-${connection}`, {
        type: 'ipsec.1',
        bgpAsn: '65010',
        ipAddress: ref('ha'),
      }),
      res('aws:ec2/vpnConnection:VpnConnection', `connection-${connection}`, {
        type: 'ipsec.1',
        customerGatewayId: ref(`customer-${connection}`),
        vpnGatewayId: ref('vgw'),
        staticRoutesOnly: false,
        ...tunnelOptions(1, connection * 2),
        ...tunnelOptions(2, connection * 2 + 1),
      }),
    ]),
    res('gcp:compute/externalVpnGateway:ExternalVpnGateway', 'external', {
      name: 'aws',
      redundancyType: 'FOUR_IPS_REDUNDANCY',
      interfaces: [0, 1, 2, 3].map((id) => ({ id, ipAddress: ref(`connection-${Math.floor(id / 2)}`) })),
    }),
    ...[0, 1, 2, 3].flatMap(tunnel),
  ];
}

function tunnelOptions(number: 1 | 2, tunnel: number): Record<string, unknown> {
  const options = { InsideCidr: `169.254.30.${tunnel * 4}/30`, PresharedKey: ref(`key-${tunnel}`), ...PROPOSAL };
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [`tunnel${number}${key}`, value]));
}

function tunnel(number: number): TestResource[] {
  return [
    res('random:index/randomPassword:RandomPassword', `key-${number}`, { length: 40, special: false }),
    res('gcp:compute/vPNTunnel:VPNTunnel', `tunnel-${number}`, {
      name: `tunnel-${number}`,
      region: 'europe-west4',
      vpnGateway: ref('ha'),
      vpnGatewayInterface: Math.floor(number / 2),
      peerExternalGateway: ref('external'),
      peerExternalGatewayInterface: number,
      router: ref('router'),
      ikeVersion: 2,
      sharedSecret: ref(`key-${number}`),
      cipherSuite: {
        phase1: {
          encryptions: ['AES-CBC-256'],
          integrities: ['HMAC-SHA2-256-128'],
          prves: ['PRF-HMAC-SHA2-256'],
          dhs: ['Group-14'],
        },
        phase2: { encryptions: ['AES-CBC-256'], integrities: ['HMAC-SHA2-256-128'], pfs: ['Group-14'] },
      },
    }),
    res('gcp:compute/routerInterface:RouterInterface', `interface-${number}`, {
      name: `interface-${number}`,
      region: 'europe-west4',
      router: ref('router'),
      vpnTunnel: ref(`tunnel-${number}`),
      ipRange: `169.254.30.${number * 4 + 2}/30`,
    }),
    res('gcp:compute/routerPeer:RouterPeer', `peer-${number}`, {
      name: `peer-${number}`,
      region: 'europe-west4',
      router: ref('router'),
      interface: ref(`interface-${number}`),
      ipAddress: `169.254.30.${number * 4 + 2}`,
      peerIpAddress: `169.254.30.${number * 4 + 1}`,
      peerAsn: 64512,
    }),
  ];
}

export function object(
  type: string,
  name: string,
  provider: string,
  inputs: Record<string, unknown>,
  dependsOn: readonly string[] = [],
): TestResource {
  return res(`kubernetes:${type}`, name, inputs, { provider, dependsOn });
}

/** Configuration of nodes that is right; in the clear here, so that tests can change it. */
const CONFIG = {
  'cassandra-yaml': {
    server_encryption_options: { internode_encryption: 'all', require_client_auth: true, optional: false },
    client_encryption_options: { enabled: true, optional: false },
  },
};

function datacenter(
  name: string,
  provider: string,
  zonePrefix: string,
  extra: { annotations?: Record<string, string>; spec?: Record<string, unknown>; dependsOn?: readonly string[] },
): TestResource {
  return object(
    'cassandra.datastax.com/v1beta1:CassandraDatacenter',
    name,
    provider,
    {
      metadata: { name, namespace: `shop-${name}`, annotations: extra.annotations ?? {} },
      spec: {
        clusterName: 'shop',
        size: 3,
        racks: ZONES.map((zone) => ({
          name: `r${zone}`,
          nodeAffinityLabels: { 'topology.kubernetes.io/zone': `${zonePrefix}${zone}` },
        })),
        superuserSecretName: 'super',
        config: CONFIG,
        ...extra.spec,
      },
    },
    extra.dependsOn,
  );
}

/** Everybody in the cluster may speak to the nodes, but only the operator to the management API. */
function policy(name: string, provider: string, namespace: string): TestResource {
  return object('networking.k8s.io/v1:NetworkPolicy', name, provider, {
    metadata: { name: 'cassandra', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ port: 7000 }, { port: 9042 }, { port: 9000 }, { port: 9103 }] },
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cass-operator' } } }],
          ports: [{ port: 8080 }],
        },
      ],
    },
  });
}

function superuser(name: string, provider: string, namespace: string): TestResource {
  return object('core/v1:Secret', name, provider, {
    metadata: { name: 'super', namespace },
    data: { username: secret('c3VwZXI='), password: secret('c2VjcmV0') },
  });
}

function cassandraOnAws(): TestResource[] {
  return [
    superuser('super-east', 'on-eks', 'shop-east'),
    policy('policy-east', 'on-eks', 'shop-east'),
    object('core/v1:Endpoints', 'east-seeds', 'on-eks', {
      metadata: { name: 'shop-east-additional-seed-service', namespace: 'shop-east' },
      subsets: [{ addresses: [{ ip: '10.50.100.5' }] }],
    }),
    datacenter('east', 'on-eks', 'eu-west-1', {}),
    object('core/v1:Service', 'east-gateway', 'on-eks', {
      metadata: {
        name: 'gateway',
        namespace: 'shop-east',
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
          'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
          'service.beta.kubernetes.io/aws-load-balancer-subnets': 'balancers-a',
          'service.beta.kubernetes.io/aws-load-balancer-private-ipv4-addresses': '10.10.100.5',
          'service.beta.kubernetes.io/aws-load-balancer-attributes': 'load_balancing.cross_zone.enabled=true',
          'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': 'preserve_client_ip.enabled=false',
          'service.beta.kubernetes.io/load-balancer-source-ranges': '10.50.0.0/16,10.60.0.0/16',
        },
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'service.k8s.aws/nlb',
        selector: { 'cassandra.datastax.com/seed-node': 'true' },
        ports: [{ port: 7000, targetPort: 7000 }],
      },
    }),
    object(
      'batch/v1:Job',
      'replication',
      'on-eks',
      {
        metadata: { name: 'replication', namespace: 'shop-east' },
        spec: { template: { spec: { containers: [{ name: 'cql', env: [{ name: 'CQL', value: REPLICATION }] }] } } },
      },
      ['east', 'west'],
    ),
  ];
}

const REPLICATION = ['system_auth', 'system_distributed', 'system_traces']
  .map(
    (keyspace) =>
      `ALTER KEYSPACE "${keyspace}" WITH replication = {'class': 'NetworkTopologyStrategy', 'east': 3, 'west': 3};`,
  )
  .join('\n');

function cassandraOnGoogle(): TestResource[] {
  return [
    superuser('super-west', 'on-gke', 'shop-west'),
    policy('policy-west', 'on-gke', 'shop-west'),
    object('core/v1:Endpoints', 'west-seeds', 'on-gke', {
      metadata: { name: 'shop-west-additional-seed-service', namespace: 'shop-west' },
      subsets: [{ addresses: [{ ip: '10.10.100.5' }] }],
    }),
    datacenter('west', 'on-gke', 'europe-west4-', {
      annotations: { 'cassandra.datastax.com/skip-user-creation': 'true' },
      dependsOn: ['east', 'east-gateway', 'west-seeds', 'peer-0', 'peer-1', 'peer-2', 'peer-3'],
    }),
    object('core/v1:Service', 'west-gateway', 'on-gke', {
      metadata: {
        name: 'gateway',
        namespace: 'shop-west',
        annotations: {
          'networking.gke.io/load-balancer-type': 'Internal',
          'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
        },
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerIP: '10.50.100.5',
        selector: { 'cassandra.datastax.com/seed-node': 'true' },
        ports: [{ port: 7000, targetPort: 7000 }],
      },
    }),
    object(
      'control.k8ssandra.io/v1alpha1:CassandraTask',
      'rebuild',
      'on-gke',
      {
        metadata: { name: 'rebuild', namespace: 'shop-west' },
        spec: {
          datacenter: { name: 'west', namespace: 'shop-west' },
          jobs: [{ name: 'rebuild', command: 'rebuild', args: { source_datacenter: 'east' } }],
        },
      },
      ['replication'],
    ),
  ];
}
