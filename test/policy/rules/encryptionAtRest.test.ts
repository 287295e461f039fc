import { encryptionAtRest } from '../../../policy/rules/encryptionAtRest';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('encryption-at-rest', () => {
  it('finds Secrets without a key of their own on both clouds', () => {
    assertFails(
      encryptionAtRest,
      set(set(shop(), 'eks', 'encryptionConfig', undefined), 'gke', 'databaseEncryption.state', 'DECRYPTED'),
      [
        ['eks', /not encrypted/],
        ['gke', /not encrypted/],
      ],
    );
  });

  it('finds a StorageClass of EBS without encryption', () => {
    assertFails(encryptionAtRest, set(shop(), 'gp3', 'parameters', { type: 'gp3' }), [
      ['gp3', /volumes of StorageClass gp3/],
    ]);
  });

  it("finds a node's disk without encryption", () => {
    assertFails(encryptionAtRest, set(shop(), 'template', 'blockDeviceMappings.0.ebs', { volumeType: 'gp3' }), [
      ['template', /blockDeviceMappings\.0\.ebs\.encrypted/],
    ]);
  });

  it('takes encryption by default of the account', () => {
    assertPasses(encryptionAtRest, [
      ...set(set(shop(), 'gp3', 'parameters', {}), 'template', 'blockDeviceMappings', undefined),
      res('aws:ebs/encryptionByDefault:EncryptionByDefault', 'default', { enabled: true }),
    ]);
  });

  it('cannot tell of a setting that is not known', () => {
    assertUndetermined(encryptionAtRest, set(shop(), 'gp3', 'parameters', ref('eks')), [
      ['gp3', /encryption of volumes/],
    ]);
  });
});
