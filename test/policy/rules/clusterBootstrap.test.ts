import { clusterBootstrap } from '../../../policy/rules/clusterBootstrap';
import { assertFails, assertPasses } from '../judging';
import { ref, secret, set, without } from '../resources';
import { shop } from '../shop';

describe('cluster-bootstrap', () => {
  it('finds a second datacenter that nothing tells of the first', () => {
    assertFails(clusterBootstrap, without(shop(), 'west-seeds'), [['west', /nothing tells .* two rings/]]);
  });

  it('finds a second datacenter that may start before it is told of the first', () => {
    assertFails(
      clusterBootstrap,
      shop().map((resource) =>
        resource.name === 'west'
          ? { ...resource, dependsOn: resource.dependsOn?.filter((name) => name !== 'west-seeds') }
          : resource,
      ),
      [['west', /does not wait until it is told of east/]],
    );
  });

  it('finds datacenters that all leave the roles to another', () => {
    const skip = { 'cassandra.datastax.com/skip-user-creation': 'true' };
    assertFails(clusterBootstrap, set(shop(), 'east', 'metadata.annotations', skip), [['east', /none makes them/]]);
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
        ['west', /does not wait until it is told of east/],
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
