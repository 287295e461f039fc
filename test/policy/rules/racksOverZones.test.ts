import { racksOverZones } from '../../../policy/rules/racksOverZones';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('racks-over-zones', () => {
  it('finds two racks in one zone', () => {
    assertFails(
      racksOverZones,
      set(shop(), 'east', 'spec.racks.1.nodeAffinityLabels', { 'topology.kubernetes.io/zone': 'eu-west-1a' }),
      [['east', /rack rb in eu-west-1a, where another is/]],
    );
  });

  it('finds a rack in a zone without nodes', () => {
    assertFails(
      racksOverZones,
      set(shop(), 'west', 'spec.racks.2.nodeAffinityLabels', { 'topology.kubernetes.io/zone': 'europe-west4-d' }),
      [['west', /europe-west4-d, which has no nodes/]],
    );
  });

  it('finds a rack that may run anywhere', () => {
    assertFails(racksOverZones, set(shop(), 'east', 'spec.racks.0.nodeAffinityLabels', undefined), [
      ['east', /pins rack ra to no zone/],
    ]);
  });

  it('finds racks of different sizes', () => {
    assertFails(racksOverZones, set(shop(), 'east', 'spec.size', 4), [['east', /4 nodes in 3 racks/]]);
  });

  it('finds fewer racks than replicas', () => {
    assertFails(
      racksOverZones,
      set(
        set(shop(), 'east', 'spec.racks', [
          { name: 'ra', nodeAffinityLabels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } },
        ]),
        'east',
        'spec.size',
        3,
      ),
      [['east', /has 1 racks, requires 2/]],
    );
  });

  it('takes the number of racks from the settings', () => {
    assertPasses(
      racksOverZones,
      set(
        set(shop(), 'east', 'spec.racks', [
          { name: 'ra', nodeAffinityLabels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } },
        ]),
        'east',
        'spec.size',
        3,
      ),
      { racks: 1 },
    );
  });

  it('cannot tell of a size that is not known', () => {
    assertUndetermined(racksOverZones, set(shop(), 'west', 'spec.size', ref('gke')), [['west', /the size/]]);
  });
});
