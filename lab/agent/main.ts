/** The agent of one cluster: scheduler, kubelets, kube-proxy, NetworkPolicies, load balancers and volumes. Argument: its configuration file. */
import * as fs from 'node:fs';
import { say } from '../core/say';
import { sleep } from '../core/wait';
import { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import type { AgentConfig } from './config';
import { Kubelets } from './kubelets';
import { ServiceNetwork } from './serviceNetwork';
import { provision } from './storage';

const INTERVAL = 1_000;

async function main(file: string): Promise<void> {
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as AgentConfig;
  const api = new KubeClient(clusterFolder(config.cluster));
  const kubelets = new Kubelets(config, api);
  const network = new ServiceNetwork(config, api);
  await kubelets.register();
  for (;;) {
    await attempt('pods', () => kubelets.reconcile());
    await attempt('volumes', () => provision(api, config.cluster));
    await attempt('policies', () => network.enforcePolicies());
    await attempt('services', () => network.reconcile());
    await sleep(INTERVAL);
  }
}

/** One part's trouble is told and tried again; the others go on. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

void main(process.argv[2] ?? '');
