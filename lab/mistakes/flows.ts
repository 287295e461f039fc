/** The flows that are tried under every mistake. */
import type { LabModel } from '../network/model';
import { type Flow, askProof } from '../verify/proof';

/** A port that nothing opens between the sites. */
const CLOSED = '22/tcp';
const INTERNODE = '7000/tcp';

/** Those that the stack needs, and some that it does not: from machines, and to a port that is closed. */
export async function askedFlows(state: string, { clusters }: LabModel): Promise<string[]> {
  const { flows: needed } = await askProof(state);
  const own = needed.map(({ source, destination, port, protocol }) =>
    [source, destination, protocol === 'icmp' ? 'icmp' : `${port}/${protocol}`].join(','),
  );
  const direct = needed.filter(({ port, purpose = '' }) => port === 7000 && purpose.startsWith('internode'));
  const closed = direct.map(({ source, destination }) => [source, destination, CLOSED].join(','));
  const machines = clusters.flatMap(({ machines }) => machines.slice(0, 1).map(({ address }) => address));
  const fromMachines = machines.flatMap((source) =>
    machines.filter((other) => other !== source).map((destination) => [source, destination, INTERNODE].join(',')),
  );
  const candidates = [...new Set([...own, ...closed.slice(0, 4), ...fromMachines])];
  // Asked for by addresses, a flow comes from any pod, which policies admit to less than the operator's.
  const { flows: judged } = await askProof(state, candidates);
  return candidates.filter((_, index) => judged[index] !== undefined && !isRefusedByPolicy(judged[index]));
}

/** The lab enforces no NetworkPolicy, so packets tell nothing of a flow that only policies refuse. */
export function isRefusedByPolicy({ verdict, path }: Flow): boolean {
  const last = path.at(-1);
  return verdict === 'blocked' && last !== undefined && /polic(y|ies) that select/.test(last.why);
}
