import assert from 'node:assert/strict';
import { loadPlan } from '../../plan';
import { type Raw, awsSite, bySlot, gcpSite, problemsOf, stack } from './fixtures';

interface Ranges {
  readonly nodes?: string;
  readonly pods?: string;
  readonly services?: string;
  readonly controlPlane?: string;
}

const aws = (ranges: Ranges, overrides: Raw = {}): Raw =>
  stack({
    sites: [
      awsSite({
        ...overrides,
        ranges: { nodes: '10.100.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16', ...ranges },
      }),
    ],
  });

const gcp = (ranges: Ranges, overrides: Raw = {}): Raw =>
  stack({
    sites: [
      gcpSite({
        ...overrides,
        ranges: { nodes: '10.101.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16', ...ranges },
      }),
    ],
  });

const small = { nodes: { perZone: 1, maxPerZone: 1, maxPods: 8 } };

/** What is refused: settings, key, message, rule. */
const REFUSED: [name: string, raw: Raw, key: string, message: RegExp, rule: string][] = [
  ['nodes in loopback', aws({ nodes: '127.16.0.0/16' }), 'nodes', /127\.0\.0\.0\/8, loopback/, 'reserved range'],
  ['nodes in link-local', gcp({ nodes: '169.254.0.0/16' }), 'nodes', /link-local/, 'reserved range'],
  ['pods in multicast', gcp({ pods: '224.0.0.0/16' }), 'pods', /multicast/, 'reserved range'],
  ['pods in 0.0.0.0/8', gcp({ pods: '0.64.0.0/16' }), 'pods', /this network/, 'reserved range'],
  ['pods in 240.0.0.0/4', gcp({ pods: '240.10.0.0/16' }), 'pods', /reserved for future use/, 'reserved range'],
  [
    'services at the end of the address space',
    gcp({ services: '255.255.255.224/27' }),
    'services',
    /broadcast/,
    'reserved range',
  ],
  ["nodes in Docker's bridge", gcp({ nodes: '172.17.128.0/20' }), 'nodes', /Docker/, 'reserved range'],
  ["services around Docker's bridge", gcp({ services: '172.16.0.0/15' }), 'services', /Docker/, 'reserved range'],
  ['pods in the sources of Cloud DNS', gcp({ pods: '35.199.192.0/19' }), 'pods', /Cloud DNS/, 'reserved range'],
  ['pods in the sources of health checks', gcp({ pods: '35.191.0.0/16' }), 'pods', /health checks/, 'reserved range'],
  [
    'pods in the other sources of health checks',
    gcp({ pods: '130.211.0.0/20' }),
    'pods',
    /health checks/,
    'reserved range',
  ],
  [
    "services around the addresses of Google's APIs",
    gcp({ services: '199.36.153.0/27' }),
    'services',
    /199\.36\.153\.4\/30, restricted\.googleapis\.com; 199\.36\.153\.8\/30, private\.googleapis\.com/,
    'reserved range',
  ],
  [
    'services in the default range of GKE',
    gcp({ services: '34.118.224.0/20' }),
    'services',
    /default service range of GKE/,
    'reserved range',
  ],
  [
    'a control plane in multicast',
    gcp({ controlPlane: '224.0.0.0/28' }),
    'controlPlane',
    /multicast/,
    'reserved range',
  ],
  ['public nodes', gcp({ nodes: '8.8.0.0/16' }), 'nodes', /is not private/, 'private ranges'],
  ['pods that are private in part', gcp({ pods: '192.0.0.0/8' }), 'pods', /is not private/, 'private ranges'],
  ['public services on AWS', aws({ services: '20.0.0.0/16' }), 'services', /is not private/, 'private ranges'],

  ['a VPC of /15', aws({ nodes: '10.100.0.0/15' }), 'nodes', /is \/15, and a VPC takes \/16 to \/28/, 'VPC size'],
  ['pods of /15 on AWS', aws({ pods: '10.110.0.0/15' }), 'pods', /is \/15, and a VPC takes/, 'VPC size'],
  ['a VPC of /29', aws({ nodes: '10.100.0.0/29' }), 'nodes', /is \/29, and a VPC takes/, 'VPC size'],
  [
    'pods of another family',
    aws({ pods: '192.168.0.0/16' }),
    'pods',
    /a VPC with 10\.100\.0\.0\/16 cannot add/,
    'VPC CIDR family',
  ],
  [
    'pods of 172.16/12 beside nodes of 192.168/16',
    aws({ nodes: '192.168.0.0/16', pods: '172.24.0.0/16' }),
    'pods',
    /172\.16\.0\.0\/12/,
    'VPC CIDR family',
  ],
  [
    'private pods beside shared nodes',
    aws({ nodes: '100.64.0.0/16' }),
    'pods',
    /10\.0\.0\.0\/8, which a VPC with 100/,
    'VPC CIDR family',
  ],
  [
    'the default VPC beside 172.16/12',
    aws({ nodes: '172.24.0.0/16', pods: '172.31.0.0/16' }),
    'pods',
    /172\.31\.0\.0\/16/,
    'VPC CIDR family',
  ],
  [
    '10.0.0.0/16 beside 10.0.0.0/15',
    aws({ nodes: '10.1.0.0/16', pods: '10.0.0.0/17' }),
    'pods',
    /10\.0\.0\.0\/15/,
    'VPC CIDR family',
  ],
  [
    'both in 10.0.0.0/16',
    aws({ nodes: '10.0.0.0/17', pods: '10.0.128.0/17' }),
    'pods',
    /10\.0\.0\.0\/15/,
    'VPC CIDR family',
  ],
  [
    'EKS services of /25',
    aws({ services: '172.20.0.0/25' }),
    'services',
    /is \/25, and EKS takes \/12 to \/24/,
    'EKS service range',
  ],
  ['EKS services of /11', aws({ services: '10.160.0.0/11' }), 'services', /is \/11/, 'EKS service range'],
  [
    'EKS services in shared space',
    aws({ services: '100.64.0.0/16' }),
    'services',
    /not an RFC 1918/,
    'EKS service range',
  ],
  [
    'AWS nodes too small for eight zones',
    aws({ nodes: '10.100.0.0/22' }),
    'nodes',
    /has 1024 addresses, requires 2048/,
    'subnet space',
  ],
  [
    'AWS pods too small for eight zones',
    aws({ pods: '10.110.0.0/26' }),
    'pods',
    /has 64 addresses, requires 128/,
    'subnet space',
  ],
  [
    'more AWS nodes than the subnet',
    aws({ nodes: '10.100.0.0/21' }, { nodes: { perZone: 3, maxPerZone: 118, maxPods: 16 } }),
    'nodes',
    /room for 117 nodes in a \/25 node subnet, requires 118/,
    'subnet space',
  ],
  [
    'more AWS nodes than the pod subnet',
    aws({ pods: '10.110.0.0/20' }, { nodes: { perZone: 2, maxPerZone: 4 } }),
    'pods',
    /room for 3 nodes of 8 \/28 prefixes in a \/23 pod subnet, requires 4/,
    'pod prefixes',
  ],
  [
    'a control plane on AWS',
    aws({ controlPlane: '10.120.0.0/28' }),
    'controlPlane',
    /EKS cluster/,
    'control plane range',
  ],

  ['GCP nodes of /28', gcp({ nodes: '10.101.0.0/28' }, small), 'nodes', /has 16 addresses, requires 32/, 'subnet size'],
  [
    'GCP nodes of /29 with a pinned control plane',
    gcp({ nodes: '10.101.0.0/29', controlPlane: '10.120.0.0/28' }, small),
    'nodes',
    /has 8 addresses/,
    'subnet size',
  ],
  [
    'more GCP nodes than the subnet',
    gcp({ nodes: '10.101.0.0/27' }, { nodes: { perZone: 4, maxPerZone: 4 } }),
    'nodes',
    /room for 10 nodes in the node subnet 10\.101\.0\.0\/28, requires 12/,
    'subnet size',
  ],
  [
    'more GCP nodes than the pod range',
    gcp({ pods: '10.111.0.0/23' }),
    'pods',
    /room for 4 nodes of 64 pods, which take a \/25 each, requires 6/,
    'GKE pods per node',
  ],
  ['a GCP pod range below one node', gcp({ pods: '10.111.0.0/26' }), 'pods', /room for 0 nodes/, 'GKE pods per node'],
  [
    'GKE services of /28',
    gcp({ services: '172.21.0.0/28' }),
    'services',
    /is \/28, and GKE takes \/27 or larger/,
    'GKE service range',
  ],
  [
    'a control plane of /27',
    gcp({ controlPlane: '10.120.0.0/27' }),
    'controlPlane',
    /is \/27, and GKE takes exactly \/28/,
    'GKE control plane range',
  ],
  [
    'a control plane of /29',
    gcp({ controlPlane: '10.101.255.240/29' }),
    'controlPlane',
    /exactly \/28/,
    'GKE control plane range',
  ],
  [
    'a control plane in the node subnet',
    gcp({ controlPlane: '10.101.0.16/28' }),
    'controlPlane',
    /in the node subnet 10\.101\.0\.0\/17/,
    'GKE control plane range',
  ],
];

