import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { generate, schemaFile } from '../../../sandbox/schema/generate';
import { tokens, type PackageName } from '../../../sandbox/schema/tokens';

describe('the committed schema', () => {
  for (const name of Object.keys(tokens) as PackageName[]) {
    it(`of ${name} is what its SDK says (npm run schema)`, function () {
      this.timeout(60_000);
      assert.deepEqual(JSON.parse(fs.readFileSync(schemaFile(name), 'utf8')), generate(name));
    });
  }
});
