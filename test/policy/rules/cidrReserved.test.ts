import { cidrReserved } from '../../../policy/rules/cidrReserved';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('cidr-reserved', () => {
  it('finds the bridge of Docker', () => {
    assertFails(cidrReserved, set(shop(), 'eks', 'kubernetesNetworkConfig.serviceIpv4Cidr', '172.17.0.0/16'), [
      ['eks', /Docker/],
    ]);
  });

  it('finds the sources of Cloud DNS among the ranges of a subnet', () => {
    assertFails(cidrReserved, set(shop(), 'subnet', 'secondaryIpRanges.0.ipCidrRange', '35.199.192.0/20'), [
      ['subnet', /Cloud DNS/],
    ]);
  });

  it('finds what the organisation keeps besides', () => {
    assertFails(
      cidrReserved,
      shop(),
      [
        ['nodes-b', /organisation keeps/],
        ['vpc', /organisation keeps/],
      ],
      { also: ['10.10.16.0/24'] },
    );
  });

  it('leaves link-local ranges to tunnels', () => {
    assertPasses(cidrReserved, shop());
  });

  it('cannot tell of an unknown range', () => {
    assertUndetermined(cidrReserved, set(shop(), 'vpc', 'cidrBlock', ref('eks-key')), [['vpc', /not known/]]);
  });
});