describe('a range that breaks a rule', () => {
  for (const [name, raw, role, message, rule] of REFUSED) {
    it(`is refused by name and source: ${name}`, () => {
      const problems = problemsOf(raw);
      assert.deepEqual(
        problems.map((problem) => [problem.key, problem.rule]),
        [[`sites[0].ranges.${role}`, rule]],
        JSON.stringify(problems, null, 1),
      );
      assert.match(problems[0]!.message, message);
      assert.match(problems[0]!.source!, /\w/);
      assert.match(problems[0]!.remedy, /\w/);
    });
  }
});

describe('ranges beside one that cannot be read', () => {
  it('are judged all the same', () => {
    assert.deepEqual(
      problemsOf(gcp({ nodes: 'x', controlPlane: '172.17.0.0/28' })).map(({ key }) => key),
      ['sites[0].ranges.nodes', 'sites[0].ranges.controlPlane'],
    );
    assert.deepEqual(
      problemsOf(gcp({ pods: '10.111.0.0/26', controlPlane: '10.101.0.0' })).map(({ key }) => key),
      ['sites[0].ranges.controlPlane', 'sites[0].ranges.pods'],
    );
    assert.deepEqual(
      problemsOf(aws({ pods: 'x', services: '172.20.0.0/25' })).map(({ key }) => key),
      ['sites[0].ranges.pods', 'sites[0].ranges.services'],
    );
    assert.deepEqual(
      problemsOf(gcp({ pods: '10.111.0.0/26' }, { zones: 'europe-west4-a' })).map(({ key }) => key),
      ['sites[0].zones'],
    );
  });
});

