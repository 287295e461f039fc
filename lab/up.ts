import * as fs from 'node:fs';
import * as path from 'node:path';
import { spawn } from 'node:child_process';
import type { AgentConfig } from './agent/config';
import type { LabArguments } from './arguments';
import { LabError } from './core/errors';
import { recordProcess, recordedNamespaces } from './core/ledger';
import { logFile } from './core/namespace';
import { localExport, projectDirectory } from './core/paths';
import { say } from './core/say';
import { applyStack } from './kubernetes/applyStack';
import type { KubeClient } from './kubernetes/client';
import { clusterFolder, startControlPlane } from './kubernetes/controlPlane';
import { buildNetwork, networkOf } from './network/build';
import { writeLab } from './labState';
import type { Cluster } from './network/model';
import { readModel } from './network/readModel';
import { checkRequirements } from './requirements';
import { readStack } from './stack/stack';
import { provideTools } from './tools/tools';

/** Each Cassandra node's heap; six of them fit a small machine. */
const HEAP = '512M';

export async function up({ state, nodes, until }: LabArguments): Promise<void> {
  await checkRequirements();
  if (recordedNamespaces().length > 0)
    throw new LabError('the lab is up already; take it down first: npm run lab -- down');
  const stack = readStack(state);
  const model = readModel(stack.inventory);
  const tools = await provideTools(say);
  writeLab({ model, tools, nodes, state: path.resolve(state ?? localExport) });
  await buildNetwork(model, say);
  if (until === 'network') return;
  const apis = new Map<Cluster, KubeClient>();
  for (const cluster of model.clusters) {
    apis.set(cluster, await startControlPlane(cluster, tools));
    startAgent({ cluster, network: networkOf(model, cluster), tools, heap: HEAP });
    say(`kubernetes: ${cluster.name} is ready`);
  }
  if (until === 'kubernetes') return;
  await applyStack(stack, model.clusters, { tools, apis, nodesPerDatacenter: nodes / 2, say });
  say('every object of the stack is applied and ready');
}

/** The agent works from outside the namespaces, since it makes them. */
function startAgent(config: AgentConfig): void {
  const file = path.join(clusterFolder(config.cluster), 'agent.json');
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const log = fs.openSync(logFile(`${config.cluster.name}-agent`), 'a');
  const main = path.join(__dirname, 'agent', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, file], {
    cwd: projectDirectory,
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  if (child.pid === undefined) throw new Error(`the agent of ${config.cluster.name} did not start`);
  recordProcess(`agent of ${config.cluster.name}`, child.pid);
  child.unref();
}
