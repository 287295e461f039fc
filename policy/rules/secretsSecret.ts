import type { Resource } from '../../reachability/resources/resource';
import { type Value, Secret, UNKNOWN, isFields, isList } from '../../reachability/resources/value';
import { propertiesAt } from '../properties';
import { type Finding, type Rule, broken } from '../rule';
import type { Stack } from '../stack';

interface Settings {
  readonly also: Readonly<Record<string, readonly string[]>>;
}

/** Inputs that are secrets, whoever writes them. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'aws:ec2/vpnConnection:VpnConnection': ['tunnel1PresharedKey', 'tunnel2PresharedKey'],
  'gcp:compute/vPNTunnel:VPNTunnel': ['sharedSecret'],
  'kubernetes:core/v1:Secret': ['data', 'stringData'],
  'kubernetes:core/v1:SecretPatch': ['data', 'stringData'],
  'pulumi:providers:kubernetes': ['kubeconfig'],
  'tls:index/selfSignedCert:SelfSignedCert': ['privateKeyPem'],
  'tls:index/locallySignedCert:LocallySignedCert': ['caPrivateKeyPem'],
  'aws:secretsmanager/secretVersion:SecretVersion': ['secretString'],
  'gcp:secretmanager/secretVersion:SecretVersion': ['secretData'],
};

/** What no output may hold in the clear: a private key, or the credentials in a kubeconfig. */
const TELLTALE = /-----BEGIN [A-Z ]*PRIVATE KEY-----|client-key-data|\btoken: \S/;

/**
 * Keys, passwords and kubeconfigs are secrets to Pulumi too: otherwise they stand in the state, in previews and in pull
 * requests for everybody to read. A value that does not exist yet cannot leak; it is judged when it is there.
 */
export const secretsSecret: Rule<Settings> = {
  name: 'secrets-secret',
  description: 'Keys, passwords and kubeconfigs are marked secret, so that state and previews do not show them.',
  level: 'mandatory',
  settings: {
    also: {
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'string' } },
      default: {},
      description: 'More secret properties by resource type, e.g. {"aws:rds/instance:Instance": ["password"]}.',
    },
  },
  judge: (stack, { also }) => (stack.secretsMarked ? [...inputs(stack, also), ...outputs(stack)] : unmarked(stack)),
};

/** The engine tells a policy which inputs are secret only when it may remedy them. */
function unmarked({ inventory }: Stack): Finding[] {
  return inventory.all('pulumi:pulumi:Stack').map((stack) => ({
    outcome: 'undetermined',
    urn: stack.urn,
    message: 'which inputs are secret is told to no policy while record-inputs has another level than remediate',
    remedy: 'leave the level of record-inputs alone',
  }));
}

function inputs({ inventory }: Stack, also: Settings['also']): Finding[] {
  const types = [...new Set([...Object.keys(SECRETS), ...Object.keys(also)])];
  return types.flatMap((type) =>
    inventory.all(type).flatMap((resource) =>
      [...(SECRETS[type] ?? []), ...(also[type] ?? [])]
        .flatMap((pattern) => propertiesAt(resource, pattern))
        .filter(({ value }) => inTheClear(value))
        .map(({ path }) =>
          broken(resource, `${path} of ${resource.name} is not marked secret`, 'wrap it in pulumi.secret', {
            property: path,
          }),
        ),
    ),
  );
}

/** A secret inside, or around, hides the value; a map of secrets with one plain entry does not. */
function inTheClear(value: Value | undefined): boolean {
  if (value === undefined || value === UNKNOWN || value === '' || value instanceof Secret) return false;
  if (isList(value)) return value.some(inTheClear);
  return isFields(value) ? Object.values(value).some(inTheClear) : true;
}

function outputs({ inventory }: Stack): Finding[] {
  return inventory.all('pulumi:pulumi:Stack').flatMap((stack: Resource) =>
    Object.entries(stack.fields)
      .filter(([, value]) => shows(value))
      .map(([name]) =>
        broken(stack, `stack output ${name} shows credentials`, 'wrap it in pulumi.secret', { property: name }),
      ),
  );
}

function shows(value: Value): boolean {
  if (typeof value === 'string') return TELLTALE.test(value);
  if (value === UNKNOWN || value instanceof Secret) return false;
  if (isList(value)) return value.some(shows);
  return isFields(value) && Object.values(value).some(shows);
}