describe('a range at the edge of a rule', () => {
  const ACCEPTED: [string, Raw][] = [
    ['the smallest AWS nodes', aws({ nodes: '10.100.0.0/21' })],
    ['the smallest AWS pods', aws({ pods: '10.110.0.0/21' }, { ...small, nodes: { ...small.nodes, maxPods: 16 } })],
    [
      'as many AWS nodes as the subnet has',
      aws({ nodes: '10.100.0.0/21' }, { nodes: { perZone: 3, maxPerZone: 117, maxPods: 16 } }),
    ],
    [
      'as many AWS nodes as the pod subnet has',
      aws({ pods: '10.110.0.0/20' }, { nodes: { perZone: 2, maxPerZone: 3 } }),
    ],
    ['pods in shared space beside any family', aws({ nodes: '192.168.0.0/16', pods: '100.64.0.0/16' })],
    ['shared nodes and pods', aws({ nodes: '100.64.0.0/16', pods: '100.65.0.0/16' })],
    ['pods after 10.0.0.0/16 beside 10.0.0.0/15', aws({ nodes: '10.0.0.0/16', pods: '10.1.0.0/16' })],
    ['10.0.0.0/16 beside other nodes', aws({ nodes: '10.2.0.0/16', pods: '10.0.0.0/16' })],
    ['the default VPC beside 10.0.0.0/8', aws({ services: '172.31.0.0/16' })],
    ['EKS services of /24', aws({ services: '172.20.0.0/24' })],
    ['EKS services of /12', aws({ services: '10.16.0.0/12' })],
    ['the smallest GCP nodes', gcp({ nodes: '10.101.0.0/27' }, { nodes: { perZone: 3, maxPerZone: 3 } })],
    ['GCP nodes of /9', gcp({ nodes: '10.0.0.0/9', pods: '10.128.0.0/16' })],
    [
      'as many GCP nodes as the pod range has',
      gcp(
        { pods: '10.111.0.0/22' },
        { nodes: { perZone: 2 }, zones: ['europe-west4-a', 'europe-west4-b'], cassandra: { nodesPerRack: 2 } },
      ),
    ],
    ['GKE services of /27', gcp({ services: '172.21.0.0/27' })],
    ['a pinned control plane elsewhere', gcp({ controlPlane: '172.16.0.0/28' })],
    ['a pinned control plane in the second half of nodes', gcp({ controlPlane: '10.101.128.0/28' })],
    ['the neighbours of reserved ranges', gcp({ pods: '172.16.0.0/16', services: '172.18.0.0/16' })],
  ];
  for (const [name, raw] of ACCEPTED) {
    it(`is accepted: ${name}`, () => assert.deepEqual(problemsOf(raw), []));
  }
});

