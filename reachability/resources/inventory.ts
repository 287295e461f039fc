import { Resource, type ResourceInput, asText } from './resource';
import { UNKNOWN, isList, reveal } from './value';

/** Where a property points. */
export type Reference =
  | { readonly kind: 'resource'; readonly resource: Resource }
  /** A known value that names nothing in the input. */
  | { readonly kind: 'external'; readonly value: string }
  /** A value that is not known yet and cannot be told from dependencies either. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' };

export interface References {
  readonly resources: readonly Resource[];
  readonly external: readonly string[];
  readonly unknown: boolean;
}

/** Ids that the clouds give to objects they make along with a resource; a reference to one leads to the resource. */
const IMPLICIT_IDS: Readonly<Record<string, readonly string[]>> = {
  'aws:ec2/vpc:Vpc': ['mainRouteTableId', 'defaultRouteTableId', 'defaultSecurityGroupId', 'defaultNetworkAclId'],
  'aws:ec2/vpnConnection:VpnConnection': ['transitGatewayAttachmentId'],
  'aws:ec2transitgateway/transitGateway:TransitGateway': [
    'associationDefaultRouteTableId',
    'propagationDefaultRouteTableId',
  ],
  'aws:eks/cluster:Cluster': ['vpcConfig.clusterSecurityGroupId'],
};

const GOOGLE_PREFIX = /^https:\/\/(www|compute|container)\.googleapis\.com\/(compute\/(v1|beta)|v1|v1beta1)\//;

/** Every resource, found by URN, by type, or by what other resources call it. Built once. */
export class Inventory {
  readonly resources: readonly Resource[];
  private readonly byUrn = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly byReference = new Map<string, Resource[]>();

  constructor(inputs: readonly ResourceInput[]) {
    // In order of URN, so that a report does not depend on the order in which resources were made.
    this.resources = inputs.map((input) => new Resource(input)).sort((a, b) => (a.urn < b.urn ? -1 : 1));
    for (const resource of this.resources) {
      this.byUrn.set(resource.urn, resource);
      push(this.byType, resource.type, resource);
      for (const key of referenceKeys(resource)) push(this.byReference, key, resource);
    }
  }

  get(urn: string): Resource | undefined {
    return this.byUrn.get(urn);
  }

  /** URNs of everything a resource depends on, by order or by value, at any distance. */
  dependenciesOf(resource: Resource): Set<string> {
    const seen = new Set<string>();
    const open = [...resource.allDependencies()];
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      if (seen.has(urn)) continue;
      seen.add(urn);
      open.push(...(this.byUrn.get(urn)?.allDependencies() ?? []));
    }
    return seen;
  }

  /** The provider resource that manages a resource. */
  providerOf(resource: Resource): Resource | undefined {
    const reference = resource.provider;
    if (reference === undefined) return undefined;
    return this.byUrn.get(reference) ?? this.byUrn.get(reference.slice(0, reference.lastIndexOf('::')));
  }

  /** All resources of the given type tokens, in order of registration. */
  all(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource of one of `types` that a scalar property points to. */
  resolve(from: Resource, path: string, ...types: readonly string[]): Reference {
    const text = asText(from.value(path));
    if (typeof text === 'string' && text !== '') return this.lookUp(from, path, text, types);
    const candidates = this.sourcesOfType(from, path, types);
    if (candidates.length === 1) return { kind: 'resource', resource: candidates[0] as Resource };
    if (text === UNKNOWN || candidates.length > 1) return { kind: 'unknown' };
    return { kind: 'absent' };
  }

  /** As `resolve`, but only the resource. */
  find(from: Resource, path: string, ...types: readonly string[]): Resource | undefined {
    const reference = this.resolve(from, path, ...types);
    return reference.kind === 'resource' ? reference.resource : undefined;
  }

  /** The resources that a list property points to. */
  resolveAll(from: Resource, path: string, ...types: readonly string[]): References {
    const list = reveal(from.value(path));
    const candidates = this.sourcesOfType(from, path, types);
    if (!isList(list))
      return { resources: candidates, external: [], unknown: list === UNKNOWN && candidates.length === 0 };
    const resources = new Set<Resource>();
    const external: string[] = [];
    let missing = 0;
    for (const item of list) {
      const text = asText(item);
      if (typeof text !== 'string') {
        missing += 1;
        continue;
      }
      const reference = this.lookUp(from, path, text, types);
      if (reference.kind === 'resource') resources.add(reference.resource);
      else if (reference.kind === 'external') external.push(text);
    }
    if (missing === 0) return { resources: [...resources], external, unknown: false };
    // An item that is not known yet is one of those the property depends on and no known item names.
    const rest = candidates.filter((candidate) => !resources.has(candidate));
    return { resources: [...resources, ...rest], external, unknown: rest.length === 0 };
  }

  /** Resources of the given types from which a property takes its value. */
  sourcesOfType(from: Resource, path: string, types: readonly string[]): Resource[] {
    return from
      .sources(path)
      .map((urn) => this.byUrn.get(urn))
      .filter((resource): resource is Resource => resource !== undefined && types.includes(resource.type));
  }

  private lookUp(from: Resource, path: string, text: string, types: readonly string[]): Reference {
    const called = (this.byReference.get(normalise(text)) ?? []).filter((resource) => types.includes(resource.type));
    // A declared default group and its VPC share an id; the resource whose own id it is, is the one that is meant.
    const owners = called.filter((resource) => resource.id === text);
    const found = owners.length > 0 ? owners : called;
    const candidates = found.length > 0 ? found : this.byLastSegment(text, types);
    const resource = candidates.length > 1 ? this.nearest(from, path, candidates) : candidates[0];
    if (resource !== undefined) return { kind: 'resource', resource };
    return candidates.length > 1 ? { kind: 'unknown' } : { kind: 'external', value: text };
  }

  /** Google writes references as a name, a partial or a full URL; a URL whose target has no id yet ends with the name. */
  private byLastSegment(text: string, types: readonly string[]): Resource[] {
    if (!text.includes('/') || !types.some((type) => type.startsWith('gcp:'))) return [];
    const name = text.slice(text.lastIndexOf('/') + 1);
    return (this.byReference.get(name) ?? []).filter(
      (resource) => types.includes(resource.type) && resource.id === undefined,
    );
  }

  /** Names are unique only within a region and a project: of several, the one the property depends on, or of the same place. */
  private nearest(from: Resource, path: string, candidates: readonly Resource[]): Resource | undefined {
    const sources = new Set(from.sources(path));
    const depended = candidates.filter((candidate) => sources.has(candidate.urn));
    if (depended.length === 1) return depended[0];
    const near = candidates.filter((candidate) =>
      ['project', 'region', 'router', 'location'].every((key) => compatible(candidate.text(key), from.text(key))),
    );
    return near.length === 1 ? near[0] : undefined;
  }
}

function compatible(a: unknown, b: unknown): boolean {
  return typeof a !== 'string' || typeof b !== 'string' || a === b;
}

function referenceKeys(resource: Resource): Set<string> {
  const paths = ['arn', 'selfLink', 'name', ...(IMPLICIT_IDS[resource.type] ?? [])];
  const texts = [resource.id, ...paths.map((path) => resource.knownText(path))];
  return new Set(texts.filter((text): text is string => text !== undefined && text !== '').map(normalise));
}

function normalise(reference: string): string {
  return reference.replace(GOOGLE_PREFIX, '');
}

export function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
