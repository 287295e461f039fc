/** A stack's configuration as Pulumi and stack files give it: keys with the namespace they belong to. */
import { nearest } from './nearest';
import { type Loaded, loadPlan } from './plan';
import { type Problem, SettingsError, showGiven } from './problem';

/** The project's name in `Pulumi.yaml`: the namespace of its keys. */
export const PROJECT = 'multicloud-cassandra';

/** Namespaces of Pulumi itself and of the providers, whose keys the plan does not depend on. */
const OTHER_NAMESPACES = ['aws', 'gcp', 'kubernetes', 'random', 'tls', 'pulumi'];

/**
 * Reads and plans a whole configuration. Throws `SettingsError` with the problems of its keys and of
 * their values together.
 *
 * @param unchecked as in `loadPlan`
 */
export function loadConfiguration(
  config: Readonly<Record<string, unknown>>,
  unchecked: readonly string[] = [],
): Loaded {
  const { raw, problems } = ownKeys(config);
  try {
    const loaded = loadPlan(raw, unchecked);
    if (problems.length === 0) {
      return loaded;
    }
  } catch (error) {
    if (error instanceof SettingsError) {
      throw new SettingsError([...problems, ...error.problems]);
    }
    throw error;
  }
  throw new SettingsError(problems);
}

/** Configuration by key without the project's prefix, and what is wrong with the keys themselves. */
function ownKeys(config: Readonly<Record<string, unknown>>): { raw: Record<string, unknown>; problems: Problem[] } {
  const raw: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(config)) {
    const colon = key.indexOf(':');
    // Pulumi gives a key without a namespace the project's.
    const namespace = colon < 0 ? PROJECT : key.slice(0, colon);
    const name = key.slice(colon + 1);
    const own = namespace === PROJECT;
    const misspelt = !own && nearest(namespace, [PROJECT]) !== undefined;
    // Like Pulumi.yaml's defaults, an empty text stands for a key that was left out. A misspelt key is read as
    // what it was meant to be, so that the mistakes in its value show as well.
    if ((own || misspelt) && value !== '') {
      raw[name] = value;
    }
    if (!own && !OTHER_NAMESPACES.includes(namespace)) {
      const remedy = misspelt ? `write ${PROJECT}:${name}` : `remove it; keys of this project start with ${PROJECT}:`;
      problems.push({ key, value: showGiven(name, value), message: 'is not a key of this project', remedy });
    }
  }
  return { raw, problems };
}