describe('pods per node on GKE', () => {
  // Google Kubernetes Engine, flexible Pod CIDR: the table of maximum pods and the range each node gets.
  for (const [maxPods, perNode] of [
    [8, 28],
    [9, 27],
    [16, 27],
    [17, 26],
    [32, 26],
    [33, 25],
    [64, 25],
    [65, 24],
    [110, 24],
  ] as const) {
    it(`take a /${perNode} for ${maxPods} pods`, () => {
      const twoNodes = {
        zones: ['europe-west4-a'],
        cassandra: { nodesPerRack: 2 },
        nodes: { perZone: 2, maxPerZone: 2, maxPods },
      };
      const raw = (prefix: number) =>
        stack({
          cassandra: { replicationFactor: 2 },
          sites: [
            gcpSite({
              ...twoNodes,
              ranges: { nodes: '10.101.0.0/16', pods: `10.111.0.0/${prefix}`, services: '172.21.0.0/16' },
            }),
          ],
        });
      assert.deepEqual(problemsOf(raw(perNode - 1)), []);
      assert.match(
        problemsOf(raw(perNode))[0]!.message,
        new RegExp(`room for 1 nodes of ${maxPods} pods, which take a /${perNode} each`),
      );
    });
  }
});

describe('ranges of two sites', () => {
  const pairs = ['nodes', 'pods', 'services'] as const;
  for (const mine of pairs) {
    for (const theirs of pairs) {
      it(`must not overlap: ${mine} and ${theirs}`, () => {
        const own = { nodes: '10.96.0.0/16', pods: '10.97.0.0/16', services: '10.98.0.0/16' };
        const other = {
          nodes: '10.104.0.0/16',
          pods: '10.105.0.0/16',
          services: '10.106.0.0/16',
          [theirs]: own[mine].replace('/16', '/17'),
        };
        const problems = problemsOf(stack({}, { ranges: own }, { ranges: other }));
        assert.deepEqual(
          problems.map(({ key, value, message, rule }) => [key, value, message, rule]),
          [
            [
              `sites[1].ranges.${theirs}`,
              other[theirs],
              `overlaps ${mine} ${own[mine]} of aws-eu-west-1`,
              'disjoint ranges',
            ],
          ],
        );
      });
    }
  }

  it('must not overlap a pinned control plane', () => {
    const ranges = {
      nodes: '10.101.0.0/16',
      pods: '10.111.0.0/16',
      services: '172.21.0.0/16',
      controlPlane: '10.100.0.0/28',
    };
    const problems = problemsOf(stack({}, {}, { ranges }));
    assert.deepEqual(
      problems.map(({ key, message }) => [key, message]),
      [['sites[1].ranges.controlPlane', 'overlaps nodes 10.100.0.0/16 of aws-eu-west-1']],
    );
  });

  it('must not overlap within a site either', () => {
    const problems = problemsOf(aws({ pods: '10.100.0.0/16' }));
    assert.deepEqual(
      problems.map(({ key, message }) => [key, message]),
      [['sites[0].ranges.pods', 'overlaps nodes 10.100.0.0/16 of the same site']],
    );
  });

  it('are all reported where many overlap', () => {
    const ranges = { nodes: '10.100.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16' };
    const problems = problemsOf(stack({}, { ranges }, { ranges }));
    assert.deepEqual(
      problems.map(({ key }) => key),
      ['sites[1].ranges.nodes', 'sites[1].ranges.pods', 'sites[1].ranges.services'],
    );
  });
});

