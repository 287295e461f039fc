import assert from 'node:assert/strict';
import { SettingsError, formatProblem, loadPlan, parseSettings } from '../../plan';
import { type Raw, awsSite, bySlot, fixture, gcpSite, problemsOf, stack } from './fixtures';

/** A mistake, and the one problem it makes. */
type Mistake = [name: string, raw: Raw, key: string, message: RegExp, remedy?: RegExp];

const inAws = (aws: Raw): Raw => stack({}, aws);
const inGcp = (gcp: Raw): Raw => stack({}, {}, gcp);
const withSites = (...sites: unknown[]): Raw => stack({ sites });
const without = (key: string, raw: Raw): Raw =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key));

const MISTAKES: Mistake[] = [
  ['a key that is not a setting', stack({ clusterr: 'x' }), 'clusterr', /not a setting/, /did you mean cluster\?/],
  ['a key like no other', stack({ wholly: 1 }), 'wholly', /not a setting/, /remove it; known here: cluster, /],
  [
    'a nested key that is not a setting',
    inAws({ nodes: { perzone: 1 } }),
    'sites[0].nodes.perzone',
    /not a setting/,
    /perZone/,
  ],
  ['a cluster name in capitals', stack({ cluster: 'Cassandra' }), 'cluster', /not a name/],
  ['a cluster name of one letter', stack({ cluster: 'x' }), 'cluster', /has 1 character;?$/],
  [
    'a short key near a known one by chance',
    stack({ foo: 1 }),
    'foo',
    /not a setting/,
    /remove it; known here: cluster, /,
  ],
  [
    'a password, which nobody wants in a log',
    stack({ cassandra: { superuserPassword: 'hunter2' } }),
    'cassandra.superuserPassword',
    /not a setting/,
    /made by the stack/,
  ],
  ['a Cassandra version to come', stack({ cassandra: { version: '6.0.0' } }), 'cassandra.version', /cass-operator/],
  ['a cluster name of 33 letters', stack({ cluster: 'x'.repeat(33) }), 'cluster', /has 33 characters/],
  ['a cluster name that is a number', stack({ cluster: 12 }), 'cluster', /number, not a text/, /quotes/],
  ['a cluster name that is a list', stack({ cluster: ['a'] }), 'cluster', /a list, not a text/],
  ['a cluster name that is a mapping', stack({ cluster: {} }), 'cluster', /a mapping, not a text/],
  ['a cluster name of spaces', stack({ cluster: '  ' }), 'cluster', /is empty/],
  [
    'an unknown connectivity',
    stack({ connectivity: 'mesh' }),
    'connectivity',
    /not one of native, overlay/,
    /use one of/,
  ],
  [
    'a misspelt connectivity',
    stack({ connectivity: 'overlai' }),
    'connectivity',
    /not one of/,
    /did you mean overlay\?/,
  ],
  ['an unknown dns', stack({ dns: 5 }), 'dns', /not one of forward/],
  ['a pool with host bits', stack({ pool: { range: '10.64.0.1/10' } }), 'pool.range', /host bits/, /10\.64\.0\.0\/10/],
  ['a pool of IPv6', stack({ pool: { range: 'fd00::/8' } }), 'pool.range', /IPv6/],
  ['a pool that is a number', stack({ pool: { range: 10 } }), 'pool.range', /number, not a text/],
  ['an empty pool', stack({ pool: { range: '' } }), 'pool.range', /is empty/],
  ['slots that are too long', stack({ pool: { prefix: 25 } }), 'pool.prefix', /outside 8 to 24/],
  ['a slot length that is no number', stack({ pool: { prefix: 'x' } }), 'pool.prefix', /not a whole number/],
  ['a slot length with a fraction', stack({ pool: { prefix: 14.5 } }), 'pool.prefix', /not a whole number/],
  ['a pool that is a text', stack({ pool: '10.0.0.0/8' }), 'pool', /a text, not a mapping/, /range, prefix/],
  ['an unknown gateway', stack({ link: { awsGateway: 'transitGateway' } }), 'link.awsGateway', /not one of/],
  ['links that are a mapping', stack({ links: {} }), 'links', /a mapping, not a list/],
  ['a link that is a text', stack({ links: ['a--b'] }), 'links[0]', /a text, not a mapping/],
  ['a link without sites', stack({ links: [{}] }), 'links[0].sites', /missing/],
  ['a link of one site', stack({ links: [{ sites: ['aws-eu-west-1'] }] }), 'links[0].sites', /names 1 sites/],
  ['a link with a number', stack({ links: [{ sites: ['aws-eu-west-1', 4] }] }), 'links[0].sites[1]', /number/],
  [
    'a link to itself',
    stack({ links: [{ sites: ['aws-eu-west-1', 'aws-eu-west-1'] }] }),
    'links[0].sites',
    /links a site with itself/,
  ],
  [
    'a link to an unknown site',
    stack({ links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west3'] }] }),
    'links[0].sites[1]',
    /not a site/,
    /did you mean gcp-europe-west4\?/,
  ],
  [
    'a link to nothing like a site',
    stack({ links: [{ sites: ['aws-eu-west-1', 'qqqq'] }] }),
    'links[0].sites[1]',
    /not a site/,
    /name one of aws-eu-west-1, gcp-europe-west4/,
  ],
  [
    'a pair of sites linked twice',
    stack({
      links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'] }, { sites: ['gcp-europe-west4', 'aws-eu-west-1'] }],
    }),
    'links[1].sites',
    /is the pair of links\[0\] as well/,
  ],
  ['Cassandra 3', stack({ cassandra: { version: '3.11.14' } }), 'cassandra.version', /older than Cassandra 4\.1/],
  ['Cassandra 4.0', stack({ cassandra: { version: '4.0.14' } }), 'cassandra.version', /older than Cassandra 4\.1/],
  [
    'a Cassandra version of two numbers',
    stack({ cassandra: { version: '5.0' } }),
    'cassandra.version',
    /not a Cassandra/,
  ],
  [
    'a replication factor of 0',
    stack({ cassandra: { replicationFactor: 0 } }),
    'cassandra.replicationFactor',
    /outside 1/,
  ],
  [
    'a keyspace with a hyphen',
    stack({ cassandra: { keyspaces: ['a-b'] } }),
    'cassandra.keyspaces[0]',
    /not a keyspace/,
  ],
  [
    'a keyspace of 49 letters',
    stack({ cassandra: { keyspaces: ['a'.repeat(49)] } }),
    'cassandra.keyspaces[0]',
    /keyspace/,
  ],
  [
    'a system keyspace',
    stack({ cassandra: { keyspaces: ['system_auth'] } }),
    'cassandra.keyspaces[0]',
    /own keyspaces/,
  ],
  [
    'a keyspace that CQL reads as a word',
    stack({ cassandra: { keyspaces: ['table'] } }),
    'cassandra.keyspaces[0]',
    /reserved/,
  ],
  ['a keyspace listed twice', stack({ cassandra: { keyspaces: ['a', 'a'] } }), 'cassandra.keyspaces', /twice/],
  ['an unknown first site', stack({ cassandra: { firstSite: 'gcp-west' } }), 'cassandra.firstSite', /not a site/],
  [
    'a phi threshold of 7',
    stack({ cassandra: { phiConvictThreshold: 7 } }),
    'cassandra.phiConvictThreshold',
    /outside 8/,
  ],
  [
    'a chart version that floats',
    stack({ operators: { certManager: { version: '1.x' } } }),
    'operators.certManager.version',
    /not a chart version/,
  ],
  [
    'a repository that is a path',
    stack({ operators: { cassOperator: { repository: './charts' } } }),
    'operators.cassOperator.repository',
    /not the address of a Helm repository/,
  ],
  [
    'a chart path with a repository',
    stack({ operators: { cassOperator: { chart: './c.tgz', repository: 'https://example.com' } } }),
    'operators.cassOperator.repository',
    /not used for a path/,
  ],
  ['no access', without('access', stack()), 'access.admittedRanges', /missing/, /list the ranges/],
  ['no admitted ranges', stack({ access: {} }), 'access.admittedRanges', /missing/],
  [
    'the whole internet admitted',
    stack({ access: { admittedRanges: ['0.0.0.0/0'] } }),
    'access.admittedRanges[0]',
    /whole internet/,
  ],
  [
    'half of the internet admitted',
    stack({ access: { admittedRanges: ['203.0.113.0/24', '128.0.0.0/1'] } }),
    'access.admittedRanges[1]',
    /internet/,
  ],
  ['an empty list of admitted ranges', stack({ access: { admittedRanges: [] } }), 'access.admittedRanges', /is empty/],
  [
    'no admitted ranges with EKS behind the DNS endpoint of GKE',
    stack({ access: { admittedRanges: [], gkeDnsEndpoint: true } }),
    'access.admittedRanges',
    /1 site\(s\) run on EKS/,
  ],
  [
    'an admin that is no ARN',
    stack({ access: { admittedRanges: ['203.0.113.0/24'], awsAdmins: ['admin'] } }),
    'access.awsAdmins[0]',
    /not the ARN/,
  ],
  [
    'a DNS endpoint that is a word',
    stack({ access: { admittedRanges: ['203.0.113.0/24'], gkeDnsEndpoint: 'yes' } }),
    'access.gkeDnsEndpoint',
    /neither true nor false/,
  ],
  ['a topic that is no ARN', stack({ alerts: { snsTopicArn: 'alarms' } }), 'alerts.snsTopicArn', /not the ARN/],
  [
    'a channel by its name',
    stack({ alerts: { notificationChannels: ['ops'] } }),
    'alerts.notificationChannels[0]',
    /channel/,
  ],
  ['a tag in capitals', stack({ tags: { Team: 'a' } }), 'tags.Team', /cannot be both/],
  ['a tag of AWS', stack({ tags: { 'aws-team': 'a' } }), 'tags.aws-team', /keep for themselves/],
  ['a tag of Google', stack({ tags: { 'goog-team': 'a' } }), 'tags.goog-team', /keep for themselves/],
  ['a tag value with a space', stack({ tags: { team: 'a b' } }), 'tags.team', /value of a Google Cloud label/],
  ['a tag that is a number', stack({ tags: { team: 1 } }), 'tags.team', /number, not a text/],
  ['tags that are a list', stack({ tags: ['a'] }), 'tags', /a list, not a mapping/],
  [
    'too many tags',
    stack({ tags: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`t${n}`, 'a'])) }),
    'tags',
    /has 41 tags/,
  ],
  ['protection that is a word', stack({ protect: 'on' }), 'protect', /neither true nor false/],
  ['no sites', without('sites', stack()), 'sites', /missing/],
  ['an empty list of sites', withSites(), 'sites', /is empty/],
  ['sites that are a mapping', stack({ sites: {} }), 'sites', /a mapping, not a list/],
  ['sites that are broken JSON', stack({ sites: '[{"name": ' }), 'sites', /a text, not a list/],
  ['a site that is a text', withSites(awsSite(), gcpSite(), 'third'), 'sites[2]', /not a mapping/],
  ['a site without a cloud', withSites(without('cloud', awsSite()), gcpSite()), 'sites[0].cloud', /missing/],
  [
    'a site in another cloud',
    withSites(awsSite({ cloud: 'azure' }), gcpSite()),
    'sites[0].cloud',
    /not one of aws, gcp/,
  ],
  ['a site without a name', withSites(without('name', awsSite()), gcpSite()), 'sites[0].name', /missing/],
  ['a site name with two hyphens', inAws({ name: 'aws--1' }), 'sites[0].name', /not a name/],
  ['a site name of 25 letters', inAws({ name: 'a'.repeat(25) }), 'sites[0].name', /has 25 characters/],
  ['a site name that starts with a digit', inAws({ name: '1aws' }), 'sites[0].name', /not a name/],
  ['a site without a region', withSites(without('region', awsSite()), gcpSite()), 'sites[0].region', /missing/],
  [
    'a region of the other cloud',
    withSites(
      awsSite({ region: 'europe-west4', zones: ['europe-west4a', 'europe-west4b', 'europe-west4c'] }),
      gcpSite(),
    ),
    'sites[0].region',
    /not an AWS region/,
  ],
  [
    'a region in no direction',
    withSites(awsSite({ region: 'eu-wset-1', zones: ['eu-wset-1a', 'eu-wset-1b', 'eu-wset-1c'] }), gcpSite()),
    'sites[0].region',
    /not an AWS region/,
  ],
  ['a region of AWS in GCP', inGcp({ region: 'eu-west-1' }), 'sites[1].region', /not a Google Cloud region/],
  ['a site without zones', withSites(without('zones', awsSite()), gcpSite()), 'sites[0].zones', /missing/],
  ['no zones', inGcp({ zones: [] }), 'sites[1].zones', /has 0 zones/],
  [
    'one zone on AWS',
    inAws({ zones: ['eu-west-1a'], cassandra: { nodesPerRack: 3 } }),
    'sites[0].zones',
    /has one zone/,
  ],
  [
    'seven zones',
    inGcp({ zones: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `europe-west4-${letter}`) }),
    'sites[1].zones',
    /has 7 zones/,
  ],
  ['a zone twice', inAws({ zones: ['eu-west-1a', 'eu-west-1a', 'eu-west-1b'] }), 'sites[0].zones', /twice/],
  [
    'a zone of another region',
    inAws({ zones: ['eu-west-1a', 'eu-west-2b', 'eu-west-1c'] }),
    'sites[0].zones[1]',
    /not a zone of/,
  ],
  [
    'a zone after h on AWS',
    inAws({ zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1i'] }),
    'sites[0].zones[2]',
    /not a zone of/,
  ],
  [
    'a local zone',
    inAws({ zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1-lon-1a'] }),
    'sites[0].zones[2]',
    /not a zone of/,
  ],
  [
    'an AWS-like zone in GCP',
    inGcp({ zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4c'] }),
    'sites[1].zones[2]',
    /not a zone/,
  ],
  ['a datacenter in capitals', inAws({ datacenter: 'DC1' }), 'sites[0].datacenter', /not a name/],
  ['one datacenter twice', inGcp({ datacenter: 'dc1' }), 'sites[1].datacenter', /datacenter of sites\[0\] as well/],
  ['ranges and a slot', inAws({ slot: 1 }), 'sites[0].slot', /given beside ranges/],
  ['neither ranges nor a slot', withSites(without('ranges', awsSite()), gcpSite()), 'sites[0].ranges', /missing/],
  ['a slot below zero', withSites(bySlot(awsSite(), -1), gcpSite()), 'sites[0].slot', /outside 0/],
  [
    'ranges without pods',
    inAws({ ranges: { nodes: '10.100.0.0/16', services: '172.20.0.0/16' } }),
    'sites[0].ranges.pods',
    /missing/,
  ],
  [
    'a range with leading zeros',
    inAws({ ranges: { nodes: '10.100.0.0/16', pods: '10.110.00.0/16', services: '172.20.0.0/16' } }),
    'sites[0].ranges.pods',
    /leading zero/,
  ],
  ['a public ASN', inAws({ asn: 64496 }), 'sites[0].asn', /not a private autonomous system/],
  ['the last 16-bit ASN', inAws({ asn: 65535 }), 'sites[0].asn', /not a private/],
  ['the last 32-bit ASN', inAws({ asn: 4294967295 }), 'sites[0].asn', /not a private/],
  ['an ASN that is a word', inAws({ asn: 'AS64512' }), 'sites[0].asn', /not a whole number/],
  [
    'a Kubernetes version that YAML cut',
    inAws({ kubernetesVersion: 1.3 }),
    'sites[0].kubernetesVersion',
    /number/,
    /quotes/,
  ],
  [
    'a Kubernetes version with a v',
    inAws({ kubernetesVersion: 'v1.35' }),
    'sites[0].kubernetesVersion',
    /not a Kubernetes/,
  ],
  ['a patch version on EKS', inAws({ kubernetesVersion: '1.35.2' }), 'sites[0].kubernetesVersion', /not a Kubernetes/],
  ['an old Kubernetes', inGcp({ kubernetesVersion: '1.28' }), 'sites[1].kubernetesVersion', /no longer offered/],
  [
    'a machine type of the other cloud',
    inAws({ nodes: { machineType: 'n2-standard-8' } }),
    'sites[0].nodes.machineType',
    /EC2/,
  ],
  [
    'a machine type of AWS in GCP',
    inGcp({ nodes: { machineType: 'm6i.2xlarge' } }),
    'sites[1].nodes.machineType',
    /Compute Engine/,
  ],
  [
    'an instance of the Xen generation',
    inAws({ nodes: { machineType: 'i3.2xlarge' } }),
    'sites[0].nodes.machineType',
    /Nitro/,
  ],
  [
    'an Arm instance with an x86 image',
    inAws({ nodes: { machineType: 'm7g.2xlarge' } }),
    'sites[0].nodes.image',
    /Arm processors/,
    /AL2023_ARM_64_STANDARD/,
  ],
  [
    'an x86 instance with an Arm image',
    inAws({ nodes: { image: 'BOTTLEROCKET_ARM_64' } }),
    'sites[0].nodes.image',
    /x86 processors/,
    /BOTTLEROCKET_x86_64/,
  ],
  [
    'a machine of Hyperdisk only',
    inGcp({ nodes: { machineType: 'c4-standard-8' } }),
    'sites[1].nodes.machineType',
    /Hyperdisk/,
  ],
  ['an image that is gone', inAws({ nodes: { image: 'AL2_x86_64' } }), 'sites[0].nodes.image', /not one of/],
  [
    'an image of the other cloud',
    inGcp({ nodes: { image: 'AL2023_x86_64_STANDARD' } }),
    'sites[1].nodes.image',
    /not one of/,
  ],
  ['more pods than GKE takes', inGcp({ nodes: { maxPods: 200 } }), 'sites[1].nodes.maxPods', /outside 8 to 110/],
  ['more pods than EKS takes', inAws({ nodes: { maxPods: 251 } }), 'sites[0].nodes.maxPods', /outside 8 to 250/],
  [
    'a bound below the nodes',
    inAws({ nodes: { perZone: 3, maxPerZone: 2 } }),
    'sites[0].nodes.maxPerZone',
    /less than perZone 3/,
  ],
  [
    'fewer nodes than a rack needs',
    inAws({ nodes: { perZone: 1 }, cassandra: { nodesPerRack: 2 } }),
    'sites[0].nodes.perZone',
    /less than/,
  ],
  ['a small disk', inAws({ nodes: { diskGiB: 10 } }), 'sites[0].nodes.diskGiB', /outside 20/],
  ['memory without a unit', inAws({ cassandra: { memory: '16' } }), 'sites[0].cassandra.memory', /not a quantity/],
  ['memory in another unit', inAws({ cassandra: { memory: '16GB' } }), 'sites[0].cassandra.memory', /not a quantity/],
  [
    'half a gigabyte of memory',
    inAws({ cassandra: { memory: '0.5Gi', heap: '256Mi' } }),
    'sites[0].cassandra.memory',
    /outside 1Gi/,
  ],
  [
    'a heap of more than half the memory',
    inAws({ cassandra: { heap: '9Gi' } }),
    'sites[0].cassandra.heap',
    /more than half/,
  ],
  ['a small volume', inGcp({ cassandra: { storage: '5Gi' } }), 'sites[1].cassandra.storage', /outside 10Gi/],
  [
    'processors in words',
    inAws({ cassandra: { cpu: 'four' } }),
    'sites[0].cassandra.cpu',
    /not a quantity of processors/,
  ],
  ['a twentieth of a processor', inAws({ cassandra: { cpu: '50m' } }), 'sites[0].cassandra.cpu', /outside 0\.1/],
  ['300 processors', inAws({ cassandra: { cpu: 300 } }), 'sites[0].cassandra.cpu', /outside 0\.1/],
  [
    'all processors of an instance',
    inAws({ nodes: { machineType: 'm6i.xlarge' }, cassandra: { memory: '8Gi', heap: '4Gi' } }),
    'sites[0].nodes.machineType',
    /^has 4 processors for cassandra\.cpu 4, and Kubernetes/,
  ],
  ['all processors of a machine', inGcp({ cassandra: { cpu: 8 } }), 'sites[1].nodes.machineType', /has 8 processors/],
  [
    'all memory of an instance',
    inAws({ nodes: { machineType: 'c6i.2xlarge' } }),
    'sites[0].nodes.machineType',
    /^has 16 GiB for cassandra\.memory 16Gi, /,
  ],
  ['all memory of a machine', inGcp({ cassandra: { memory: '32Gi' } }), 'sites[1].nodes.machineType', /has 32 GiB/],
  [
    'more than an instance has',
    inAws({ nodes: { machineType: 'm6i.large' } }),
    'sites[0].nodes.machineType',
    /has 2 processors for cassandra\.cpu 4 and 8 GiB for/,
  ],
  [
    'a StorageClass in capitals',
    inAws({ cassandra: { storageClass: 'GP3' } }),
    'sites[0].cassandra.storageClass',
    /StorageClass/,
  ],
  ['a day that is none', inAws({ maintenance: { day: 'someday' } }), 'sites[0].maintenance.day', /not one of/],
  ['hour 24', inAws({ maintenance: { startHour: 24 } }), 'sites[0].maintenance.startHour', /outside 0 to 23/],
  ['an account with letters', inAws({ accountId: '12345678901x' }), 'sites[0].accountId', /not an AWS account/],
  [
    'an account that YAML read as a number',
    inAws({ accountId: 123456789012 }),
    'sites[0].accountId',
    /number/,
    /quotes/,
  ],
  [
    'an add-on of another name',
    inAws({ addonVersions: { 'vpc-cnl': 'v1.20.4-eksbuild.1' } }),
    'sites[0].addonVersions.vpc-cnl',
    /not one of/,
    /vpc-cni/,
  ],
  [
    'an add-on version without a build',
    inAws({ addonVersions: { coredns: 'v1.12.0' } }),
    'sites[0].addonVersions.coredns',
    /add-on version/,
  ],
  ['a project on AWS', inAws({ project: 'p' }), 'sites[0].project', /not a setting/],
  ['an account on GCP', inGcp({ accountId: '123456789012' }), 'sites[1].accountId', /not a setting/],
  ['a GCP site without a project', withSites(awsSite(), without('project', gcpSite())), 'sites[1].project', /missing/],
  ['a project by its title', inGcp({ project: 'My Project' }), 'sites[1].project', /not a Google Cloud project/],
  ['an unknown channel', inGcp({ channel: 'regular' }), 'sites[1].channel', /not one of/, /REGULAR/],
  [
    'names too long for a StatefulSet',
    stack({ cluster: 'a'.repeat(28) }, { datacenter: 'b'.repeat(12) }),
    'sites[0].datacenter',
    /-eu-west-1a-sts of 56 characters where Kubernetes allows 52/,
    /by 4/,
  ],
];

describe('a mistake in the settings', () => {
  for (const [name, raw, key, message, remedy] of MISTAKES) {
    it(`is reported once, with key and remedy: ${name}`, () => {
      const problems = problemsOf(raw);
      assert.deepEqual(
        problems.map((problem) => problem.key),
        [key],
        JSON.stringify(problems, null, 1),
      );
      assert.match(problems[0]!.message, message);
      assert.match(problems[0]!.remedy, remedy ?? /\w/);
    });
  }
});

describe('a key that looks like one of a secret', () => {
  it('is refused without its value', () => {
    for (const key of [
      'password',
      'superuserPassword',
      'psk',
      'sharedSecret',
      'private_key',
      'apiToken',
      'accessKey',
    ]) {
      const text = problemsOf(stack({ [key]: 'hunter2' }))
        .map(formatProblem)
        .join();
      assert.match(text, new RegExp(`^${key} = \\(not shown\\): is not a setting`));
      assert.doesNotMatch(text, /hunter2/);
    }
  });
});

describe('loadPlan on a file with many mistakes', () => {
  it('reports each of the fixture, in a fixed order, one line each', () => {
    const raw = fixture('twenty-mistakes.yaml');
    const problems = problemsOf(raw);
    // The last of the twenty is a key of another project, which the stack file's reader reports.
    const kept = problems.filter((problem) => !problem.key.includes('casandra') && !problem.key.startsWith('aws:'));
    assert.equal(kept.length, 19);
    assert.equal(new Set(kept.map((problem) => problem.key)).size, 19);
    assert.deepEqual(problemsOf(raw), problems);
    assert.throws(
      () => loadPlan(raw),
      (error) => error instanceof SettingsError && error.message.split('\n').length === problems.length,
    );
  });

  it('finds problems of addresses beside those of reading', () => {
    const raw = inAws({
      zones: 'eu-west-1a',
      ranges: { nodes: '172.17.0.0/16', pods: '10.111.0.0/16', services: 'x' },
    });
    assert.deepEqual(
      problemsOf(raw).map((problem) => problem.key),
      [
        'sites[0].zones',
        'sites[0].ranges.services',
        'sites[0].ranges.nodes',
        'sites[0].ranges.pods',
        'sites[1].ranges.pods',
      ],
    );
  });

  it('judges what the clouds have in common even without a cloud', () => {
    const raw = withSites(
      awsSite({
        cloud: 'azure',
        datacenter: 'DC',
        asn: 1,
        project: 4,
        ranges: { nodes: '127.0.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16' },
      }),
      gcpSite(),
    );
    assert.deepEqual(
      problemsOf(raw).map((problem) => problem.key),
      ['sites[0].cloud', 'sites[0].datacenter', 'sites[0].asn', 'sites[0].ranges.nodes'],
    );
  });

  it('does not report a second time what follows from a mistake', () => {
    const raw = stack(
      { links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'] }], access: { admittedRanges: ['0.0.0.0/0'] } },
      { name: 'AWS' },
    );
    assert.deepEqual(
      problemsOf(raw).map((problem) => problem.key),
      ['access.admittedRanges[0]', 'sites[0].name'],
    );
  });

  it('names the first of two sites of one name', () => {
    const raw = withSites(awsSite(), gcpSite({ name: 'aws-eu-west-1' }));
    assert.deepEqual(
      problemsOf(raw).map((problem) => [problem.key, problem.message]),
      [['sites[1].name', 'is the name of sites[0] as well']],
    );
  });

  it('names the first of two datacenters of one name, also of sites of one name', () => {
    const keys = (aws: Raw, gcp: Raw) => problemsOf(stack({}, aws, gcp)).map(({ key }) => key);
    assert.deepEqual(keys({ datacenter: 'dc' }, { datacenter: 'dc' }), ['sites[1].datacenter']);
    assert.deepEqual(keys({ name: 'one', datacenter: 'dc' }, { name: 'one', datacenter: 'dc' }), [
      'sites[1].name',
      'sites[1].datacenter',
    ]);
    const bare = { name: 'one', datacenter: undefined };
    assert.deepEqual(keys(bare, bare), ['sites[1].name']);
  });

  it('finds an entry that stands twice beside one that cannot be read', () => {
    assert.deepEqual(
      problemsOf(stack({ cassandra: { keyspaces: ['a', 'B', 'a', 'a'] } })).map(({ key, value }) => [key, value]),
      [
        ['cassandra.keyspaces[1]', 'B'],
        ['cassandra.keyspaces', 'a'],
      ],
    );
  });

  it('is the same whatever the order of the keys', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, item]) => [key, reversed(item)]),
            )
          : value;
    const raw = fixture('twenty-mistakes.yaml');
    assert.deepEqual(problemsOf(reversed(raw) as Raw), problemsOf(raw));
  });
});

describe('parseSettings', () => {
  it('fills in the defaults', () => {
    const settings = parseSettings(fixture('reference.yaml'));
    const { sites, ...rest } = settings;
    assert.deepEqual(rest, {
      cluster: 'xcloud',
      connectivity: 'native',
      dns: 'forward',
      pool: { range: '10.64.0.0/10', prefix: 14 },
      link: { awsGateway: 'virtualPrivate' },
      overlay: { virtualPool: '100.64.0.0/10' },
      links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'] }],
      cassandra: { version: '5.0.9', replicationFactor: 3, keyspaces: [], phiConvictThreshold: 12 },
      operators: {
        cassOperator: { chart: 'cass-operator', repository: 'https://helm.k8ssandra.io/stable', version: '0.62.0' },
        certManager: { chart: 'cert-manager', repository: 'https://charts.jetstack.io', version: 'v1.21.2' },
        awsLoadBalancerController: {
          chart: 'aws-load-balancer-controller',
          repository: 'https://aws.github.io/eks-charts',
          version: '1.14.0',
        },
      },
      access: { admittedRanges: ['203.0.113.0/24'], awsAdmins: [], gkeDnsEndpoint: false },
      alerts: { notificationChannels: [] },
      tags: {},
      protect: false,
    });
    const cassandra = { nodesPerRack: 1, cpu: '4', memory: '16Gi', heap: '8Gi', storage: '500Gi' };
    const maintenance = { day: 'sunday', startHour: 3 };
    assert.deepEqual(sites, [
      {
        cloud: 'aws',
        name: 'aws-eu-west-1',
        region: 'eu-west-1',
        zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
        datacenter: 'dc1',
        asn: 64512,
        ranges: { nodes: '10.100.0.0/16', pods: '10.200.0.0/16', services: '172.20.0.0/16' },
        kubernetesVersion: '1.35',
        nodes: {
          machineType: 'm6i.2xlarge',
          perZone: 1,
          maxPerZone: 2,
          diskGiB: 100,
          image: 'AL2023_x86_64_STANDARD',
          maxPods: 110,
        },
        addonVersions: {},
        cassandra,
        maintenance,
      },
      {
        cloud: 'gcp',
        name: 'gcp-europe-west4',
        region: 'europe-west4',
        project: 'example-project',
        channel: 'REGULAR',
        zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
        datacenter: 'dc2',
        asn: 65010,
        ranges: { nodes: '10.150.0.0/16', pods: '10.250.0.0/16', services: '172.21.0.0/16' },
        kubernetesVersion: '1.35',
        nodes: {
          machineType: 'n2-standard-8',
          perZone: 1,
          maxPerZone: 2,
          diskGiB: 100,
          image: 'COS_CONTAINERD',
          maxPods: 64,
        },
        cassandra,
        maintenance,
      },
    ]);
  });

  it('takes texts of JSON and scalars as Pulumi hands them over', () => {
    const decoded = stack({ protect: true, pool: { range: '10.64.0.0/10', prefix: 15 }, tags: { team: 'data' } });
    const texts = Object.fromEntries(
      Object.entries(decoded).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    assert.deepEqual(parseSettings(texts), parseSettings(decoded));
  });

  it('takes numbers and booleans in texts', () => {
    const settings = parseSettings(
      stack({ protect: 'false', pool: { prefix: '15' } }, { nodes: { perZone: '2' }, asn: '64513' }),
    );
    assert.deepEqual([settings.protect, settings.pool.prefix, settings.sites[0]!.asn], [false, 15, 64513]);
    assert.equal(settings.sites[0]!.nodes.maxPerZone, 3);
  });

  it('takes an empty value for one that is not given', () => {
    assert.deepEqual(parseSettings(stack({ tags: null, cluster: null, operators: null })), parseSettings(stack()));
  });

  it('gives a rack as many Kubernetes nodes as Cassandra nodes, and a datacenter the name of its site', () => {
    const { datacenter: _datacenter, ...site } = awsSite({ cassandra: { nodesPerRack: 2 } });
    const [aws] = parseSettings(withSites(site, gcpSite())).sites;
    assert.deepEqual([aws!.nodes.perZone, aws!.nodes.maxPerZone, aws!.datacenter], [2, 3, 'aws-eu-west-1']);
  });

  it('asks no default repository for a chart from elsewhere', () => {
    const { operators } = parseSettings(
      stack({
        operators: {
          cassOperator: { chart: './charts/cass-operator.tgz' },
          certManager: { chart: 'oci://registry.example.com/cert-manager', version: '1.18.2' },
          awsLoadBalancerController: { repository: 'https://charts.example.com' },
        },
      }),
    );
    assert.equal(operators.cassOperator.repository, undefined);
    assert.equal(operators.certManager.repository, undefined);
    assert.deepEqual(operators.awsLoadBalancerController, {
      chart: 'aws-load-balancer-controller',
      repository: 'https://charts.example.com',
      version: '1.14.0',
    });
  });

  it('links two sites of two clouds, and otherwise only what is listed', () => {
    const third = bySlot(gcpSite({ name: 'gcp-3', datacenter: 'dc3', asn: 65011 }), 0);
    assert.equal(parseSettings(stack()).links.length, 1);
    assert.deepEqual(parseSettings(stack({ links: [] })).links, []);
    assert.deepEqual(parseSettings(withSites(awsSite(), gcpSite(), third)).links, []);
    assert.deepEqual(parseSettings(withSites(gcpSite(), third)).links, []);
    assert.deepEqual(parseSettings(withSites(gcpSite())).links, []);
  });

  it('accepts an empty list of admitted ranges behind the DNS endpoint of GKE', () => {
    const access = { admittedRanges: [], gkeDnsEndpoint: true };
    assert.deepEqual(parseSettings(stack({ access, sites: [gcpSite()] })).access, { ...access, awsAdmins: [] });
  });

  for (const [what, aws, gcp] of [
    ['ASNs of both private blocks', { asn: 4200000000 }, { asn: 4294967294 }],
    ['a version of GKE', {}, { kubernetesVersion: '1.35.1-gke.1396000' }],
    [
      'Arm on both sides',
      { nodes: { machineType: 'r8gd.4xlarge', image: 'BOTTLEROCKET_ARM_64_FIPS' } },
      { nodes: { machineType: 't2a-standard-8' } },
    ],
    [
      'custom and local SSD machines',
      { nodes: { machineType: 'i3.metal' } },
      { nodes: { machineType: 'n2-custom-8-32768' } },
    ],
    [
      'Hyperdisk with a StorageClass',
      {},
      { nodes: { machineType: 'n4-standard-8' }, cassandra: { storageClass: 'hyperdisk' } },
    ],
    [
      'quantities of every form',
      { cassandra: { cpu: '3500m', memory: '32G', heap: '1.5Gi', storage: '2Ti' } },
      { cassandra: { cpu: 7.5 } },
    ],
    [
      'an account and add-on versions',
      { accountId: '012345678901', addonVersions: { coredns: 'v1.12.4-eksbuild.1' } },
      {},
    ],
    [
      'regions of every form',
      { region: 'us-gov-west-1', zones: ['us-gov-west-1a', 'us-gov-west-1b', 'us-gov-west-1c'] },
      {
        region: 'northamerica-northeast1',
        zones: ['northamerica-northeast1-a', 'northamerica-northeast1-b', 'northamerica-northeast1-c'],
      },
    ],
    ['a project of a domain', {}, { project: 'example.com:my-project' }],
  ] as const) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(problemsOf(stack({}, aws, gcp)), []);
    });
  }

  it('leaves what needs address arithmetic to the plan', () => {
    const raw = inGcp({ ranges: { nodes: '10.100.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16' } });
    assert.equal(parseSettings(raw).sites.length, 2);
    assert.equal(problemsOf(raw).length, 1);
  });

  it('throws one error with a line for each problem and shortens long values', () => {
    assert.throws(
      () => parseSettings(stack({ cluster: 'X'.repeat(200), dns: { a: '\n' } })),
      (error) => {
        assert(error instanceof SettingsError);
        assert.equal(error.name, 'SettingsError');
        const [cluster, dns, ...more] = error.message.split('\n');
        assert.deepEqual(more, []);
        assert.match(cluster!, /^cluster = X{77}\.\.\.: is not a name of that form; use /);
        assert.match(dns!, /^dns = \{"a":"\\n"\}: is not one of forward; use one of forward$/);
        return true;
      },
    );
  });
});
