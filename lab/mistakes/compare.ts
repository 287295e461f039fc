/** The proof's verdict on a flow beside what its packets did. */
import type { Flow } from '../verify/proof';
import type { Attempt } from './connections';

export interface Comparison extends Attempt {
  readonly flow: Flow;
  readonly agrees: boolean;
}

export function compare(flow: Flow, attempt: Attempt): Comparison {
  const verdictAgrees = flow.verdict === 'undetermined' || attempt.passes === (flow.verdict === 'reachable');
  return { flow, ...attempt, agrees: verdictAgrees && sourceAgrees(flow, attempt) };
}

/** A flow that the proof blocks has no source to be seen by. */
function sourceAgrees(flow: Flow, { passes, seen }: Attempt): boolean {
  if (!passes || flow.verdict !== 'reachable' || seen.length === 0) return true;
  const balanced = flow.path.flatMap(({ why }) => /sees the load balancer's address ([0-9.]+)/.exec(why)?.[1] ?? []);
  if (balanced.length > 0) return seen.every((address) => balanced.includes(address));
  const rewritten = flow.path.some(({ hop, why }) => hop.includes('snat') && !why.includes('own address'));
  return seen.every((address) => (address === flow.source) === !rewritten);
}

/** Both sides' stories. */
export function renderDisagreement({ flow, passes, seen }: Comparison): string {
  const service = flow.protocol === 'icmp' ? 'icmp' : `${flow.port}/${flow.protocol}`;
  const packets = `${passes ? 'pass' : 'do not pass'}${seen.length === 0 ? '' : `, seen as ${seen.join(' ')}`}`;
  return [
    `      ${flow.source} → ${flow.destination} ${service}: proof ${flow.verdict}, packets ${packets}`,
    ...flow.path.map(({ hop, why }) => `        ${hop}: ${why}`),
    '',
  ].join('\n');
}
