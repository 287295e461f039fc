import * as fs from 'node:fs';
import { Inventory } from '../../reachability/resources/inventory';
import { readResources } from '../../reachability/resources/read';
import { LabError } from '../core/errors';
import { localExport } from '../core/paths';
import { showSecrets } from './secrets';

/** Of the local stack: it encrypts local state only. */
const LOCAL_PASSPHRASE = 'local clouds';

/**
 * The resources of a stack export, with their secrets readable.
 *
 * @param file `pulumi stack export` form; the local stack's unless given
 */
export function readStack(file: string = localExport): Inventory {
  if (!fs.existsSync(file)) {
    const remedy = file === localExport ? 'bring the local stack up first: npm run local' : 'name another with --state';
    throw new LabError(`there is no file ${file}; ${remedy}`);
  }
  const passphrase = process.env['PULUMI_CONFIG_PASSPHRASE'] ?? LOCAL_PASSPHRASE;
  return new Inventory(readResources(showSecrets(fs.readFileSync(file, 'utf8'), passphrase)));
}
