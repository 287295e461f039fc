import type { TypeSchema } from '../schema/schema';
import type { Stored } from './store';
import type { CheckFailure } from './validate';
import type { Props, Value } from './values';

/** What the engine says of the resource an operation is about. */
export interface Subject {
  readonly urn: string;
  /** Logical name: the last part of the URN. */
  readonly name: string;
}

export interface Created {
  readonly id: string;
  /** Everything the cloud computed; inputs are added to it by the server. */
  readonly outputs: Props;
}

/**
 * How one resource type behaves. `C` is what the cloud is to its types: its store, the session's account and
 * region, whatever else a rule needs.
 *
 * Rules that the real provider applies by itself, without calling the cloud, belong in `check`: they strike at
 * preview. Rules of the cloud's API belong in `create`, `update` and `delete`, which throw `CloudError`.
 */
export interface ResourceType<C> {
  readonly token: string;
  /** Exists in the engine's state only, as random values and keys do: no cloud holds it. */
  readonly stateless?: true;
  /** Seconds the real cloud takes, by its documents; waited scaled down. */
  readonly seconds?: { readonly create?: number; readonly update?: number; readonly delete?: number };
  /** Inputs whose change makes a new resource: top-level names, or paths like `vpcConfig.subnetIds`. */
  readonly immutable: readonly string[] | 'all';
  /** More of them for one change, where it depends on the values (a range may grow in place, not shrink). */
  immutableFor?(olds: Props, news: Props, cloud: C | undefined): readonly string[];
  /** Property that the provider names itself when the program does not. */
  readonly autoName?: { readonly property: string; readonly maxLength: number };
  /**
   * The name by which the cloud tells two resources of the type apart, where the provider looks at it: while it stays,
   * a replacement has to delete first.
   */
  nameOf?(inputs: Props): string | undefined;
  /** The inputs as the provider completes them at plan time, where that reaches into them or needs the cloud. */
  complete?(inputs: Props, olds: Props, subject: Subject, cloud: C | undefined): Props;
  /** Values the provider fills in at plan time: known at preview, kept in the inputs. */
  defaults?(inputs: Props, subject: Subject): Props;
  /**
   * Outputs known at preview although the program did not give them (a provider computes them at plan time).
   * All others that are not inputs are unknown until the cloud answers. A value given here for an input replaces
   * it: the input with what the cloud will compute inside it, marked unknown. `olds` are the outputs of the resource
   * to update, absent at a create: what the cloud has computed inside an input that changes and will keep.
   */
  previewOutputs?(inputs: Props, cloud: C | undefined, olds?: Props): Props;
  /** Outputs that an update to these inputs makes unknown at preview; none unless given. */
  updateUnknowns?(inputs: Props, changed: readonly string[]): readonly string[];
  /**
   * All outputs at preview, for a provider that has the cloud rehearse the operation (a server-side dry run)
   * instead of marking what it does not know. `olds` are the outputs of the resource to update, absent at a create.
   */
  rehearse?(inputs: Props, cloud: C | undefined, subject: Subject, olds?: Props): Props;
  check?(inputs: Props, subject: Subject, cloud: C | undefined): CheckFailure[];
  create(inputs: Props, cloud: C, subject: Subject): Created | Promise<Created>;
  /** The outputs as the cloud sees them now; the stored ones unless given. Undefined: it is gone. */
  read?(resource: Stored, cloud: C): Props | undefined;
  /** The computed outputs after an update; only for types with mutable inputs. */
  update?(resource: Stored, inputs: Props, cloud: C, subject: Subject): Props | Promise<Props>;
  /** What must happen in the cloud, or what stands in the way; removal from the store is the server's. */
  delete?(resource: Stored, cloud: C, subject: Subject): void | Promise<void>;
}

/** A provider as the engine sees one: its types, its configuration and its functions. */
export interface ProviderDefinition<C extends CloudSession> {
  readonly name: string;
  readonly version: string;
  /** Configuration keys of the provider; others are refused. */
  readonly configKeys: readonly string[];
  typeOf(token: string): { type: ResourceType<C>; schema: TypeSchema } | undefined;
  checkConfig?(config: Props): CheckFailure[];
  /** A session for one configured provider; throws where the credentials or the endpoint are refused. */
  configure(config: Props): C | Promise<C>;
  readonly functions?: Readonly<Record<string, (args: Props, cloud: C) => Props | Promise<Props>>>;
}

/** What the server itself needs of a session: where its resources are kept. */
export interface CloudSession {
  get(token: string, id: string): Stored | undefined;
  put(token: string, id: string, inputs: Props, outputs: Props): Stored;
  remove(token: string, id: string): void;
}

export type { Value };
