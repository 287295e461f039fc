import { createHash } from 'node:crypto';
import type { Resource } from '../../reachability/resources/resource';
import type { Inventory } from '../../reachability/resources/inventory';
import type { Judged } from '../report';
import { type Rule, formatFinding } from '../rule';
import type { Stack } from '../stack';
import type { Position } from './positions';
import { type Setting, originOf } from './stackFile';

/** What is known of where findings come from. */
export interface Sources {
  /** Path of the stack file, relative to the project, and what it sets; undefined without one. */
  readonly stackFile: { readonly path: string; readonly settings: readonly Setting[] } | undefined;
  readonly positions: ReadonlyMap<string, Position>;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * Findings as a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format"). A result points at the resource
 * within its components, by logical locations, and at the setting or the line of the program that it comes from.
 */
export function sarifLog(
  rules: readonly Rule[],
  judged: readonly Judged[],
  stack: Stack,
  sources: Sources,
  version: string,
) {
  const places = new LogicalLocations(stack.inventory);
  const results = judged.map((entry) => ({
    ruleId: entry.rule.name,
    ruleIndex: rules.indexOf(entry.rule),
    // An open result has no level: it is not known to be a failure (3.27.10).
    ...(entry.finding.outcome === 'undetermined'
      ? { kind: 'open', level: 'none' }
      : { kind: 'fail', level: entry.level === 'mandatory' ? 'error' : 'warning' }),
    message: { text: formatFinding(entry.finding) },
    locations: [location(entry, stack, sources, places)],
    partialFingerprints: { 'ruleAndPlace/v1': fingerprint(entry) },
  }));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'multicloud-cassandra', semanticVersion: version, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results,
        logicalLocations: places.all,
      },
    ],
  };
}

function descriptor({ name, description, level }: Rule) {
  return {
    id: name,
    shortDescription: { text: description },
    defaultConfiguration: { level: level === 'mandatory' ? 'error' : 'warning' },
  };
}

/** The same finding in the next run, whatever its other words say. */
function fingerprint({ rule, finding }: Judged): string {
  const place = [rule.name, finding.outcome, finding.urn, finding.property ?? finding.message];
  return createHash('sha256').update(JSON.stringify(place)).digest('hex').slice(0, 32);
}

function location({ finding }: Judged, stack: Stack, sources: Sources, places: LogicalLocations) {
  const chain = chainOf(stack.inventory, finding.urn);
  const physical = settingLocation(finding.value, chain, sources) ?? programLocation(chain, sources);
  return { ...physical, logicalLocations: places.of(finding.urn) };
}

/** By the offending value, else by the nearest component that is called what the stack file calls something. */
function settingLocation(value: string | undefined, chain: readonly Resource[], { stackFile }: Sources) {
  if (stackFile === undefined) return undefined;
  const named = chain.map(({ name }) => stackFile.settings.find(({ text }) => text === name));
  const setting =
    (value === undefined ? undefined : originOf(stackFile.settings, value)) ??
    named.find((found) => found !== undefined);
  if (setting === undefined) return undefined;
  const region = { startLine: setting.line, startColumn: setting.column, snippet: { text: setting.text } };
  return {
    physicalLocation: { artifactLocation: { uri: encodeURI(stackFile.path) }, region },
    message: { text: `from setting ${setting.key}` },
  };
}

function programLocation(chain: readonly Resource[], { positions, stackFile }: Sources) {
  const position = chain.map(({ urn }) => positions.get(urn)).find((found) => found !== undefined);
  if (position !== undefined) {
    const region = { startLine: position.line, startColumn: position.column };
    return { physicalLocation: { artifactLocation: { uri: encodeURI(position.file) }, region } };
  }
  return stackFile === undefined
    ? {}
    : { physicalLocation: { artifactLocation: { uri: encodeURI(stackFile.path) }, region: { startLine: 1 } } };
}

/** The resource and its components, innermost first. */
function chainOf(inventory: Inventory, urn: string): Resource[] {
  const chain: Resource[] = [];
  for (let next = inventory.get(urn); next !== undefined && !chain.includes(next);) {
    chain.push(next);
    next = next.parent === undefined ? undefined : inventory.get(next.parent);
  }
  return chain;
}

interface LogicalLocation {
  readonly name: string;
  readonly fullyQualifiedName: string;
  readonly kind: 'resource';
  readonly parentIndex?: number;
}

/** The run's table of resources that results point at; each names the component it is in by its index. */
class LogicalLocations {
  readonly all: LogicalLocation[] = [];
  private readonly indexes = new Map<string, number>();

  constructor(private readonly inventory: Inventory) {}

  of(urn: string) {
    const chain = chainOf(this.inventory, urn);
    const index = chain.reduceRight<number | undefined>((parent, resource) => this.add(resource, parent), undefined);
    return index === undefined ? [{ fullyQualifiedName: urn, kind: 'resource' }] : [{ index, fullyQualifiedName: urn }];
  }

  private add({ urn, name }: Resource, parentIndex: number | undefined): number {
    const known = this.indexes.get(urn);
    if (known !== undefined) return known;
    const index =
      this.all.push({
        name,
        fullyQualifiedName: urn,
        kind: 'resource',
        ...(parentIndex === undefined ? {} : { parentIndex }),
      }) - 1;
    this.indexes.set(urn, index);
    return index;
  }
}
