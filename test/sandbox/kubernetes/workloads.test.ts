import * as assert from 'node:assert/strict';
import { at, type Props } from '../../../sandbox/core/values';
import { TOKENS, refusal, setting, type Setting } from './harness';

function deployment(spec: Props = {}, replicas = 2): Props {
  return {
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec } },
    },
  };
}

function job(container: Props, spec: Props = {}, annotations: Props = {}): Props {
  const containers = [{ name: 'c', image: 'i:1', ...container }];
  return {
    metadata: { name: 'probe', annotations },
    spec: { template: { spec: { restartPolicy: 'OnFailure', containers, ...spec } } },
  };
}

function removeNodes({ clouds }: Setting): void {
  if (clouds.eks) clouds.eks.nodeGroups = [];
}

/** The parts of a VPN that the coarse rule looks for. */
function link({ world }: Setting): void {
  world.gcp.put('gcp:compute/vPNTunnel:VPNTunnel', 't', {}, {});
  world.gcp.put('gcp:compute/routerPeer:RouterPeer', 'p', {}, {});
  world.aws.put('aws:ec2/vpnConnection:VpnConnection', 'c', {}, {});
}

async function gatewayOnGke({ gke }: Setting): Promise<void> {
  await gke.create(TOKENS.deployment, 'web', deployment());
  await gke.create(TOKENS.service, 'gateway', {
    metadata: { name: 'gateway', annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } },
    spec: { type: 'LoadBalancer', loadBalancerIP: '10.150.9.9', selector: { app: 'web' }, ports: [{ port: 7000 }] },
  });
}

