import * as assert from 'node:assert/strict';
import { at, text, type Props } from '../../../sandbox/core/values';
import { Driver, EKS_SERVER, TOKENS, namespace, refusal, setting, urnOf } from './harness';

describe('kubernetes objects', () => {
  it('get what the API server gives: uid, versions, time and defaults', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.service, 'web', {
      metadata: { name: 'web' },
      spec: { ports: [{ port: 80 }], clusterIP: 'None' },
    });
    assert.equal(made.id, 'default/web');
    assert.match(text(made.outputs, 'metadata', 'uid') ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(at(made.outputs, 'metadata', 'generation'), 1);
    assert.match(text(made.outputs, 'metadata', 'creationTimestamp') ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(at(made.outputs, 'spec', 'ports', 0), { protocol: 'TCP', targetPort: 80, port: 80 });
  });

  it('are named after their resource when they have no name, and keep that name', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.configMap, 'settings', { data: { a: '1' } });
    assert.match(made.id, /^default\/settings-[0-9a-f]{8}$/);
    assert.equal(at(made.inputs, 'metadata', 'annotations', 'pulumi.com/autonamed'), 'true');
    const again = eks.check(TOKENS.configMap, 'settings', { data: { a: '2' } }, made.inputs);
    assert.equal(text(again, 'metadata', 'name'), text(made.inputs, 'metadata', 'name'));
  });

  it('get another name for a replacement while the old object is there', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.configMap, 'settings', { data: { a: '1' } });
    const fresh = eks.check(TOKENS.configMap, 'settings', { data: { a: '2' } });
    assert.notEqual(text(fresh, 'metadata', 'name'), text(made.inputs, 'metadata', 'name'));
  });

  it('take the namespace of the provider', async () => {
    const { eks, world, clouds } = setting();
    await namespace(eks, 'app');
    const scoped = new Driver(world, clouds, EKS_SERVER, { namespace: 'app' });
    assert.equal((await scoped.create(TOKENS.configMap, 'c', { metadata: { name: 'c' } })).id, 'app/c');
  });

  it('are refused when they exist', async () => {
    const { eks } = setting();
    await namespace(eks, 'app');
    assert.equal(
      await refusal(eks.create(TOKENS.namespace, 'other', { metadata: { name: 'app' } })),
      'resource app was not successfully created by the Kubernetes API server: namespaces "app" already exists',
    );
  });

  it('are taken over when they exist and the provider upserts', async () => {
    const { eks, world, clouds } = setting();
    await eks.create(TOKENS.configMap, 'a', { metadata: { name: 'c' }, data: { one: '1' } });
    const upserting = new Driver(world, clouds, EKS_SERVER, { upsertExistingObjects: 'true' });
    const taken = await upserting.create(TOKENS.configMap, 'b', { metadata: { name: 'c' }, data: { two: '2' } });
    assert.deepEqual(taken.outputs.data, { one: '1', two: '2' });
  });

  it('need their namespace', async () => {
    const { eks } = setting();
    assert.match(
      await refusal(eks.create(TOKENS.configMap, 'c', { metadata: { name: 'c', namespace: 'none' } })),
      /namespaces "none" not found$/,
    );
  });

  it('are refused with a property that the kind does not have, wherever it stands', async () => {
    const { eks } = setting();
    const spec = {
      selector: { matchLabels: { a: 'b' } },
      template: { spec: { containers: [{ name: 'a', imagePolicy: 'x' }] } },
    };
    const message = await refusal(eks.create(TOKENS.deployment, 'd', { spec }));
    assert.match(message, /^spec\.template\.spec\.containers\[0\]\.imagePolicy: .*unknown property/);
  });

  it('of a kind that nobody serves are refused', async () => {
    const { eks } = setting();
    await assert.rejects(
      eks.create('kubernetes:networking.istio.io/v1:Gateway', 'g', {}),
      /not a type the local kubernetes cloud knows/,
    );
  });

  for (const [what, metadata, complaint] of [
    ['a name with capitals', { name: 'Web' }, /metadata\.name: Invalid value: "Web": a lowercase RFC 1123 subdomain/],
    ['a name that is too long', { name: 'a'.repeat(254) }, /must be no more than 253 characters/],
    [
      'a label value with a space',
      { name: 'a', labels: { a: 'b c' } },
      /metadata\.labels: Invalid value: "b c": a valid label/,
    ],
    ['a label value over 63 characters', { name: 'a', labels: { a: 'b'.repeat(64) } }, /must be no more than 63 bytes/],
    ['a label key with two slashes', { name: 'a', labels: { 'a/b/c': 'd' } }, /metadata\.labels: .*qualified name/],
    [
      'an annotation key with a space',
      { name: 'a', annotations: { 'a b': 'c' } },
      /metadata\.annotations: .*qualified name/,
    ],
    ['annotations over 256 KiB', { name: 'a', annotations: { a: 'b'.repeat(262144) } }, /Too long/],
  ] as const) {
    it(`with ${what} are refused`, async () => {
      const { eks } = setting();
      assert.match(await refusal(eks.create(TOKENS.configMap, 'c', { metadata })), complaint);
    });
  }

  it('of the whole cluster have no namespace', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 'fast', namespace: 'default' }, provisioner: 'ebs.csi.aws.com' };
    assert.match(
      await refusal(eks.create(TOKENS.storageClass, 's', given)),
      /metadata\.namespace: Forbidden: not allowed on this type/,
    );
  });

  it('are replaced in place of deleted first when their name stays', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.configMap, 'c', { metadata: { name: 'c' }, data: { a: '1' } });
    const diff = eks.diff(made, { metadata: { name: 'c' }, data: { a: '2' } });
    assert.deepEqual(diff.replaces, ['data']);
    assert.equal(diff.deleteBeforeReplace, true);
  });

  it('named by the provider are replaced before they are deleted', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.configMap, 'c', { data: { a: '1' } });
    const diff = eks.diff(made, { data: { a: '2' } });
    assert.deepEqual([diff.replaces, diff.deleteBeforeReplace], [['data'], false]);
  });

  it('keep their name when the provider lets ConfigMaps change', async () => {
    const { eks } = setting({ enableConfigMapMutable: 'true' });
    const made = await eks.create(TOKENS.configMap, 'c', { metadata: { name: 'c' }, data: { a: '1' } });
    assert.deepEqual(eks.diff(made, { metadata: { name: 'c' }, data: { a: '2' } }).replaces, []);
    const changed = await eks.update(made, { metadata: { name: 'c' }, data: { b: '2' } });
    assert.deepEqual(changed.outputs.data, { b: '2' });
    assert.notEqual(
      at(changed.outputs, 'metadata', 'resourceVersion'),
      at(made.outputs, 'metadata', 'resourceVersion'),
    );
  });

  const changes: [string, string, Props, Props, string[]][] = [
    ['name', TOKENS.namespace, { metadata: { name: 'a' } }, { metadata: { name: 'b' } }, ['metadata']],
    [
      'namespace',
      TOKENS.configMap,
      { metadata: { name: 'a', namespace: 'default' } },
      { metadata: { name: 'a', namespace: 'kube-system' } },
      ['metadata'],
    ],
    ['label', TOKENS.configMap, { metadata: { name: 'a' } }, { metadata: { name: 'a', labels: { a: 'b' } } }, []],
    [
      "StorageClass's parameters",
      TOKENS.storageClass,
      { metadata: { name: 'a' }, provisioner: 'ebs.csi.aws.com', parameters: { type: 'gp3' } },
      { metadata: { name: 'a' }, provisioner: 'ebs.csi.aws.com', parameters: { type: 'io2' } },
      ['parameters'],
    ],
    [
      "StorageClass's expansion",
      TOKENS.storageClass,
      { metadata: { name: 'a' }, provisioner: 'ebs.csi.aws.com' },
      { metadata: { name: 'a' }, provisioner: 'ebs.csi.aws.com', allowVolumeExpansion: true },
      [],
    ],
    [
      "Secret's type",
      TOKENS.secret,
      { metadata: { name: 'a' } },
      { metadata: { name: 'a' }, type: 'my/type' },
      ['type'],
    ],
  ];
  for (const [what, token, before, after, replaces] of changes) {
    it(`change of ${what} ${replaces.length > 0 ? 'replaces' : 'updates'}`, async () => {
      const { eks } = setting();
      const made = await eks.create(token, 'it', before);
      assert.deepEqual(eks.diff(made, after).replaces, replaces);
    });
  }

  it('show at a refresh what was changed behind the back of Pulumi', async () => {
    const { eks, world } = setting();
    const made = await eks.create(TOKENS.configMap, 'c', { metadata: { name: 'c' }, data: { a: '1' } });
    const drifted = { ...made.outputs, data: { a: 'drifted' } };
    world.kubernetes.put(
      TOKENS.configMap,
      `${EKS_SERVER}|${made.id}`,
      { ...made.inputs, data: { a: 'drifted' } },
      drifted,
    );
    const seen = await eks.read(made);
    assert.deepEqual(seen?.outputs.data, { a: 'drifted' });
    assert.deepEqual(seen?.inputs.data, { a: 'drifted' });
    world.kubernetes.remove(TOKENS.configMap, `${EKS_SERVER}|${made.id}`);
    assert.equal(await eks.read(made), undefined);
  });

  it('of one cluster are not those of another', async () => {
    const { eks, gke } = setting();
    await namespace(eks, 'app');
    assert.equal((await namespace(gke, 'app')).id, 'app');
    await eks.delete({ urn: urnOf(TOKENS.namespace, 'namespace-app'), id: 'app' });
    assert.match(await refusal(namespace(gke, 'app')), /already exists/);
  });
});
