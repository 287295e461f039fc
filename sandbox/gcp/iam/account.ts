import type { ResourceType } from '../../core/resourceType';
import { flag, isUnknown, text, type Props } from '../../core/values';
import { requireApi } from '../apis';
import { googleError } from '../errors';
import { checkDeletionPolicy, deletionPolicy, mayDelete, refusing, without } from '../resource';
import { digits, type GcpSession } from '../session';
import { SERVICE_ACCOUNT } from './principals';

/** Service accounts (IAM API, `projects.serviceAccounts`). A deleted one's name can be taken again at once. */
export const account: ResourceType<GcpSession> = {
  token: SERVICE_ACCOUNT,
  immutable: ['accountId', 'project'],
  autoName: { property: 'accountId', maxLength: 30 },
  seconds: { create: 3, update: 2, delete: 2 },
  previewOutputs: (inputs, cloud) => {
    const project = text(inputs, 'project') ?? cloud?.project;
    const id = text(inputs, 'accountId');
    const known: Props = {
      deletionPolicy: deletionPolicy(inputs, cloud),
      ...(project === undefined ? {} : { project }),
    };
    if (project === undefined || id === undefined || isUnknown(id)) return without(known, inputs);
    return without({ ...known, ...addresses(project, id) }, inputs);
  },
  check: (inputs) => {
    const id = text(inputs, 'accountId');
    const failures = checkDeletionPolicy(inputs);
    if (id !== undefined && !isUnknown(id) && !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id)) {
      failures.push({
        property: 'accountId',
        reason: `"account_id" ("${id}") doesn't match regexp "^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$": 6 to 30 characters`,
      });
    }
    if ((text(inputs, 'displayName') ?? '').length > 100) {
      failures.push({ property: 'displayName', reason: 'expected length of display_name to be at most 100' });
    }
    return failures;
  },
  create: (inputs, cloud) =>
    refusing('Error creating service account', () => {
      const project = text(inputs, 'project') ?? cloud.project ?? '';
      requireApi(cloud, project, 'iam.googleapis.com');
      const names = addresses(project, text(inputs, 'accountId') ?? '');
      const id = `projects/${project}/serviceAccounts/${names.email}`;
      const existing = cloud.get(SERVICE_ACCOUNT, id);
      if (existing && !flag(inputs, 'createIgnoreAlreadyExists')) {
        const message = `Service account ${names.accountId} already exists within project projects/${project}.`;
        throw googleError(409, message, 'alreadyExists');
      }
      const uniqueId = digits(`${id}/${cloud.store.nextSerial()}`, 21);
      return {
        id,
        outputs: {
          ...names,
          project,
          uniqueId,
          name: id,
          disabled: flag(inputs, 'disabled') ?? false,
          deletionPolicy: deletionPolicy(inputs, cloud),
        },
      };
    }),
  update: (_stored, inputs, cloud) => ({
    disabled: flag(inputs, 'disabled') ?? false,
    deletionPolicy: deletionPolicy(inputs, cloud),
  }),
  delete: (stored, cloud) => void mayDelete(stored, cloud, 'service account'),
};

function addresses(project: string, accountId: string) {
  const email = `${accountId}@${project}.iam.gserviceaccount.com`;
  return { accountId, email, member: `serviceAccount:${email}` };
}