describe('the remedy for an overlap', () => {
  const remedyFor = (range: string, role: 'nodes' | 'services' = 'nodes'): string => {
    const ranges = { nodes: '10.101.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16', [role]: range };
    const own = { nodes: '10.100.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16', [role]: range };
    const [problem, ...more] = problemsOf(stack({}, { ranges: own }, { ranges }));
    assert.deepEqual(more, []);
    return problem!.remedy;
  };

  it('names a free range of the same size and family', () => {
    assert.equal(remedyFor('10.100.0.0/16'), 'give one of them another range; 10.2.0.0/16 is free');
    assert.equal(remedyFor('172.20.0.0/16', 'services'), 'give one of them another range; 172.16.0.0/16 is free');
    assert.equal(remedyFor('192.168.8.0/21', 'services'), 'give one of them another range; 192.168.0.0/21 is free');
  });

  it('names none where there is none, or where the family has no such range', () => {
    assert.equal(remedyFor('192.168.0.0/16', 'services'), 'give one of them another range');
    const overlay = (aws: string) =>
      problemsOf(stack({ connectivity: 'overlay' }, { virtual: aws }, { virtual: '100.64.0.0/20' }))[0]!.remedy;
    assert.equal(overlay('100.64.0.0/20'), 'give one of them another range');
  });

  it('steps over everything that is taken, reserved or kept for slots', () => {
    // All of 172.16.0.0/12 that is neither taken here nor the bridge of Docker.
    assert.equal(remedyFor('172.16.0.0/16', 'services'), 'give one of them another range; 172.18.0.0/16 is free');
  });
});

describe('overlaps of many sites', () => {
  it('are one problem for each range, which lists a few of those it meets', () => {
    const sites = Array.from({ length: 300 }, (_, n) =>
      awsSite({ name: `aws-${n}`, datacenter: `dc-${n}`, asn: 4200000000 + n }),
    );
    const problems = problemsOf(stack({ sites }));
    assert.equal(problems.length, 3 * 299);
    assert.equal(
      problems.at(-3)!.message,
      'overlaps nodes 10.100.0.0/16 of aws-0, nodes 10.100.0.0/16 of aws-1, nodes 10.100.0.0/16 of aws-2, nodes 10.100.0.0/16 of aws-3 and 295 more',
    );
  });
});

