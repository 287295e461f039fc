/** Label selectors as Kubernetes evaluates them. */
import type { Json } from '../kubernetes/objects';

/** Whether a label selector selects an object with the labels; an empty selector selects everything. */
export function selects(selector: Json, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries((selector?.matchLabels ?? {}) as Record<string, string>);
  const expressions = (selector?.matchExpressions ?? []) as Json[];
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => expressionHolds(expression, labels))
  );
}

/** @throws RangeError for an operator that Kubernetes does not have */
export function expressionHolds(expression: Json, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[expression.key as string];
  const values = (expression.values ?? []) as string[];
  switch (expression.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new RangeError(`label selector operator ${String(expression.operator)}`);
  }
}
