import { advertisementComplete } from '../../../policy/rules/advertisementComplete';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('advertisement-complete', () => {
  it('finds a pod range that is left out', () => {
    assertFails(advertisementComplete, set(shop(), 'router', 'bgp.advertisedIpRanges', [{ range: '10.50.0.0/16' }]), [
      ['router', /does not advertise pod range 10\.60\.0\.0\/16/],
    ]);
  });

  it('finds a session with a list of its own that forgets the nodes', () => {
    assertFails(
      advertisementComplete,
      set(set(shop(), 'peer-3', 'advertiseMode', 'CUSTOM'), 'peer-3', 'advertisedIpRanges', [
        { range: '10.60.0.0/16' },
      ]),
      [['peer-3', /does not advertise node range 10\.50\.0\.0\/17/]],
    );
  });

  it('finds a service range among what is advertised', () => {
    assertFails(
      advertisementComplete,
      set(shop(), 'router', 'bgp.advertisedIpRanges', [
        { range: '10.50.0.0/16' },
        { range: '10.60.0.0/16' },
        { range: '172.21.0.0/16' },
      ]),
      [['router', /advertises service range/]],
    );
  });

  it('takes all subnets as complete', () => {
    assertPasses(
      advertisementComplete,
      set(set(shop(), 'router', 'bgp.advertisedIpRanges', undefined), 'router', 'bgp.advertisedGroups', [
        'ALL_SUBNETS',
      ]),
    );
  });

  it('cannot tell of a list that is not known', () => {
    assertUndetermined(advertisementComplete, set(shop(), 'router', 'bgp.advertisedIpRanges.0.range', ref('network')), [
      ['router', /what is advertised/],
    ]);
  });
});