describe('slots', () => {
  it('give a block of the pool by number', () => {
    const { plan } = loadPlan(stack({ sites: [bySlot(awsSite(), 3), bySlot(gcpSite(), 0)] }));
    assert.deepEqual(
      plan.sites.map(({ nodes, pods, services }) => [nodes, pods, services]),
      [
        ['10.76.0.0/16', '10.77.0.0/16', '10.78.0.0/16'],
        ['10.64.0.0/16', '10.65.0.0/16', '10.66.0.0/16'],
      ],
    );
  });

  it('are taken once, and one problem says so', () => {
    const problems = problemsOf(stack({ sites: [bySlot(awsSite(), 3), bySlot(gcpSite(), 3)] }));
    assert.deepEqual(
      problems.map(({ key, value, message }) => [key, value, message]),
      [['sites[1].slot', '3', 'is the slot of aws-eu-west-1 as well']],
    );
  });

  it('end with the pool', () => {
    const problems = problemsOf(stack({ sites: [bySlot(awsSite(), 16), gcpSite()] }));
    assert.deepEqual(
      problems.map(({ key, message, remedy }) => [key, message, remedy]),
      [
        [
          'sites[0].slot',
          'is not in the pool: 10.64.0.0/10 has 16 slot(s) of /14',
          'use a slot from 0 to 15, or enlarge the pool',
        ],
      ],
    );
  });

  it('need a pool that holds at least one', () => {
    const problems = problemsOf(
      stack({ pool: { range: '10.64.0.0/16', prefix: 14 }, sites: [bySlot(awsSite(), 0), gcpSite()] }),
    );
    assert.deepEqual(
      problems.map(({ key, remedy }) => [key, remedy]),
      [['sites[0].slot', 'set pool.prefix to a length within pool.range']],
    );
  });

  it('name the range that breaks a rule, and the setting that decides it', () => {
    const problems = problemsOf(stack({ pool: { prefix: 13 }, sites: [bySlot(awsSite(), 2), gcpSite()] }));
    assert.deepEqual(
      problems.map(({ key, value, message, remedy }) => [key, value, message, remedy]),
      [
        [
          'sites[0].slot',
          '2',
          'gives nodes 10.80.0.0/15, which is /15, and a VPC takes /16 to /28',
          'set pool.prefix from 14 to 19',
        ],
        [
          'sites[0].slot',
          '2',
          'gives pods 10.82.0.0/15, which is /15, and a VPC takes /16 to /28',
          'set pool.prefix from 14 to 23',
        ],
      ],
    );
  });

  it('keep out of reserved and public ranges', () => {
    const problems = problemsOf(stack({ pool: { range: '172.16.0.0/12', prefix: 14 }, sites: [bySlot(gcpSite(), 0)] }));
    assert.deepEqual(
      problems.map(({ key, message, remedy }) => [key, message.slice(0, 53), remedy]),
      [['sites[0].slot', 'gives pods 172.17.0.0/16, which overlaps 172.17.0.0/1', 'use another slot or another pool']],
    );
  });

  it('may not overlap pinned ranges', () => {
    const ranges = { nodes: '10.64.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16' };
    const problems = problemsOf(stack({ sites: [bySlot(awsSite(), 0), gcpSite({ ranges })] }));
    assert.deepEqual(
      problems.map(({ key, message }) => [key, message]),
      [['sites[1].ranges.nodes', 'overlaps nodes 10.64.0.0/16 of aws-eu-west-1']],
    );
  });
});

