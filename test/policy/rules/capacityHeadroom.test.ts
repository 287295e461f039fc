import { capacityHeadroom } from '../../../policy/rules/capacityHeadroom';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('capacity-headroom', () => {
  it('finds a pod range that is nearly full', () => {
    assertFails(capacityHeadroom, set(shop(), 'pool', 'autoscaling.maxNodeCount', 160), [
      ['subnet', /less than 20 % stay free/],
    ]);
  });

  it('finds a pod subnet of EKS that has too few prefixes', () => {
    assertFails(capacityHeadroom, set(shop(), 'group-b', 'scalingConfig.maxSize', 60), [
      ['pods-b', /pod subnet 10\.20\.32\.0\/19 of pods-b has room for 63 nodes and may need 60/],
    ]);
  });

  it('finds a node subnet that is nearly full', () => {
    assertFails(
      capacityHeadroom,
      set(set(shop(), 'nodes-a', 'cidrBlock', '10.10.0.0/28'), 'group-a', 'scalingConfig.maxSize', 5),
      [['nodes-a', /room for 5 nodes and may need 5/]],
    );
  });

  it('takes the part that stays free from the settings', () => {
    assertPasses(capacityHeadroom, set(shop(), 'pool', 'autoscaling.maxNodeCount', 160), { free: 0.02 });
  });

  it('cannot tell without the largest size of a group', () => {
    assertUndetermined(capacityHeadroom, set(shop(), 'group-a', 'scalingConfig.maxSize', ref('eks-key')), [
      ['group-a', /the largest size/],
    ]);
  });
});
