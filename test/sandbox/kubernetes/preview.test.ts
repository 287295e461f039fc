import * as assert from 'node:assert/strict';
import { UNKNOWN, at } from '../../../sandbox/core/values';
import { TOKENS, namespace, refusal, setting } from './harness';

describe('a preview of kubernetes objects', () => {
  it('answers with what a dry run of the API server fills in, without a status', () => {
    const { eks } = setting();
    const seen = eks.preview(TOKENS.service, 's', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    assert.equal(at(seen, 'spec', 'clusterIP'), '172.20.0.16');
    assert.equal(at(seen, 'spec', 'type'), 'ClusterIP');
    assert.equal('status' in seen, false);
  });

  it('changes nothing', async () => {
    const { eks, world } = setting();
    await namespace(eks, 'app');
    const before = JSON.stringify(world.kubernetes.everything());
    eks.preview(TOKENS.configMap, 'c', { metadata: { name: 'c', namespace: 'app' } });
    assert.equal(JSON.stringify(world.kubernetes.everything()), before);
  });

  it('answers with the inputs alone when a value is unknown', () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }], clusterIP: UNKNOWN } };
    const seen = eks.preview(TOKENS.service, 's', given);
    assert.deepEqual(Object.keys(seen).sort(), ['apiVersion', 'kind', 'metadata', 'spec']);
    assert.equal(at(seen, 'metadata', 'uid'), undefined);
  });

  it('answers with the inputs alone while the namespace or the kind is still to come', () => {
    const { eks } = setting();
    const away = eks.preview(TOKENS.configMap, 'c', { metadata: { name: 'c', namespace: 'later' } });
    assert.equal(at(away, 'metadata', 'uid'), undefined);
    const issuer = eks.preview(TOKENS.issuer, 'i', { metadata: { name: 'i' }, spec: { selfSigned: {} } });
    assert.equal(at(issuer, 'metadata', 'uid'), undefined);
  });

  it('answers with the inputs alone where the object exists', async () => {
    const { eks } = setting();
    await eks.create(TOKENS.configMap, 'a', { metadata: { name: 'c' } });
    const seen = eks.preview(TOKENS.configMap, 'b', { metadata: { name: 'c' } });
    assert.equal(at(seen, 'metadata', 'uid'), undefined);
  });

  it('shows what the API server refuses', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { ports: [{ port: 0 }] } };
    assert.match(
      await refusal(() => eks.preview(TOKENS.service, 's', given)),
      /spec\.ports\[0\]\.port: Invalid value: 0/,
    );
  });

  it('of an update keeps what the API server gave before', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } };
    const made = await eks.create(TOKENS.service, 's', given);
    const inputs = eks.check(
      TOKENS.service,
      's',
      { ...given, metadata: { name: 's', labels: { a: 'b' } } },
      made.inputs,
    );
    const seen = eks.engine.previewUpdate(made.urn, made.outputs, made.inputs, inputs);
    assert.equal(at(seen, 'metadata', 'uid'), at(made.outputs, 'metadata', 'uid'));
    assert.equal(at(seen, 'metadata', 'labels', 'a'), 'b');
  });

  it('of an update answers with the inputs alone when a value is unknown', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } };
    const made = await eks.create(TOKENS.service, 's', given);
    const metadata = { name: 's', namespace: 'default', labels: { a: UNKNOWN } };
    const news = { ...given, apiVersion: 'v1', kind: 'Service', metadata };
    assert.deepEqual(eks.engine.previewUpdate(made.urn, made.outputs, made.inputs, news), news);
  });

  it('of a release leaves its status open', () => {
    const { eks } = setting();
    const given = { chart: './charts/cass-operator', name: 'x', namespace: 'default' };
    assert.equal(eks.preview(TOKENS.release, 'r', given).status, UNKNOWN);
  });
});
