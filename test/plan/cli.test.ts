import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../plan/cli';
import { fixturePath } from './fixtures';

const ROOT = join(__dirname, '..', '..');
const REFERENCE = fixturePath('reference.yaml');

describe('npm run plan', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plan-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return name;
  };

  it('prints a table of the plan of a file', () => {
    const { status, stdout, stderr } = run(['--file', REFERENCE], folder);
    assert.equal(status, 0);
    const lines = stdout.split('\n');
    assert.equal(lines[0], 'Cluster xcloud: 2 sites, 1 link, 30 ranges');
    for (const line of [
      'Site aws-eu-west-1: aws eu-west-1, datacenter dc1, ASN 64512',
      '  10.100.0.0/16                     nodes                     65536  12255 nodes',
      '    10.100.0.0/20       eu-west-1a  nodeSubnet                 4091  4085 nodes',
      '      10.100.19.240/28  eu-west-1a  loadBalancerReservation      15  15 addresses',
      '  gateway    10.100.19.250, 10.100.51.250, 10.100.83.250 port 7000 (service xcloud-dc1-gateway)',
      '  dns        10.150.127.251 for cassandra-gcp-europe-west4.svc.cluster.local; own cluster DNS 172.21.0.10',
      '  Cassandra nodes        3    189',
      '  runs out first: the pod range, a /25 per node of 64 pods: at 510 nodes, 170 per zone',
      'Link aws-eu-west-1--gcp-europe-west4: ASN 64512 (aws-eu-west-1) and 65010 (gcp-europe-west4)',
      '       2  169.254.214.184/30  connection 1 tunnel 1  169.254.214.185  HA interface 1  169.254.214.186',
    ]) {
      assert(lines.includes(line), `${line}\nis not in\n${stdout}`);
    }
    assert.deepEqual(
      stderr.split('\n').map((line) => line.slice(0, 18)),
      ['warning: sites[0] ', 'warning: sites[1] ', ''],
    );
  });

  it('prints a single site without a link', () => {
    const file = write(
      'one.yaml',
      `config:\n  multicloud-cassandra:access: {admittedRanges: [203.0.113.0/24]}\n  multicloud-cassandra:sites:\n    - {name: gcp-1, cloud: gcp, project: my-project, region: europe-west4, zones: [europe-west4-a, europe-west4-b, europe-west4-c], slot: 0}\n`,
    );
    const { status, stdout, stderr } = run(['--file', file], folder);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Cluster xcloud: 1 site, 0 links, 5 ranges\n/);
    assert.match(stdout, /\n {2}peers {6}none\n {2}seeds {6}none\n/);
  });

  it('prints the whole plan as JSON, each range with its site, role and capacity', () => {
    const { status, stdout } = run(['--json', '--file', REFERENCE], folder);
    assert.equal(status, 0);
    const plan = JSON.parse(stdout) as Record<string, unknown> & { ranges: Record<string, unknown>[] };
    assert.deepEqual(Object.keys(plan), ['cluster', 'sites', 'links', 'ranges', 'warnings', 'unsupported']);
    assert.equal(plan.ranges.length, 30);
    assert.deepEqual(plan.ranges[3], {
      site: 'aws-eu-west-1',
      role: 'nodeSubnet',
      zone: 'eu-west-1a',
      cidr: '10.100.0.0/20',
      usable: 4091,
      capacity: { of: 'nodes', max: 4085 },
      within: '10.100.0.0/16',
    });
    assert.deepEqual(plan.ranges.at(-1), {
      site: 'aws-eu-west-1--gcp-europe-west4',
      role: 'tunnel',
      cidr: '169.254.214.188/30',
      usable: 2,
      capacity: { of: 'addresses', max: 2 },
    });
    assert.equal((plan['warnings'] as unknown[]).length, 2);
  });

  it('warns of what is planned but cannot be provisioned yet', () => {
    const text = readFileSync(REFERENCE, 'utf8').replace(
      'config:',
      'config:\n  multicloud-cassandra:connectivity: overlay',
    );
    const { status, stderr } = run(['--file', write('overlay.yaml', text)], folder);
    assert.equal(status, 0);
    assert.match(stderr, /\nwarning: connectivity = overlay: .* not provisioned yet; use native\n$/);
  });

  it('reads the stack that is named, in the folder where it runs', () => {
    write('Pulumi.prod.yaml', 'config:\n  multicloud-cassandra:cluster: UPPER\n');
    const { status, stderr } = run(['--stack', 'organization/multicloud-cassandra/prod'], folder);
    assert.equal(status, 1);
    assert.match(stderr, /^error: cluster = UPPER: /);
  });

  it('reads the stack dev of the project unless told otherwise', () => {
    const { status, stdout } = run([], folder);
    assert.equal(status, 0);
    assert.match(stdout, /^Cluster xcloud: 2 sites, 1 link/);
  });

  it('reports twenty mistakes in twenty lines, without a stack trace', () => {
    const { status, stdout, stderr } = run(['--file', fixturePath('twenty-mistakes.yaml')], folder);
    assert.deepEqual([status, stdout], [1, '']);
    const lines = stderr.trimEnd().split('\n');
    assert.equal(lines.length, 20, stderr);
    for (const line of lines) {
      assert.match(line, /^error: [A-Za-z0-9-]+(:[a-z]+)?([.[]\S+)*( = \S.*)?: .+; .+$/);
    }
    assert.deepEqual(
      lines.map((line) => line.split(/ = |: /)[1]),
      [
        'multicloud-casandra:protect',
        'cluster',
        'connectivity',
        'pool.range',
        'link.awsGatway',
        'cassandra.version',
        'cassandra.keyspaces[1]',
        'cassandra.phiConvictThreshold',
        'access.admittedRanges[0]',
        'tags.Team',
        'sites[0].kubernetesVersion',
        'links[1].sites[1]',
        'sites[0].zones[1]',
        'sites[0].nodes.machineType',
        'sites[1].cassandra.heap',
        'sites[0].ranges.services',
        'sites[0].ranges.pods',
        'sites[1].ranges.nodes',
        'sites[1].asn',
        'links[0].tunnels',
      ],
    );
  });

  it('ignores the keys of providers and refuses those of other projects', () => {
    const keys = (text: string) =>
      run(['--file', write('keys.yaml', `config:\n${text}`)], folder)
        .stderr.split('\n')
        .filter((line) => !/access|sites/.test(line));
    assert.deepEqual(keys('  aws:region: eu-west-1\n  gcp:project: p\n  kubernetes:x: y\n'), ['']);
    assert.deepEqual(keys('  shop:cluster: x\n'), [
      'error: shop:cluster = x: is not a key of this project; remove it; keys of this project start with multicloud-cassandra:',
      '',
    ]);
    assert.deepEqual(keys('  shop:dbPassword: x\n'), [
      'error: shop:dbPassword = (not shown): is not a key of this project; remove it; keys of this project start with multicloud-cassandra:',
      '',
    ]);
  });

  it('takes a key without a namespace as its own, as Pulumi does, and reads misspelt ones as what they were meant to be', () => {
    const problems = (text: string) =>
      run(['--file', write('keys.yaml', `config:\n${text}  access: {admittedRanges: [203.0.113.0/24]}\n`)], folder)
        .stderr.split('\n')
        .filter((line) => !/: sites: /.test(line) && line !== '');
    assert.match(
      problems('  cluster: Production\n').join(),
      /^error: cluster = Production: is not a name of that form/,
    );
    assert.deepEqual(
      problems('  multicloud_cassandra:dns: cloud\n').map((line) => line.split(';')[0]),
      [
        'error: multicloud_cassandra:dns = cloud: is not a key of this project',
        'error: dns = cloud: is not one of forward',
      ],
    );
  });

  it('refuses wrong keys even where the settings are right', () => {
    const text = `config:\n  shop:a: b\n  multicloud-cassandra:access: {admittedRanges: [203.0.113.0/24]}\n  multicloud-cassandra:sites:\n    - {name: gcp-1, cloud: gcp, project: my-project, region: europe-west4, zones: [europe-west4-a, europe-west4-b, europe-west4-c], slot: 0}\n`;
    const { status, stderr } = run(['--file', write('valid.yaml', text)], folder);
    assert.equal(status, 1);
    assert.equal(stderr.split('\n').length, 2);
  });

  it('refuses encrypted values at any depth, without printing them', () => {
    const file = write(
      'secret.yaml',
      'config:\n  multicloud-cassandra:cluster: {secure: v1:abc}\n  multicloud-cassandra:sites:\n    - {name: {secure: v1:def}}\n  multicloud-cassandra:tags: {a: 1}\n',
    );
    const { stderr } = run(['--file', file], folder);
    assert.match(
      stderr,
      /error: cluster = secure: is encrypted, and no setting is a secret; set it without --secret\n/,
    );
    assert.match(stderr, /error: sites\[0\]\.name = secure: is encrypted/);
    assert.doesNotMatch(stderr, /abc|def/);
  });

  it('takes an empty text for a key that is not given, as the program does', () => {
    const { stderr } = run(['--file', write('empty.yaml', "config:\n  multicloud-cassandra:cluster: ''\n")], folder);
    assert.doesNotMatch(stderr, /cluster/);
  });

  it('reports what is missing in a file without configuration', () => {
    for (const text of ['encryptionsalt: v1:x\n', 'config:\n', 'config: {}\n']) {
      const { status, stderr } = run(['--file', write('bare.yaml', text)], folder);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /error: access\.admittedRanges: is missing; .*\nerror: sites: is missing; list the sites\n$/,
      );
    }
  });

  const UNUSABLE: [string, string[], RegExp][] = [
    ['an option it does not know', ['--jsn'], /Unknown option '--jsn'; see --help|Unknown option '--jsn'/],
    ['an argument', ['dev'], /Unexpected argument 'dev'/],
    ['an option without its value', ['--stack'], /argument missing/],
    ['a stack and a file', ['--stack', 'a', '--file', 'b'], /exclude each other/],
    ['a stack name with spaces', ['--stack', 'a b'], /is not the name of a stack/],
    ['an empty stack name', ['--stack', ''], /is not the name of a stack/],
    ['a file that does not exist', ['--file', 'nowhere.yaml'], /nowhere\.yaml: does not exist; name a stack file/],
    ['a stack that does not exist', ['--stack', 'nowhere'], /Pulumi\.nowhere\.yaml: does not exist/],
    ['a folder', ['--file', '.'], /is a directory/],
  ];
  for (const [what, args, message] of UNUSABLE) {
    it(`exits with 2 for ${what}`, () => {
      const { status, stdout, stderr } = run(args, folder);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, message);
      assert.match(stderr, /^error: .*\n$/s);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  for (const [what, text, message] of [
    ['is not YAML', 'config: [', /broken\.yaml: is not YAML: .+; correct that line\n$/],
    [
      'has a key twice',
      'config:\n  a:b: 1\n  a:b: 2\n',
      /is not YAML: Map keys must be unique at line 3, column 3; correct that line\n$/,
    ],
    ['is a list', '- a\n', /is not a mapping; write the settings under config/],
    ['is empty', '', /is empty; write the settings under config/],
    ['has comments only', '# nothing\n', /is empty/],
    ['misspells config', 'confg:\n  a:b: 1\n', /has no config but confg; rename it to config/],
    ['has a list as its config', 'config: [a]\n', /has a config that is not a mapping/],
  ] as const) {
    it(`exits with 2 for a file that ${what}`, () => {
      const { status, stderr } = run(['--file', write('broken.yaml', text)], folder);
      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }

  it('takes the merge keys that Pulumi takes', () => {
    const gcp = (name: string, slot: number, nodes: string) =>
      `    - {name: ${name}, cloud: gcp, project: my-project, region: europe-west4, zones: [europe-west4-a, europe-west4-b, europe-west4-c], slot: ${slot}, nodes: ${nodes}}\n`;
    const text =
      'config:\n  multicloud-cassandra:access: {admittedRanges: [203.0.113.0/24]}\n  multicloud-cassandra:sites:\n' +
      gcp('gcp-1', 0, '&n {maxPods: 32}') +
      gcp('gcp-2', 1, '{<<: *n, perZone: 2}');
    const { stdout } = run(['--file', write('merge.yaml', text), '--json'], folder);
    const { sites } = JSON.parse(stdout) as { sites: { capacity: { pods: { used: number } } }[] };
    assert.deepEqual(
      sites.map(({ capacity }) => capacity.pods.used),
      [96, 192],
    );
  });

  it('explains itself', () => {
    const { status, stdout, stderr } = run(['--help'], folder);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /usage: npm run --silent plan -- \[--stack NAME \| --file FILE\] \[--json\]/);
  });

  it('is a command with an exit status, a table on one stream and messages on the other', () => {
    const spawn = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'plan', 'cli.ts'), ...args], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    const planned = spawn('--file', REFERENCE);
    assert.equal(planned.status, 0, planned.stderr);
    assert.match(planned.stdout, /^Cluster xcloud/);
    assert.match(planned.stderr, /^warning: /);
    const refused = spawn('--file', fixturePath('twenty-mistakes.yaml'), '--json');
    assert.equal(refused.status, 1);
    assert.equal(refused.stdout, '');
    assert.equal(refused.stderr.trimEnd().split('\n').length, 20);
  }).timeout(30_000);
});
