/** The part of `up` that needs what is outside of the lab's world: the registries, for tools that are not there yet. */
import * as path from 'node:path';
import type { LabArguments } from './arguments';
import { LabError } from './core/errors';
import { localExport } from './core/paths';
import { say } from './core/say';
import { startWorld } from './core/world';
import { heapFor } from './heap';
import { writeLab } from './labState';
import type { Json } from './kubernetes/objects';
import { readModel } from './network/readModel';
import { type Stack, inputsOf, readStack } from './stack/stack';
import { provideTools } from './tools/tools';

/** Leaves a world with nothing in it, and written down what is to be built there. */
export async function prepare({ state, nodes, heap, until }: LabArguments): Promise<void> {
  const stack = readStack(state);
  checkRacks(stack, nodes);
  const model = readModel(stack.inventory);
  // Without Cassandra there is little to fit.
  const memory = until === 'all' ? heapFor(nodes, heap) : 0;
  const tools = await provideTools(say);
  await startWorld();
  writeLab({ model, tools, nodes, heap: memory, state: path.resolve(state ?? localExport) });
}

/** Each node has a rack of its own. */
function checkRacks({ resources }: Stack, nodes: number): void {
  const datacenters = resources.filter(({ type }) => type.endsWith(':CassandraDatacenter'));
  const racks = Math.min(...datacenters.map((datacenter) => (inputsOf(datacenter).spec.racks as Json[]).length));
  if (nodes / 2 > racks)
    throw new LabError(
      `--nodes ${nodes}: the stack has ${racks} racks in each datacenter, so it has at most ${racks * 2}`,
    );
}
