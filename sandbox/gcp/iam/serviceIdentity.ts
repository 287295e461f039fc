import type { ResourceType } from '../../core/resourceType';
import { text } from '../../core/values';
import { isEnabled } from '../apis';
import { googleError } from '../errors';
import { projectOf, refusing, without } from '../resource';
import { projectNumber, type GcpSession } from '../session';
import { SERVICE_IDENTITY, agentOf } from './principals';

/** A service's agent in a project (Service Usage API, `services.generateServiceIdentity`). It cannot be deleted. */
export const serviceIdentity: ResourceType<GcpSession> = {
  token: SERVICE_IDENTITY,
  immutable: 'all',
  seconds: { create: 3 },
  previewOutputs: (inputs, cloud) => without(projectOf(cloud), inputs),
  create: (inputs, cloud) =>
    refusing('Error creating Service Identity', () => {
      const project = text(inputs, 'project') ?? cloud.project ?? '';
      const service = text(inputs, 'service') ?? '';
      if (!isEnabled(cloud, project, service)) {
        const message = `Service '${service}' is not enabled for consumer 'projects/${projectNumber(project)}'.`;
        throw googleError(400, message, 'failedPrecondition');
      }
      const email = agentOf(project, service);
      const outputs = email === undefined ? { email: '', member: '' } : { email, member: `serviceAccount:${email}` };
      return { id: `projects/${project}/services/${service}`, outputs: { project, ...outputs } };
    }),
};
