import { gkeCapacity } from '../../../policy/rules/gkeCapacity';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { set } from '../resources';
import { shop } from '../shop';

describe('gke-capacity', () => {
  it('finds a pod range that the largest pool outgrows', () => {
    assertFails(gkeCapacity, set(shop(), 'pool', 'autoscaling.maxNodeCount', 200), [
      ['subnet', /pod range 10\.60\.0\.0\/16 has room for 65536 pod addresses, requires 76928/],
    ]);
  });

  it('finds a node subnet that is too small', () => {
    assertFails(
      gkeCapacity,
      set(set(shop(), 'subnet', 'ipCidrRange', '10.50.100.0/29'), 'pool', 'autoscaling.maxNodeCount', 2),
      [['subnet', /subnet range 10\.50\.100\.0\/29 has room for 4 nodes, requires 7/]],
    );
  });

  it('finds more pods per node than GKE takes', () => {
    assertFails(gkeCapacity, set(shop(), 'pool', 'maxPodsPerNode', 300), [['pool', /300 pods per node/]]);
  });

  it('counts a regional pool per zone, and the node that an upgrade adds', () => {
    assertPasses(gkeCapacity, set(shop(), 'pool', 'autoscaling.maxNodeCount', 170));
  });

  it("takes GKE's default of 110 pods", () => {
    assertFails(
      gkeCapacity,
      set(
        set(set(shop(), 'pool', 'maxPodsPerNode', undefined), 'gke', 'defaultMaxPodsPerNode', undefined),
        'pool',
        'autoscaling.maxNodeCount',
        100,
      ),
      [['subnet', /requires 77056/]],
    );
  });

  it('cannot tell how large a pool without a size gets', () => {
    assertUndetermined(gkeCapacity, set(shop(), 'pool', 'autoscaling', undefined), [['pool', /the largest size/]]);
  });

  it('cannot tell without the subnet', () => {
    assertUndetermined(gkeCapacity, set(shop(), 'gke', 'subnetwork', undefined), [['gke', /the subnet/]]);
  });
});
