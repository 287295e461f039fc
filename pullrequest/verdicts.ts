import type { FlowVerdict, Report } from '../reachability';

/** Flows of one purpose and service that stand worse, or better, in the head than in the base. */
export interface VerdictChange {
  /** What the flows are for. */
  readonly flows: string;
  readonly before: string;
  readonly after: string;
  /** Why, and at which resource, where flows stop in the head. */
  readonly why: string | undefined;
  readonly urn: string | undefined;
}

/**
 * Flows by what they are for: their addresses are what a pull request may change. A purpose that has as many
 * reachable, blocked and undetermined flows as before has not changed.
 */
export function verdictChanges(base: Report, head: Report): VerdictChange[] {
  const before = byPurpose(base.flows);
  const after = byPurpose(head.flows);
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((purpose) => {
    const [old, now] = [before.get(purpose) ?? [], after.get(purpose) ?? []];
    if (allReachable(old) && allReachable(now)) return [];
    const [from, to] = [tally(old), tally(now)];
    if (from === to) return [];
    const stopped = now.find(({ verdict }) => verdict !== 'reachable');
    const why = stopped?.path.at(-1)?.why;
    return [{ flows: purpose, before: from, after: to, why, urn: stopped?.blockedAt?.urn }];
  });
}

function allReachable(flows: readonly FlowVerdict[]): boolean {
  return flows.every(({ verdict }) => verdict === 'reachable');
}

function byPurpose(flows: readonly FlowVerdict[]): Map<string, FlowVerdict[]> {
  const groups = new Map<string, FlowVerdict[]>();
  for (const flow of flows) {
    const service = flow.protocol === 'icmp' ? 'icmp' : `${flow.port}/${flow.protocol}`;
    const key = `${flow.purpose ?? `${flow.source} to ${flow.destination}`} ${service}`;
    groups.set(key, [...(groups.get(key) ?? []), flow]);
  }
  return groups;
}

/** `3 reachable, 1 blocked`; `none` where there are no such flows. */
export function tally(flows: readonly FlowVerdict[]): string {
  const counts = (['reachable', 'blocked', 'undetermined'] as const).map(
    (verdict) => [flows.filter((flow) => flow.verdict === verdict).length, verdict] as const,
  );
  const text = counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`);
  return text.length === 0 ? 'none' : text.join(', ');
}
