import { tunnelRedundancy } from '../../../policy/rules/tunnelRedundancy';
import { assertFails, assertUndetermined } from '../judging';
import { ref, set, without } from '../resources';
import { shop } from '../shop';

describe('tunnel-redundancy', () => {
  it('finds a link of three tunnels', () => {
    assertFails(
      tunnelRedundancy,
      without(shop(), 'tunnel-3', 'interface-3', 'peer-3').map((resource) =>
        resource.name === 'west' ? { ...resource, dependsOn: ['east'] } : resource,
      ),
      [
        ['connection-1', /nothing uses connection-1 tunnel 2/],
        ['ha', /1 tunnels use interface 1/],
        ['ha', /linked with AWS by 3 of 4/],
      ],
    );
  });

  it('finds all tunnels on one interface', () => {
    assertFails(
      tunnelRedundancy,
      set(set(shop(), 'tunnel-2', 'vpnGatewayInterface', 0), 'tunnel-3', 'vpnGatewayInterface', 0),
      [['ha', /0 tunnels use interface 1/]],
    );
  });

  it('finds an external gateway that claims less than it has', () => {
    assertFails(tunnelRedundancy, set(shop(), 'external', 'redundancyType', 'TWO_IPS_REDUNDANCY'), [
      ['external', /TWO_IPS_REDUNDANCY/],
    ]);
  });

  it('cannot tell which interface is used before it is known', () => {
    assertUndetermined(tunnelRedundancy, set(shop(), 'tunnel-3', 'vpnGatewayInterface', ref('ha')), [
      ['tunnel-3', /the interface/],
    ]);
  });
});
