import { CloudError } from '../core/errors';
import type { Props } from '../core/values';
import { groupOf, idOf } from './meta';

/** What kind of object an error is about. */
export interface Named {
  readonly kind: string;
  readonly apiVersion: string;
  /** Lower-case plural, as in the API's paths. */
  readonly plural: string;
}

/** One reason why the API server refuses an object, in its field-error form. */
export interface Cause {
  /** Path of the field, e.g. `spec.ports[0].port`. */
  readonly field: string;
  readonly detail: string;
}

/** An answer of the API server with its machine-readable reason (`metav1.StatusReason`). */
export class ApiError extends CloudError {
  constructor(
    readonly reason: 'NotFound' | 'AlreadyExists' | 'Invalid' | 'Conflict' | 'Forbidden' | 'InternalError' | 'NoMatch',
    message: string,
  ) {
    super(reason, message);
  }
}

export class NamespaceNotFound extends ApiError {
  constructor(name: string) {
    super('NotFound', `namespaces "${name}" not found`);
  }
}

export function alreadyExists(of: Named, name: string): ApiError {
  return new ApiError('AlreadyExists', `${qualifiedPlural(of)} "${name}" already exists`);
}

export function notFound(of: Named, name: string): ApiError {
  return new ApiError('NotFound', `${qualifiedPlural(of)} "${name}" not found`);
}

export function invalid(of: Named, name: string, causes: readonly Cause[]): ApiError {
  const group = groupOf(of.apiVersion);
  const kind = group ? `${of.kind}.${group}` : of.kind;
  const list = causes.map(({ field, detail }) => `${field}: ${detail}`);
  const text = list.length === 1 ? list[0] : `[${list.join(', ')}]`;
  return new ApiError('Invalid', `${kind} "${name}" is invalid: ${text}`);
}

export function noMatch(of: Named): ApiError {
  return new ApiError('NoMatch', `no matches for kind "${of.kind}" in version "${of.apiVersion}"`);
}

/** Server-side apply refuses fields that the type does not declare, whatever the field validation. */
export function undeclared(of: Named, object: Props, fields: readonly string[]): ApiError {
  const lines = fields.map((field) => `.${field}: field not declared in schema`);
  const text = lines.length === 1 ? lines[0] : `errors:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return new ApiError(
    'Invalid',
    `failed to create typed patch object (${idOf(object)}; ${of.apiVersion}, Kind=${of.kind}): ${text}`,
  );
}

/** The provider's sentence around an error of the API server at a create. */
export function creationRefused(object: Props, cause: ApiError): CloudError {
  if (cause.reason === 'NoMatch') {
    return new CloudError(
      cause.code,
      `creation of resource ${idOf(object)} failed because the Kubernetes API server reported that the apiVersion ` +
        `for this resource does not exist. Verify that any required CRDs have been created: ${cause.message}`,
    );
  }
  return new CloudError(
    cause.code,
    `resource ${idOf(object)} was not successfully created by the Kubernetes API server: ${cause.message}`,
  );
}

/** The provider's sentence around an error of the API server at an update. */
export function updateRefused(object: Props, cause: ApiError): CloudError {
  return new CloudError(
    cause.code,
    `update of resource ${idOf(object)} failed because the Kubernetes API server refused it: ${cause.message}`,
  );
}

/** What the provider says when it gave up waiting for an object. */
export function notReady(object: Props, problem: string): string {
  return (
    `resource ${idOf(object)} was successfully created, but the Kubernetes API server reported that it failed to ` +
    `fully initialize or become live: ${problem}`
  );
}

function qualifiedPlural(of: Named): string {
  const group = groupOf(of.apiVersion);
  return group ? `${of.plural}.${group}` : of.plural;
}
