import assert from 'node:assert/strict';
import type { Recording } from '../recorder';
import { RELEASE, clusterOverTwoSites } from './sites';

describe('operators', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });
  const release = (chart: string) => recording.one(RELEASE, `xcloud-aws-eu-west-1-operators-${chart}`).inputs;

  it('come as releases, whose hooks run, from the charts of the settings', () => {
    const { chart, version, repositoryOpts, namespace } = release('cass-operator');
    assert.deepEqual([chart, version, namespace], ['cass-operator', '0.61.1', 'cass-operator']);
    assert.deepEqual(repositoryOpts, { repo: 'https://helm.k8ssandra.io/stable' });
  });

  it('have the operator watch all namespaces and its webhooks on', () => {
    assert.deepEqual(release('cass-operator').values, {
      global: { clusterScoped: true },
      admissionWebhooks: { enabled: true },
    });
  });

  it('have cert-manager bring its resource definitions', () => {
    assert.deepEqual(release('cert-manager').values, { crds: { enabled: true } });
  });
});

describe('metrics', () => {
  it('are scraped by the managed Prometheus on Google Cloud, from the site’s namespace', async () => {
    const recording = await clusterOverTwoSites();
    const { inputs } = recording.one('kubernetes:monitoring.googleapis.com/v1:PodMonitoring');
    assert.equal((inputs.metadata as { namespace: string }).namespace, 'cassandra-gcp-europe-west4');
    assert.deepEqual(inputs.spec, {
      selector: { matchLabels: { 'cassandra.datastax.com/cluster': 'xcloud' } },
      endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
    });
  });
});
