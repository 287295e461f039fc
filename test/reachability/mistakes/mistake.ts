/** What one entry of the suite of seeded mistakes says. */
import type { Stack } from './edit';

/** Which of the program's stacks: with a virtual private gateway or with a transit gateway on AWS's side. */
export type Kind = 'virtualPrivate' | 'transit';

/**
 * Flows that break: which ones, by a pattern over `purpose | source > destination | port/protocol`; the hop where they end;
 * the resource at fault as `Type::name`; and the rule. Where the last two depend on the gateway, there is one for each kind.
 */
export type Block = readonly [flows: RegExp, hop: string, resource: PerKind, rule: PerKind];
export type PerKind = string | Readonly<Record<Kind, string>>;

export interface Mistake {
  readonly name: string;
  /** Entries of the lists of "top traps" of real deployments that this mistake is an example of, e.g. `network 3`. */
  readonly traps?: readonly string[];
  /** Stacks that the mistake can be made in; without it, both. */
  readonly on?: Kind;
  /** One change, such as one wrong or forgotten line of a program would leave behind. */
  readonly change: (stack: Stack) => unknown;
  /** Every flow that breaks; all others must stay reachable. The first pattern that fits a flow counts. */
  readonly blocks?: readonly Block[];
  /** Every finding, as `rule Type::name`; no other may appear. */
  readonly findings?: readonly string[];
  /** What rules of the policy pack say besides, as `rule Type::name`; for mistakes that are no matter of packets. */
  readonly policy?: readonly string[];
  /** What a first preview finds in place of `findings`, where it recognises the mistake by another sign. */
  readonly previewFindings?: readonly string[];
  /** Why a first preview cannot tell: the value that is not known yet. Without it, the preview must tell the same. */
  readonly untold?: string;
}

export interface Harmless {
  readonly name: string;
  readonly on?: Kind;
  readonly change: (stack: Stack) => unknown;
}
