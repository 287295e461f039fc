/** What a SARIF log has to be: valid against the schema of the standard, and right where only its prose can say so. */
import assert from 'node:assert/strict';
import Ajv from 'ajv';
import draft04 from 'ajv/lib/refs/json-schema-draft-04.json';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';

// The schema is of draft 4, whose identifiers are `id`.
const validate = new Ajv({ allErrors: true, schemaId: 'id', meta: false }).addMetaSchema(draft04).compile(schema);

type Json = Readonly<Record<string, unknown>>;

/** Fails where a log breaks the SARIF 2.1.0 schema (OASIS), or one of the rules below, which a schema cannot say. */
export function assertSarif(value: unknown): void {
  validate(value);
  assert.deepEqual(validate.errors ?? [], []);
  const log = value as { readonly $schema: string; readonly runs: readonly Json[] };
  assert.match(log.$schema, /^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
  for (const run of log.runs) checkRun(run);
}

function checkRun(run: Json): void {
  const driver = (run['tool'] as { readonly driver: Json }).driver;
  const rules = list(driver['rules']);
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length, 'rule ids are unique');
  const table = list(run['logicalLocations']);
  table.forEach(({ parentIndex = -1 }, index) => {
    assert.ok(Number(parentIndex) < table.length && parentIndex !== index, 'parentIndex is in the table');
  });
  for (const result of list(run['results'])) checkResult(result, rules, table);
}

function checkResult(result: Json, rules: readonly Json[], table: readonly Json[]): void {
  assert.equal(rules[Number(result['ruleIndex'])]?.['id'], result['ruleId']);
  // 3.27.10: a result of another kind than `fail` has no level.
  assert.equal(result['kind'] === 'fail', result['level'] !== 'none');
  for (const location of list(result['locations'])) {
    const physical = location['physicalLocation'] as { readonly artifactLocation: Json } | undefined;
    if (physical !== undefined)
      assert.doesNotMatch(String(physical.artifactLocation['uri']), /^\/|\\|\s/, 'a relative URI reference');
    for (const { index, fullyQualifiedName } of list(location['logicalLocations']))
      if (index !== undefined) assert.equal(table[Number(index)]?.['fullyQualifiedName'], fullyQualifiedName);
  }
}

function list(value: unknown): readonly Json[] {
  return (value ?? []) as readonly Json[];
}
