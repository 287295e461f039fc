import { CloudError } from '../core/errors';
import type { Created, ResourceType, Subject } from '../core/resourceType';
import type { Stored } from '../core/store';
import type { CheckFailure } from '../core/validate';
import { isUnknown, text, type Props, type Value } from '../core/values';
import { requireApi } from './apis';
import { completeBlocks, defaultsInBlocks, type Blocks } from './blocks';
import { alreadyExists, during } from './errors';
import { checkLabels, labelFingerprint, labelOutputs } from './labels';
import { requireRegion } from './locations';
import { checkName, COLLECTIONS, pathOf, selfLinkOf, type Collection } from './names';
import { requireReferences, requireUnused } from './references';
import type { GcpSession } from './session';

/** A request to make or change a resource, with what the provider and the URL add to its inputs. */
export interface Request {
  readonly inputs: Props;
  readonly cloud: GcpSession;
  readonly project: string;
  /** The region of a regional resource; of a global one the provider's, to which its references are relative. */
  readonly region: string;
  readonly name: string;
  /** The resource's path: its id. */
  readonly path: string;
  /** What exists, at an update. */
  readonly existing?: Stored;
}

/** What differs between the resource types of the Compute Engine API. */
export interface ComputeSpec {
  readonly collection: Collection;
  /** The provider's word for the type in its errors: `Error creating <title>`. */
  readonly title: string;
  readonly immutable: readonly string[];
  readonly immutableFor?: ResourceType<GcpSession>['immutableFor'];
  readonly seconds?: ResourceType<GcpSession>['seconds'];
  readonly labels?: boolean;
  /** Values the provider gives what the program leaves out, at plan time. */
  readonly defaults?: Props;
  readonly blocks?: Blocks;
  check?(inputs: Props): CheckFailure[];
  /** The API's rules for a create or an update; throws. */
  validate?(request: Request): void;
  /** Outputs the API computes. */
  computed?(request: Request): Props;
  updateUnknowns?: ResourceType<GcpSession>['updateUnknowns'];
  /** What else stands in the way of a delete, or goes with it. */
  deleting?(stored: Stored, cloud: GcpSession): void;
}

/** A resource type of the Compute Engine API: what all of them have in common. */
export function computeResource(spec: ComputeSpec): ResourceType<GcpSession> {
  const { token, scope } = COLLECTIONS[spec.collection];
  const scopeInputs = scope === 'regional' ? ['region'] : [];
  return {
    token,
    seconds: spec.seconds,
    immutable: ['name', 'project', ...scopeInputs, ...spec.immutable],
    immutableFor: spec.immutableFor,
    autoName: { property: 'name', maxLength: 63 },
    updateUnknowns: spec.updateUnknowns,

    defaults: () => spec.defaults ?? {},
    previewOutputs: (inputs, cloud, olds) => ({
      deletionPolicy: deletionPolicy(inputs, cloud),
      ...completeBlocks(spec.blocks ?? {}, inputs, olds),
      ...placement(inputs, cloud, scope),
      ...(spec.labels ? labelOutputs(inputs, 'labels', cloud) : {}),
    }),

    check: (inputs, _subject, cloud) => [
      ...checkGiven(inputs, 'name'),
      ...(spec.labels ? checkLabels(inputs, 'labels') : []),
      ...checkPlacement(inputs, cloud, scope),
      ...checkDeletionPolicy(inputs),
      ...(spec.check?.(inputs) ?? []),
    ],

    create: (inputs, cloud, subject) =>
      refusing(`Error creating ${spec.title}`, (): Created => {
        const request = requestOf(spec.collection, inputs, cloud, subject);
        requireApi(cloud, request.project, 'compute.googleapis.com');
        if (scope === 'regional') requireRegion(request.project, request.region);
        requireReferences(token, inputs, cloud, request.project, request.region);
        if (cloud.get(token, request.path)) throw alreadyExists(request.path);
        spec.validate?.(request);
        return { id: request.path, outputs: { creationTimestamp: now(), ...outputsOf(spec, request) } };
      }),

    update: (existing, inputs, cloud, subject) =>
      refusing(`Error updating ${spec.title} "${existing.id}"`, () => {
        const request = { ...requestOf(spec.collection, inputs, cloud, subject), existing };
        requireReferences(token, inputs, cloud, request.project, request.region);
        spec.validate?.(request);
        return outputsOf(spec, request);
      }),

    delete: (stored, cloud) => {
      if (!mayDelete(stored, cloud, spec.title)) return;
      refusing(`Error deleting ${spec.title}`, () => {
        requireUnused(cloud, spec.collection, stored.id);
        spec.deleting?.(stored, cloud);
      });
    },
  };
}

