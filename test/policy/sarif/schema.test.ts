import assert from 'node:assert/strict';
import { assertSarif } from './schema';

const log = (result: object): object => ({
  $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'pack', rules: [{ id: 'a' }] } }, results: [result] }],
});
const result = { ruleId: 'a', ruleIndex: 0, level: 'error', kind: 'fail', message: { text: 'broken' } };

describe('the check of SARIF logs', () => {
  it('takes a log of the standard', () => {
    assertSarif(log(result));
  });

  it('refuses what the schema refuses: a level of no name, a result without a message', () => {
    assert.throws(() => assertSarif(log({ ...result, level: 'fatal' })), assert.AssertionError);
    assert.throws(() => assertSarif(log({ ...result, message: undefined })), assert.AssertionError);
  });

  it('refuses what only the prose refuses: an index of another rule', () => {
    assert.throws(() => assertSarif(log({ ...result, ruleId: 'b' })), assert.AssertionError);
  });
});