describe('a Deployment', () => {
  it('is ready where there are nodes', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.deployment, 'web', deployment());
    assert.equal(at(made.outputs, 'status', 'readyReplicas'), 2);
    assert.equal(at(made.outputs, 'spec', 'template', 'spec', 'dnsPolicy'), 'ClusterFirst');
    assert.equal(at(made.outputs, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy'), 'IfNotPresent');
  });

  it('waits in vain without nodes, and is ready when they have come', async () => {
    const all = setting();
    const groups = all.clouds.eks?.nodeGroups ?? [];
    removeNodes(all);
    const message = await refusal(all.eks.create(TOKENS.deployment, 'web', deployment()));
    assert.match(
      message,
      /^resource default\/web was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: 'web' timed out waiting to be Ready\nMinimum number of live Pods was not attained\n2 Pods failed to schedule because: \[Unschedulable\] no nodes available/,
    );
    if (all.clouds.eks) all.clouds.eks.nodeGroups = groups;
    const inputs = all.eks.check(TOKENS.deployment, 'web', deployment());
    const kept = {
      urn: 'urn:pulumi:dev::it::kubernetes:apps/v1:Deployment::web',
      id: 'default/web',
      inputs,
      outputs: {},
    };
    const seen = await all.eks.read(kept);
    assert.equal(at(seen?.outputs, 'status', 'readyReplicas'), 2);
  });

  it('reports the same at a refresh while it is not ready', async () => {
    const all = setting();
    removeNodes(all);
    await refusal(all.eks.create(TOKENS.deployment, 'web', deployment()));
    const inputs = all.eks.check(TOKENS.deployment, 'web', deployment());
    const kept = {
      urn: 'urn:pulumi:dev::it::kubernetes:apps/v1:Deployment::web',
      id: 'default/web',
      inputs,
      outputs: {},
    };
    assert.match(await refusal(all.eks.read(kept)), /timed out waiting to be Ready/);
  });

  for (const [what, spec, complaint] of [
    [
      'a node of a zone that has none',
      { nodeSelector: { 'topology.kubernetes.io/zone': 'eu-west-1z' } },
      /didn't match Pod's node affinity\/selector/,
    ],
    [
      'a node that its affinity does not find',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }] },
              ],
            },
          },
        },
      },
      /node affinity/,
    ],
    [
      'a secret',
      { volumes: [{ name: 'v', secret: { secretName: 'absent' } }] },
      /MountVolume\.SetUp failed for volume "v" : secret "absent" not found/,
    ],
    ['a config map', { volumes: [{ name: 'v', configMap: { name: 'absent' } }] }, /configmap "absent" not found/],
    [
      'a variable from a secret',
      {
        containers: [
          { name: 'c', image: 'i', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 'absent', key: 'k' } } }] },
        ],
      },
      /CreateContainerConfigError: secret "absent" not found/,
    ],
    ['a service account', { serviceAccountName: 'absent' }, /serviceaccount "absent" not found/],
  ] as [string, Props, RegExp][]) {
    it(`waits in vain for ${what}`, async () => {
      const { eks } = setting();
      assert.match(await refusal(eks.create(TOKENS.deployment, 'web', deployment(spec))), complaint);
    });
  }

  it('has room for one pod per node and no more where pods keep apart', async () => {
    const { eks } = setting();
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    assert.match(
      await refusal(eks.create(TOKENS.deployment, 'web', deployment(apart, 4))),
      /1 Pods failed to schedule .*anti-affinity/,
    );
    const three = { ...deployment(apart, 3), metadata: { name: 'three' } };
    assert.equal(at((await eks.create(TOKENS.deployment, 'three', three)).outputs, 'status', 'readyReplicas'), 3);
  });

  it('waits in vain for nodes whose custom networking has no ENIConfig', async () => {
    const all = setting();
    const { clouds, eks, world } = all;
    if (!clouds.eks) throw new Error('no cluster');
    const env = {
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
      ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
    };
    clouds.eks.addons = [{ name: 'vpc-cni', configuration: { env } }];
    assert.match(
      await refusal(eks.create(TOKENS.deployment, 'web', deployment())),
      /0\/3 nodes are available: .*not-ready/,
    );
    world.aws.put('aws:ec2/subnet:Subnet', 'subnet-1', {}, { vpcId: 'vpc-1' });
    const eniConfig = { metadata: { name: 'eu-west-1a' }, spec: { subnet: 'subnet-1', securityGroups: ['sg-1'] } };
    await eks.create('kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig', 'e', eniConfig);
    await eks.create(TOKENS.deployment, 'second', { ...deployment(), metadata: { name: 'second' } });
  });

  it('is not waited for when the program says so', async () => {
    const all = setting();
    removeNodes(all);
    const given = { ...deployment(), metadata: { name: 'web', annotations: { 'pulumi.com/skipAwait': 'true' } } };
    const made = await all.eks.create(TOKENS.deployment, 'web', given);
    assert.equal(at(made.outputs, 'status', 'unavailableReplicas'), 2);
  });

  it('is waited for as the program says', async () => {
    const { eks } = setting();
    const waiting = (what: string) => ({
      ...deployment(),
      metadata: { name: 'web', annotations: { 'pulumi.com/waitFor': what } },
    });
    await eks.delete(await eks.create(TOKENS.deployment, 'web', waiting('condition=Available')));
    await eks.delete(await eks.create(TOKENS.deployment, 'web', waiting('jsonpath={.status.readyReplicas}=2')));
    const both = '["condition=Available", "jsonpath={.status.collisionCount}"]';
    assert.match(
      await refusal(eks.create(TOKENS.deployment, 'web', waiting(both))),
      /Waiting for jsonpath=\{\.status\.collisionCount\}/,
    );
  });

  it('is replaced when its selector changes', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.deployment, 'web', deployment());
    const other = deployment();
    const spec = { ...(other.spec as Props), selector: { matchLabels: { app: 'web', tier: 'x' } } };
    assert.deepEqual(eks.diff(made, { ...other, spec }).replaces, ['spec']);
    assert.deepEqual(eks.diff(made, deployment({}, 3)).replaces, []);
  });
});

