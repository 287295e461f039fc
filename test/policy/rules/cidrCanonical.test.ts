import { cidrCanonical } from '../../../policy/rules/cidrCanonical';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('cidr-canonical', () => {
  it('finds host bits in a VPC range', () => {
    assertFails(cidrCanonical, set(shop(), 'vpc', 'cidrBlock', '10.10.0.5/16'), [['vpc', /host bits/]]);
  });

  it('finds a range of a firewall without prefix length', () => {
    assertFails(cidrCanonical, set(shop(), 'admit-aws', 'sourceRanges', ['10.10.0.0/16', '10.20.0.0']), [
      ['admit-aws', /sourceRanges\.1\) has no prefix/],
    ]);
  });

  it('finds a leading zero in an advertised range', () => {
    assertFails(cidrCanonical, set(shop(), 'router', 'bgp.advertisedIpRanges', [{ range: '10.50.0.0/016' }]), [
      ['router', /leading zero/],
    ]);
  });

  it('leaves IPv6 ranges of rules alone', () => {
    assertPasses(cidrCanonical, set(shop(), 'admit-aws', 'sourceRanges', ['fd00::/8']));
  });

  it('cannot tell of a range that another resource gives', () => {
    assertUndetermined(cidrCanonical, set(shop(), 'vpc', 'cidrBlock', ref('eks-key')), [
      ['vpc', /VPC range of vpc \(cidrBlock\) is not known/],
    ]);
  });

  it('cannot tell of a VPC without range, which a pool would give', () => {
    assertUndetermined(cidrCanonical, set(shop(), 'vpc', 'cidrBlock', undefined), [['vpc', /not known/]]);
  });
});
