/** The configuration of a stack file, as the program would get it from Pulumi. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { PROJECT } from './configuration';
import { nearest } from './nearest';
import { isObject } from './parse/schema';

/** A stack file that cannot be read at all. */
export class StackFileError extends Error {
  constructor(path: string, reason: string, remedy: string) {
    super(`${path}: ${reason}; ${remedy}`);
    this.name = 'StackFileError';
  }
}

/** Reads a `Pulumi.<stack>.yaml`; throws `StackFileError` if it is missing, unreadable or not such a file. */
export function readStackFile(path: string): Readonly<Record<string, unknown>> {
  // Pulumi's own reader takes `<<`, the merge key of YAML 1.1.
  const document = parseDocument(readText(path), { merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const [what = ''] = error.message.split('\n');
    throw new StackFileError(path, `is not YAML: ${what.replace(/:$/, '')}`, 'correct that line');
  }
  const content: unknown = document.toJS();
  if (!isObject(content)) {
    const what = content === null || content === undefined ? 'is empty' : 'is not a mapping';
    throw new StackFileError(path, what, 'write the settings under config:');
  }
  const misspelt = content['config'] === undefined ? nearest('config', Object.keys(content)) : undefined;
  if (misspelt !== undefined) {
    throw new StackFileError(path, `has no config but ${misspelt}`, 'rename it to config');
  }
  const config = content['config'] ?? {};
  if (!isObject(config)) {
    throw new StackFileError(
      path,
      'has a config that is not a mapping',
      `write ${PROJECT}:sites and so on under config:`,
    );
  }
  return config;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`;
    throw new StackFileError(path, reason, 'name a stack file with --file, or a stack with --stack');
  }
}
