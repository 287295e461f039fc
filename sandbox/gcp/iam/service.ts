import type { ResourceType } from '../../core/resourceType';
import { flag, isUnknown, text } from '../../core/values';
import { APIS, SERVICE, dependenciesOf, dependentsOf } from '../apis';
import { googleError } from '../errors';
import { checkDeletionPolicy, deletionPolicy, mayDelete, projectOf, refusing, without } from '../resource';
import type { GcpSession } from '../session';

/** Enabled APIs of a project (Service Usage API). */
export const service: ResourceType<GcpSession> = {
  token: SERVICE,
  immutable: ['project', 'service'],
  seconds: { create: 20, delete: 1 },
  previewOutputs: (inputs, cloud) => ({
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...without(projectOf(cloud), inputs),
  }),
  check: (inputs) => {
    const name = text(inputs, 'service');
    const failures = checkDeletionPolicy(inputs);
    if (name !== undefined && !isUnknown(name) && !/^[a-z0-9-]+\.googleapis\.com$/.test(name)) {
      failures.push({ property: 'service', reason: `invalid value "${name}": an API's name ends in .googleapis.com` });
    }
    return failures;
  },
  create: (inputs, cloud) =>
    refusing('Error enabling service', () => {
      const name = text(inputs, 'service') ?? '';
      const project = text(inputs, 'project') ?? cloud.project ?? '';
      if (!(name in APIS)) {
        const message = `Not found or permission denied for service(s): ${name}.`;
        throw googleError(403, message, 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED');
      }
      for (const dependency of dependenciesOf(name)) {
        const id = `${project}/${dependency}`;
        const implied = { service: dependency, project };
        if (!cloud.get(SERVICE, id)) cloud.put(SERVICE, id, implied, implied);
      }
      return {
        id: `${project}/${name}`,
        outputs: { project, deletionPolicy: deletionPolicy(inputs, cloud) },
      };
    }),
  update: (_stored, inputs, cloud) => ({ deletionPolicy: deletionPolicy(inputs, cloud) }),
  // Unless it is told to disable the API, the provider leaves it enabled (`disableOnDestroy`).
  delete: (stored, cloud) => {
    if (!mayDelete(stored, cloud, 'Project Service')) return;
    if (!flag(stored.inputs, 'disableOnDestroy')) return cloud.keep(stored.token, stored.id);
    const name = text(stored.outputs, 'service') ?? '';
    const dependents = dependentsOf(cloud, text(stored.outputs, 'project') ?? '', name);
    if (dependents.length === 0 || flag(stored.inputs, 'disableDependentServices')) return;
    const message = `The service ${name} is depended on by the following active service(s): ${dependents.join(', ')}; Please specify disable_dependent_services=true if you want to proceed with disabling all services.`;
    throw googleError(400, message, 'failedPrecondition');
  },
};
