import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { mendCheckpoint } from '../../../sandbox/local/checkpoint';
import { temporaryWorld } from '../harness';

describe('the checkpoint of a local stack', () => {
  const mended = (files: Record<string, string>) => {
    const { directory } = temporaryWorld();
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
    mendCheckpoint(path.join(directory, 'dev.json'), () => undefined);
    return Object.fromEntries(
      Object.keys(files)
        .filter((name) => fs.existsSync(path.join(directory, name)))
        .map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')]),
    );
  };

  it('loses attributes that were cut off, and nothing else', () => {
    const whole = { 'dev.json': '{"a":1}', 'dev.json.bak': '{"a":0}', 'dev.json.bak.attrs': '{}' };
    assert.deepEqual(mended({ ...whole, 'dev.json.attrs': '' }), whole);
    assert.deepEqual(mended({ ...whole, 'dev.json.attrs': '{"b":2}' }), { ...whole, 'dev.json.attrs': '{"b":2}' });
  });

  it('is the one before where it was cut off itself', () => {
    const before = '{"a":0}';
    assert.deepEqual(mended({ 'dev.json': '{"a":', 'dev.json.bak': before }), {
      'dev.json': before,
      'dev.json.bak': before,
    });
    assert.throws(() => mended({ 'dev.json': '' }), /is cut off, and there is none before it/);
  });

  it('need not exist', () => assert.deepEqual(mended({}), {}));
});
