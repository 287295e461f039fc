import { tunnelKeys } from '../../../policy/rules/tunnelKeys';
import { assertFails } from '../judging';
import { ref, secret, set } from '../resources';
import { shop } from '../shop';

describe('tunnel-keys', () => {
  it('finds one key for two tunnels, by its origin', () => {
    assertFails(
      tunnelKeys,
      set(set(shop(), 'connection-0', 'tunnel2PresharedKey', ref('key-0')), 'tunnel-1', 'sharedSecret', ref('key-0')),
      [['connection-0', /connection-0 tunnel 2 has the pre-shared key of connection-0 tunnel 1/]],
    );
  });

  it('finds one key for two tunnels, by its text', () => {
    assertFails(
      tunnelKeys,
      ['connection-0', 'connection-1'].reduce(
        (all, name, index) =>
          set(
            set(all, name, 'tunnel1PresharedKey', secret('k123456789')),
            `tunnel-${index * 2}`,
            'sharedSecret',
            secret('k123456789'),
          ),
        shop(),
      ),
      [['connection-1', /has the pre-shared key of connection-0 tunnel 1/]],
    );
  });

  it('finds two ends with different keys', () => {
    assertFails(tunnelKeys, set(shop(), 'tunnel-2', 'sharedSecret', ref('key-3')), [
      ['tunnel-2', /different pre-shared keys/],
    ]);
  });

  it('finds a generator of characters that AWS refuses', () => {
    assertFails(tunnelKeys, set(shop(), 'key-1', 'special', undefined), [['key-1', /characters that AWS refuses/]]);
  });

  it('finds a key that AWS refuses', () => {
    assertFails(
      tunnelKeys,
      set(
        set(shop(), 'connection-0', 'tunnel1PresharedKey', secret('0abcdefgh')),
        'tunnel-0',
        'sharedSecret',
        secret('0abcdefgh'),
      ),
      [['connection-0', /refuses the pre-shared key/]],
    );
  });

  it('finds a generator of keys that are too long', () => {
    assertFails(tunnelKeys, set(shop(), 'key-1', 'length', 65), [['key-1', /65 characters/]]);
  });
});
