import assert from 'node:assert/strict';
import { rules } from '../../policy/rules';
import { assertPasses } from './judging';
import { shop } from './shop';

describe('the policy pack', () => {
  describe('on the first preview of a correct stack that this program did not make', () => {
    for (const rule of rules) {
      it(`${rule.name} finds nothing`, () => {
        assertPasses(rule, shop());
      });
    }
  });

  it('has a name of its own for each rule, in kebab-case', () => {
    const names = rules.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
    for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
  });

  it('has a sentence for each rule, and a default and a description for each setting', () => {
    for (const { description, settings } of rules) {
      assert.match(description, /^[A-Z].*\.$/);
      for (const setting of Object.values<{ default?: unknown; description?: string }>({ ...settings })) {
        assert.notEqual(setting.default, undefined);
        assert.notEqual(setting.description ?? '', '');
      }
    }
  });
});
