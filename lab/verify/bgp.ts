/** BGP sessions as BIRD sees them, and what each side has learnt, against what the proof says of the same state. */
import { must } from '../core/run';
import type { Lab } from '../labState';
import { birdSocket } from '../network/build';
import { type LabModel, type TunnelEnd, type VpnRouter, vpnRouters } from '../network/model';
import { tunnelDevice } from '../network/names';
import { type ProvenSession, askProof } from './proof';
import { type Check, check } from './report';

export interface Session {
  readonly router: VpnRouter;
  readonly end: TunnelEnd;
  /** BIRD's word, e.g. `Established` or `Active`. */
  readonly state: string;
  readonly learnt: readonly string[];
}

/** Every session of every router. */
export async function sessions(model: LabModel): Promise<Session[]> {
  const all: Session[] = [];
  for (const router of vpnRouters(model)) {
    for (const end of router.tunnels) {
      if (end.session === undefined) continue;
      const name = tunnelDevice(end);
      const state = stateOf(name, await birdc(router, ['show', 'protocols', name]));
      const learnt = prefixesOf(await birdc(router, ['show', 'route', 'table', 'all', 'protocol', name]));
      all.push({ router, end, state, learnt });
    }
  }
  return all;
}

function birdc(router: VpnRouter, args: readonly string[]): Promise<string> {
  return must('birdc', ['-s', birdSocket(router), ...args]);
}

/** The last column of `show protocols`. */
export function stateOf(name: string, text: string): string {
  const line = text.split('\n').find((candidate) => candidate.split(/\s+/)[0] === name);
  return line?.trim().split(/\s+/).at(-1) ?? 'absent';
}

/** The prefixes of `show route`, each once though several tables hold it. */
export function prefixesOf(text: string): string[] {
  return [...new Set(text.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [])].sort();
}

export async function verifyBgp(lab: Lab): Promise<Check[]> {
  const [found, { sessions: proven }] = await Promise.all([sessions(lab.model), askProof(lab.state)]);
  return compareSessions(found, proven);
}

/**
 * Every session of BIRD beside the proof's, and those of the proof that BIRD has not. A session that the proof cannot
 * decide agrees with anything.
 */
export function compareSessions(found: readonly Session[], proven: readonly ProvenSession[]): Check[] {
  const left = new Set(proven);
  const checks = found.map((session) => {
    const other = counterpart(session, left);
    if (other !== undefined) left.delete(other);
    return compare(session, other);
  });
  const missing = [...left].filter(({ state }) => state === 'established');
  return [
    ...checks,
    ...missing.map(({ urn, local }) =>
      check(`BGP ${local ?? 'unknown'} of ${urn}`, false, 'the proof says established, the lab has no such session'),
    ),
  ];
}

/** Both ends are told by the resource that configures them; a connection of AWS has two. */
function counterpart({ end }: Session, proven: ReadonlySet<ProvenSession>): ProvenSession | undefined {
  return [...proven].find(({ urn, local }) => urn === end.session?.urn && local === end.session.localAddress);
}

function compare({ router, end, state, learnt }: Session, proven: ProvenSession | undefined): Check {
  const way = `${end.session?.localAddress} – ${end.session?.peerAddress}`;
  const name = `BGP ${router.name} ${tunnelDevice(end)} ${way}`;
  const real = `${state}, learnt ${learnt.join(' ') || 'nothing'}`;
  if (proven === undefined) return check(name, false, `${real}; the proof has no such session`);
  if (proven.state === 'undetermined') return check(name, true, `${real}; undetermined by the proof`);
  const up = state === 'Established';
  const expected = [...proven.learned].sort();
  const agrees = up === (proven.state === 'established') && learnt.join() === expected.join();
  const said = `; the proof says ${proven.state}, learnt ${expected.join(' ') || 'nothing'}`;
  return check(name, agrees, `${real}${agrees ? '' : said}`);
}
