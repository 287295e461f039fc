import * as fs from 'node:fs';
import * as path from 'node:path';
import { spawn } from 'node:child_process';
import type { AgentConfig } from './agent/config';
import type { LabArguments } from './arguments';
import { recordProcess } from './core/ledger';
import { logFile } from './core/namespace';
import { projectDirectory } from './core/paths';
import { memoryInUse } from './core/processes';
import { say, secondsSoFar } from './core/say';
import { applyStack } from './kubernetes/applyStack';
import type { KubeClient } from './kubernetes/client';
import { clusterFolder, startControlPlane } from './kubernetes/controlPlane';
import { buildNetwork, networkOf } from './network/build';
import { delayBetweenClouds } from './network/delay';
import type { Lab } from './labState';
import type { Cluster } from './network/model';
import { readStack } from './stack/stack';
import { renderUsage } from './usage';

/** Builds the lab in a world that has nothing in it yet. */
export async function up(lab: Lab, { until, delay }: Pick<LabArguments, 'until' | 'delay'>): Promise<void> {
  const { model, tools, nodes, heap, state } = lab;
  await buildNetwork(model, say);
  if (delay !== undefined) await delayBetweenClouds(model, delay);
  if (until === 'network') return;
  const apis = new Map<Cluster, KubeClient>();
  for (const cluster of model.clusters) {
    apis.set(cluster, await startControlPlane(cluster, tools));
    startAgent({ cluster, network: networkOf(model, cluster), tools, heap });
    say(`kubernetes: ${cluster.name} is ready`);
  }
  if (until === 'kubernetes') return;
  await applyStack(readStack(state), model.clusters, { tools, apis, nodesPerDatacenter: nodes / 2, say });
  say('every object of the stack is applied and ready');
  process.stdout.write(`${renderUsage(nodes, secondsSoFar(), memoryInUse())}\n`);
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
