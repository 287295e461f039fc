import type { ResourceType } from '../../core/resourceType';
import { isUnknown, text } from '../../core/values';
import { requireApi } from '../apis';
import { googleError, invalidField } from '../errors';
import { isRegion } from '../locations';
import { projectOf, refusing, without } from '../resource';
import type { GcpSession } from '../session';
import { unusedName } from './naming';

export const KEY_RING = 'gcp:kms/keyRing:KeyRing';

/** Locations of keys besides the regions (Cloud KMS, "Cloud KMS locations"). */
const MULTI_REGIONS = ['global', 'us', 'europe', 'asia', 'eur3', 'eur4', 'eur5', 'eur6', 'nam3', 'nam4', 'asia1'];

/**
 * Key rings (Cloud KMS API, `keyRings`). They cannot be deleted ("Cloud KMS resources cannot be deleted"): a
 * destroy makes the engine forget the ring, and its name stays taken.
 */
export const keyRing: ResourceType<GcpSession> = {
  token: KEY_RING,
  immutable: 'all',
  complete: unusedName(KEY_RING),
  seconds: { create: 2, delete: 1 },
  previewOutputs: (inputs, cloud) => without(projectOf(cloud), inputs),
  check: (inputs) => {
    const name = text(inputs, 'name');
    if (name === undefined || isUnknown(name) || /^[\w-]{1,63}$/.test(name)) return [];
    return [
      { property: 'name', reason: `invalid value for name ("${name}"): 1 to 63 letters, digits, underscores, dashes` },
    ];
  },
  create: (inputs, cloud) =>
    refusing('Error creating KeyRing', () => {
      const project = text(inputs, 'project') ?? cloud.project ?? '';
      const location = text(inputs, 'location') ?? '';
      requireApi(cloud, project, 'cloudkms.googleapis.com');
      if (!isRegion(location) && !MULTI_REGIONS.includes(location)) {
        throw invalidField('location', location, `Location '${location}' is not supported.`);
      }
      const id = `projects/${project}/locations/${location}/keyRings/${text(inputs, 'name') ?? ''}`;
      if (cloud.get(KEY_RING, id)) throw googleError(409, `KeyRing ${id} already exists.`, 'alreadyExists');
      return { id, outputs: { project } };
    }),
  delete: (stored, cloud) => cloud.keep(stored.token, stored.id),
};
