import { isProps, list, number, object, text, type Props, type Value } from '../core/values';
import { annotationsOf, isOn, nameOf } from './meta';
import type { Kind, Outcome } from './kind';
import type { CheckFailure } from '../core/validate';

const WAIT_FOR = 'pulumi.com/waitFor';
const SKIP_AWAIT = 'pulumi.com/skipAwait';

/**
 * What the provider, waiting for an object, has not seen when its time is up; empty when the object is ready or
 * nobody waits. `pulumi.com/waitFor` takes the place of the kind's own readiness, `pulumi.com/skipAwait` of both
 * (provider documentation, "Kubernetes Provider: Await Logic").
 */
export function unmet(kind: Kind, { live, pending }: Outcome): string[] {
  if (isOn(live, SKIP_AWAIT)) return [];
  const asked = annotationsOf(live)[WAIT_FOR];
  if (asked === undefined) return kind.awaited && pending.length > 0 ? [timedOut(live), ...pending] : [];
  const missing = expressions(asked).filter((expression) => !satisfied(live, expression));
  return missing.length > 0 ? [timedOut(live), ...missing.map((what) => `Waiting for ${what}`), ...pending] : [];
}

/** What is wrong with a `pulumi.com/waitFor` annotation; the provider refuses it before it calls the API. */
export function checkWaitFor(inputs: Props): CheckFailure[] {
  const asked = annotationsOf(inputs)[WAIT_FOR];
  if (asked === undefined) return [];
  return expressions(asked)
    .filter((expression) => !/^(condition=[^=]+(=[^=]+)?|jsonpath=\{?\.[^=]+\}?(=.+)?)$/.test(expression))
    .map((expression) => ({
      property: `metadata.annotations["${WAIT_FOR}"]`,
      reason: `expected a "jsonpath=" or "condition=" prefix or a JSON array of those, got "${expression}"`,
    }));
}

function timedOut(live: Props): string {
  return `'${nameOf(live)}' timed out waiting to be Ready`;
}

function expressions(asked: string): string[] {
  if (!asked.trimStart().startsWith('[')) return [asked];
  try {
    return (JSON.parse(asked) as Value[]).map(String);
  } catch (error) {
    // Not JSON: one expression, which `checkWaitFor` refuses.
    if (error instanceof SyntaxError) return [asked];
    throw error;
  }
}

function satisfied(live: Props, expression: string): boolean {
  const [, kind, rest = ''] = /^(condition|jsonpath)=(.*)$/.exec(expression) ?? [];
  if (kind === 'condition') {
    const [type, wanted = 'True'] = rest.split('=');
    return list(live, 'status', 'conditions').some(
      (condition) =>
        text(condition, 'type')?.toLowerCase() === type?.toLowerCase() &&
        text(condition, 'status')?.toLowerCase() === wanted.toLowerCase(),
    );
  }
  const [query = '', wanted] = rest.split(/=(.*)/s);
  const found = valueAt(live, query.replace(/^\{?\.|\}$/g, ''));
  return found !== undefined && (wanted === undefined || String(found) === wanted);
}

function valueAt(live: Props, query: string): Value | undefined {
  let current: Value | undefined = live;
  for (const step of query.split(/[.[\]]/).filter((part) => part !== '')) {
    if (Array.isArray(current)) current = current[Number(step)];
    else current = isProps(current) ? current[step] : undefined;
  }
  return current;
}

/** A condition of a status, as controllers write it. */
export function condition(type: string, status: boolean, reason: string, message: string, since: string): Props {
  return { type, status: status ? 'True' : 'False', reason, message, lastTransitionTime: since };
}

/** The moment at which something that has completed is deleted, in milliseconds; undefined for never. */
export function expiryAfter(live: Props, seconds: number | undefined): number | undefined {
  const completed = text(live, 'status', 'completionTime');
  return completed === undefined || seconds === undefined ? undefined : Date.parse(completed) + seconds * 1000;
}

export function generationOf(live: Props): number {
  return number(live, 'metadata', 'generation') ?? 1;
}

const TIMES = ['lastTransitionTime', 'lastUpdateTime', 'startTime', 'notBefore', 'superUserUpserted', 'usersUpserted'];

/** The object with the times of what did not change: controllers write a time when something does. */
export function withSteadyTimes(before: Props, after: Props): Props {
  return { ...after, ...(isProps(after.status) ? { status: steady(object(before, 'status'), after.status) } : {}) };
}

function steady(before: Value | undefined, after: Value): Value {
  if (Array.isArray(after)) {
    const olds = Array.isArray(before) ? before : [];
    return after.map((item) =>
      steady(
        olds.find((old) => sameCondition(old, item)),
        item,
      ),
    );
  }
  if (!isProps(after)) return after;
  const olds = isProps(before) ? before : {};
  const kept = TIMES.filter((time) => after[time] !== undefined && olds[time] !== undefined);
  return {
    ...Object.fromEntries(Object.entries(after).map(([key, value]) => [key, steady(olds[key], value)])),
    ...Object.fromEntries(kept.map((time) => [time, olds[time] ?? null])),
  };
}

function sameCondition(old: Value, item: Value): boolean {
  return text(old, 'type') === text(item, 'type') && text(old, 'status') === text(item, 'status');
}
