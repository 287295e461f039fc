/** `npm run clouds`: looks into the local clouds and changes them behind Pulumi's back. */
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import type { Store, Stored } from './core/store';
import { isProps, type Props, type Value } from './core/values';
import { World } from './core/world';
import { projectDirectory } from './local/stack';

const HELP = `Usage: npm run --silent clouds -- list [CLOUD]                     what exists
       npm run --silent clouds -- show CLOUD ID                    one thing, as JSON
       npm run --silent clouds -- set CLOUD ID PATH=VALUE …        change it, as somebody with a console would
       npm run --silent clouds -- remove CLOUD ID                  delete it, as somebody with a console would

CLOUD is aws, gcp or kubernetes; ID may be followed by its type where one id names several things.
PATH is a property path such as tags.owner or rules.0.port; VALUE is JSON, or else text.
A later refresh finds what was changed.

Options
  --stack NAME   the local stack whose clouds are meant (default: dev)
  --help         this text

Exit code: 0 done, 1 no such thing, 2 wrong arguments.`;

/** `provider:module:Type`; records of other names are what a cloud remembers beside its resources. */
const RESOURCE_TYPE = /^[^:]+:[^:]+:[^:]+$/;

class Refused extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message);
  }
}

function main(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { stack: { type: 'string', default: 'dev' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command, cloud, id, ...rest] = positionals;
  if (values.help || command === undefined) return print(HELP);
  const world = new World(path.join(projectDirectory, '.local', values.stack, 'clouds'));
  if (command === 'list') return list(world, cloud);
  const store = storeOf(world, cloud);
  const found = one(store, id, rest);
  if (command === 'show') return print(JSON.stringify(found, null, 2));
  if (command === 'remove') return store.remove(found.token, found.id);
  if (command === 'set')
    return set(
      store,
      found,
      rest.filter((word) => word.includes('=')),
    );
  throw new Refused(`${command}: not a command; see --help`, 2);
}

function list(world: World, cloud: string | undefined): void {
  const stores =
    cloud === undefined ? (['aws', 'gcp', 'kubernetes'] as const).map((name) => world[name]) : [storeOf(world, cloud)];
  const rows = stores.flatMap((store) => store.everything()).filter(({ token }) => RESOURCE_TYPE.test(token));
  const width = Math.max(0, ...rows.map(({ token }) => token.length));
  if (rows.length > 0) print(rows.map(({ token, id }) => `${token.padEnd(width)}  ${id}`).join('\n'));
}

function set(store: Store, found: Stored, assignments: readonly string[]): void {
  if (assignments.length === 0) throw new Refused('set wants at least one PATH=VALUE', 2);
  let { inputs, outputs } = found;
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const steps = assignment.slice(0, equals).split('.');
    const value = parseValue(assignment.slice(equals + 1));
    inputs = replaced(inputs, steps, value) as Props;
    outputs = replaced(outputs, steps, value) as Props;
  }
  store.put(found.token, found.id, inputs, outputs);
}

function storeOf(world: World, cloud: string | undefined): Store {
  if (cloud === 'aws' || cloud === 'gcp' || cloud === 'kubernetes') return world[cloud];
  throw new Refused(`${cloud ?? 'no cloud'}: name one of aws, gcp, kubernetes`, 2);
}

function one(store: Store, id: string | undefined, words: readonly string[]): Stored {
  const named = store.everything().filter((stored) => stored.id === id);
  const token = words.find((word) => !word.includes('='));
  const found = token === undefined ? named : named.filter((stored) => stored.token === token);
  if (found.length > 1)
    throw new Refused(`${id}: of several types; add one of ${named.map((stored) => stored.token).join(', ')}`, 2);
  if (!found[0]) throw new Refused(`${id ?? 'no id'}: nothing of that id exists; see list`, 1);
  return found[0];
}

function replaced(value: Value | undefined, [step, ...rest]: string[], leaf: Value): Value {
  if (step === undefined) return leaf;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === step ? replaced(item, rest, leaf) : item));
  }
  const fields = isProps(value) ? value : {};
  return { ...fields, [step]: replaced(fields[step], rest, leaf) };
}

function parseValue(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`clouds: ${(error as Error).message}\n`);
  process.exitCode = error instanceof Refused ? error.exitCode : 2;
}
