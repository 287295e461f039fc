import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ProviderEngine, type Surroundings } from '../../sandbox/core/engine';
import { Faults } from '../../sandbox/core/faults';
import type { CloudSession, ProviderDefinition } from '../../sandbox/core/resourceType';
import type { Props } from '../../sandbox/core/values';
import { World } from '../../sandbox/core/world';

const worlds: string[] = [];

/** A world in a directory of its own, removed when the test run ends. */
export function temporaryWorld(): World {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'local-clouds-'));
  worlds.push(directory);
  return new World(directory);
}

process.on('exit', () => worlds.forEach((directory) => fs.rmSync(directory, { recursive: true, force: true })));

export const calm: Surroundings = { faults: new Faults(undefined), timeScale: 0 };

/** A configured provider driven as the engine drives it: check, then create. */
export async function configured<C extends CloudSession>(
  provider: ProviderDefinition<C>,
  config: Props = {},
  around: Surroundings = calm,
): Promise<Driver<C>> {
  const session = await provider.configure(config);
  return new Driver(new ProviderEngine(provider, around, () => session));
}

export class Driver<C extends CloudSession> {
  constructor(readonly engine: ProviderEngine<C>) {}

  urn(token: string, name: string): string {
    return `urn:pulumi:test::test::${token}::${name}`;
  }

  /** Checks and creates; fails on check failures with their text. */
  async create(token: string, name: string, inputs: Props): Promise<{ id: string; inputs: Props; outputs: Props }> {
    const urn = this.urn(token, name);
    const checked = this.engine.check(urn, {}, inputs);
    if (checked.failures.length > 0) {
      throw new Error(checked.failures.map(({ property, reason }) => `${property}: ${reason}`).join('\n'));
    }
    const { id, outputs } = await this.engine.create(urn, checked.inputs);
    return { id, inputs: checked.inputs, outputs };
  }

  delete(token: string, name: string, id: string): Promise<void> {
    return this.engine.delete(this.urn(token, name), id);
  }
}
