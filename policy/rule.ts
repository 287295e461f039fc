import type { PolicyConfigJSONSchema } from '@pulumi/policy/schema';
import type { Resource } from '../reachability/resources/resource';
import type { Stack } from './stack';

/** Whether findings of a rule stop an update, are only shown, or the rule does not run. */
export type Level = 'mandatory' | 'advisory' | 'disabled';

/** One rule over the resources of a stack. Pure: the same resources give the same findings. */
export interface Rule<Settings extends object = object> {
  /** Kebab-case, unique in the pack. */
  readonly name: string;
  /** One sentence a reviewer understands: what must hold and why. */
  readonly description: string;
  /** Level unless the pack's configuration sets another. */
  readonly level: Exclude<Level, 'disabled'>;
  /** What the pack's configuration can set, besides the level. */
  readonly settings?: SettingsSchema<Settings>;
  judge(stack: Stack, settings: Settings): Finding[];
}

/** JSON schema of each setting; every setting has a default, so that the pack runs without configuration. */
export type SettingsSchema<Settings extends object> = {
  readonly [Key in keyof Settings]: Omit<PolicyConfigJSONSchema, 'default'> & {
    readonly description: string;
    readonly default: Settings[Key];
  };
};

/** What a rule found. A rule that finds nothing passes. */
export interface Finding {
  /** `undetermined`: a value the rule needs is unknown or absent; never counted as a pass. */
  readonly outcome: 'fail' | 'undetermined';
  /** URN of the resource at fault. */
  readonly urn: string;
  /** Dotted path of the property at fault, where it is one. */
  readonly property?: string;
  /** The offending value, where it is a text that a stack file may hold. */
  readonly value?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface FindingDetails {
  readonly property?: string;
  readonly value?: string;
}

/** The rule is broken at this resource. */
export function broken(resource: Resource, message: string, remedy: string, details: FindingDetails = {}): Finding {
  return { outcome: 'fail', urn: resource.urn, message, remedy, ...details };
}

/** The rule cannot be judged at this resource, because `property` is not known, or nothing says what it is. */
export function undecided(resource: Resource, property: string, what: string): Finding {
  return {
    outcome: 'undetermined',
    urn: resource.urn,
    property,
    message: `${what} of ${resource.name} (${property}) is not known at preview`,
    remedy: 'give it as a literal or a reference to a resource of the stack',
  };
}

/** A finding as the engine and the command line show it. */
export function formatFinding({ outcome, message, remedy }: Finding): string {
  return `${outcome === 'fail' ? '' : 'undetermined: '}${message}; ${remedy}`;
}
