/**
 * Secrets of a stack export that the engine encrypted with a passphrase (pulumi/pulumi,
 * `sdk/go/common/resource/config/crypt.go`: AES-256-GCM, key by PBKDF2-SHA256 with a million rounds).
 */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { LabError } from '../core/errors';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const ROUNDS = 1_000_000;
const TAG_BYTES = 16;

/** The export with every encrypted secret in plain text. One exported with `--show-secrets` stays as it is. */
export function showSecrets(exported: string, passphrase: string): string {
  const json = JSON.parse(exported) as Exported;
  const salt = json.deployment?.secrets_providers?.state?.salt;
  let key: Buffer | undefined;
  const decrypt = (ciphertext: string): string => {
    if (salt === undefined) {
      throw new LabError('the export holds secrets that no passphrase opens; export it with `--show-secrets`');
    }
    key ??= keyOf(salt, passphrase);
    return open(ciphertext, key);
  };
  return JSON.stringify(json, (_, value: unknown) => {
    if (!isEncrypted(value)) return value;
    return { [SIGNATURE]: SECRET, plaintext: decrypt(value.ciphertext) };
  });
}

interface Exported {
  readonly deployment?: { readonly secrets_providers?: { readonly state?: { readonly salt?: string } } };
}

function isEncrypted(value: unknown): value is { ciphertext: string } {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return record[SIGNATURE] === SECRET && typeof record['ciphertext'] === 'string' && !('plaintext' in record);
}

/** `v1:<salt>:<a text encrypted with the key>`; the text is `pulumi`, by which a wrong passphrase is noticed. */
function keyOf(state: string, passphrase: string): Buffer {
  const [, salt, ...check] = state.split(':');
  const key = pbkdf2Sync(passphrase, Buffer.from(salt ?? '', 'base64'), ROUNDS, 32, 'sha256');
  open(check.join(':'), key);
  return key;
}

/** `v1:<nonce>:<text and tag>`, both in base64. */
function open(ciphertext: string, key: Buffer): string {
  const [version, nonce, sealed] = ciphertext.split(':');
  if (version !== 'v1' || nonce === undefined || sealed === undefined) {
    throw new LabError(`the export holds a secret of an unknown kind (${version}); export it with \`--show-secrets\``);
  }
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString();
  } catch (error) {
    throw new LabError('the passphrase does not open the export; set PULUMI_CONFIG_PASSPHRASE to the stack’s', {
      cause: error,
    });
  }
}
