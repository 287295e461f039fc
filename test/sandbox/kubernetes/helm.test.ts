import * as assert from 'node:assert/strict';
import { at, object, type Props } from '../../../sandbox/core/values';
import {
  CONTROLLER_VALUES,
  TOKENS,
  chart,
  installCertManager,
  installController,
  installOperator,
  namespace,
  refusal,
  setting,
} from './harness';

describe('a Helm release', () => {
  it('becomes deployed, with its workloads', async () => {
    const { eks } = setting();
    const made = await installController(eks);
    assert.equal(made.id, 'kube-system/aws-load-balancer-controller');
    assert.deepEqual(made.outputs.status, {
      appVersion: 'v2.14.0',
      chart: 'aws-load-balancer-controller',
      name: 'aws-load-balancer-controller',
      namespace: 'kube-system',
      revision: 1,
      status: 'deployed',
      version: '1.14.0',
    });
    assert.deepEqual(at(made.outputs, 'resourceNames', 'Deployment.apps/apps/v1'), [
      'kube-system/aws-load-balancer-controller',
    ]);
  });

  it('counts its revisions, and takes its workloads along', async () => {
    const { eks, world } = setting();
    const made = await installController(eks);
    const values = { ...CONTROLLER_VALUES, replicaCount: 1 };
    const second = await eks.update(made, chart('aws-load-balancer-controller', 'kube-system', values));
    assert.equal(at(second.outputs, 'status', 'revision'), 2);
    await eks.delete(second);
    const left = world.kubernetes.all(TOKENS.deployment).map(({ id }) => id.split('|')[1]);
    assert.deepEqual(left, ['kube-system/coredns']);
  });

  it('is replaced under another name', async () => {
    const { eks } = setting();
    const made = await installController(eks);
    const other = { ...chart('aws-load-balancer-controller', 'kube-system', CONTROLLER_VALUES), name: 'other' };
    assert.deepEqual([eks.diff(made, other).replaces, eks.diff(made, other).deleteBeforeReplace], [['name'], false]);
  });

  it('gets a name from the provider, and needs its namespace unless it makes it', async () => {
    const { eks } = setting();
    const { name: _none, ...given } = chart('cert-manager', 'later', { crds: { enabled: true } });
    assert.match(
      await refusal(eks.create(TOKENS.release, 'cm', given)),
      /failed to create release: namespaces "later" not found/,
    );
    const made = await eks.create(TOKENS.release, 'cm', { ...given, createNamespace: true });
    assert.match(made.id, /^later\/cm-[0-9a-f]{8}$/);
  });

  const located = chart('cert-manager', 'default', { crds: { enabled: true } });
  const { repositoryOpts: _repository, ...nowhere } = located;
  const { version: _version, ...latest } = located;
  for (const [what, given, complaint] of [
    [
      'an unknown chart',
      { ...located, chart: 'redis' },
      /chart: chart "redis" is none that the local cloud can install/,
    ],
    ['a chart of no repository', nowhere, /chart: failed to download chart: .*set repositoryOpts\.repo/],
    [
      'a repository that is no URL',
      { ...located, repositoryOpts: { repo: 'charts.example' } },
      /could not find protocol handler/,
    ],
    [
      'an OCI chart in a repository',
      { ...located, chart: 'oci://quay.io/jetstack/charts/cert-manager' },
      /takes no repository/,
    ],
    ['no version', latest, /version: without a version/],
    ['a version that is none', { ...located, version: 'newest' }, /improper constraint: newest/],
    [
      'a misspelt value',
      { ...located, values: { crd: { enabled: true } } },
      /values\.crd: not a value of chart cert-manager/,
    ],
    [
      'a misspelt nested value',
      { ...located, values: { crds: { enable: true } } },
      /values\.crds\.enable: not a value of chart/,
    ],
    [
      'a value of another type',
      { ...chart('cass-operator', 'default', { global: { clusterScoped: 'yes' } }) },
      /values\.global\.clusterScoped: expected a boolean/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`is refused at preview with ${what}`, async () => {
      const { eks } = setting();
      assert.match(await refusal(eks.create(TOKENS.release, 'r', given)), complaint);
    });
  }

  it('may come from a path or an archive of the same chart', async () => {
    const { eks } = setting();
    const values = { crds: { enabled: true } };
    await eks.create(TOKENS.release, 'a', { chart: './charts/cert-manager', name: 'a', namespace: 'default', values });
    const archive = { chart: '/charts/cert-manager-v1.18.2.tgz', name: 'b', namespace: 'default', values };
    assert.equal((await eks.create(TOKENS.release, 'b', archive)).id, 'default/b');
  });

  it('is there once only', async () => {
    const { eks } = setting();
    await installController(eks);
    assert.match(await refusal(installController(eks)), /cannot re-use a name that is still in use/);
  });

  it('needs nodes, and comes up when it is repeated with them', async () => {
    const { eks, clouds } = setting();
    const groups = clouds.eks?.nodeGroups ?? [];
    if (clouds.eks) clouds.eks.nodeGroups = [];
    assert.match(
      await refusal(installController(eks)),
      /was created, but failed to initialize completely.*timed out waiting for the condition/,
    );
    if (clouds.eks) clouds.eks.nodeGroups = groups;
    const given = chart('aws-load-balancer-controller', 'kube-system', CONTROLLER_VALUES);
    const inputs = eks.check(TOKENS.release, 'controller', given);
    const urn = 'urn:pulumi:dev::it::kubernetes:helm.sh/v3:Release::controller';
    const kept = { urn, id: 'kube-system/aws-load-balancer-controller', inputs, outputs: {} };
    assert.equal(at((await eks.update(kept, given)).outputs, 'status', 'status'), 'deployed');
  });
});

describe('the AWS load balancer controller', () => {
  const without = (key: string): Props =>
    Object.fromEntries(Object.entries(CONTROLLER_VALUES).filter(([name]) => name !== key));
  for (const [what, values, complaint] of [
    ['no cluster name', without('clusterName'), /cannot be installed without a valid clusterName/],
    ['the name of another cluster', { ...CONTROLLER_VALUES, clusterName: 'north' }, /north is not east/],
    ['no VPC', without('vpcId'), /failed to fetch VPC ID from instance metadata/],
    ['another VPC', { ...CONTROLLER_VALUES, vpcId: 'vpc-2' }, /vpc-2 is not vpc-1/],
    ['another region', { ...CONTROLLER_VALUES, region: 'eu-west-2' }, /eu-west-2 is not eu-west-1/],
    [
      'an account without a role',
      { ...CONTROLLER_VALUES, serviceAccount: { name: 'other' } },
      /no credentials: service account kube-system\/other/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`does not start with ${what}`, async () => {
      const { eks } = setting();
      assert.match(await refusal(installController(eks, values)), complaint);
    });
  }

  it('does not start when its pod identity has no agent', async () => {
    const { eks, clouds } = setting();
    if (clouds.eks) clouds.eks.addons = clouds.eks.addons.filter(({ name }) => name !== 'eks-pod-identity-agent');
    assert.match(await refusal(installController(eks)), /no credentials/);
  });

  it('starts with a role annotation in place of a pod identity', async () => {
    const { eks } = setting();
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/x' };
    await installController(eks, { ...CONTROLLER_VALUES, serviceAccount: { name: 'other', annotations } });
  });

  it('does not start on GKE', async () => {
    const { gke } = setting();
    assert.match(await refusal(installController(gke)), /does not run on EC2/);
  });
});

describe('cert-manager', () => {
  it('brings its kinds only when told to', async () => {
    const { eks } = setting();
    await namespace(eks, 'cert-manager');
    const values = { startupapicheck: { enabled: false } };
    await eks.create(TOKENS.release, 'cm', chart('cert-manager', 'cert-manager', values));
    const issuer = { metadata: { name: 'i' }, spec: { selfSigned: {} } };
    assert.match(
      await refusal(eks.create(TOKENS.issuer, 'i', issuer)),
      /creation of resource default\/i failed because the Kubernetes API server reported that the apiVersion for this resource does not exist\. .*no matches for kind "Issuer" in version "cert-manager\.io\/v1"/,
    );
  });

  it('fails its own start-up check without them', async () => {
    const { eks } = setting();
    await namespace(eks, 'cert-manager');
    const made = eks.create(TOKENS.release, 'cm', chart('cert-manager', 'cert-manager'));
    assert.match(await refusal(made), /cert-manager-startupapicheck failed/);
  });

  it('fails its own start-up check where the control plane does not reach its webhook', async () => {
    const { gke, clouds } = setting();
    clouds.openPorts = [443];
    assert.match(await refusal(installCertManager(gke)), /context deadline exceeded/);
  });

  it('leaves its kinds when it goes, unless told to take them', async () => {
    const { eks } = setting();
    const kept = await installCertManager(eks);
    await eks.create(TOKENS.issuer, 'i', { metadata: { name: 'i' }, spec: { selfSigned: {} } });
    await eks.delete(kept);
    await namespace(eks, 'other');
    const values = { crds: { enabled: true, keep: false } };
    const gone = await eks.create(TOKENS.release, 'cm2', { ...chart('cert-manager', 'other', values), name: 'cm2' });
    await eks.delete(gone);
    const issuer = eks.create(TOKENS.issuer, 'i', { metadata: { name: 'i' }, spec: { selfSigned: {} } });
    assert.match(await refusal(issuer), /no matches for kind/);
  });
});

describe('cass-operator', () => {
  it('needs cert-manager for its webhook', async () => {
    const { eks } = setting();
    assert.match(await refusal(installOperator(eks)), /cert-manager is required to be installed for cass-operator/);
  });

  it('does without when its webhook is off', async () => {
    const { eks } = setting();
    const made = await installOperator(eks, { admissionWebhooks: { enabled: false } });
    assert.equal(object(made.outputs, 'status').appVersion, '1.28.0');
  });
});