describe('tunnels', () => {
  const linked = (tunnels: string): Raw =>
    stack({ links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'], tunnels }] });
  for (const [tunnels, message] of [
    ['10.0.0.0/28', /is not in 169\.254\.0\.0\/16/],
    ['169.254.0.0/15', /is not in/],
    ['169.254.16.0/27', /is \/27, and four tunnels take exactly \/28/],
    ['169.254.16.0/30', /is \/30/],
    ['169.254.0.0/28', /169\.254\.0\.0\/30, refused by AWS/],
    ['169.254.1.0/28', /refused by AWS/],
    ['169.254.2.0/28', /refused by AWS/],
    ['169.254.3.0/28', /refused by AWS/],
    ['169.254.4.0/28', /refused by AWS/],
    ['169.254.5.0/28', /refused by AWS/],
    ['169.254.169.240/28', /metadata/],
    ['169.254.169.112/28', /time service/],
    ['169.254.123.64/28', /Docker on GKE/],
    ['169.254.20.0/28', /node-local DNS/],
    ['169.254.170.0/28', /container credentials/],
    ['169.254.170.16/28', /pod identity/],
  ] as const) {
    it(`are not in ${tunnels}`, () => {
      const [problem, ...more] = problemsOf(linked(tunnels));
      assert.deepEqual(more, []);
      assert.equal(problem!.key, 'links[0].tunnels');
      assert.match(problem!.message, message);
    });
  }

  for (const tunnels of [
    '169.254.6.0/28',
    '169.254.0.16/28',
    '169.254.20.16/28',
    '169.254.169.0/28',
    '169.254.255.240/28',
  ]) {
    it(`may be in ${tunnels}`, () => assert.deepEqual(problemsOf(linked(tunnels)), []));
  }

  it('of two links differ at the site they share', () => {
    const third = bySlot(gcpSite({ name: 'gcp-3', datacenter: 'dc3', asn: 65011 }), 0);
    const tunnels = '169.254.16.0/28';
    const raw = stack({
      sites: [awsSite(), gcpSite(), third],
      links: [
        { sites: ['aws-eu-west-1', 'gcp-europe-west4'], tunnels },
        { sites: ['aws-eu-west-1', 'gcp-3'], tunnels },
      ],
    });
    assert.deepEqual(
      problemsOf(raw).map(({ key, message }) => [key, message]),
      [['links[1].tunnels', 'overlaps 169.254.16.0/28 of link aws-eu-west-1--gcp-europe-west4 at the same site']],
    );
  });

  it('are not planned, and do not clash, between sites of one cloud', () => {
    const tunnels = '169.254.16.0/28';
    const second = bySlot(awsSite({ name: 'aws-2', datacenter: 'dc3', asn: 65011 }), 0);
    const raw = stack({
      sites: [awsSite(), gcpSite(), second],
      links: [
        { sites: ['aws-eu-west-1', 'gcp-europe-west4'], tunnels },
        { sites: ['aws-eu-west-1', 'aws-2'], tunnels },
      ],
    });
    assert.deepEqual(problemsOf(raw), []);
    assert.equal(loadPlan(raw).plan.links.length, 1);
  });

  it('of two links may be the same where no site has both', () => {
    const tunnels = '169.254.16.0/28';
    const raw = stack({
      sites: [
        awsSite(),
        gcpSite(),
        bySlot(awsSite({ name: 'aws-2', datacenter: 'dc3', asn: 65011 }), 0),
        bySlot(gcpSite({ name: 'gcp-2', datacenter: 'dc4', asn: 65012 }), 1),
      ],
      links: [
        { sites: ['aws-eu-west-1', 'gcp-europe-west4'], tunnels },
        { sites: ['aws-2', 'gcp-2'], tunnels },
      ],
    });
    assert.deepEqual(problemsOf(raw), []);
  });
});

describe('routes', () => {
  const star = (peers: number, awsGateway: string): Raw => {
    const sites = Array.from({ length: peers }, (_, n) =>
      bySlot(gcpSite({ name: `gcp-${n}`, datacenter: `dc-${n}`, asn: 4200000000 + n }), n),
    );
    return stack({
      pool: { range: '10.0.0.0/9', prefix: 17 },
      link: { awsGateway },
      sites: [
        awsSite({ ranges: { nodes: '10.200.0.0/16', pods: '10.210.0.0/16', services: '172.20.0.0/16' } }),
        ...sites,
      ],
      links: sites.map((site) => ({ sites: ['aws-eu-west-1', site['name']] })),
    });
  };

  it('of fifty sites fit a virtual private gateway, those of 51 do not', () => {
    const routes = (raw: Raw) => problemsOf(raw).filter(({ key }) => key === 'link.awsGateway');
    assert.deepEqual(routes(star(50, 'virtualPrivate')), []);
    assert.deepEqual(routes(star(51, 'transit')), []);
    assert.match(
      routes(star(51, 'virtualPrivate'))[0]!.message,
      /takes 100 prefixes, and aws-eu-west-1 would learn 102/,
    );
  });
});

describe('ASNs', () => {
  it('differ between sites', () => {
    const [problem, ...more] = problemsOf(stack({}, { asn: 65000 }, { asn: 65000 }));
    assert.deepEqual(more, []);
    assert.equal(problem!.key, 'sites[1].asn');
    assert.equal(problem!.message, 'is the number of aws-eu-west-1 as well');
  });

  it('that are derived differ from those that are set', () => {
    const derived = loadPlan(stack({}, {}, { asn: undefined })).plan.sites[1]!.asn;
    const [problem] = problemsOf(stack({}, { asn: derived }, { asn: undefined }));
    assert.match(problem!.message, /derived from the name is \d+, which is the number of aws-eu-west-1 as well/);
    assert.equal(problem!.value, '');
  });
});
