import { type AwsTunnelEnd, nameOf, pskPath } from '../../reachability/model/vpn/awsEnd';
import { push } from '../../reachability/resources/inventory';
import { type Resource, asText } from '../../reachability/resources/resource';
import { Secret } from '../../reachability/resources/value';
import { type Finding, type Rule, broken } from '../rule';
import type { Stack } from '../stack';
import { oneOf, tunnelFindings } from '../tunnels';

const RANDOM_PASSWORD = 'random:index/randomPassword:RandomPassword';
const RANDOM_STRING = 'random:index/randomString:RandomString';

/** Special characters that AWS takes in a key (S2S guide, "Tunnel options"); the provider's default has many more. */
const AWS_SPECIAL = /^[._]*$/;
const LONGEST_KEY = 64;

/**
 * Every tunnel has a pre-shared key of its own that AWS accepts and both ends know. One key for all opens four tunnels
 * when it leaks, and none can be rotated alone.
 *
 * Before the first update a key is known only by what makes it: two tunnels whose keys come from the same generator
 * share it, and a generator that is told to use other characters makes keys that AWS refuses.
 */
export const tunnelKeys: Rule = {
  name: 'tunnel-keys',
  description: 'Every tunnel has a pre-shared key of its own, which AWS accepts and both ends hold.',
  level: 'mandatory',
  judge: (stack) => [
    ...sharedKeys(stack),
    ...unfitGenerators(stack),
    ...tunnelFindings(stack, oneOf('pre-shared-key')),
  ],
};

function endsOf({ model }: Stack): AwsTunnelEnd[] {
  return [...model.vpn.tunnels.map(({ aws }) => aws), ...model.vpn.loneAws];
}

function sharedKeys(stack: Stack): Finding[] {
  const holders = new Map<string, AwsTunnelEnd[]>();
  for (const end of endsOf(stack)) {
    const identity = identityOf(end);
    if (identity !== undefined) push(holders, identity, end);
  }
  return [...holders.values()]
    .filter((ends) => ends.length > 1)
    .flatMap((ends) =>
      ends
        .slice(1)
        .map((end) =>
          broken(
            end.connection,
            `${nameOf(end)} has the pre-shared key of ${nameOf(ends[0] as AwsTunnelEnd)}`,
            'give every tunnel a key of its own',
            { property: pskPath(end) },
          ),
        ),
    );
}

/** What two tunnels with the same key have in common; undefined for a key that AWS makes, which is always its own. */
function identityOf({ connection, ...end }: AwsTunnelEnd): string | undefined {
  const path = pskPath({ connection, ...end });
  const value = connection.value(path);
  const text = asText(value);
  if (typeof text === 'string') return `text ${text}`;
  const sources = [...connection.sources(path)].sort();
  if (sources.length > 0) return `sources ${sources.join(' ')}`;
  return value instanceof Secret && value.cipher !== undefined ? `cipher ${value.cipher}` : undefined;
}

function unfitGenerators(stack: Stack): Finding[] {
  const generators = new Set<Resource>();
  for (const end of endsOf(stack)) {
    const found = stack.inventory.sourcesOfType(end.connection, pskPath(end), [RANDOM_PASSWORD, RANDOM_STRING]);
    found.forEach((generator) => generators.add(generator));
  }
  return [...generators].flatMap((generator) => {
    const special = generator.knownText('overrideSpecial');
    if (generator.flag('special') !== false && (special === undefined || !AWS_SPECIAL.test(special))) {
      const message = `${generator.name} makes pre-shared keys with characters that AWS refuses`;
      return [
        broken(generator, message, 'set special to false: letters, digits, dots and underscores only', {
          property: 'special',
        }),
      ];
    }
    const length = generator.number('length');
    if (typeof length !== 'number' || length <= LONGEST_KEY) return [];
    const message = `${generator.name} makes pre-shared keys of ${length} characters, AWS takes at most ${LONGEST_KEY}`;
    return [broken(generator, message, 'use a shorter one', { property: 'length' })];
  });
}
