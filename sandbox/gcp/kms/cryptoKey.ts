import type { ResourceType } from '../../core/resourceType';
import type { Stored } from '../../core/store';
import { flag, list, object, text, type Props } from '../../core/values';
import { completeBlocks, type Blocks } from '../blocks';
import { all, check, matches, oneOf } from '../checks';
import { googleError, notFound } from '../errors';
import { checkLabels, labelOutputs } from '../labels';
import { checkDeletionPolicy, deletionPolicy, mayDelete, refusing, without } from '../resource';
import type { GcpSession } from '../session';
import { unusedName } from './naming';
import { KEY_RING } from './keyRing';

export const CRYPTO_KEY = 'gcp:kms/cryptoKey:CryptoKey';

const BLOCKS: Blocks = { versionTemplate: { defaults: { protectionLevel: 'SOFTWARE' } } };

const provider = all(
  matches('name', /^[\w-]{1,63}$/, '1 to 63 letters, digits, underscores and dashes'),
  oneOf(
    'purpose',
    'ENCRYPT_DECRYPT',
    'ASYMMETRIC_SIGN',
    'ASYMMETRIC_DECRYPT',
    'MAC',
    'RAW_ENCRYPT_DECRYPT',
    'KEY_ENCAPSULATION',
  ),
  matches(
    'keyRing',
    /^(projects\/[^/]+\/locations\/)?[^/]+(\/keyRings)?\/[^/]+$|^[^/]+\/[^/]+\/[^/]+$/,
    'the id of a key ring',
  ),
  matches('destroyScheduledDuration', /^\d+s$/, 'a number of seconds such as 86400s'),
  check('rotationPeriod', (value) =>
    /^\d+(\.\d+)?s$/.test(String(value)) && Number.parseFloat(String(value)) >= 86400
      ? undefined
      : 'rotation period must be a number of seconds, at least 86400s (one day)',
  ),
);

/**
 * Keys (Cloud KMS API, `cryptoKeys`). They cannot be deleted: a destroy schedules the destruction of the key's
 * versions, ends its rotation and makes the engine forget it; its name stays taken in the ring.
 */
export const cryptoKey: ResourceType<GcpSession> = {
  token: CRYPTO_KEY,
  immutable: [
    'cryptoKeyBackend',
    'destroyScheduledDuration',
    'importOnly',
    'keyRing',
    'name',
    'purpose',
    'skipInitialVersionCreation',
    'versionTemplate.protectionLevel',
  ],
  complete: unusedName(CRYPTO_KEY),
  seconds: { create: 2, update: 2, delete: 2 },
  defaults: () => ({ purpose: 'ENCRYPT_DECRYPT' }),
  previewOutputs: (inputs, cloud) => ({
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...completeBlocks(BLOCKS, inputs),
    ...labelOutputs(inputs, 'labels', cloud),
  }),
  check: (inputs) => [...provider(inputs), ...checkLabels(inputs, 'labels'), ...checkDeletionPolicy(inputs)],
  create: (inputs, cloud) =>
    refusing('Error creating CryptoKey', () => {
      const ring = text(inputs, 'keyRing') ?? '';
      if (!cloud.get(KEY_RING, ring)) throw notFound(ring);
      const id = `${ring}/cryptoKeys/${text(inputs, 'name') ?? ''}`;
      if (cloud.get(CRYPTO_KEY, id)) throw googleError(409, `CryptoKey ${id} already exists.`, 'alreadyExists');
      if (text(inputs, 'rotationPeriod') && (text(inputs, 'purpose') ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT') {
        throw googleError(400, 'Only keys of purpose ENCRYPT_DECRYPT rotate automatically.', 'badRequest');
      }
      const skipped = flag(inputs, 'skipInitialVersionCreation') ?? false;
      const primaries = skipped ? [] : [{ name: `${id}/cryptoKeyVersions/1`, state: 'ENABLED' }];
      return { id, outputs: { ...outputsOf(inputs, cloud), primaries } };
    }),
  update: (_stored, inputs, cloud) => outputsOf(inputs, cloud),
  delete: (stored, cloud) => {
    if (!mayDelete(stored, cloud, 'CryptoKey')) return;
    destroyVersions(stored, cloud);
    cloud.keep(stored.token, stored.id);
  },
};

function outputsOf(inputs: Props, cloud: GcpSession): Props {
  return {
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...without({ destroyScheduledDuration: '2592000s', importOnly: false, cryptoKeyBackend: '' }, inputs),
    versionTemplate: {
      algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION',
      protectionLevel: 'SOFTWARE',
      ...object(inputs, 'versionTemplate'),
    },
    ...labelOutputs(inputs, 'labels', cloud),
  };
}

function destroyVersions(stored: Stored, cloud: GcpSession): void {
  const primaries = list(stored.outputs, 'primaries').map((version) => ({
    ...object(version),
    state: 'DESTROY_SCHEDULED',
  }));
  const outputs = Object.fromEntries(Object.entries(stored.outputs).filter(([name]) => name !== 'rotationPeriod'));
  cloud.put(stored.token, stored.id, stored.inputs, { ...outputs, primaries });
}

/** Whether a key has a version that can encrypt. */
export function isUsableKey(key: Stored): boolean {
  return list(key.outputs, 'primaries').some((version) => text(version, 'state') === 'ENABLED');
}
