import { seedsPlanned } from '../../../policy/rules/seedsPlanned';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set, without } from '../resources';
import { shop } from '../shop';

describe('seeds-planned', () => {
  it('finds a name in place of an address', () => {
    assertFails(seedsPlanned, set(shop(), 'west', 'spec.additionalSeeds', ['seeds.east.example']), [
      ['west', /is a name/],
    ]);
  });

  it('finds the address of a pod', () => {
    assertFails(seedsPlanned, set(shop(), 'west-seeds', 'subsets.0.addresses', [{ ip: '10.20.3.4' }]), [
      ['west-seeds', /10\.20\.3\.4 of west-seeds is no planned address/],
    ]);
  });

  it('finds seeds that kube-dns does not see', () => {
    assertFails(seedsPlanned, without(shop(), 'west-seeds'), [['west', /kube-dns does not see/]]);
  });

  it('asks no Endpoints where another DNS reads slices', () => {
    assertPasses(seedsPlanned, set(without(shop(), 'west-seeds'), 'gke', 'dnsConfig.clusterDns', 'CLOUD_DNS'));
  });

  it('cannot tell of a seed that is not known', () => {
    assertUndetermined(seedsPlanned, set(shop(), 'west', 'spec.additionalSeeds', [ref('gke')]), [['west', /a seed/]]);
  });
});
