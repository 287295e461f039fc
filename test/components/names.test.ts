import assert from 'node:assert/strict';
import { clusterName, loadBalancerName, shortened, siteTags } from '../../components/names';

describe('derived names', () => {
  it('are made of the Cassandra cluster and the site', () => {
    assert.equal(clusterName({ cluster: 'xcloud' }, { name: 'aws-eu-west-1' }), 'xcloud-aws-eu-west-1');
  });

  it('stay as they are where they fit', () => {
    assert.equal(loadBalancerName('xcloud-aws-eu-west-1', 'gateway'), 'xcloud-aws-eu-west-1-gateway');
  });

  it('are cut to the limit where they do not fit, and stay distinct', () => {
    const long = 'a-cluster-with-a-long-name-in-aws-eu-west-1';
    const names = (['gateway', 'dns'] as const).map((role) => loadBalancerName(long, role));
    assert.notEqual(names[0], names[1]);
    for (const name of names) {
      assert.ok(name.length <= 32, name);
      assert.match(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }
    assert.equal(shortened('abcdefgh---------------', 16).includes('--'), false);
  });

  it('do not let a user tag hide the tags by which the program finds its own', () => {
    const site = { name: 'a', datacenter: 'dc1' };
    assert.equal(siteTags({ cluster: 'xcloud', tags: { site: 'other', team: 'data' } }, site).site, 'a');
    assert.equal(siteTags({ cluster: 'xcloud', tags: { team: 'data' } }, site).team, 'data');
  });
});
