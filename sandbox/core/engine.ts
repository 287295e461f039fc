import { changedNames, diffInputs, type PropertyChange } from './diff';
import { InitializationFailed } from './errors';
import { sleep, type Fault, type Faults } from './faults';
import { defaultsOf, nameInTheWay, named } from './naming';
import type { CloudSession, ProviderDefinition, Subject } from './resourceType';
import { validateShape, type CheckFailure } from './validate';
import { UNKNOWN, isKnown, withoutInternals, type Props } from './values';

/** What is the same for every provider of one run. */
export interface Surroundings {
  readonly faults: Faults;
  /** Factor on the clouds' published times; 0 does not wait. */
  readonly timeScale: number;
}

export interface Diff {
  readonly changes: readonly PropertyChange[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * The life of resources behind one configured provider, between the engine's protocol and a cloud's rules. It
 * knows no cloud: what is valid, what is computed and what stands in the way are the resource types'.
 */
export class ProviderEngine<C extends CloudSession> {
  constructor(
    private readonly provider: ProviderDefinition<C>,
    private readonly around: Surroundings,
    private readonly session: () => C,
  ) {}

  /** @param seed what the name of a new resource ends in, if the provider gives it: the engine's random bytes */
  check(urn: string, olds: Props, news: Props, seed = urn): { inputs: Props; failures: CheckFailure[] } {
    const { type, schema, token } = this.typeOf(urn);
    const subject = subjectOf(urn);
    let inputs = withoutInternals(news);
    const failures = validateShape(inputs, schema.inputs);
    if (failures.length > 0) {
      return { inputs, failures: failures.map((failure) => ({ ...failure, reason: `${token}: ${failure.reason}` })) };
    }
    inputs = named(type, subject, withoutInternals(olds), inputs, seed);
    if (type.complete) inputs = type.complete(inputs, withoutInternals(olds), subject, this.sessionIfAny());
    if (type.defaults) inputs = { ...type.defaults(inputs, subject), ...inputs };
    const refused = type.check?.(inputs, subject, this.sessionIfAny()) ?? [];
    return { inputs: { ...inputs, ...defaultsOf(type, news) }, failures: refused };
  }

  diff(urn: string, oldInputs: Props, newInputs: Props): Diff {
    const { type } = this.typeOf(urn);
    const [olds, news] = [withoutInternals(oldInputs), withoutInternals(newInputs)];
    const immutable =
      type.immutable === 'all'
        ? 'all'
        : [...type.immutable, ...(type.immutableFor?.(olds, news, this.sessionIfAny()) ?? [])];
    const changes = diffInputs(olds, news, immutable);
    const replaces = changedNames(changes.filter((change) => change.replace));
    return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && nameInTheWay(type, olds, newInputs) };
  }

  previewCreate(urn: string, inputs: Props): Props {
    const { type, schema } = this.typeOf(urn);
    if (type.rehearse) return type.rehearse(withoutInternals(inputs), this.sessionIfAny(), subjectOf(urn));
    const outputs: Props = {};
    const computed = schema.outputs.filter((output) => !schema.optional.includes(output));
    for (const output of computed) if (inputs[output] === undefined) outputs[output] = UNKNOWN;
    return { ...outputs, ...withoutInternals(inputs), ...type.previewOutputs?.(inputs, this.sessionIfAny()) };
  }

  async create(urn: string, inputs: Props): Promise<{ id: string; outputs: Props }> {
    const { type, token } = this.typeOf(urn);
    const subject = subjectOf(urn);
    const plain = withoutInternals(inputs);
    await this.before('create', token, subject, type.seconds?.create);
    let created: { id: string; outputs: Props };
    try {
      // Not awaited where nothing is waited for: between the cloud's checks and its record nothing else may happen.
      const answer = type.create(plain, this.session(), subject);
      created = answer instanceof Promise ? await answer : answer;
    } catch (error) {
      if (error instanceof InitializationFailed) this.session().put(token, error.id, plain, error.outputs);
      throw error;
    }
    const outputs = { ...plain, ...created.outputs };
    if (!type.stateless) this.session().put(token, created.id, plain, outputs);
    await this.around.faults.strike('after', 'create', token, subject.name);
    return { id: created.id, outputs };
  }

  /** The cloud's view of a resource, or the engine's own of a stateless one; undefined where it is gone. */
  async read(urn: string, id: string, known: { inputs: Props; outputs: Props }) {
    const { type, token } = this.typeOf(urn);
    if (type.stateless) return known;
    await this.before('read', token, subjectOf(urn), undefined);
    const stored = this.session().get(token, id);
    if (!stored) return undefined;
    const outputs = type.read ? type.read(stored, this.session()) : stored.outputs;
    return outputs && { inputs: stored.inputs, outputs };
  }

  previewUpdate(urn: string, olds: Props, oldInputs: Props, inputs: Props): Props {
    const { type } = this.typeOf(urn);
    if (type.rehearse) return type.rehearse(withoutInternals(inputs), this.sessionIfAny(), subjectOf(urn), olds);
    const changed = changedNames(diffInputs(withoutInternals(oldInputs), withoutInternals(inputs), []));
    const unknown = (type.updateUnknowns?.(inputs, changed) ?? []).map((name) => [name, UNKNOWN]);
    const computed = Object.entries(type.previewOutputs?.(inputs, this.sessionIfAny(), olds) ?? {}).filter(
      ([name, value]) => changed.includes(name) || (inputs[name] === undefined && isKnown(value)),
    );
    // An input that does not change keeps what the cloud has computed inside it.
    const asked = Object.entries(withoutInternals(inputs)).filter(([name]) => changed.includes(name));
    return { ...withoutKeys(olds, changed), ...Object.fromEntries([...asked, ...computed, ...unknown]) };
  }

  async update(urn: string, id: string, inputs: Props): Promise<Props> {
    const { type, token } = this.typeOf(urn);
    const subject = subjectOf(urn);
    const stored = this.session().get(token, id);
    if (!stored) throw new Error(`${token} ${id} does not exist any more; run refresh`);
    if (!type.update) throw new Error(`${token} has no update: every change replaces it`);
    await this.before('update', token, subject, type.seconds?.update);
    const plain = withoutInternals(inputs);
    const gone = Object.keys(stored.inputs).filter((name) => plain[name] === undefined);
    let computed: Props;
    try {
      const answer = type.update(stored, plain, this.session(), subject);
      computed = answer instanceof Promise ? await answer : answer;
    } catch (error) {
      if (error instanceof InitializationFailed) this.session().put(token, id, plain, error.outputs);
      throw error;
    }
    const outputs = { ...withoutKeys(stored.outputs, gone), ...plain, ...computed };
    this.session().put(token, id, plain, outputs);
    await this.around.faults.strike('after', 'update', token, subject.name);
    return outputs;
  }

  async delete(urn: string, id: string): Promise<void> {
    const { type, token } = this.typeOf(urn);
    const subject = subjectOf(urn);
    const stored = this.session().get(token, id);
    if (type.stateless || !stored) return;
    await this.before('delete', token, subject, type.seconds?.delete);
    await type.delete?.(stored, this.session(), subject);
    this.session().remove(token, id);
    await this.around.faults.strike('after', 'delete', token, subject.name);
  }

  private async before(
    operation: Fault['operation'],
    token: string,
    subject: Subject,
    seconds: number | undefined,
  ): Promise<void> {
    await this.around.faults.strike('before', operation, token, subject.name);
    if (seconds && this.around.timeScale > 0) await sleep(seconds * 1000 * this.around.timeScale);
  }

  private typeOf(urn: string) {
    const token = tokenOf(urn);
    const found = this.provider.typeOf(token);
    if (!found) throw new Error(`${token} is not a type the local ${this.provider.name} cloud knows`);
    return { ...found, token };
  }

  private sessionIfAny(): C | undefined {
    try {
      return this.session();
    } catch (error) {
      if (error instanceof NotConfigured) return undefined;
      throw error;
    }
  }
}

/** The engine called a provider that it had not configured. */
export class NotConfigured extends Error {}

export function tokenOf(urn: string): string {
  const chain = urn.split('::')[2] ?? '';
  return chain.split('$').pop() ?? '';
}

export function subjectOf(urn: string): Subject {
  return { urn, name: urn.split('::').slice(3).join('::') };
}

function withoutKeys(props: Props, keys: readonly string[]): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !keys.includes(key)));
}
