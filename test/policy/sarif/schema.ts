import assert from 'node:assert/strict';

/** Shape of the SARIF objects that a log of ours uses: required and optional properties, as the 2.1.0 schema has them. */
interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  log: { required: ['version', 'runs'], optional: ['$schema', 'inlineExternalProperties', 'properties'] },
  run: {
    required: ['tool'],
    optional: ['results', 'logicalLocations', 'artifacts', 'columnKind', 'invocations', 'originalUriBaseIds'],
  },
  tool: { required: ['driver'], optional: ['extensions'] },
  driver: { required: ['name'], optional: ['semanticVersion', 'version', 'informationUri', 'rules', 'organization'] },
  rule: {
    required: ['id'],
    optional: ['shortDescription', 'fullDescription', 'defaultConfiguration', 'help', 'helpUri', 'name'],
  },
  result: {
    required: ['message'],
    optional: [
      'ruleId',
      'ruleIndex',
      'kind',
      'level',
      'locations',
      'partialFingerprints',
      'fingerprints',
      'rank',
      'guid',
    ],
  },
  message: { required: ['text'], optional: ['markdown', 'id', 'arguments'] },
  location: { required: [], optional: ['id', 'physicalLocation', 'logicalLocations', 'message'] },
  physicalLocation: { required: ['artifactLocation'], optional: ['region', 'contextRegion', 'address'] },
  artifactLocation: { required: ['uri'], optional: ['uriBaseId', 'index', 'description'] },
  region: { required: [], optional: ['startLine', 'startColumn', 'endLine', 'endColumn', 'snippet', 'message'] },
  logicalLocation: {
    required: [],
    optional: ['name', 'index', 'fullyQualifiedName', 'decoratedName', 'parentIndex', 'kind'],
  },
};

type Json = Readonly<Record<string, unknown>>;

/**
 * Fails where a log breaks the SARIF 2.1.0 schema, or a rule of its prose that the schema cannot say: every object has
 * no other properties than its shape, enumerations hold, indexes point into their tables.
 */
export function assertSarif(value: unknown): void {
  const log = shaped(value, 'log');
  assert.equal(log['version'], '2.1.0');
  assert.match(String(log['$schema']), /^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
  for (const entry of list(log['runs'])) checkRun(shaped(entry, 'run'));
}

function checkRun(run: Json): void {
  const driver = shaped(shaped(run['tool'], 'tool')['driver'], 'driver');
  const rules = list(driver['rules']).map((rule) => shaped(rule, 'rule'));
  assert.match(String(driver['semanticVersion']), /^\d+\.\d+\.\d+$/);
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length, 'rule ids are unique');
  assert.ok(['utf16CodeUnits', 'unicodeCodePoints'].includes(String(run['columnKind'])));
  const table = list(run['logicalLocations']).map((place) => shaped(place, 'logicalLocation'));
  table.forEach(({ parentIndex = -1 }, index) => {
    assert.ok(Number(parentIndex) < table.length && parentIndex !== index, 'parentIndex is in the table');
  });
  for (const entry of list(run['results'])) checkResult(shaped(entry, 'result'), rules, table);
}

function checkResult(result: Json, rules: readonly Json[], table: readonly Json[]): void {
  shaped(result['message'], 'message');
  assert.equal(rules[Number(result['ruleIndex'])]?.['id'], result['ruleId']);
  assert.ok(['none', 'note', 'warning', 'error'].includes(String(result['level'])));
  assert.ok(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'].includes(String(result['kind'])));
  // 3.27.10: a result of another kind than `fail` has no level.
  assert.equal(result['kind'] === 'fail', result['level'] !== 'none');
  for (const entry of list(result['locations'])) {
    const location = shaped(entry, 'location');
    if (location['message'] !== undefined) shaped(location['message'], 'message');
    if (location['physicalLocation'] !== undefined)
      checkPhysical(shaped(location['physicalLocation'], 'physicalLocation'));
    for (const place of list(location['logicalLocations'])) {
      const { index, fullyQualifiedName } = shaped(place, 'logicalLocation');
      if (index !== undefined) assert.equal(table[Number(index)]?.['fullyQualifiedName'], fullyQualifiedName);
    }
  }
}

function checkPhysical(physical: Json): void {
  const uri = String(shaped(physical['artifactLocation'], 'artifactLocation')['uri']);
  assert.doesNotMatch(uri, /^\/|\\|\s/, 'a relative URI reference');
  const region = shaped(physical['region'], 'region');
  assert.ok(Number(region['startLine']) >= 1);
  assert.ok(region['startColumn'] === undefined || Number(region['startColumn']) >= 1);
}

function shaped(value: unknown, name: string): Json {
  const { required, optional } = SHAPES[name] as Shape;
  assert.ok(typeof value === 'object' && value !== null, `${name} is an object`);
  const keys = Object.keys(value);
  assert.deepEqual(
    required.filter((key) => !keys.includes(key)),
    [],
    `${name} has all it requires`,
  );
  assert.deepEqual(
    keys.filter((key) => ![...required, ...optional].includes(key)),
    [],
    `${name} has nothing else`,
  );
  return value as Json;
}

function list(value: unknown): readonly unknown[] {
  assert.ok(value === undefined || Array.isArray(value), 'a list');
  return value ?? [];
}
