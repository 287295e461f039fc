import { cidrSupernets } from '../../../policy/rules/cidrSupernets';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('cidr-supernets', () => {
  it('finds a public range', () => {
    assertFails(cidrSupernets, set(shop(), 'vpc', 'cidrBlock', '8.8.0.0/16'), [['vpc', /outside the organisation/]]);
  });

  it('finds a range outside the configured supernets', () => {
    assertFails(
      cidrSupernets,
      shop(),
      [
        ['eks', /172\.20/],
        ['subnet', /172\.21/],
      ],
      { supernets: ['10.0.0.0/8'] },
    );
  });

  it('passes inside them', () => {
    assertPasses(cidrSupernets, shop(), { supernets: ['10.0.0.0/8', '172.20.0.0/14'] });
  });

  it('cannot tell of an unknown range', () => {
    assertUndetermined(cidrSupernets, set(shop(), 'vpc', 'cidrBlock', ref('eks-key')), [['vpc', /not known/]]);
  });
});
