import assert from 'node:assert/strict';
import { chartLocation } from '../../components/charts';

describe('chartLocation', () => {
  const version = '0.62.0';

  it('is a name in the repository of the settings', () => {
    assert.deepEqual(chartLocation({ chart: 'cass-operator', repository: 'https://charts.example', version }), {
      chart: 'cass-operator',
      version,
      repositoryOpts: { repo: 'https://charts.example' },
    });
  });

  it('is a whole reference where the repository is a registry, which has no index to look a name up in', () => {
    for (const repository of ['oci://registry.example/charts', 'oci://registry.example/charts/']) {
      assert.deepEqual(chartLocation({ chart: 'cass-operator', repository, version }), {
        chart: 'oci://registry.example/charts/cass-operator',
        version,
      });
    }
  });

  it('may be a local path, without a repository', () => {
    assert.deepEqual(chartLocation({ chart: './charts/cass-operator', version }), {
      chart: './charts/cass-operator',
      version,
    });
  });
});
