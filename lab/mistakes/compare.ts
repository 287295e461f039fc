/** The proof's verdict on a flow beside what its packets did. */
import type { Flow } from '../verify/proof';
import type { Attempt } from './connections';

export interface Outcome extends Attempt {
  /** The load balancer has no healthy target, and sends to all of them for want of a better. */
  readonly lastResort: boolean;
  /** The pod got no answer from its own resolver, which then asks nobody. */
  readonly unanswered?: boolean;
}

/** What comes of a flow whose pod does not reach its resolver. */
export const UNANSWERED: Outcome = { passes: false, seen: [], lastResort: false, unanswered: true };

export interface Comparison extends Outcome {
  readonly flow: Flow;
  readonly agrees: boolean;
}

export function compare(flow: Flow, outcome: Outcome): Comparison {
  return { flow, ...outcome, agrees: verdictAgrees(flow, outcome) && sourceAgrees(flow, outcome) };
}

/**
 * What passes only as a last resort the proof must block, and for the health checks: such a flow is one that no target was
 * found fit for.
 */
function verdictAgrees({ verdict, blockedAt }: Flow, { passes, lastResort }: Outcome): boolean {
  if (verdict === 'undetermined') return true;
  if (passes && lastResort) return verdict === 'blocked' && blockedAt?.rule === 'health-check';
  return passes === (verdict === 'reachable');
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
export function renderDisagreement({ flow, passes, seen, lastResort, unanswered = false }: Comparison): string {
  const service = flow.protocol === 'icmp' ? 'icmp' : `${flow.port}/${flow.protocol}`;
  const stopped = unanswered ? 'do not get from a pod to its resolver' : 'do not pass';
  const how = `${passes ? 'pass' : stopped}${passes && lastResort ? ' as a last resort' : ''}`;
  const packets = `${how}${seen.length === 0 ? '' : `, seen as ${seen.join(' ')}`}`;
  return [
    `      ${flow.source} → ${flow.destination} ${service}: proof ${flow.verdict}, packets ${packets}`,
    ...flow.path.map(({ hop, why }) => `        ${hop}: ${why}`),
    '',
  ].join('\n');
}
