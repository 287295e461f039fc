import { type ResourceInput, UnusableInput, readResources } from '../reachability';
import { parseObject } from '../policy/input';

/** What an update would do to one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Properties that make the difference, as the engine names them; never their values. */
  readonly properties: readonly string[];
}

/** A `pulumi preview --json --show-sames`, as far as a comment needs it. */
export interface Preview {
  readonly steps: readonly Step[];
  readonly resources: readonly ResourceInput[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * @param name what to call the input in an error.
 * @throws UnusableInput when the text is not a preview, or one that leaves unchanged resources out.
 */
export function readPreview(text: string, name: string): Preview {
  const { steps } = parseObject(text, name);
  if (!Array.isArray(steps)) throw new UnusableInput(`${name} has no \`steps\``);
  return { resources: readResources(text), steps: steps.filter(isObject).map(readStep) };
}

function readStep({ op, urn, replaceReasons, diffReasons, detailedDiff }: Json): Step {
  const reasons = [replaceReasons, diffReasons].map(texts).find((list) => list.length > 0);
  const detailed = isObject(detailedDiff) ? Object.keys(detailedDiff).map((path) => path.split(/[.[]/)[0] ?? path) : [];
  return { op: String(op), urn: String(urn), properties: [...new Set(reasons ?? detailed)] };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
