import { asnPrivate } from '../../../policy/rules/asnPrivate';
import { assertFails, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('asn-private', () => {
  it('finds a public number', () => {
    assertFails(
      asnPrivate,
      ['customer-0', 'customer-1'].reduce(
        (all, name) => set(all, name, 'bgpAsn', '15169'),
        set(shop(), 'router', 'bgp.asn', 15169),
      ),
      [['router', /AS 15169 of router is not private/]],
    );
  });

  it('finds one number on both sides', () => {
    assertFails(
      asnPrivate,
      ['customer-0', 'customer-1'].reduce(
        (all, name) => set(all, name, 'bgpAsn', '64512'),
        set(shop(), 'router', 'bgp.asn', 64512),
      ),
      [['router', /both sides are AS 64512/]],
    );
  });

  it('finds ends that expect another number', () => {
    assertFails(asnPrivate, set(shop(), 'peer-1', 'peerAsn', 64999), [
      ['peer-1', /peerAsn is 64999, but vgw is 64512/],
    ]);
  });

  it('cannot tell of a number that is not known', () => {
    assertUndetermined(asnPrivate, set(shop(), 'router', 'bgp.asn', ref('network')), [
      ['router', /AS number of router|bgp\.asn/],
      ['router', /.*/],
    ]);
  });
});
