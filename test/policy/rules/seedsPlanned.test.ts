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

  it('finds additional seeds that are load balancers, on the first datacenter as on the second', () => {
    assertFails(seedsPlanned, set(shop(), 'west', 'spec.additionalSeeds', ['10.10.100.5']), [
      ['west', /none of its nodes is a seed/],
    ]);
    assertFails(seedsPlanned, set(shop(), 'east', 'spec.additionalSeeds', ['10.50.100.5']), [
      ['east', /none of its nodes is a seed/],
    ]);
  });

  it('finds additional seeds that kube-dns does not see', () => {
    assertFails(seedsPlanned, set(without(shop(), 'west-seeds'), 'west', 'spec.additionalSeeds', ['10.20.3.4']), [
      ['west', /kube-dns does not see/],
      ['west', /10\.20\.3\.4 of west is no planned address/],
    ]);
  });

  it('asks no Endpoints of a datacenter without additional seeds', () => {
    assertPasses(seedsPlanned, without(shop(), 'west-seeds'));
  });

  it('cannot tell of a seed that is not known', () => {
    assertUndetermined(seedsPlanned, set(shop(), 'west', 'spec.additionalSeeds', [ref('gke')]), [['west', /a seed/]]);
  });
});
