/** `npm run policy`: the pack's rules on the command line. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UnusableInput, readResources } from '../reachability';
import { type Arguments, USAGE, UsageError, readArguments } from './arguments';
import { catalogue } from './catalogue';
import { isPiped, parseObject, readInput } from './input';
import { findingsJson, renderFindings } from './render';
import { type PackConfig, fails, judgeAll } from './report';
import { rules } from './rules';
import { type Sources, sarifLog } from './sarif/log';
import { positionsOf } from './sarif/positions';
import { settingsOf } from './sarif/stackFile';
import { Stack } from './stack';

const PROJECT = join(__dirname, '..');
/** Where `npm run local` leaves the export of the local stack. */
const LOCAL_EXPORT = join(PROJECT, '.local', 'dev', 'export.json');

/** Exit codes: 0 nothing that would stop an update, 1 findings that would, 2 unusable input. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = readArguments(argv);
    if (args.help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (args.list) {
      process.stdout.write(`${catalogue(rules)}\n`);
      return 0;
    }
    return await run(args);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnusableInput)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`);
    return 2;
  }
}

async function run({ state, config, sarif, stackFile, json }: Arguments): Promise<number> {
  const text = await readState(state);
  const stack = new Stack(readResources(text));
  const judged = judgeAll(rules, stack, config === undefined ? {} : await readConfig(config));
  if (sarif !== undefined) {
    const log = sarifLog(rules, judged, stack, sourcesOf(text, stack, stackFile), version());
    writeOut(sarif, `${JSON.stringify(log, undefined, 2)}\n`);
  }
  if (json) writeOut('-', `${JSON.stringify(findingsJson(judged), undefined, 2)}\n`);
  else if (sarif !== '-') writeOut('-', `${renderFindings(rules, judged)}\n`);
  return fails(judged) ? 1 : 0;
}

async function readState(path: string | undefined): Promise<string> {
  if (path !== undefined || isPiped()) return readInput(path ?? '-');
  return readInput(LOCAL_EXPORT, '; bring the local stack up with `npm run local`, or name a file with --state');
}

async function readConfig(path: string): Promise<PackConfig> {
  return parseObject(await readInput(path), path) as PackConfig;
}

/** The stack's name is the third part of every URN. */
function sourcesOf(text: string, stack: Stack, given: string | undefined): Sources {
  const name = stack.resources[0]?.urn.split(':')[2] ?? '';
  const path = given ?? join(PROJECT, `Pulumi.${name}.yaml`);
  if (given !== undefined && !existsSync(path)) throw new UnusableInput(`${path} does not exist`);
  const json: unknown = JSON.parse(text);
  return {
    stackFile: existsSync(path)
      ? { path: relative(PROJECT, path).split(sep).join('/'), settings: settingsOf(readFileSync(path, 'utf8')) }
      : undefined,
    positions: positionsOf(Array.isArray(json) ? {} : (json as Record<string, unknown>)),
  };
}

function version(): string {
  return String(parseObject(readFileSync(join(__dirname, 'package.json'), 'utf8'), 'package.json')['version']);
}

function writeOut(path: string, text: string): void {
  if (path === '-') process.stdout.write(text);
  else writeFileSync(path, text);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
