import { randomInt } from 'node:crypto';
import * as bcrypt from 'bcryptjs';
import type { ProviderDefinition, ResourceType } from '../core/resourceType';
import { loadSchema, typesByToken } from '../core/schemaTypes';
import type { CheckFailure } from '../core/validate';
import { flag, number, text, type Props } from '../core/values';
import { StoreSession, type World } from '../core/world';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const NUMERIC = '0123456789';
/** The special characters of the Terraform random provider, documentation of `override_special`. */
const SPECIAL = '!@#$%&*()-_=+[]{}<>:?';

/** Defaults of the Terraform random provider's `random_password` and `random_string`. */
const DEFAULTS: Props = {
  lower: true,
  upper: true,
  numeric: true,
  number: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

export function randomProvider(world: World): ProviderDefinition<StoreSession> {
  const schema = loadSchema('random');
  const types = typesByToken(schema, [
    randomText('random:index/randomPassword:RandomPassword', (result) => ({
      id: 'none',
      outputs: { result, bcryptHash: bcrypt.hashSync(Buffer.from(result).subarray(0, 72).toString(), 4) },
    })),
    randomText('random:index/randomString:RandomString', (result) => ({ id: result, outputs: { result } })),
  ]);
  return {
    name: 'random',
    version: schema.version,
    configKeys: [],
    typeOf: (token) => types.get(token),
    configure: () => new StoreSession(world, world.random),
  };
}

function randomText(
  token: string,
  created: (result: string) => { id: string; outputs: Props },
): ResourceType<StoreSession> {
  return {
    token,
    stateless: true,
    immutable: 'all',
    previewOutputs: (inputs) => ({ ...DEFAULTS, ...inputs }),
    check: (inputs) => checkLengths({ ...DEFAULTS, ...inputs }),
    create: (inputs) => {
      const all = { ...DEFAULTS, ...inputs };
      const { id, outputs } = created(draw(all));
      return { id, outputs: { ...all, ...outputs } };
    },
  };
}

function checkLengths(inputs: Props): CheckFailure[] {
  const length = number(inputs, 'length');
  if (length === undefined) return [];
  const least = minimums(inputs).reduce((sum, { count }) => sum + count, 0);
  if (length < 1) return [{ property: 'length', reason: `expected length to be at least (1), got ${length}` }];
  if (length < least) {
    return [{ property: 'length', reason: `length (${length}) must be >= the sum of the minimums (${least})` }];
  }
  return [];
}

function minimums(inputs: Props): { charset: string; count: number; used: boolean }[] {
  const special = text(inputs, 'overrideSpecial') ?? SPECIAL;
  const numeric = flag(inputs, 'numeric') !== false && flag(inputs, 'number') !== false;
  return [
    { charset: LOWER, count: number(inputs, 'minLower') ?? 0, used: flag(inputs, 'lower') !== false },
    { charset: UPPER, count: number(inputs, 'minUpper') ?? 0, used: flag(inputs, 'upper') !== false },
    { charset: NUMERIC, count: number(inputs, 'minNumeric') ?? 0, used: numeric },
    { charset: special, count: number(inputs, 'minSpecial') ?? 0, used: flag(inputs, 'special') !== false },
  ];
}

function draw(inputs: Props): string {
  const sets = minimums(inputs);
  const required = sets.flatMap(({ charset, count }) => Array.from({ length: count }, () => pick(charset)));
  const charset = sets.map((set) => (set.used ? set.charset : '')).join('');
  const length = number(inputs, 'length') ?? 0;
  const rest = Array.from({ length: length - required.length }, () => pick(charset));
  return shuffle([...required, ...rest]).join('');
}

function pick(charset: string): string {
  return charset[randomInt(charset.length)] ?? '';
}

function shuffle(characters: string[]): string[] {
  for (let i = characters.length - 1; i > 0; i -= 1) {
    const j = randomInt(i + 1);
    [characters[i], characters[j]] = [characters[j] ?? '', characters[i] ?? ''];
  }
  return characters;
}
