/** Names that a provider gives, and what follows from who gave a name. */
import * as path from 'node:path';
import type { ResourceType, Subject } from './resourceType';
import { sameValue, texts, type Props } from './values';

/** Key under which a provider lists the inputs that it gave itself (pulumi-terraform-bridge, `reservedkeys.Defaults`). */
const DEFAULTS = '__defaults';

/** Says of a type that can be named by the provider whether this resource is. */
export function defaultsOf<C>({ autoName }: ResourceType<C>, given: Props): Props {
  if (!autoName) return {};
  return { [DEFAULTS]: given[autoName.property] === undefined ? [autoName.property] : [] };
}

/**
 * Whether a replacement has to delete first. A bridged provider says so of every resource that it could have named
 * and that was given a name, even another one (pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`); a resource
 * option of the program overrules it.
 */
export function nameInTheWay<C>(type: ResourceType<C>, olds: Props, news: Props): boolean {
  if (type.nameOf) return type.nameOf(news) !== undefined && sameValue(type.nameOf(olds), type.nameOf(news));
  return type.autoName !== undefined && !texts(news, DEFAULTS).includes(type.autoName.property);
}

/** A provider-made name stays what it was; a new one ends in characters derived from the seed. */
export function named<C>(type: ResourceType<C>, subject: Subject, olds: Props, inputs: Props, seed: string): Props {
  if (!type.autoName || inputs[type.autoName.property] !== undefined) return inputs;
  const { property, maxLength } = type.autoName;
  const old = olds[property];
  const stem = path.basename(subject.name).slice(0, maxLength - 8);
  return { ...inputs, [property]: old ?? `${stem}-${hash(seed)}` };
}

/** Seven hexadecimal digits that depend on the text alone (FNV-1a). */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0').slice(0, 7);
}
