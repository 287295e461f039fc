import { tunnelMapping } from '../../../policy/rules/tunnelMapping';
import { assertFails } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('tunnel-mapping', () => {
  it('finds external interfaces that are crossed', () => {
    assertFails(
      tunnelMapping,
      set(set(shop(), 'tunnel-1', 'peerExternalGatewayInterface', 2), 'tunnel-2', 'peerExternalGatewayInterface', 1),
      [
        ['tunnel-1', /joins HA interface 0 to external interface 2/],
        ['tunnel-2', /joins HA interface 1 to external interface 1/],
      ],
    );
  });

  it('finds an interface that the external gateway lacks', () => {
    assertFails(tunnelMapping, set(shop(), 'tunnel-3', 'peerExternalGatewayInterface', 4), [
      ['tunnel-3', /no interface 4/],
      ['tunnel-3', /external interface 4/],
    ]);
  });

  it('finds a customer gateway that is not the HA VPN gateway', () => {
    assertFails(tunnelMapping, set(shop(), 'customer-1', 'ipAddress', ref('eks-key')), [
      ['customer-1', /does not come from ha/],
    ]);
  });
});
