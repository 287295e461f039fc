/** BGP sessions as BIRD sees them, and what each side has learnt against what the other's resources advertise. */
import { must } from '../core/run';
import { birdSocket } from '../network/build';
import type { LabModel, TunnelEnd, VirtualNetwork } from '../network/model';
import { tunnelDevice } from '../network/names';
import { type Check, check } from './report';

export interface Session {
  readonly network: VirtualNetwork;
  readonly end: TunnelEnd;
  readonly state: string;
  readonly learnt: readonly string[];
}

/** Every session of every network. */
export async function sessions(model: LabModel): Promise<Session[]> {
  const all: Session[] = [];
  for (const network of model.networks) {
    for (const end of network.tunnels) {
      if (end.session === undefined) continue;
      const name = tunnelDevice(end);
      const protocol = await birdc(network, ['show', 'protocols', name]);
      const routes = await birdc(network, ['show', 'route', 'protocol', name]);
      const state =
        protocol
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.trim()
          .split(/\s+/)
          .at(-1) ?? 'absent';
      all.push({ network, end, state, learnt: [...new Set(routes.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [])].sort() });
    }
  }
  return all;
}

function birdc(network: VirtualNetwork, args: readonly string[]): Promise<string> {
  return must('birdc', ['-s', birdSocket(network), ...args]);
}

export async function verifyBgp(model: LabModel): Promise<Check[]> {
  const all = await sessions(model);
  return all.map(({ network, end, state, learnt }) => {
    const name = `BGP ${network.cloud} ${tunnelDevice(end)} ${end.session?.localAddress} – ${end.session?.peerAddress}`;
    const other = all.find(({ end: peer }) => peer.outside === end.peerOutside && peer.peerOutside === end.outside);
    const expected = [...(other?.end.session?.advertised ?? [])].sort();
    const ok = state === 'Established' && learnt.join() === expected.join();
    const difference =
      learnt.join() === expected.join() ? '' : `, the other side advertises ${expected.join(' ') || 'nothing'}`;
    return check(name, ok, `${state}, learnt ${learnt.join(' ') || 'nothing'}${difference}`);
  });
}
