import assert from 'node:assert/strict';
import { judgeAll } from '../../../policy/report';
import { rules } from '../../../policy/rules';
import { type Sources, sarifLog } from '../../../policy/sarif/log';
import { settingsOf } from '../../../policy/sarif/stackFile';
import { Stack } from '../../../policy/stack';
import { type TestResource, planned, ref, set } from '../resources';
import { shop } from '../shop';
import { assertSarif } from './schema';

const STACK_FILE = `config:
  shop:sites:
    - name: ireland
      nodes: 10.8.0.0/14
`;

const NOWHERE: Sources = { stackFile: undefined, positions: new Map() };

function logOf(resources: readonly TestResource[], sources: Sources, parents: Readonly<Record<string, string>> = {}) {
  const inputs = planned(resources);
  const urnOf = (name: string | undefined) => inputs.find(({ urn }) => urn.endsWith(`::${name ?? ''}`))?.urn;
  const stack = new Stack(
    inputs.map((input) => ({ ...input, parent: urnOf(parents[input.urn.slice(input.urn.lastIndexOf('::') + 2)]) })),
  );
  const log = sarifLog(rules, judgeAll(rules, stack, {}), stack, sources, '1.2.3');
  assertSarif(log);
  return log.runs[0] as (typeof log.runs)[number];
}

describe('a SARIF log', () => {
  it('is valid without findings', () => {
    assert.deepEqual(logOf(shop(), NOWHERE).results, []);
  });

  it('has an error for what stops an update, and an open result for what is undetermined', () => {
    const mistaken = set(set(shop(), 'west', 'spec.size', 4), 'east', 'spec.size', ref('eks'));
    assert.deepEqual(
      logOf(mistaken, NOWHERE).results.map(({ ruleId, kind, level }) => [ruleId, kind, level]),
      [
        ['racks-over-zones', 'open', 'none'],
        ['racks-over-zones', 'fail', 'error'],
      ],
    );
  });

  it('points at the setting that holds the offending value, or the range it is a part of', () => {
    const sources: Sources = {
      stackFile: { path: 'Pulumi.test.yaml', settings: settingsOf(STACK_FILE) },
      positions: new Map(),
    };
    const { results } = logOf(set(shop(), 'nodes-b', 'cidrBlock', '10.10.16.0/30'), sources);
    const size = results.find(({ ruleId }) => ruleId === 'cidr-size');
    const place = size?.locations[0] as {
      readonly physicalLocation?: unknown;
      readonly message?: { readonly text: string };
    };
    assert.deepEqual(place.physicalLocation, {
      artifactLocation: { uri: 'Pulumi.test.yaml' },
      region: { startLine: 4, startColumn: 14, snippet: { text: '10.8.0.0/14' } },
    });
    assert.equal(place.message?.text, 'from setting shop:sites[0].nodes');
  });

  it('points at the setting that is called like the nearest component', () => {
    const resources = [
      ...set(shop(), 'west', 'spec.size', 4),
      { type: 'shop:index:Site', name: 'ireland', inputs: {} },
    ];
    const sources: Sources = {
      stackFile: { path: 'Pulumi.test.yaml', settings: settingsOf(STACK_FILE) },
      positions: new Map(),
    };
    const run = logOf(resources, sources, { west: 'ireland' });
    assert.match(JSON.stringify(run.results[0]?.locations), /shop:sites\[0\]\.name/);
  });

  it("points at the program's line where no setting tells", () => {
    const [west] = planned(shop()).filter(({ urn }) => urn.endsWith('::west'));
    const positions = new Map([[west?.urn ?? '', { file: 'src/database.ts', line: 12, column: 3 }]]);
    const run = logOf(set(shop(), 'west', 'spec.size', 4), { stackFile: undefined, positions });
    assert.match(JSON.stringify(run.results[0]?.locations), /"uri":"src\/database\.ts"\},"region":\{"startLine":12/);
  });

  it('names the chain of components of the resource', () => {
    const resources = [
      ...set(shop(), 'west', 'spec.size', 4),
      { type: 'shop:index:Site', name: 'holland', inputs: {} },
    ];
    const { logicalLocations } = logOf(resources, NOWHERE, { west: 'holland' });
    assert.deepEqual(
      logicalLocations.map(({ name, parentIndex }) => [name, parentIndex]),
      [
        ['holland', undefined],
        ['west', 0],
      ],
    );
  });

  it('gives a finding the same fingerprint when only its words change', () => {
    const of = (size: number) => logOf(set(shop(), 'west', 'spec.size', size), NOWHERE).results[0];
    assert.notEqual(of(4)?.message.text, of(5)?.message.text);
    assert.deepEqual(of(4)?.partialFingerprints, of(5)?.partialFingerprints);
  });
});
