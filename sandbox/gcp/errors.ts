import { CloudError } from '../core/errors';

/**
 * Refusals in the form the Google API client gives them: `googleapi: Error <status>: <message>, <reason>`
 * (Compute Engine API, "Troubleshooting API errors"; Cloud APIs, "Errors").
 */
export function googleError(status: number, message: string, reason: string): CloudError {
  return new CloudError(reason, `googleapi: Error ${status}: ${message}, ${reason}`);
}

/** An API service that has not been enabled in the project (Service Usage, "Enabling and disabling services"). */
export function accessNotConfigured(project: string, number: string, service: string, title: string): CloudError {
  const page = `https://console.developers.google.com/apis/api/${service}/overview?project=${project}`;
  const message =
    `${title} has not been used in project ${number} before or it is disabled. Enable it by visiting ${page} ` +
    'then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems ' +
    'and retry.';
  return googleError(403, message, 'accessNotConfigured');
}

export function alreadyExists(path: string): CloudError {
  return googleError(409, `The resource '${path}' already exists`, 'alreadyExists');
}

export function notFound(path: string): CloudError {
  return googleError(404, `The resource '${path}' was not found`, 'notFound');
}

/** A field of the request that the API refuses; `field` is its path in the API's resource. */
export function invalidField(field: string, value: unknown, why: string): CloudError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return googleError(400, `Invalid value for field 'resource.${field}': '${shown}'. ${why}`, 'invalid');
}

export function badRequest(message: string): CloudError {
  return googleError(400, message, 'badRequest');
}

export function inUse(noun: string, path: string, user: string): CloudError {
  const message = `The ${noun} resource '${path}' is already being used by '${user}'`;
  return googleError(400, message, 'resourceInUseByAnotherResource');
}

export function quotaExceeded(metric: string, limit: number, place: string): CloudError {
  return googleError(403, `Quota '${metric}' exceeded. Limit: ${limit.toFixed(1)} ${place}.`, 'quotaExceeded');
}

/** The same refusal, said of the operation the provider was in. */
export function during(operation: string, error: unknown): unknown {
  if (!(error instanceof CloudError)) return error;
  return new CloudError(error.code, `${operation}: ${error.message}`);
}
