import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAll } from '../../policy/report';
import { rules } from '../../policy/rules';
import { Stack } from '../../policy/stack';
import { readResources } from '../../reachability';

/** Recorded from the engine: the reference stack with each kind of AWS gateway, on its first preview and when it is up. */
const RECORDED = ['virtualPrivate.first', 'virtualPrivate', 'transit.first', 'transit'];

describe("the policy pack on this program's own stack", () => {
  for (const name of RECORDED) {
    it(`finds nothing in ${name}`, () => {
      const text = readFileSync(join(__dirname, '..', 'reachability', 'fixtures', `${name}.json`), 'utf8');
      const found = judgeAll(rules, new Stack(readResources(text)), {});
      assert.deepEqual(
        found.map(({ rule, finding }) => `${rule.name}: ${finding.message}`),
        [],
      );
    });
  }
});
