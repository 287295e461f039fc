import { clusterBootstrap } from '../../../policy/rules/clusterBootstrap';
import { assertFails, assertPasses } from '../judging';
import { ref, secret, set, without } from '../resources';
import { shop } from '../shop';

describe('cluster-bootstrap', () => {
  it('finds two datacenters that each start a ring', () => {
    assertFails(clusterBootstrap, set(shop(), 'west', 'spec.additionalSeeds', undefined), [['west', /two rings/]]);
  });

  it('finds datacenters that wait for each other', () => {
    assertFails(clusterBootstrap, set(shop(), 'east', 'spec.additionalSeeds', ['10.50.100.5']), [
      ['east', /none starts/],
    ]);
  });

  it('finds a second datacenter that makes the roles again', () => {
    assertFails(clusterBootstrap, set(shop(), 'west', 'metadata.annotations', {}), [['west', /makes the roles again/]]);
  });

  it('finds a second datacenter that waits for nothing', () => {
    assertFails(
      clusterBootstrap,
      shop().map((resource) => (resource.name === 'west' ? { ...resource, dependsOn: [] } : resource)),
      [
        ['west', /does not wait for east/],
        ['west', /does not wait for the link/],
      ],
    );
  });

  it('finds one namespace on both sides', () => {
    assertFails(
      clusterBootstrap,
      ['west', 'super-west', 'west-seeds', 'rebuild'].reduce(
        (all, name) => set(all, name, 'metadata.namespace', 'shop-east'),
        shop(),
      ),
      [['west', /both in a namespace shop-east/]],
    );
  });

  it('finds two superusers', () => {
    assertFails(clusterBootstrap, set(shop(), 'super-west', 'data.password', secret('b3RoZXI=')), [
      ['super-west', /are different/],
    ]);
  });

  it('finds superusers from two generators before they are known', () => {
    assertFails(
      clusterBootstrap,
      set(set(shop(), 'super-east', 'data', ref('key-0')), 'super-west', 'data', ref('key-1')),
      [['super-west', /are different/]],
    );
  });

  it('finds a superuser that is left to the operator', () => {
    assertFails(clusterBootstrap, set(shop(), 'west', 'spec.superuserSecretName', undefined), [
      ['west', /operator makes one for each/],
    ]);
  });

  it('finds a datacenter that joins empty', () => {
    assertFails(clusterBootstrap, without(shop(), 'rebuild'), [['west', /joins empty/]]);
  });

  it('finds a rebuild from a datacenter that there is not', () => {
    assertFails(clusterBootstrap, set(shop(), 'rebuild', 'spec.jobs.0.args.source_datacenter', 'dc1'), [
      ['rebuild', /rebuilds from dc1/],
    ]);
  });

  it('asks nothing of a single datacenter', () => {
    assertPasses(clusterBootstrap, without(shop(), 'west', 'west-seeds', 'rebuild', 'replication'));
  });
});
