import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import assert from 'node:assert/strict';
import { awsProvider } from '../../../sandbox/aws/provider';
import type { AwsSession } from '../../../sandbox/aws/session';
import { ProviderEngine, type Diff } from '../../../sandbox/core/engine';
import { CloudError, InitializationFailed } from '../../../sandbox/core/errors';
import { Faults } from '../../../sandbox/core/faults';
import type { CheckFailure } from '../../../sandbox/core/validate';
import type { Props } from '../../../sandbox/core/values';
import { World } from '../../../sandbox/core/world';

/** Holds every world of the run, and goes with the process. */
const worlds = fs.mkdtempSync(path.join(os.tmpdir(), 'local-aws-'));
process.on('exit', () => fs.rmSync(worlds, { recursive: true, force: true }));

/** A resource that a test made. */
export interface Made {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
}

/** What the engine asks of a provider, in one call each, on a fresh account. */
export class LocalAws {
  readonly directory = fs.mkdtempSync(path.join(worlds, 'world-'));
  readonly world = new World(this.directory);
  private readonly engine: ProviderEngine<AwsSession>;
  private readonly made: Made[] = [];
  private count = 0;

  constructor(config: Props = { region: 'eu-west-1' }) {
    const provider = awsProvider(this.world);
    const session = provider.configure(config) as AwsSession;
    this.engine = new ProviderEngine(provider, { faults: new Faults(undefined), timeScale: 0 }, () => session);
  }

  /** Everything that is there, in the order it was made. */
  get all(): readonly Made[] {
    return this.made;
  }

  /** Type tokens are written short: `ec2/vpc:Vpc`. */
  urn(type: string, name?: string): string {
    this.count += 1;
    return `urn:pulumi:dev::test::aws:${type}::${name ?? `r${this.count}`}`;
  }

  check(type: string, inputs: Props, name = 'checked'): { inputs: Props; failures: CheckFailure[] } {
    return this.engine.check(this.urn(type, name), {}, inputs);
  }

  preview(type: string, inputs: Props): Props {
    return this.engine.previewCreate(this.urn(type, 'previewed'), this.check(type, inputs).inputs);
  }

  async create(type: string, inputs: Props, name?: string): Promise<Made> {
    const urn = this.urn(type, name);
    const checked = this.engine.check(urn, {}, inputs);
    assert.deepEqual(checked.failures, []);
    const { id, outputs } = await this.engine.create(urn, checked.inputs);
    const made = { urn, id, inputs: checked.inputs, outputs };
    this.made.push(made);
    return made;
  }

  diff(made: Made, inputs: Props): Diff {
    return this.engine.diff(made.urn, made.inputs, this.engine.check(made.urn, made.inputs, inputs).inputs);
  }

  previewUpdate(made: Made, inputs: Props): Props {
    const checked = this.engine.check(made.urn, made.inputs, inputs);
    assert.deepEqual(checked.failures, []);
    return this.engine.previewUpdate(made.urn, made.outputs, made.inputs, checked.inputs);
  }

  async update(made: Made, inputs: Props): Promise<Made> {
    const checked = this.engine.check(made.urn, made.inputs, inputs);
    assert.deepEqual(checked.failures, []);
    const outputs = await this.engine.update(made.urn, made.id, checked.inputs);
    const updated = { ...made, inputs: checked.inputs, outputs };
    const index = this.made.indexOf(made);
    if (index >= 0) this.made[index] = updated;
    return updated;
  }

  async read(made: Made): Promise<Props | undefined> {
    return (await this.engine.read(made.urn, made.id, made))?.outputs;
  }

  async delete(made: Made): Promise<void> {
    await this.engine.delete(made.urn, made.id);
    const index = this.made.findIndex((other) => other.urn === made.urn);
    if (index >= 0) this.made.splice(index, 1);
  }

  /** Deletes what the test made, newest first, as the engine does. */
  async destroy(): Promise<void> {
    for (const made of [...this.made].reverse()) await this.delete(made);
  }
}

/** The failures of a check, as `property: reason`. */
export function reasons(result: { failures: CheckFailure[] }): string {
  return result.failures.map(({ property, reason }) => `${property}: ${reason}`).join('\n');
}

/** Expects the cloud to refuse with a code, and with words that a person can find. */
export async function refuses(code: string, words: RegExp, operation: () => Promise<unknown>): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof CloudError, `expected a refusal of the cloud, got ${String(error)}`);
    assert.equal(error.code, code);
    assert.match(error.message, words);
    return true;
  });
}

/** Expects a resource that exists but did not become ready. */
export async function unready(words: RegExp, operation: () => Promise<unknown>): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof InitializationFailed, `expected an initialization failure, got ${String(error)}`);
    assert.match(error.message, words);
    return true;
  });
}
