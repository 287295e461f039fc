/** The stack file of a local stack: the user's own, with the salt of the local state's encryption. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseDocument } from 'yaml';
import { UsageError } from './arguments';

/**
 * The text of the stack file that was given, else of the first of `usual` that exists. Throws `UsageError` if there
 * is none, or if it is not YAML with a mapping under `config`: the engine would say so too, but not of which file.
 */
export function readStackFile(given: string | undefined, usual: readonly string[]): string {
  const file = given === undefined ? usual.find((candidate) => fs.existsSync(candidate)) : fromCaller(given);
  if (file === undefined || !fs.existsSync(file)) {
    throw new UsageError(`${file ?? usual[0]} does not exist; write it, or name another with --config-file`);
  }
  if (fs.statSync(file).isDirectory()) throw new UsageError(`${file} is a directory; name a stack file`);
  const text = fs.readFileSync(file, 'utf8');
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error) {
    const [what = ''] = error.message.split('\n');
    throw new UsageError(`${file} is not YAML: ${what.replace(/:$/, '')}; correct that line`);
  }
  const content: unknown = document.toJS();
  const config = isMapping(content) ? content['config'] : undefined;
  if (!isMapping(content ?? {}) || !isMapping(config ?? {})) {
    throw new UsageError(`${file} is not a stack file: write a mapping of settings under config:`);
  }
  return text;
}

/** The salt comes last, so that the engine's line numbers are those of the user's file. */
export function withSalt(text: string, salt: string): string {
  return /^encryptionsalt:/m.test(text) ? text : `${text.replace(/\n*$/, '\n')}${salt}`;
}

/** npm changes to the project's folder and keeps the one it was called in. */
function fromCaller(file: string): string {
  const called = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
  return fs.existsSync(called) ? called : path.resolve(file);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
