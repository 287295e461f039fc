/** The report as a table for people. */
import type { FlowVerdict, Report, Session } from './verdict';

const MARKS = { reachable: 'ok', blocked: 'BLOCKED', undetermined: 'UNKNOWN' } as const;

export function renderReport(report: Report): string {
  const lines = [
    ...flowTable(report.flows),
    '',
    ...report.flows.flatMap(details),
    ...sessionTable(report.sessions),
    ...findings(report),
    ...summary(report),
  ];
  return lines.join('\n');
}

function flowTable(flows: readonly FlowVerdict[]): string[] {
  const rows = flows.map((flow) => [
    flow.source,
    flow.destination,
    service(flow),
    MARKS[flow.verdict],
    flow.purpose ?? '',
  ]);
  return table([['SOURCE', 'DESTINATION', 'SERVICE', 'VERDICT', 'PURPOSE'], ...rows]);
}

/** Each end of each BGP session, and what it learns or why it is down. */
function sessionTable(sessions: readonly Session[]): string[] {
  if (sessions.length === 0) return [];
  const rows = sessions.map(({ tunnel, local, peer, state, learned, blockedAt }) => [
    tunnel,
    local ?? 'unknown',
    peer ?? 'unknown',
    state,
    blockedAt === null ? learned.join(' ') : `${blockedAt.rule} at ${blockedAt.urn}`,
  ]);
  return [...table([['SESSION OVER', 'LOCAL', 'PEER', 'STATE', 'LEARNS'], ...rows]), ''];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function service(flow: FlowVerdict): string {
  return flow.protocol === 'icmp' ? 'icmp' : `${flow.port}/${flow.protocol}`;
}

/** The way of a flow that does not get through, and what to do. */
function details(flow: FlowVerdict): string[] {
  const stop = flow.blockedAt;
  if (stop === null) return [];
  return [
    `${flow.source} to ${flow.destination}, ${service(flow)}: ${flow.verdict} at ${stop.hop} by rule ${stop.rule}`,
    ...flow.path.map((hop) => `  ${hop.hop.padEnd(24)}${hop.why}`),
    `  resource: ${stop.urn === '' ? 'none' : stop.urn}`,
    `  remedy:   ${stop.remedy}`,
    '',
  ];
}

function findings(report: Report): string[] {
  if (report.findings.length === 0) return [];
  return [
    'FINDINGS',
    ...report.findings.flatMap(({ rule, urn, message, remedy }) => [
      `  ${rule}: ${message}`,
      `    ${urn}`,
      `    remedy: ${remedy}`,
    ]),
    '',
  ];
}

/** What was assumed is told once for all flows, because most share it. */
function summary(report: Report): string[] {
  const assumed = [
    ...new Set(report.flows.filter((flow) => flow.verdict === 'reachable').flatMap((flow) => flow.assumed)),
  ];
  const count = (verdict: FlowVerdict['verdict']): number =>
    report.flows.filter((flow) => flow.verdict === verdict).length;
  return [
    ...(assumed.length === 0 ? [] : ['ASSUMED', ...assumed.map((text) => `  ${text}`), '']),
    `${count('reachable')} reachable, ${count('blocked')} blocked, ${count('undetermined')} undetermined, ${report.findings.length} findings`,
  ];
}
