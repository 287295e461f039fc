/** The configuration of a stack file, as the program would get it from Pulumi. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { isObject } from './parse/schema';
import { nearest } from './nearest';
import { type Problem, showValue } from './problem';

/** The project's name in `Pulumi.yaml`: the prefix of its keys in a stack file. */
const PROJECT = 'multicloud-cassandra';

/** Namespaces of Pulumi itself and of the providers, whose keys the plan does not depend on. */
const OTHER_NAMESPACES = ['aws', 'gcp', 'kubernetes', 'random', 'tls', 'pulumi'];

/** A stack file that cannot be read at all. */
export class StackFileError extends Error {
  constructor(path: string, reason: string, remedy: string) {
    super(`${path}: ${reason}; ${remedy}`);
    this.name = 'StackFileError';
  }
}

/** Configuration by key without the project's prefix, and what is wrong with the keys themselves. */
export interface StackFile {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Reads a `Pulumi.<stack>.yaml`; throws `StackFileError` if it is missing, unreadable or not such a file. */
export function readStackFile(path: string): StackFile {
  const document = parseDocument(readText(path));
  const [error] = document.errors;
  if (error !== undefined) {
    throw new StackFileError(path, `is not YAML: ${error.message.split('\n')[0]}`, 'correct that line');
  }
  const content: unknown = document.toJS();
  if (!isObject(content)) {
    throw new StackFileError(path, 'is not a mapping', 'write the settings under config:');
  }
  const config = content['config'] ?? {};
  if (!isObject(config)) {
    throw new StackFileError(
      path,
      'has a config that is not a mapping',
      `write ${PROJECT}:sites and so on under config:`,
    );
  }
  return fromConfig(config);
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

function fromConfig(config: Readonly<Record<string, unknown>>): StackFile {
  const raw: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(config)) {
    const colon = key.indexOf(':');
    const namespace = key.slice(0, Math.max(colon, 0));
    const name = key.slice(colon + 1);
    if (namespace === PROJECT) {
      // Like Pulumi.yaml's defaults, an empty text stands for a key that was left out.
      if (value !== '') {
        raw[name] = value;
      }
    } else if (!OTHER_NAMESPACES.includes(namespace)) {
      const remedy =
        namespace === '' || nearest(namespace, [PROJECT]) !== undefined
          ? `write ${PROJECT}:${name}`
          : `remove it; keys of this project start with ${PROJECT}:`;
      problems.push({ key, value: showValue(value), message: 'is not a key of this project', remedy });
    }
  }
  return { raw, problems };
}
