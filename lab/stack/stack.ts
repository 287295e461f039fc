import * as fs from 'node:fs';
import { Inventory } from '../../reachability/resources/inventory';
import { readResources } from '../../reachability/resources/read';
import type { ResourceInput } from '../../reachability/resources/resource';
import { type Value, UNKNOWN, isFields, isList, parseFields, reveal } from '../../reachability/resources/value';
import { LabError } from '../core/errors';
import { localExport } from '../core/paths';
import type { Json } from '../kubernetes/objects';
import { showSecrets } from './secrets';

/** Of the local stack: it encrypts local state only. */
const LOCAL_PASSPHRASE = 'local clouds';

/** A stack's resources: to look things up in, and as the program gave them. */
export interface Stack {
  readonly inventory: Inventory;
  /** In the order of their registration. */
  readonly resources: readonly ResourceInput[];
}

/**
 * The resources of a stack export, with their secrets readable.
 *
 * @param file `pulumi stack export` form; the local stack's unless given
 */
export function readStack(file: string = localExport): Stack {
  if (!fs.existsSync(file)) {
    const remedy = file === localExport ? 'bring the local stack up first: npm run local' : 'name another with --state';
    throw new LabError(`there is no file ${file}; ${remedy}`);
  }
  const resources = readResources(showSecrets(fs.readFileSync(file, 'utf8'), passphrase()));
  return { inventory: new Inventory(resources), resources };
}

/** What the engine encrypted the stack's secrets with. */
export function passphrase(): string {
  return process.env['PULUMI_CONFIG_PASSPHRASE'] ?? LOCAL_PASSPHRASE;
}

/** What the program gave a resource, as plain JSON. */
export function inputsOf(resource: ResourceInput): Json {
  return plain(parseFields(resource.inputs));
}

function plain(value: Value | undefined): Json {
  const inner = reveal(value);
  if (inner === UNKNOWN)
    throw new LabError('the export holds values that are not known yet; the lab needs a stack that is up');
  if (isList(inner)) return inner.map(plain);
  if (isFields(inner)) return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, plain(item)]));
  return inner;
}