describe('a Job', () => {
  it('completes, and is replaced when its template changes', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.job, 'j', job({ command: ['true'] }));
    assert.equal(at(made.outputs, 'status', 'succeeded'), 1);
    assert.equal(at(made.outputs, 'status', 'conditions', 0, 'type'), 'Complete');
    assert.deepEqual(eks.diff(made, job({ command: ['false'] })).replaces, ['spec']);
  });

  it('waits for nodes', async () => {
    const all = setting();
    removeNodes(all);
    assert.match(
      await refusal(all.eks.create(TOKENS.job, 'j', job({ command: ['true'] }))),
      /'probe' timed out waiting to be Ready\n.*no nodes available/,
    );
  });

  it('reaches a load balancer of its own cluster', async () => {
    const all = setting();
    await gatewayOnGke(all);
    const made = await all.gke.create(TOKENS.job, 'j', job({ args: ['10.150.9.9', '7000'] }));
    assert.equal(at(made.outputs, 'status', 'succeeded'), 1);
  });

  for (const [what, prepare, complaint] of [
    [
      'an address where nothing answers',
      async (all: Setting) => link(all),
      /connect to 10\.150\.9\.9: connection timed out$/m,
    ],
    ['another cluster without a link', gatewayOnGke, /no VPN tunnel with a BGP session/],
  ] as [string, (all: Setting) => Promise<void>, RegExp][]) {
    it(`fails at ${what}`, async () => {
      const all = setting();
      await prepare(all);
      const given = job({ env: [{ name: 'TARGETS', value: '10.150.9.9:7000' }] });
      const message = await refusal(all.eks.create(TOKENS.job, 'j', given));
      assert.match(message, /Job has reached the specified backoff limit/);
      assert.match(message, complaint);
    });
  }

  it('reaches another cluster over the link', async () => {
    const all = setting();
    await gatewayOnGke(all);
    link(all);
    const made = await all.eks.create(TOKENS.job, 'j', job({ command: ['sh', '-c', 'nc -z 10.150.9.9 7000'] }));
    assert.equal(at(made.outputs, 'status', 'succeeded'), 1);
  });

  it('takes masks, its own host and ranges for no targets', async () => {
    const { eks } = setting();
    const args = ['0.0.0.0', '127.0.0.1', '10.0.0.0/8', '255.255.255.0', '1.2.3.4.5'];
    await eks.create(TOKENS.job, 'j', job({ args }));
  });

  it('fails at a Service that is not there or has no pods', async () => {
    const { eks } = setting();
    const absent = job({ env: [{ name: 'HOST', value: 'db.default.svc.cluster.local' }] });
    assert.match(await refusal(eks.create(TOKENS.job, 'j', absent)), /could not resolve host db\.default\.svc/);
    const spec = { clusterIP: 'None', selector: { app: 'none' }, ports: [{ port: 1 }] };
    await eks.create(TOKENS.service, 's', { metadata: { name: 'db' }, spec });
    const again = { ...absent, metadata: { name: 'second' } };
    assert.match(await refusal(eks.create(TOKENS.job, 'j2', again)), /no endpoints available/);
  });

  it('that failed stays failed, unless it is to be replaced when unready', async () => {
    const all = setting();
    const given = job({ args: ['10.150.9.9'] });
    await refusal(all.gke.create(TOKENS.job, 'j', given));
    await gatewayOnGke(all);
    const inputs = all.gke.check(TOKENS.job, 'j', given);
    const kept = { urn: 'urn:pulumi:dev::it::kubernetes:batch/v1:Job::j', id: 'default/probe', inputs, outputs: {} };
    assert.match(await refusal(all.gke.read(kept)), /backoff limit/);
    const replaced = await all.gke.update(
      kept,
      job({ args: ['10.150.9.9'] }, {}, { 'pulumi.com/replaceUnready': 'true' }),
    );
    assert.equal(at(replaced.outputs, 'status', 'succeeded'), 1);
  });

  it('is gone when its time to live is over', async () => {
    const { eks } = setting();
    const given = job({ command: ['true'] });
    const brief = { ...given, spec: { ...(given.spec as Props), ttlSecondsAfterFinished: 0 } };
    const made = await eks.create(TOKENS.job, 'j', brief);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await eks.read(made), undefined);
  });

  it('may not replicate to a datacenter that is not there', async () => {
    const { eks } = setting();
    const cql = "ALTER KEYSPACE system_auth WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 3};";
    assert.match(
      await refusal(eks.create(TOKENS.job, 'j', job({ args: [cql] }))),
      /Unrecognized strategy option \{dc1\}/,
    );
  });
});
