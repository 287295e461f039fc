import assert from 'node:assert/strict';
import { loadPlan, parseSettings, planFor, warningsFor, SettingsError } from '../../plan';
import type { AwsSitePlan, GcpSitePlan, SitePlan } from '../../plan';
import { type Raw, awsSite, bySlot, fixture, gcpSite, stack } from './fixtures';

const planOf = (raw: Raw) => loadPlan(raw).plan;
const site = (raw: Raw, name: string): SitePlan => {
  const found = planOf(raw).sites.find((candidate) => candidate.name === name);
  assert(found);
  return found;
};

describe('the reference plan', () => {
  const plan = planOf(fixture('reference.yaml'));
  const [aws, gcp] = plan.sites as [AwsSitePlan, GcpSitePlan];

  it('cuts the AWS site into subnets by zone letter', () => {
    assert.deepEqual(aws.zones, [
      {
        zone: 'eu-west-1a',
        rack: 'eu-west-1a',
        nodeSubnet: '10.100.0.0/20',
        podSubnet: '10.200.0.0/19',
        loadBalancerSubnet: '10.100.16.0/22',
        publicSubnet: '10.100.20.0/22',
        transitSubnet: '10.100.24.0/28',
        loadBalancerReservation: '10.100.19.240/28',
        gatewayAddress: '10.100.19.250',
        dnsAddress: '10.100.19.251',
      },
      {
        zone: 'eu-west-1b',
        rack: 'eu-west-1b',
        nodeSubnet: '10.100.32.0/20',
        podSubnet: '10.200.32.0/19',
        loadBalancerSubnet: '10.100.48.0/22',
        publicSubnet: '10.100.52.0/22',
        transitSubnet: '10.100.56.0/28',
        loadBalancerReservation: '10.100.51.240/28',
        gatewayAddress: '10.100.51.250',
        dnsAddress: '10.100.51.251',
      },
      {
        zone: 'eu-west-1c',
        rack: 'eu-west-1c',
        nodeSubnet: '10.100.64.0/20',
        podSubnet: '10.200.64.0/19',
        loadBalancerSubnet: '10.100.80.0/22',
        publicSubnet: '10.100.84.0/22',
        transitSubnet: '10.100.88.0/28',
        loadBalancerReservation: '10.100.83.240/28',
        gatewayAddress: '10.100.83.250',
        dnsAddress: '10.100.83.251',
      },
    ]);
  });

  it('gives the GCP site a node subnet and a control plane', () => {
    assert.equal(gcp.nodeSubnet, '10.150.0.0/17');
    assert.equal(gcp.controlPlane, '10.150.255.240/28');
    assert.equal(gcp.podsPerNode, 64);
    assert.deepEqual(
      gcp.zones,
      ['a', 'b', 'c'].map((letter) => ({ zone: `europe-west4-${letter}`, rack: `europe-west4-${letter}` })),
    );
  });

  it('names what each site is reached by', () => {
    assert.deepEqual(
      plan.sites.map(({ namespace, datacenter, clusterDns, gateway, dns }) => ({
        namespace,
        datacenter,
        clusterDns,
        gateway,
        dns,
      })),
      [
        {
          namespace: 'cassandra-aws-eu-west-1',
          datacenter: 'dc1',
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
        },
        {
          namespace: 'cassandra-gcp-europe-west4',
          datacenter: 'dc2',
          clusterDns: '172.21.0.10',
          gateway: { addresses: ['10.150.127.250'], port: 7000, service: 'xcloud-dc2-gateway' },
          dns: { addresses: ['10.150.127.251'], zone: 'cassandra-gcp-europe-west4.svc.cluster.local' },
        },
      ],
    );
  });

  it('tells each site what it must know of the other', () => {
    const prefixes = { aws: ['10.100.0.0/16', '10.200.0.0/16'], gcp: ['10.150.0.0/16', '10.250.0.0/16'] };
    assert.deepEqual([aws.advertised, gcp.advertised], [prefixes.aws, prefixes.gcp]);
    assert.deepEqual([aws.snatExclusions, gcp.snatExclusions], [prefixes.gcp, prefixes.aws]);
    assert.deepEqual([aws.firewallSources, gcp.firewallSources], [prefixes.gcp, prefixes.aws]);
    assert.deepEqual([aws.remoteSeeds, gcp.remoteSeeds], [gcp.gateway.addresses, aws.gateway.addresses]);
    assert.deepEqual(aws.peers, [
      {
        site: 'gcp-europe-west4',
        cloud: 'gcp',
        nodes: '10.150.0.0/16',
        pods: '10.250.0.0/16',
        advertised: prefixes.gcp,
        gatewayAddresses: ['10.150.127.250'],
        dnsAddresses: ['10.150.127.251'],
        dnsZone: 'cassandra-gcp-europe-west4.svc.cluster.local',
        datacenter: 'dc2',
      },
    ]);
    assert.deepEqual(
      gcp.peers.map(({ site: name, gatewayAddresses }) => [name, gatewayAddresses]),
      [['aws-eu-west-1', aws.gateway.addresses]],
    );
  });

  it('links them by four tunnels in the order of the interfaces', () => {
    const [link, ...more] = plan.links;
    assert.deepEqual(more, []);
    const { tunnels, ...ends } = link!;
    assert.deepEqual(ends, {
      name: 'aws-eu-west-1--gcp-europe-west4',
      aws: 'aws-eu-west-1',
      gcp: 'gcp-europe-west4',
      awsAsn: 64512,
      gcpAsn: 65010,
    });
    assert.deepEqual(
      tunnels.map((tunnel) => [
        tunnel.externalInterface,
        tunnel.haInterface,
        tunnel.connection,
        tunnel.connectionTunnel,
      ]),
      [
        [0, 0, 0, 1],
        [1, 0, 0, 2],
        [2, 1, 1, 1],
        [3, 1, 1, 2],
      ],
    );
    // Derived from the link's name: these addresses are in people's tunnels, so they must never change.
    assert.deepEqual(
      tunnels.map(({ cidr, awsAddress, gcpAddress }) => [cidr, awsAddress, gcpAddress]),
      [
        ['169.254.214.176/30', '169.254.214.177', '169.254.214.178'],
        ['169.254.214.180/30', '169.254.214.181', '169.254.214.182'],
        ['169.254.214.184/30', '169.254.214.185', '169.254.214.186'],
        ['169.254.214.188/30', '169.254.214.189', '169.254.214.190'],
      ],
    );
  });

  it('lists every range once', () => {
    assert.equal(plan.ranges.length, 3 + 3 * 6 + 5 + 4);
    assert.equal(new Set(plan.ranges.map(({ cidr }) => cidr)).size, plan.ranges.length);
  });
});

