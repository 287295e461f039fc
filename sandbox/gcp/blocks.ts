import { UNKNOWN, isProps, type Props, type Value } from '../core/values';

/** A block of inputs that holds more than the program writes. */
export interface Block {
  /** What the provider gives the properties that are left out. */
  readonly defaults?: Props;
  /** Properties that the API answers with. */
  readonly computed?: readonly string[];
}

export type Blocks = Readonly<Record<string, Block>>;

/**
 * The blocks the program gives (or lists of them) as the provider shows them at preview: with its defaults, and
 * with what the API computes inside unknown, or as it was before an update (`olds`).
 */
export function completeBlocks(blocks: Blocks, inputs: Props, olds?: Props): Props {
  const outputs: Props = {};
  for (const [name, block] of Object.entries(blocks)) {
    const given = inputs[name];
    const old = olds?.[name];
    if (isProps(given)) outputs[name] = complete(block, given, old);
    if (Array.isArray(given)) {
      outputs[name] = given.map((item, i) =>
        isProps(item) ? complete(block, item, Array.isArray(old) ? old[i] : undefined) : item,
      );
    }
  }
  return outputs;
}

function complete({ defaults = {}, computed = [] }: Block, given: Props, old: Value | undefined): Props {
  const answered = computed.map((name) => [name, (isProps(old) ? old[name] : undefined) ?? UNKNOWN] as const);
  return { ...defaults, ...Object.fromEntries(answered), ...given };
}

/** The same blocks after the API has answered, without what it computes. */
export function defaultsInBlocks(blocks: Blocks, inputs: Props): Props {
  const plain = Object.entries(blocks).map(([name, { defaults }]) => [name, { defaults }] as const);
  return completeBlocks(Object.fromEntries(plain), inputs);
}
