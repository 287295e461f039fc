import { type Range, parseRange } from '../ip';
import { asText } from '../resources/resource';
import type { Value } from '../resources/value';

/** The range that a property holds; undefined when it is absent, not known yet or not an IPv4 range. */
export function rangeOfValue(value: Value | undefined): Range | undefined {
  const text = asText(value);
  return typeof text === 'string' ? parseRange(text) : undefined;
}

/** The known IPv4 ranges of a list of texts. */
export function rangesOfTexts(texts: readonly string[]): Range[] {
  return texts.map(parseRange).filter((range) => range !== undefined);
}
