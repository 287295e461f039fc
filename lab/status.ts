import { recordedProcesses } from './core/ledger';
import { memoryInUse } from './core/processes';
import { KubeClient } from './kubernetes/client';
import { clusterFolder, hasControlPlane } from './kubernetes/controlPlane';
import type { Lab } from './labState';
import { tunnelDevice } from './network/names';
import { gibibytes } from './usage';
import { sessions } from './verify/bgp';
import { datacenters, nodetool } from './verify/pods';

/** Prints the lab as it is: sessions, machines, pods, and the ring from every datacenter. */
export async function status(lab: Lab): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  print('BGP');
  for (const { router, end, state, learnt } of await sessions(lab.model)) {
    const way = `${end.session?.localAddress} – ${end.session?.peerAddress}`;
    print(
      `  ${router.name.padEnd(5)} ${tunnelDevice(end).padEnd(9)} ${way.padEnd(34)} ${state.padEnd(12)} ${learnt.join(' ')}`,
    );
  }
  for (const { name, running } of recordedProcesses()) print(`${name}: ${running ? 'runs' : 'has ended'}`);
  for (const cluster of lab.model.clusters) {
    print(`${cluster.name} (${cluster.cloud}), ${cluster.machines.length} machines`);
    if (!hasControlPlane(cluster)) continue;
    for (const { metadata, spec, status: state } of await new KubeClient(clusterFolder(cluster)).list('v1', 'Pod')) {
      const name = `${metadata.namespace}/${metadata.name}`;
      print(
        `  ${name.padEnd(58)} ${String(state?.phase).padEnd(10)} ${String(state?.podIP ?? '').padEnd(15)} ${spec.nodeName ?? ''}`,
      );
    }
  }
  print(`memory of the lab's processes: ${gibibytes(memoryInUse())} GiB`);
  if (!lab.model.clusters.every(hasControlPlane)) return;
  for (const datacenter of await datacenters(lab)) {
    const [pod] = datacenter.pods;
    if (pod === undefined) continue;
    const { stdout, stderr } = await nodetool(lab, pod, 'status');
    print(`nodetool status, from ${pod.name} in ${datacenter.name}`);
    print((stdout.trim() || stderr.trim()).replace(/^/gm, '  '));
  }
}
