import deserialize = require('@pulumi/policy/deserialize');

/** A message of the engine, and whether its secrets are to be told apart. */
type Decode = (properties: object, proxySecrets: boolean) => Record<string, unknown>;

/**
 * Has the SDK decode each message of the engine once.
 *
 * For a stack policy the SDK decodes every resource of the stack (`makeAnalyzeStackRpcFun` in its server.js), and does
 * so again for the next policy: with thirty policies and hundreds of resources that takes longer than the rules
 * themselves. Policies must not change what they are handed, so they can share it. What a remediation is handed it may
 * change, so that stays its own.
 */
export function decodeOnce(): void {
  const sdk = deserialize as unknown as { deserializeProperties: Decode };
  const decode = sdk.deserializeProperties;
  const decoded = new WeakMap<object, Record<string, unknown>>();
  sdk.deserializeProperties = (properties, proxySecrets) => {
    if (proxySecrets) return decode(properties, proxySecrets);
    const known = decoded.get(properties) ?? decode(properties, proxySecrets);
    decoded.set(properties, known);
    return known;
  };
}
