import assert from 'node:assert/strict';
import { positionsOf } from '../../../policy/sarif/positions';

const frame = (sourcePosition?: string) => ({ sourcePosition });

describe('source positions', () => {
  it('are read from an export and from a preview', () => {
    const resource = { urn: 'urn:a', sourcePosition: 'project:///src/a.ts#3,7' };
    for (const state of [{ deployment: { resources: [resource] } }, { steps: [{ newState: resource }] }]) {
      assert.deepEqual([...positionsOf(state)], [['urn:a', { file: 'src/a.ts', line: 3, column: 7 }]]);
    }
  });

  it("are the innermost frame of the program's own", () => {
    const stackTrace = [
      frame('project:///node_modules/x/y.js#1,1'),
      frame(),
      frame('project:///index.ts#9'),
      frame('project:///z.ts#1'),
    ];
    const state = {
      deployment: { resources: [{ urn: 'urn:a', sourcePosition: 'project:///node_modules/x/y.js#1,1', stackTrace }] },
    };
    assert.deepEqual(positionsOf(state).get('urn:a'), { file: 'index.ts', line: 9, column: 1 });
  });

  it('are none where the engine recorded none', () => {
    assert.equal(positionsOf({ deployment: { resources: [{ urn: 'urn:a' }] } }).size, 0);
  });
});
