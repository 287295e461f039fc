import * as assert from 'node:assert/strict';
import { at, text, type Props } from '../../../sandbox/core/values';
import { temporaryWorld } from '../harness';
import { Driver, FakeClouds, TOKENS, namespace, refusal, setting } from './harness';
import { readKubeconfig } from '../../../sandbox/kubernetes/kubeconfig';

describe('kubernetes clusters', () => {
  it('that do not answer are unreachable, in the words of the provider', async () => {
    const nowhere = new Driver(temporaryWorld(), new FakeClouds(), 'https://gone.example');
    assert.match(
      await refusal(namespace(nowhere, 'app')),
      /^configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "https:\/\/gone\.example\/openapi/,
    );
  });

  it('that are deleted make every operation fail', async () => {
    const { eks, clouds } = setting();
    const made = await namespace(eks, 'app');
    clouds.eks = undefined;
    assert.match(await refusal(eks.delete(made)), /cluster is unreachable/);
    assert.match(await refusal(eks.read(made)), /cluster is unreachable/);
  });

  it('that are deleted take their objects along with deleteUnreachable', async () => {
    const { eks, clouds, world } = setting({ deleteUnreachable: 'true' });
    const made = await namespace(eks, 'app');
    clouds.eks = undefined;
    await eks.delete(made);
    assert.equal(await eks.read(made), undefined);
    assert.deepEqual(world.kubernetes.everything(), []);
  });

  it('are found by the server of the current context', () => {
    const config = `
apiVersion: v1
kind: Config
current-context: b
clusters: [{name: one, cluster: {server: "https://one"}}, {name: two, cluster: {server: "https://two"}}]
contexts: [{name: a, context: {cluster: one}}, {name: b, context: {cluster: two, namespace: app}}]`;
    assert.deepEqual(readKubeconfig(config), { server: 'https://two', namespace: 'app' });
    assert.equal(readKubeconfig(config, 'a').server, 'https://one');
    assert.throws(() => readKubeconfig(config, 'c'), /context "c" does not exist/);
    assert.throws(() => readKubeconfig('just text'), /not a YAML or JSON object/);
  });

  it('refuse configuration that the provider does not have', () => {
    assert.throws(
      () => new Driver(temporaryWorld(), new FakeClouds(), 'https://x', { context: 'other' }),
      /context "other" does not exist/,
    );
  });

  for (const [kind, token, name] of [
    ['eks', TOKENS.namespace, 'kube-system'],
    ['eks', TOKENS.storageClass, 'gp2'],
    ['eks', TOKENS.configMap, 'kube-system/coredns'],
    ['eks', TOKENS.configMap, 'kube-system/amazon-vpc-cni'],
    ['eks', TOKENS.service, 'kube-system/kube-dns'],
    ['gke', TOKENS.namespace, 'gmp-system'],
    ['gke', TOKENS.storageClass, 'premium-rwo'],
    ['gke', TOKENS.storageClass, 'standard-rwo'],
    ['gke', TOKENS.configMap, 'kube-system/kube-dns'],
  ] as const) {
    it(`of ${kind} have ${name} from the start`, async () => {
      const driver = setting()[kind];
      const [, namespaceName, bare = ''] = /^(?:(.*)\/)?(.*)$/.exec(name) ?? [];
      const metadata: Props = { name: bare, ...(namespaceName ? { namespace: namespaceName } : {}) };
      const given: Props = token === TOKENS.storageClass ? { metadata, provisioner: 'p' } : { metadata };
      const service = token === TOKENS.service ? { ...given, spec: { ports: [{ port: 53 }] } } : given;
      assert.match(await refusal(driver.create(token, 'mine', service)), /already exists$/);
    });
  }

  it('of EKS have no CoreDNS before the add-on, and its Corefile after', async () => {
    const { eks, clouds } = setting();
    if (!clouds.eks) throw new Error('no cluster');
    const all = clouds.eks.addons;
    clouds.eks.addons = all.filter(({ name }) => name !== 'coredns');
    const patch = { metadata: { name: 'coredns', namespace: 'kube-system' }, data: { extra: 'x' } };
    assert.match(await refusal(eks.create(TOKENS.configMapPatch, 'p', patch)), /configmaps "coredns" not found/);
    clouds.eks.addons = [...all, { name: 'coredns', configuration: { corefile: '.:53 { ready }' } }].filter(
      ({ name, configuration }) => name !== 'coredns' || configuration.corefile !== undefined,
    );
    const made = await eks.create(TOKENS.configMapPatch, 'p', { ...patch, data: {} });
    assert.equal(text(made.outputs, 'data', 'Corefile'), '.:53 { ready }');
  });

  it('give cluster DNS the tenth address of the service range', async () => {
    const { gke, world } = setting();
    await namespace(gke, 'app');
    const services = world.kubernetes.all(TOKENS.service).map(({ outputs }) => at(outputs, 'spec', 'clusterIP'));
    assert.deepEqual(services, ['172.21.0.10']);
  });
});
