import { encryptionInTransit } from '../../../policy/rules/encryptionInTransit';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { type TestResource, ref, secret, set } from '../resources';
import { object, shop } from '../shop';

/** The shop with the configuration of one datacenter in a Secret. */
function withSecret(data: unknown): TestResource[] {
  const pointed = set(set(shop(), 'east', 'spec.config', undefined), 'east', 'spec.configSecret', 'settings');
  const metadata = { name: 'settings', namespace: 'shop-east' };
  return [...pointed, object('core/v1:Secret', 'east-config', 'on-eks', { metadata, data })];
}

describe('encryption-in-transit', () => {
  it('finds nodes that speak in the clear', () => {
    assertFails(
      encryptionInTransit,
      set(shop(), 'east', 'spec.config.cassandra-yaml.server_encryption_options.internode_encryption', 'none'),
      [['east', /internode_encryption is none/]],
    );
  });

  it('finds nodes that let anybody join, or speak as they like', () => {
    assertFails(
      encryptionInTransit,
      set(shop(), 'west', 'spec.config.cassandra-yaml.server_encryption_options', {
        internode_encryption: 'dc',
        optional: true,
      }),
      [
        ['west', /optional/],
        ['west', /require_client_auth is off/],
      ],
    );
  });

  it('finds clients in the clear, unless that is allowed', () => {
    assertFails(
      encryptionInTransit,
      set(shop(), 'east', 'spec.config.cassandra-yaml.client_encryption_options', undefined),
      [['east', /clients may send/]],
    );
    assertPasses(
      encryptionInTransit,
      set(shop(), 'east', 'spec.config.cassandra-yaml.client_encryption_options', undefined),
      { clients: false },
    );
  });

  it('finds a datacenter that configures nothing', () => {
    assertFails(encryptionInTransit, set(shop(), 'east', 'spec.config', undefined), [
      ['east', /configures no encryption/],
    ]);
  });

  it('reads the configuration in a Secret', () => {
    assertFails(
      encryptionInTransit,
      withSecret({ config: secret(Buffer.from('{"cassandra-yaml":{}}').toString('base64')) }),
      [
        ['east-config', /clients may send/],
        ['east-config', /internode_encryption is none/],
      ],
    );
  });

  it('takes mounted stores of an issued certificate while the Secret is not known', () => {
    assertPasses(encryptionInTransit, [
      ...set(withSecret(ref('key-0')), 'east', 'spec.storageConfig', {
        additionalVolumes: [{ name: 'tls', volumeSource: { secret: { secretName: 'tls' } } }],
      }),
      object('cert-manager.io/v1:Certificate', 'certificate', 'on-eks', {
        metadata: { name: 'tls', namespace: 'shop-east' },
        spec: { secretName: 'tls', keystores: { pkcs12: { create: true } } },
      }),
    ]);
  });

  it('cannot tell of a Secret that is not known, without any sign', () => {
    assertUndetermined(encryptionInTransit, withSecret(ref('key-0')), [['east-config', /the encryption/]]);
  });
});
