import type { Stored } from '../core/store';
import { clone, isProps, number, object, text, type Props } from '../core/values';
import type { World } from '../core/world';
import type { Clouds } from './clouds';
import type { Cluster } from './cluster';
import { NamespaceNotFound } from './apiErrors';
import { id, idOf, namespaceOf } from './meta';

export const NAMESPACE = 'kubernetes:core/v1:Namespace';

/**
 * What the API server of one cluster holds. Objects of all clusters share one store; the cluster's key stands
 * before an object's id there and nowhere else.
 */
export class ClusterState {
  constructor(
    readonly world: World,
    readonly clouds: Clouds,
    readonly cluster: Cluster,
  ) {}

  stored(token: string, objectId: string): Stored | undefined {
    const stored = this.world.kubernetes.get(token, `${this.cluster.key}|${objectId}`);
    return stored && { ...stored, id: objectId };
  }

  /** The live object, or undefined. */
  get(token: string, name: string, namespace?: string): Props | undefined {
    return this.stored(token, id(namespace, name))?.outputs;
  }

  /** The live objects of a type, oldest first. */
  all(token: string, namespace?: string): Props[] {
    return this.records(token)
      .map(({ outputs }) => outputs)
      .filter((live) => namespace === undefined || namespaceOf(live) === namespace);
  }

  records(token: string): Stored[] {
    return this.everything().filter((stored) => stored.token === token);
  }

  everything(): Stored[] {
    const prefix = `${this.cluster.key}|`;
    return this.world.kubernetes
      .everything()
      .filter((stored) => stored.id.startsWith(prefix))
      .map((stored) => ({ ...stored, id: stored.id.slice(prefix.length) }));
  }

  put(token: string, inputs: Props, live: Props): Props {
    this.world.kubernetes.put(token, `${this.cluster.key}|${idOf(live)}`, inputs, live);
    return live;
  }

  /** Writes a record that is no object of the API: what a controller or the API server remembers. */
  note(token: string, key: string, content: Props): void {
    this.world.kubernetes.put(token, `${this.cluster.key}|${key}`, content, {});
  }

  remove(token: string, objectId: string): void {
    this.world.kubernetes.remove(token, `${this.cluster.key}|${objectId}`);
  }

  /** Stores an object that no provider call made, as a controller does; it stays as it is if it exists. */
  ensure(token: string, given: Props): Props {
    const existing = this.stored(token, idOf(given));
    if (existing) return existing.outputs;
    const live = this.stamp(given);
    return this.put(token, given, live);
  }

  /** A new object with the metadata that the API server gives it. */
  stamp(given: Props): Props {
    const serial = this.world.kubernetes.nextSerial();
    const generation: Props = isProps(given.spec) ? { generation: 1 } : {};
    const metadata: Props = {
      ...object(given, 'metadata'),
      ...generation,
      uid: uid(serial),
      resourceVersion: String(1000 + serial),
      creationTimestamp: timestamp(),
    };
    return { ...clone(given), metadata };
  }

  /** The metadata of an object after a change: a new version, and a new generation where the wish changed. */
  restamp(live: Props, specChanged: boolean): Props {
    const serial = this.world.kubernetes.nextSerial();
    const metadata: Props = { ...object(live, 'metadata'), resourceVersion: String(1000 + serial) };
    const generation = number(live, 'metadata', 'generation');
    if (specChanged && generation !== undefined) metadata.generation = generation + 1;
    return { ...live, metadata };
  }

  requireNamespace(name: string): void {
    const namespace = this.get(NAMESPACE, name);
    if (!namespace) throw new NamespaceNotFound(name);
  }
}

/** The clusters of which the store holds objects. */
export function clusterKeys(world: World): string[] {
  return [...new Set(world.kubernetes.everything().map((stored) => stored.id.split('|')[0] ?? ''))];
}

export function forgetCluster(world: World, key: string): void {
  for (const { token, id } of world.kubernetes.everything()) {
    if (id.startsWith(`${key}|`)) world.kubernetes.remove(token, id);
  }
}

/** Now, as the API server writes it: whole seconds. */
export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function uidOf(live: Props): string {
  return text(live, 'metadata', 'uid') ?? '';
}

/** A version 4 UUID made of a serial number, so that a run repeats. */
function uid(serial: number): string {
  const spread = Math.imul(serial, 0x9e3779b1) >>> 0;
  const hex = spread.toString(16).padStart(8, '0') + serial.toString(16).padStart(24, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
