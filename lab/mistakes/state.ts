/** A stack export into which mistakes are made. */
import { LabError } from '../core/errors';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- properties of any resource; the mistakes name those they change
export type Properties = Record<string, any>;

interface Entry {
  readonly type: string;
  readonly urn: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  [key: string]: unknown;
}

/** The stack has nothing that the mistake would change. */
export class DoesNotApply extends LabError {}

export class State {
  private constructor(private readonly json: { readonly deployment: { resources: Entry[] } }) {}

  /** @param exported a stack export with its secrets in plain text */
  static of(exported: string): State {
    return new State(JSON.parse(exported) as { deployment: { resources: Entry[] } });
  }

  /** Changes the resources of a type whose name matches, both as the program gave them and as the cloud has them. */
  edit(type: string, name: RegExp, change: (properties: Properties, name: string) => void): void {
    const entries = this.matching(type, name);
    const before = JSON.stringify(entries);
    for (const entry of entries) {
      for (const properties of [entry.inputs, entry.outputs]) {
        if (properties !== undefined) change(properties, nameOf(entry));
      }
    }
    if (JSON.stringify(entries) === before)
      throw new DoesNotApply(`the mistake changes no ${type} ${String(name)} of this stack`);
  }

  remove(type: string, name: RegExp): void {
    const gone = new Set(this.matching(type, name).map(({ urn }) => urn));
    this.json.deployment.resources = this.json.deployment.resources.filter(({ urn }) => !gone.has(urn));
  }

  /** Adds a resource like another, with another name. */
  copy(type: string, name: RegExp, suffix: string, change: (properties: Properties) => void): void {
    for (const entry of this.matching(type, name)) {
      const twin = JSON.parse(JSON.stringify(entry)) as Entry;
      for (const properties of [twin.inputs, twin.outputs]) {
        if (properties === undefined) continue;
        if (typeof properties['name'] === 'string') properties['name'] += suffix;
        change(properties);
      }
      this.json.deployment.resources.push({
        ...twin,
        urn: `${entry.urn}${suffix}`,
        id: `${String(entry['id'])}${suffix}`,
      });
    }
  }

  /** Adds a resource that the program does not have, as it is given; its id is its name. */
  add(type: string, name: string, properties: Properties): void {
    const [stack = ''] = this.json.deployment.resources.map(({ urn }) => urn.split('::').slice(0, 2).join('::'));
    const copy = (): Properties => JSON.parse(JSON.stringify(properties)) as Properties;
    this.json.deployment.resources.push({
      type,
      urn: `${stack}::${type}::${name}`,
      id: name,
      inputs: copy(),
      outputs: copy(),
    });
  }

  /** The cloud's id of the first resource that matches. */
  id(type: string, name: RegExp): string {
    return String(this.ids(type, name)[0]);
  }

  ids(type: string, name: RegExp): string[] {
    return this.matching(type, name).map((entry) => String(entry['id']));
  }

  /** A property of the first resource that matches, as the cloud has it. */
  property(type: string, name: RegExp, key: string): unknown {
    const [entry] = this.matching(type, name);
    return entry?.outputs?.[key] ?? entry?.inputs?.[key];
  }

  text(): string {
    return JSON.stringify(this.json);
  }

  private matching(type: string, name: RegExp): Entry[] {
    const found = this.json.deployment.resources.filter((entry) => entry.type === type && name.test(nameOf(entry)));
    if (found.length === 0) throw new DoesNotApply(`the mistake finds no ${type} ${String(name)} in this stack`);
    return found;
  }
}

function nameOf({ urn }: Entry): string {
  return urn.slice(urn.lastIndexOf('::') + 2);
}
