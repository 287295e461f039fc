import assert from 'node:assert/strict';
import { TestStack, operations, operationsDone, type ExportedResource, type Result } from './local';

const SECRET_SIGNATURE = '4dabf18193072939515e22adb298388d';

describe('the default stack under the real engine', () => {
  const stack = new TestStack();
  let up: Result;
  let resources: ExportedResource[];

  before(async () => {
    up = await stack.up();
    resources = stack.exported();
  });

  after(() => stack.remove());

  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const only = (type: string) => {
    const [first, ...others] = all(type);
    assert.ok(first && others.length === 0, `${1 + others.length} of ${type}`);
    return first;
  };

  it('comes up with the policy pack on', () => {
    assert.equal(up.code, 0, up.stderr + up.stdout);
  });

  it('is one VPC of two ranges, one EKS and one GKE cluster', () => {
    const vpc = only('aws:ec2/vpc:Vpc');
    const second = only('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation');
    assert.deepEqual([vpc.inputs['cidrBlock'], second.inputs['cidrBlock']], ['10.100.0.0/16', '10.200.0.0/16']);
    assert.equal(
      only('aws:eks/cluster:Cluster').inputs['version'],
      only('gcp:container/cluster:Cluster').inputs['minMasterVersion'],
    );
  });

  it('has four tunnels whose inside addresses agree on both sides', () => {
    const aws = all('aws:ec2/vpnConnection:VpnConnection').flatMap(({ outputs }) => [
      { aws: outputs['tunnel1VgwInsideAddress'], gcp: outputs['tunnel1CgwInsideAddress'] },
      { aws: outputs['tunnel2VgwInsideAddress'], gcp: outputs['tunnel2CgwInsideAddress'] },
    ]);
    const ranges = new Map(
      all('gcp:compute/routerInterface:RouterInterface').map(({ inputs }) => [inputs['name'], inputs['ipRange']]),
    );
    const gcp = all('gcp:compute/routerPeer:RouterPeer').map(({ inputs }) => ({
      aws: inputs['peerIpAddress'],
      gcp: String(ranges.get(inputs['interface'])).replace('/30', ''),
    }));
    const sorted = (pairs: unknown[]) => pairs.map((pair) => JSON.stringify(pair)).sort();
    assert.equal(gcp.length, 4);
    assert.equal(new Set(sorted(gcp)).size, 4);
    assert.deepEqual(sorted(aws), sorted(gcp));
  });

  it('has a secret pre-shared key of its own for each tunnel', () => {
    const secrets = all('gcp:compute/vPNTunnel:VPNTunnel').map(({ inputs }) => inputs['sharedSecret']);
    assert.equal(secrets.length, 4);
    for (const secret of secrets) assert.ok(isSecret(secret), 'sharedSecret stands in clear text');
    assert.equal(new Set(secrets.map((secret) => (secret as { ciphertext: string }).ciphertext)).size, 4);
  });

  it('advertises pods and nodes over BGP, never services', () => {
    const router = all('gcp:compute/router:Router').find(({ inputs }) => inputs['bgp']);
    const advertised = JSON.stringify(router?.inputs['bgp']);
    assert.match(advertised, /10\.250\.0\.0\/16/);
    assert.match(advertised, /10\.150\.0\.0\/16/);
    assert.doesNotMatch(advertised, /172\.21\./);
  });

  it('has two datacenters of one cluster, a gateway and a DNS forwarder on each side', () => {
    const datacenters = all('kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter');
    const specs = datacenters.map(({ inputs }) => inputs['spec'] as Record<string, unknown>);
    assert.deepEqual(
      specs.map(({ clusterName }) => clusterName),
      ['xcloud', 'xcloud'],
    );
    const services = all('kubernetes:core/v1:Service').filter(
      ({ inputs }) => (inputs['spec'] as { type?: string }).type === 'LoadBalancer',
    );
    const ports = services.map(({ inputs }) =>
      (inputs['spec'] as { ports: { port: number }[] }).ports.map(({ port }) => port),
    );
    assert.equal(ports.filter((list) => list.includes(7000)).length, 2);
    assert.ok(ports.filter((list) => list.includes(53)).length >= 2);
  });

  it('keeps every generated secret out of the state in clear text', async () => {
    const shown = await stack.pulumi(['stack', 'export', '--show-secrets']);
    const text = JSON.stringify(resources);
    const plain = (JSON.parse(shown.stdout) as { deployment: { resources: ExportedResource[] } }).deployment.resources;
    const secrets = plain
      .flatMap(({ type, outputs }) =>
        type === 'random:index/randomPassword:RandomPassword'
          ? [outputs['result']]
          : type === 'tls:index/privateKey:PrivateKey'
            ? [outputs['privateKeyPem'], outputs['privateKeyPemPkcs8']]
            : [],
      )
      .map((value) => JSON.parse((value as { plaintext: string }).plaintext) as string);
    assert.ok(secrets.length >= 6);
    for (const secret of secrets) assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)));
  });

  it('shows only what is the same in a second preview, and refresh finds nothing', async () => {
    const preview = await stack.pulumi(['preview', '--json']);
    assert.equal(preview.code, 0, preview.stderr);
    const changed = operations(preview).filter(({ op }) => op !== 'same');
    assert.deepEqual(changed, []);
    const refresh = await stack.pulumi(['refresh', '--yes', '--expect-no-changes', '--non-interactive']);
    assert.equal(refresh.code, 0, refresh.stdout + refresh.stderr);
  });

  it('shows a change made behind its back at refresh, and puts it right', async () => {
    const vpc = only('aws:ec2/vpc:Vpc');
    const set = await stack.clouds(['set', 'aws', String(vpc.id), 'enableDnsHostnames=false']);
    assert.equal(set.code, 0, set.stderr);
    const preview = await stack.pulumi(['preview', '--json', '--refresh']);
    const updated = operations(preview).filter(({ op }) => op === 'update');
    assert.deepEqual(
      updated.map(({ urn }) => urn),
      [vpc.urn],
    );
    const mended = await stack.pulumi(['up', '--yes', '--skip-preview', '--refresh', '--non-interactive']);
    assert.equal(mended.code, 0, mended.stdout + mended.stderr);
    const after = operations(await stack.pulumi(['preview', '--json', '--refresh']));
    assert.deepEqual(
      after.filter(({ op }) => !['same', 'refresh'].includes(op)),
      [],
    );
  });

  it('refuses to change what a site was made with, and changes nothing in the clouds', async () => {
    stack.configure((config) => {
      config['sites'][1].ranges.pods = '10.251.0.0/16';
    });
    const { code, stdout, stderr } = await stack.pulumi(['up', '--yes', '--skip-preview', '--non-interactive']);
    assert.equal(code, 1);
    assert.match(
      stdout + stderr,
      /ranges\.pods = 10\.251\.0\.0\/16: was 10\.250\.0\.0\/16 when the site was made; put it back/,
    );
    stack.configure();
    const preview = await stack.pulumi(['preview', '--json']);
    const changed = operations(preview).filter(({ op, newState }) => op !== 'same' && newState?.custom !== false);
    assert.deepEqual(
      changed.map(({ op, urn }) => `${op} ${urn}`),
      [],
    );
  });

  it('renews nodes for another machine type, and makes new ones before the old ones go for another number of pods', async () => {
    stack.configure((config) => {
      config['sites'][0].nodes = { maxPods: 58, machineType: 'm7i.4xlarge' };
      config['sites'][1].nodes = { maxPods: 32, machineType: 'n2-standard-16' };
    });
    const up = await stack.pulumi(['up', '--yes', '--skip-preview', '--json']);
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const done = operationsDone(up).filter((operation) => !/^(same|update) /.test(operation));
    const pool = 'gcp:container/nodePool:NodePool';
    assert.deepEqual(done, [`create-replacement ${pool}`, `replace ${pool}`, `delete-replaced ${pool}`]);
    const groups = operationsDone(up).filter((operation) => operation === 'update aws:eks/nodeGroup:NodeGroup');
    assert.equal(groups.length, 3);
  });

  it('makes new node groups for another image before the old ones go', async () => {
    stack.configure((config) => {
      config['sites'][0].nodes = { image: 'BOTTLEROCKET_x86_64' };
    });
    const up = await stack.pulumi(['up', '--yes', '--skip-preview', '--json']);
    stack.configure();
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const group = 'aws:eks/nodeGroup:NodeGroup';
    const done = operationsDone(up).filter(
      (operation) => operation.endsWith(group) && !operation.startsWith('replace '),
    );
    const each = (op: string) => [1, 2, 3].map(() => `${op} ${group}`);
    assert.deepEqual(done, [...each('create-replacement'), ...each('delete-replaced')]);
  });

  it('destroys everything, and nothing is left in the clouds', async () => {
    const destroy = await stack.pulumi(['destroy', '--yes', '--skip-preview', '--non-interactive']);
    assert.equal(destroy.code, 0, destroy.stdout + destroy.stderr);
    assert.deepEqual(stack.exported(), []);
    const left = (await stack.clouds(['list'])).stdout.split('\n').filter(Boolean);
    // Cloud KMS never forgets a key ring or a key, and enabled APIs stay enabled: others may use them.
    const kept = /^gcp:(kms\/|projects\/service:)/;
    assert.deepEqual(
      left.filter((line) => !kept.test(line)),
      [],
    );
  });
});

function isSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && SECRET_SIGNATURE in value;
}
