import { Secret } from '@pulumi/policy';

/** How exports mark a secret (pulumi/pulumi, sdk/go/common/resource/properties.go). */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/**
 * A copy of an engine's property tree in the form that a stack export has: without the proxies that throw where
 * a value is unknown (rules are three-valued and read the engine's own mark for unknown themselves), and with
 * secrets as marked objects.
 *
 * @param marks a tree of the same resource with marked secrets: what is secret there is marked here too. The engine
 *   hands outputs to stack policies as plain values.
 */
export function plainTree(value: unknown, marks?: unknown): unknown {
  const bare = unwrap(value);
  if (bare instanceof Secret) return secret(plainTree(bare.value));
  if (isSecret(marks)) return secret(plainTree(bare));
  if (Array.isArray(bare)) return bare.map((item, index) => plainTree(item, childOf(marks, index)));
  if (typeof bare !== 'object' || bare === null) return bare;
  return Object.fromEntries(Object.entries(bare).map(([key, item]) => [key, plainTree(item, childOf(marks, key))]));
}

function secret(value: unknown): Record<string, unknown> {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

function isSecret(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;
}

function childOf(tree: unknown, key: string | number): unknown {
  return typeof tree === 'object' && tree !== null ? (tree as Record<string | number, unknown>)[key] : undefined;
}

/** The engine's values are behind one proxy for unknowns, and in a remediation behind another one for secrets. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const target = (value as { readonly __getSpecialProxyTarget?: unknown }).__getSpecialProxyTarget;
  return target === undefined ? value : unwrap(target);
}