function requestOf(collection: Collection, inputs: Props, cloud: GcpSession, subject: Subject): Request {
  const project = text(inputs, 'project') ?? cloud.project ?? '';
  const region = regionIn(inputs, cloud) ?? '';
  const name = text(inputs, 'name') ?? subject.name;
  return { inputs, cloud, project, region, name, path: pathOf(collection, project, region, name) };
}

function outputsOf(spec: ComputeSpec, request: Request): Props {
  const { inputs, cloud, path } = request;
  const labels = spec.labels ? labelOutputs(inputs, 'labels', cloud) : {};
  return {
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...defaultsInBlocks(spec.blocks ?? {}, inputs),
    ...labels,
    ...(spec.labels ? { labelFingerprint: labelFingerprint(labels.effectiveLabels) } : {}),
    project: request.project,
    ...(COLLECTIONS[spec.collection].scope === 'regional' ? { region: request.region } : {}),
    name: request.name,
    ...spec.computed?.(request),
    selfLink: selfLinkOf(path),
  };
}

/** Project and region come from the provider where the resource has none; the provider fills them in at plan time. */
function placement(inputs: Props, cloud: GcpSession | undefined, scope: string): Props {
  const project = inputs.project ?? cloud?.project;
  const region = inputs.region ?? cloud?.region;
  return {
    ...(project === undefined ? {} : { project }),
    ...(scope === 'regional' && region !== undefined ? { region } : {}),
  };
}

/** The provider's project, where it has one. */
export function projectOf(cloud: GcpSession | undefined): Props {
  return cloud?.project === undefined ? {} : { project: cloud.project };
}

/** A region may be written as its URL. */
function regionIn(inputs: Props, cloud: GcpSession): string | undefined {
  return (text(inputs, 'region') ?? cloud.region)?.split('/').pop();
}

function checkPlacement(inputs: Props, cloud: GcpSession | undefined, scope: string): CheckFailure[] {
  if (!cloud) return [];
  const failures: CheckFailure[] = [];
  if (inputs.project === undefined && cloud.project === undefined) {
    failures.push({ property: 'project', reason: 'project: required field is not set' });
  }
  if (scope === 'regional' && inputs.region === undefined && cloud.region === undefined) {
    failures.push({ property: 'region', reason: 'region: required field is not set' });
  }
  return failures;
}

export function checkGiven(inputs: Props, property: string, maxLength = 63): CheckFailure[] {
  const name = text(inputs, property);
  return name === undefined || isUnknown(name) ? [] : checkName(property, name, maxLength);
}

export const DELETION_POLICIES = ['DELETE', 'PREVENT', 'ABANDON'];

export function checkDeletionPolicy(inputs: Props): CheckFailure[] {
  const policy = text(inputs, 'deletionPolicy');
  if (policy === undefined || DELETION_POLICIES.includes(policy)) return [];
  return [
    {
      property: 'deletionPolicy',
      reason: `expected deletion_policy to be one of ["DELETE" "PREVENT" "ABANDON"], got ${policy}`,
    },
  ];
}

/** What becomes of the resource when the engine deletes it: the resource's own word, or the provider's. */
export function deletionPolicy(inputs: Props, cloud: GcpSession | undefined): Value {
  return inputs.deletionPolicy ?? cloud?.deletionPolicy ?? 'DELETE';
}

/** False where the program abandons the resource: the engine forgets it, the cloud keeps it. */
export function mayDelete(stored: Stored, cloud: GcpSession, title: string): boolean {
  const policy = text(stored.outputs, 'deletionPolicy');
  if (policy === 'PREVENT') {
    const remedy = 'set deletionPolicy to DELETE and run `pulumi up` first';
    throw new CloudError(
      'PREVENT',
      `cannot destroy ${title} "${stored.id}" while deletionPolicy is PREVENT: ${remedy}`,
    );
  }
  if (policy === 'ABANDON') cloud.keep(stored.token, stored.id);
  return policy !== 'ABANDON';
}

/** Runs an operation; a refusal says which. */
export function refusing<T>(operation: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw during(operation, error);
  }
}

export function now(): string {
  return new Date().toISOString();
}

/** Defaults for what the inputs do not have. */
export function without(defaults: Props, inputs: Props): Props {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => inputs[name] === undefined));
}
