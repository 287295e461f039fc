/** The flows that are tried under every mistake. */
import type { LabModel } from '../network/model';
import { type Flow, type Proof, askProof } from '../verify/proof';

/** A port that nothing opens between the sites. */
const CLOSED = '22/tcp';
const INTERNODE = '7000/tcp';
const ADDRESS = /^[0-9.]+$/;

/** Flows that the stack does not need: to a port that is closed, and between machines; as `reach --flow` takes them. */
export async function furtherFlows(state: string, { clusters }: LabModel): Promise<string[]> {
  const { flows: needed } = await askProof(state);
  const direct = needed.filter(({ port, purpose = '' }) => port === 7000 && purpose.startsWith('internode'));
  const closed = direct.map(({ source, destination }) => [source, destination, CLOSED].join(','));
  const machines = clusters.flatMap(({ machines }) => machines.slice(0, 1).map(({ address }) => address));
  const between = machines.flatMap((source) =>
    machines.filter((other) => other !== source).map((destination) => [source, destination, INTERNODE].join(',')),
  );
  return [...new Set([...closed.slice(0, 4), ...between])];
}

/** What the proof says of a state: of its sessions, of each connection that the stack needs, once, and of the further flows. */
export async function judge(state: string, further: readonly string[]): Promise<Proof> {
  const [needed, asked] = await Promise.all([askProof(state), askProof(state, further)]);
  // An end that has no address in this state cannot be tried.
  const triable = [...needed.flows, ...asked.flows].filter(
    ({ source, destination }) => ADDRESS.test(source) && ADDRESS.test(destination),
  );
  return { flows: [...new Map(triable.map((flow) => [keyOf(flow), flow])).values()], sessions: needed.sessions };
}

function keyOf({ source, destination, port, protocol, purpose = '' }: Flow): string {
  // Webhooks of several charts are one connection; who asks for names is another pod at the same address.
  const asker = purpose.startsWith('DNS') ? 'resolver' : '';
  return [asker, source, destination, port, protocol].join(' ');
}
