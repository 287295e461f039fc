import * as assert from 'node:assert/strict';
import { at } from '../../../sandbox/core/values';
import { TOKENS, refusal, setting } from './harness';

const DNS = { name: 'kube-dns', namespace: 'kube-system' };
const COREDNS = { name: 'coredns', namespace: 'kube-system' };

describe('server-side apply', () => {
  it('adds the fields of a patch to an object that the cloud made', async () => {
    const { gke } = setting();
    const patch = await gke.create(TOKENS.configMapPatch, 'stubs', { metadata: DNS, data: { stubDomains: '{}' } });
    assert.equal(patch.id, 'kube-system/kube-dns');
    assert.deepEqual(patch.outputs.data, { stubDomains: '{}' });
    assert.equal(at(patch.outputs, 'metadata', 'labels', 'addonmanager.kubernetes.io/mode'), 'EnsureExists');
  });

  it('takes away the fields of a deleted patch, and them alone', async () => {
    const { gke, world } = setting();
    const one = await gke.create(TOKENS.configMapPatch, 'one', { metadata: DNS, data: { stubDomains: '{}' } });
    await gke.create(TOKENS.configMapPatch, 'two', { metadata: DNS, data: { upstreamNameservers: '[]' } });
    await gke.delete(one);
    const left = world.kubernetes.all(TOKENS.configMap).find(({ id }) => id.endsWith('kube-system/kube-dns'));
    assert.deepEqual(left?.outputs.data, { upstreamNameservers: '[]' });
  });

  it('takes away a field that the patch no longer names', async () => {
    const { gke } = setting();
    const patch = await gke.create(TOKENS.configMapPatch, 'p', {
      metadata: DNS,
      data: { stubDomains: '{}', other: 'x' },
    });
    const changed = await gke.update(patch, { metadata: DNS, data: { stubDomains: '{"a":["10.0.0.1"]}' } });
    assert.deepEqual(changed.outputs.data, { stubDomains: '{"a":["10.0.0.1"]}' });
  });

  it('refuses to change a field of another manager', async () => {
    const { eks } = setting();
    const message = await refusal(
      eks.create(TOKENS.configMapPatch, 'p', { metadata: COREDNS, data: { Corefile: 'mine' } }),
    );
    assert.match(message, /Apply failed with 1 conflict: conflict with "eks" using v1: \.data\.Corefile$/);
  });

  it('lists all conflicts', async () => {
    const { eks } = setting();
    const given = { metadata: { ...COREDNS, labels: { 'k8s-app': 'mine' } }, data: { Corefile: 'mine' } };
    const message = await refusal(eks.create(TOKENS.configMapPatch, 'p', given));
    assert.match(
      message,
      /Apply failed with 2 conflicts:\n- conflict with "eks" using v1: \.metadata\.labels\.k8s-app\n- /,
    );
  });

  it('changes it by force, until the add-on takes it back', async () => {
    const { eks } = setting();
    const metadata = { ...COREDNS, annotations: { 'pulumi.com/patchForce': 'true' } };
    const patch = await eks.create(TOKENS.configMapPatch, 'p', { metadata, data: { Corefile: 'mine' } });
    assert.equal(at(patch.outputs, 'data', 'Corefile'), 'mine');
    const seen = await eks.read(patch);
    assert.match(String(at(seen?.outputs, 'data', 'Corefile')), /^\.:53/);
  });

  it('shares a field that both managers give the same value', async () => {
    const { eks } = setting();
    const labels = { 'k8s-app': 'kube-dns' };
    const patch = await eks.create(TOKENS.configMapPatch, 'p', { metadata: { ...COREDNS, labels } });
    await eks.delete(patch);
    const again = await eks.create(TOKENS.configMapPatch, 'p', { metadata: COREDNS });
    assert.equal(at(again.outputs, 'metadata', 'labels', 'k8s-app'), 'kube-dns');
  });

  it('needs the name and the object of a patch', async () => {
    const { eks } = setting();
    assert.match(await refusal(eks.create(TOKENS.configMapPatch, 'p', { data: {} })), /`\.metadata\.name` to be set/);
    const absent = { metadata: { name: 'absent', namespace: 'kube-system' } };
    assert.match(await refusal(eks.create(TOKENS.configMapPatch, 'p', absent)), /configmaps "absent" not found$/);
  });

  it('finds nothing to patch again when the object is gone', async () => {
    const { gke, world } = setting();
    const patch = await gke.create(TOKENS.configMapPatch, 'p', { metadata: DNS, data: { a: 'b' } });
    world.kubernetes.remove(
      TOKENS.configMap,
      world.kubernetes.all(TOKENS.configMap).find(({ id }) => id.endsWith('kube-dns'))?.id ?? '',
    );
    const seen = await gke.read(patch);
    // GKE's add-on manager makes the ConfigMap anew, empty.
    assert.equal(seen?.outputs.data, undefined);
    await gke.delete(patch);
  });
});
