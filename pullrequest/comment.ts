import { type Judged, type PackConfig, judgeAll } from '../policy/report';
import { rules } from '../policy/rules';
import { formatFinding } from '../policy/rule';
import { Stack } from '../policy/stack';
import { type AddressChange, addressChanges } from './addresses';
import { code, plain, resource, shortened, table } from './markdown';
import { type Planned, added, operationsOf } from './operations';
import type { Preview } from './preview';
import { tally, verdictChanges } from './verdicts';

/** First line of every comment, by which a workflow finds the one to replace. */
export const MARKER = '<!-- multicloud-cassandra preview -->';

/** Longest lists; what is left out is counted. */
const MOST = 12;
const MOST_PLACES = 3;

/**
 * One short comment on what a pull request changes: what is lost first, then addresses, verdicts, findings, and the
 * rest as a count. Made of names, properties' names and addresses of inputs; outputs and secrets are never read.
 */
export function comment(base: Preview, head: Preview, config: PackConfig): string {
  const [before, after] = [new Stack(base.resources), new Stack(head.resources)];
  const planned = added(base, head);
  const sections = [
    ...losses(planned),
    ...addresses(addressChanges(base.resources, head.resources)),
    ...verdicts(before, after),
    ...findings(judgeAll(rules, before, config), judgeAll(rules, after, config)),
    ...rest(planned, head),
  ];
  return `${[MARKER, '### Preview', ...sections].join('\n')}\n`;
}

function losses(planned: readonly Planned[]): string[] {
  const lost = planned
    .filter(({ operation }) => operation === 'replace' || operation === 'delete')
    .sort((a, b) => Number(b.operation === 'replace') - Number(a.operation === 'replace'));
  if (lost.length === 0) return ['', 'Nothing is replaced or deleted.'];
  const line = ({ operation, urn, properties }: Planned) =>
    `- **${operation}** ${resource(urn)}${properties.length === 0 ? '' : `, for ${properties.map(code).join(', ')}`}`;
  return ['', `#### ${count(lost.length, 'resource')} replaced or deleted`, '', ...shortened(lost, MOST, line)];
}

function addresses(changes: readonly AddressChange[]): string[] {
  if (changes.length === 0) return [];
  const rows = changes.slice(0, MOST).map(({ before, after, places }) => {
    const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
    return [address(before), address(after), `${places.slice(0, MOST_PLACES).map(code).join(', ')}${more}`];
  });
  const left = changes.length > MOST ? ['', `… and ${changes.length - MOST} more`] : [];
  return ['', '#### Addresses', '', ...table(['Before', 'After', 'Where'], rows), ...left];
}

function address(text: string | undefined): string {
  return text === undefined ? '–' : code(text);
}

function verdicts(base: Stack, head: Stack): string[] {
  const total = tally(head.proof.flows);
  const changes = verdictChanges(base.proof, head.proof);
  if (changes.length === 0) return ['', `Flows: ${total}; no verdict changes.`];
  const rows = changes
    .slice(0, MOST)
    .map(({ flows, before, after, why, urn }) => [
      plain(flows),
      before,
      after,
      why === undefined ? '' : `${plain(why)}${urn === undefined || urn === '' ? '' : ` (${resource(urn)})`}`,
    ]);
  const left = changes.length > MOST ? ['', `… and ${changes.length - MOST} more`] : [];
  return ['', `#### Flows: ${total}`, '', ...table(['Flows', 'Before', 'After', 'Why'], rows), ...left];
}

const MARKS = { mandatory: '**stops the update**', advisory: 'warns' } as const;

/** New findings one by one; what the base has too is counted. */
function findings(base: readonly Judged[], head: readonly Judged[]): string[] {
  const known = new Set(base.map(identity));
  const now = new Set(head.map(identity));
  const fresh = head
    .filter((judged) => !known.has(identity(judged)))
    .sort((a, b) => Number(b.level === 'mandatory') - Number(a.level === 'mandatory'));
  const solved = [...known].filter((id) => !now.has(id)).length;
  const others = `${head.length - fresh.length} as before, ${solved} solved`;
  if (fresh.length === 0) return ['', `Policy: no new findings, ${others}.`];
  const line = ({ rule, level, finding }: Judged) =>
    `- ${code(rule.name)} ${MARKS[level]}: ${plain(formatFinding(finding))} (${resource(finding.urn)})`;
  return ['', `#### Policy: ${count(fresh.length, 'new finding')}, ${others}`, '', ...shortened(fresh, MOST, line)];
}

function identity({ rule, finding: { urn, outcome, property, message } }: Judged): string {
  return JSON.stringify([rule.name, outcome, urn, property ?? message]);
}

/** What the head changes beyond the base, and what the update will do in all. */
function rest(planned: readonly Planned[], head: Preview): string[] {
  const all = operationsOf(head);
  const of = (list: readonly Planned[], operation: Planned['operation']) =>
    list.filter((entry) => entry.operation === operation).length;
  const changed = `The rest of this change: ${of(planned, 'create')} created, ${of(planned, 'update')} updated.`;
  const total = (['create', 'update', 'replace', 'delete', 'same'] as const).map((kind) => `${of(all, kind)} ${kind}`);
  return ['', `${changed} The whole update: ${total.join(', ')}.`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