describe('planFor', () => {
  it('plans parsed settings as loadPlan does', () => {
    const raw = fixture('reference.yaml');
    const { settings, plan, warnings } = loadPlan(raw);
    assert.deepEqual(parseSettings(raw), settings);
    assert.deepEqual(planFor(settings), plan);
    assert.deepEqual(warningsFor(settings), warnings);
  });

  it('throws every problem that only planning finds', () => {
    const settings = parseSettings(
      stack(
        {},
        { ranges: { nodes: '172.17.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16' } },
        { ranges: { nodes: '10.110.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/28' } },
      ),
    );
    assert.throws(
      () => planFor(settings),
      (error) =>
        error instanceof SettingsError &&
        error.problems.map(({ rule }) => rule).join() ===
          'reserved range,VPC CIDR family,GKE service range,disjoint ranges',
    );
  });

  it('says so when settings were put together by hand and are not complete', () => {
    const settings = parseSettings(stack());
    const links = [{ sites: ['aws-eu-west-1', 'nowhere'] as const }];
    assert.throws(
      () => planFor({ ...settings, links }),
      /there is no site nowhere: the settings were not made by parse/,
    );
    const [aws, gcp] = settings.sites;
    assert.throws(
      () => planFor({ ...settings, sites: [aws!, { ...gcp!, ranges: undefined }] }),
      /gcp-europe-west4 has no range for nodes: its settings were not made by parse/,
    );
  });

  it('plans a single site without peers', () => {
    const plan = planOf(stack({ sites: [gcpSite()] }));
    assert.deepEqual(plan.links, []);
    assert.deepEqual(plan.sites[0]!.peers, []);
    assert.deepEqual(plan.sites[0]!.remoteSeeds, []);
  });

  it('plans two sites of one cloud, which need no tunnels', () => {
    const second = awsSite({
      name: 'aws-eu-north-1',
      region: 'eu-north-1',
      zones: ['eu-north-1a', 'eu-north-1b', 'eu-north-1c'],
      datacenter: 'dc2',
      asn: 64513,
    });
    const raw = stack({
      sites: [awsSite(), bySlot(second, 2)],
      links: [{ sites: ['aws-eu-west-1', 'aws-eu-north-1'] }],
    });
    const plan = planOf(raw);
    assert.deepEqual(plan.links, []);
    assert.deepEqual(
      plan.sites.map(({ name, peers }) => [name, peers.map((peer) => peer.site)]),
      [
        ['aws-eu-north-1', ['aws-eu-west-1']],
        ['aws-eu-west-1', ['aws-eu-north-1']],
      ],
    );
  });

  it('plans many sites with the links that are listed', () => {
    const raw = stack({
      sites: [
        bySlot(gcpSite({ name: 'gcp-b', datacenter: 'dcb', asn: undefined }), 0),
        bySlot(awsSite({ name: 'aws-a', datacenter: 'dca', asn: undefined }), 1),
        bySlot(gcpSite({ name: 'gcp-a', datacenter: 'dcc', asn: undefined }), 2),
      ],
      links: [{ sites: ['gcp-b', 'aws-a'] }, { sites: ['gcp-a', 'aws-a'], tunnels: '169.254.100.16/28' }],
    });
    const plan = planOf(raw);
    assert.deepEqual(
      plan.links.map(({ name, aws, gcp }) => [name, aws, gcp]),
      [
        ['aws-a--gcp-a', 'aws-a', 'gcp-a'],
        ['aws-a--gcp-b', 'aws-a', 'gcp-b'],
      ],
    );
    assert.equal(plan.links[0]!.tunnels[3]!.cidr, '169.254.100.28/30');
    assert.deepEqual(
      plan.sites.map(({ name, peers }) => [name, peers.map((peer) => peer.site)]),
      [
        ['aws-a', ['gcp-a', 'gcp-b']],
        ['gcp-a', ['aws-a']],
        ['gcp-b', ['aws-a']],
      ],
    );
  });

  it('derives private ASNs from the names', () => {
    const plan = planOf(stack({}, { asn: undefined }, { asn: undefined }));
    // As with tunnels: a number in use must never change.
    assert.deepEqual(
      plan.sites.map(({ name, asn }) => [name, asn]),
      [
        ['aws-eu-west-1', 4232825209],
        ['gcp-europe-west4', 4219092143],
      ],
    );
  });

  it('pins a control plane', () => {
    const ranges = { nodes: '10.101.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16' };
    const pinned = (controlPlane: string) =>
      site(stack({}, {}, { ranges: { ...ranges, controlPlane } }), 'gcp-europe-west4') as GcpSitePlan;
    assert.equal(pinned('172.16.0.16/28').controlPlane, '172.16.0.16/28');
    assert.equal(pinned('10.101.200.0/28').controlPlane, '10.101.200.0/28');
  });
});

