import assert from 'node:assert/strict';
import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { showSecrets } from '../../lab/stack/secrets';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** As the engine's passphrase provider encrypts. */
function seal(text: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString('base64')}:${sealed.toString('base64')}`;
}

describe('secrets of a stack export', () => {
  const salt = randomBytes(8);
  const key = pbkdf2Sync('local clouds', salt, 1_000_000, 32, 'sha256');
  const exported = JSON.stringify({
    deployment: {
      secrets_providers: {
        type: 'passphrase',
        state: { salt: `v1:${salt.toString('base64')}:${seal('pulumi', key)}` },
      },
      resources: [{ urn: 'u', inputs: { key: { [SIGNATURE]: SECRET, ciphertext: seal('"a.secret"', key) } } }],
    },
  });

  it('are read with the passphrase that sealed them', () => {
    const shown = JSON.parse(showSecrets(exported, 'local clouds')) as {
      deployment: { resources: { inputs: { key: { plaintext: string } } }[] };
    };
    assert.equal(shown.deployment.resources[0]?.inputs.key.plaintext, '"a.secret"');
  });

  it('stay closed to another passphrase, and the message names the variable to set', () => {
    assert.throws(() => showSecrets(exported, 'another'), /PULUMI_CONFIG_PASSPHRASE/);
  });

  it('that are plain already stay as they are', () => {
    const plain = JSON.stringify({ deployment: { resources: [{ key: { [SIGNATURE]: SECRET, plaintext: '"x"' } }] } });
    assert.equal(showSecrets(plain, 'anything'), plain);
  });
});
