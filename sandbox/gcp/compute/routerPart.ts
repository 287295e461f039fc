import type { Created, ResourceType } from '../../core/resourceType';
import type { Stored } from '../../core/store';
import type { CheckFailure } from '../../core/validate';
import { text, type Props } from '../../core/values';
import { requireApi } from '../apis';
import { googleError, notFound } from '../errors';
import { COLLECTIONS, nameOf, resolvePath } from '../names';
import { requireReferences, usesOf } from '../references';
import { completeBlocks, defaultsInBlocks, type Blocks } from '../blocks';
import { checkDeletionPolicy, checkGiven, deletionPolicy, mayDelete, refusing, without } from '../resource';
import type { GcpSession } from '../session';

/** A request about an interface, session or NAT of a router. */
export interface PartRequest {
  readonly inputs: Props;
  readonly cloud: GcpSession;
  readonly project: string;
  readonly region: string;
  readonly router: Stored;
  readonly name: string;
  readonly existing?: Stored;
}

export interface PartSpec {
  readonly token: string;
  readonly title: string;
  /** Ids are project, region, router and name; a session's is a path. */
  readonly pathId?: boolean;
  readonly immutable: readonly string[] | 'all';
  readonly seconds: ResourceType<GcpSession>['seconds'];
  readonly defaults?: Props;
  readonly blocks?: Blocks;
  check?(inputs: Props): CheckFailure[];
  validate(request: PartRequest): void;
  computed?(request: PartRequest): Props;
  deleting?(stored: Stored, cloud: GcpSession): void;
}

/** What the API keeps inside a router, and the provider makes resources of. */
export function routerPart(spec: PartSpec): ResourceType<GcpSession> {
  const outputsOf = (request: PartRequest): Props => ({
    deletionPolicy: deletionPolicy(request.inputs, request.cloud),
    ...defaultsInBlocks(spec.blocks ?? {}, request.inputs),
    project: request.project,
    region: request.region,
    name: request.name,
    ...spec.computed?.(request),
  });
  return {
    token: spec.token,
    seconds: spec.seconds,
    immutable: spec.immutable === 'all' ? 'all' : ['name', 'project', 'region', 'router', ...spec.immutable],
    autoName: { property: 'name', maxLength: 63 },
    defaults: () => spec.defaults ?? {},
    previewOutputs: (inputs, cloud, olds) => ({
      deletionPolicy: deletionPolicy(inputs, cloud),
      ...completeBlocks(spec.blocks ?? {}, inputs, olds),
      ...without(providerPlace(cloud), inputs),
    }),
    check: (inputs) => [...checkGiven(inputs, 'name'), ...checkDeletionPolicy(inputs), ...(spec.check?.(inputs) ?? [])],
    create: (inputs, cloud, subject) =>
      refusing(`Error creating ${spec.title}`, (): Created => {
        const request = requestOf(spec, inputs, cloud, text(inputs, 'name') ?? subject.name);
        const id = idOf(spec, request);
        if (cloud.get(spec.token, id))
          throw googleError(409, `${spec.title} ${id} already exists in its router`, 'alreadyExists');
        spec.validate(request);
        return { id, outputs: outputsOf(request) };
      }),
    update: (existing, inputs, cloud) =>
      refusing(`Error updating ${spec.title} "${existing.id}"`, () => {
        const request = { ...requestOf(spec, inputs, cloud, nameOf(existing.id)), existing };
        spec.validate(request);
        return outputsOf(request);
      }),
    delete: (stored, cloud) => {
      if (!mayDelete(stored, cloud, spec.title)) return;
      refusing(`Error deleting ${spec.title}`, () => spec.deleting?.(stored, cloud));
    },
  };
}

function requestOf(spec: PartSpec, inputs: Props, cloud: GcpSession, name: string): PartRequest {
  const project = text(inputs, 'project') ?? cloud.project ?? '';
  const region = text(inputs, 'region') ?? cloud.region ?? '';
  requireApi(cloud, project, 'compute.googleapis.com');
  requireReferences(spec.token, inputs, cloud, project, region);
  const path = resolvePath(text(inputs, 'router') ?? '', 'routers', project, region) ?? '';
  const router = cloud.get(COLLECTIONS.routers.token, path);
  if (!router) throw notFound(path);
  return { inputs, cloud, project, region, router, name };
}

function idOf(spec: PartSpec, { project, region, router, name }: PartRequest): string {
  return spec.pathId ? `${router.id}/${name}` : `${project}/${region}/${nameOf(router.id)}/${name}`;
}

function providerPlace(cloud: GcpSession | undefined): Props {
  return {
    ...(cloud?.project === undefined ? {} : { project: cloud.project }),
    ...(cloud?.region === undefined ? {} : { region: cloud.region }),
  };
}

/** The parts of a router of one type. */
export function partsOf(cloud: GcpSession, token: string, router: string): Stored[] {
  return cloud.store.all(token).filter((part) => usesOf(part).includes(router));
}
