import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';

/** Characters of a key, the leading letter included; AWS takes 8 to 64. */
const KEY_LENGTH = 48;

/**
 * A pre-shared key for one tunnel, stable across runs and secret.
 *
 * AWS takes letters, digits, `.` and `_`, and no `0` in front ("Tunnel options for your Site-to-Site VPN
 * connection"). Letters and digits behind a fixed letter are always valid; the common base64 keys are not.
 */
export function presharedKey(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const password = new random.RandomPassword(name, { length: KEY_LENGTH - 1, special: false }, opts);
  return pulumi.secret(pulumi.interpolate`k${password.result}`);
}