describe('capacity', () => {
  const capacityOf = (raw: Raw, name: string) => site(raw, name).capacity;

  it('of an AWS site ends with the prefixes of its pod subnets', () => {
    // A /19 has 512 blocks of /28; the first and the last hold addresses that AWS keeps. 110 pods take 7 blocks and a spare.
    const perZone = Math.floor((512 - 2) / (7 + 1));
    const limit = '/28 prefixes of the pod subnets, 8 per node of 110 pods';
    assert.deepEqual(capacityOf(stack(), 'aws-eu-west-1'), {
      nodes: { used: 3, max: 3 * perZone, limit },
      pods: { used: 330, max: 3 * perZone * 110, limit },
      cassandraNodes: { used: 3, max: 3 * perZone, limit },
      firstLimit: `${limit}: at ${3 * perZone} nodes, ${perZone} per zone`,
    });
  });

  it('of an AWS site ends with the addresses of small node subnets', () => {
    const ranges = { nodes: '10.100.0.0/21', pods: '10.110.0.0/16', services: '172.20.0.0/16' };
    const { nodes } = capacityOf(stack({}, { ranges, nodes: { maxPods: 16 } }), 'aws-eu-west-1');
    // A /25 less the 5 that AWS keeps and the 6 that EKS wants free.
    assert.deepEqual(nodes, { used: 3, max: 3 * (128 - 5 - 6), limit: 'addresses of the node subnets' });
  });

  it("of an AWS site ends with EKS's node groups where there are addresses enough", () => {
    const { nodes } = capacityOf(stack({}, { nodes: { maxPods: 8 } }), 'aws-eu-west-1');
    assert.equal(nodes.max, 3 * Math.min(450, (512 - 2) / 2));
    const wide = capacityOf(
      stack({}, { zones: ['eu-west-1a', 'eu-west-1b'], cassandra: { nodesPerRack: 2 }, nodes: { maxPods: 8 } }),
      'aws-eu-west-1',
    );
    assert.equal(wide.cassandraNodes.used, 4);
    assert.equal(wide.nodes.max, 2 * 255);
  });

  it('of a GCP site ends with the parts of the pod range', () => {
    // A /16 holds 512 parts of /25; three zones take 170 each.
    const limit = 'the pod range, a /25 per node of 64 pods';
    assert.deepEqual(capacityOf(stack(), 'gcp-europe-west4'), {
      nodes: { used: 3, max: 510, limit },
      pods: { used: 192, max: 510 * 64, limit },
      cassandraNodes: { used: 3, max: 510, limit },
      firstLimit: `${limit}: at 510 nodes, 170 per zone`,
    });
  });

  it('of a GCP site ends with the addresses of a small node subnet', () => {
    const ranges = { nodes: '10.101.0.0/25', pods: '10.111.0.0/16', services: '172.21.0.0/16' };
    const { nodes } = capacityOf(stack({}, {}, { ranges }), 'gcp-europe-west4');
    // A /26 less the 4 that Google keeps and the 2 planned addresses: 58, of which three zones take 19 each.
    assert.deepEqual(nodes, { used: 3, max: 57, limit: 'addresses of the node subnet' });
  });

  it("of a GCP site ends with GKE's node pools where there are addresses enough", () => {
    const ranges = { nodes: '10.0.0.0/12', pods: '10.64.0.0/10', services: '172.21.0.0/16' };
    const { nodes, firstLimit } = capacityOf(stack({ sites: [gcpSite({ ranges })] }), 'gcp-europe-west4');
    assert.equal(nodes.max, 3000);
    assert.match(firstLimit, /GKE's 1000 nodes per node pool and zone/);
  });

  it('of each range is counted in what the range is for', () => {
    const { ranges } = planOf(stack());
    const holds = Object.fromEntries(
      ranges
        .filter(({ zone }) => zone === undefined || zone.endsWith('1a'))
        .map(({ owner, role, usable, capacity }) => [
          `${owner.slice(0, 3)} ${role}`,
          [usable, capacity.max, capacity.of],
        ]),
    );
    assert.deepEqual(holds, {
      'aws nodes': [65536, 3 * (4096 - 5 - 6), 'nodes'],
      'aws pods': [65536, 189 * 110, 'pods'],
      'aws services': [65534, 65534, 'services'],
      'aws nodeSubnet': [4091, 4085, 'nodes'],
      'aws podSubnet': [8187, 63 * 110, 'pods'],
      'aws loadBalancerSubnet': [1019, 1019, 'addresses'],
      'aws loadBalancerReservation': [15, 15, 'addresses'],
      'aws publicSubnet': [1019, 1019, 'addresses'],
      'aws transitSubnet': [11, 11, 'addresses'],
      'gcp nodes': [65536, 32768 - 4 - 2, 'nodes'],
      'gcp pods': [65536, 512 * 64, 'pods'],
      'gcp services': [65534, 65534, 'services'],
      'gcp nodeSubnet': [32762, 32762, 'nodes'],
      'gcp controlPlane': [12, 12, 'addresses'],
      'aws tunnel': [2, 2, 'addresses'],
    });
  });
});

describe('warnings', () => {
  const keysOf = (raw: Raw) => loadPlan(raw).warnings.map(({ key, message }) => `${key}: ${message}`);

  it('do not come with an ordinary stack', () => assert.deepEqual(keysOf(stack()), []));

  it('name ranges of auto mode networks, once for each site', () => {
    assert.deepEqual(
      loadPlan(fixture('reference.yaml')).warnings.map(({ key, value }) => [key, value]),
      [
        ['sites[0]', '10.200.0.0/16'],
        ['sites[1]', '10.150.0.0/16, 10.250.0.0/16'],
      ],
    );
  });

  it('name sites with fewer Cassandra nodes than replicas', () => {
    const zones = ['europe-west4-a', 'europe-west4-b'];
    assert.deepEqual(keysOf(stack({}, {}, { zones })), [
      'sites[1].zones: makes 2 racks for 3 replicas: losing a zone can break the quorum',
      'sites[1].cassandra.nodesPerRack: makes 2 Cassandra nodes for 3 replicas: keyspaces get 2 here',
    ]);
  });

  it('name sites with fewer racks than replicas', () => {
    const zones = ['europe-west4-a', 'europe-west4-b'];
    assert.deepEqual(keysOf(stack({}, {}, { zones, cassandra: { nodesPerRack: 2 } })), [
      'sites[1].zones: makes 2 racks for 3 replicas: losing a zone can break the quorum',
    ]);
  });

  it('name a region or a zone that does not exist as far as is known, and the one that was meant', () => {
    const warned = (aws: Raw, gcp: Raw) =>
      loadPlan(stack({}, aws, gcp)).warnings.flatMap(({ key, value, remedy }) =>
        /region|zones\[/.test(key) ? [`${key} = ${value}: ${remedy}`] : [],
      );
    const zones = (...names: string[]) => ({ zones: names });
    assert.deepEqual(
      warned(
        { region: 'eu-west-9', ...zones('eu-west-9a', 'eu-west-9b', 'eu-west-9c') },
        { region: 'europe-west1', ...zones('europe-west1-a', 'europe-west1-b', 'europe-west1-c') },
      ),
      [
        'sites[0].region = eu-west-9: check its name; did you mean eu-west-1?',
        'sites[1].zones[0] = europe-west1-a: check its name; known are europe-west1-b, europe-west1-c, europe-west1-d',
      ],
    );
    assert.deepEqual(
      warned({}, { region: 'us-central1', ...zones('us-central1-a', 'us-central1-b', 'us-central1-f') }),
      [],
    );
  });

  it('name a site of more zones than an account has addresses for', () => {
    const zones = [...'abcdef'].map((letter) => `us-east-1${letter}`);
    const of = (count: number) => keysOf(stack({}, { region: 'us-east-1', zones: zones.slice(0, count) }));
    assert.deepEqual(of(5), []);
    assert.deepEqual(of(6), ['sites[0].zones: takes 6 Elastic IP addresses, and an account has 5 in a region']);
  });

  it('name a Kubernetes version to come', () => {
    assert.deepEqual(keysOf(stack({}, { kubernetesVersion: '1.99' })), [
      'sites[0].kubernetesVersion: is newer than 1.36, the newest this version was tried with',
    ]);
  });

  it('name heaps too large for compressed references', () => {
    assert.deepEqual(
      keysOf(stack({}, { nodes: { machineType: 'i4i.8xlarge' }, cassandra: { memory: '128Gi', heap: '32Gi' } })),
      ['sites[0].cassandra.heap: is too large for compressed object references'],
    );
    assert.deepEqual(
      keysOf(stack({}, { nodes: { machineType: 'i4i.8xlarge' }, cassandra: { memory: '128Gi', heap: '31Gi' } })),
      [],
    );
  });

  it('name small AWS instances of many pods', () => {
    const pods = (machineType: string, maxPods: number) =>
      keysOf(stack({}, { nodes: { machineType, maxPods }, cassandra: { cpu: 1, memory: '4Gi', heap: '2Gi' } })).length;
    assert.deepEqual(
      [
        pods('m6i.large', 111),
        pods('m6i.xlarge', 250),
        pods('m6i.4xlarge', 111),
        pods('m6i.8xlarge', 250),
        pods('m6i.metal', 250),
        pods('m6i.large', 110),
      ],
      [1, 1, 1, 0, 0, 0],
    );
  });

  it('name sites that no link reaches', () => {
    const third = bySlot(gcpSite({ name: 'gcp-3', datacenter: 'dc3', asn: 65011 }), 0);
    const sites = [awsSite(), gcpSite(), third];
    assert.deepEqual(keysOf(stack({ sites, links: [{ sites: ['aws-eu-west-1', 'gcp-3'] }] })), [
      'links: reach no link: gcp-europe-west4',
    ]);
    assert.deepEqual(keysOf(stack({ links: [] })), ['links: reach no link: aws-eu-west-1, gcp-europe-west4']);
    assert.deepEqual(keysOf(stack({ sites: [gcpSite()] })), []);
  });
});
