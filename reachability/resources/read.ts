import { hiddenSames, stateAfter } from './previewSteps';
import type { ResourceInput } from './resource';

/** The given text is not a stack export, a preview or a list of resources. The message says what to give instead. */
export class UnusableInput extends Error {
  constructor(problem: string) {
    super(`${problem}. Give the output of \`pulumi stack export\` or of \`pulumi preview --json\`.`);
    this.name = 'UnusableInput';
  }
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The resources of a `pulumi stack export` (`deployment.resources`), a `pulumi preview --json`
 * (`steps[].newState`) or a plain list of resources.
 *
 * @throws UnusableInput when the text is none of these, or an entry has no URN or type.
 */
export function readResources(text: string): ResourceInput[] {
  const json = parseJson(text);
  if (Array.isArray(json)) return json.map(readResource);
  if (!isObject(json)) throw new UnusableInput('The input is JSON, but not an object');
  const deployment = json['deployment'];
  if (isObject(deployment)) {
    // A stack without resources is exported without the list.
    const resources = deployment['resources'] ?? [];
    if (!Array.isArray(resources)) throw new UnusableInput('`deployment.resources` is not a list');
    return resources.filter((entry) => !isObject(entry) || entry['delete'] !== true).map(readResource);
  }
  const steps = json['steps'];
  if (Array.isArray(steps)) {
    const hidden = hiddenSames(json, steps);
    if (hidden > 0) throw new UnusableInput(`The preview leaves ${hidden} unchanged resources out; use --show-sames`);
    return readSteps(steps);
  }
  throw new UnusableInput('The input has neither `deployment.resources` nor `steps`');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnusableInput(`The input is not JSON (${error.message})`);
    throw error;
  }
}

/** A step without a new state deletes; the last step on a URN tells how the resource ends up. */
function readSteps(steps: readonly unknown[]): ResourceInput[] {
  const states = new Map<string, ResourceInput>();
  for (const step of steps) {
    if (!isObject(step) || typeof step['urn'] !== 'string') throw new UnusableInput('A step has no `urn`');
    const state = stateAfter(step);
    if (state !== undefined) states.set(step['urn'], readResource({ urn: step['urn'], ...state }));
  }
  return [...states.values()];
}

function readResource(entry: unknown, index: number | undefined = undefined): ResourceInput {
  const where = index === undefined ? 'A resource' : `Resource ${index}`;
  if (!isObject(entry)) throw new UnusableInput(`${where} is not an object`);
  const { urn, type, id, inputs, outputs, parent, provider, dependencies, propertyDependencies } = entry;
  if (typeof urn !== 'string' || urn === '') throw new UnusableInput(`${where} has no \`urn\``);
  if (typeof type !== 'string' || type === '') throw new UnusableInput(`${urn} has no \`type\``);
  return {
    urn,
    type,
    id: typeof id === 'string' ? id : undefined,
    inputs: isObject(inputs) ? inputs : undefined,
    outputs: isObject(outputs) ? outputs : undefined,
    parent: typeof parent === 'string' ? parent : undefined,
    provider: typeof provider === 'string' ? provider : undefined,
    dependencies: texts(dependencies),
    propertyDependencies: isObject(propertyDependencies)
      ? Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, texts(urns)]))
      : undefined,
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
