import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { UsageError } from '../../../sandbox/local/arguments';
import { readStackFile, withSalt } from '../../../sandbox/local/stackFile';

const SALT = 'encryptionsalt: v1:abc\n';

describe('the stack file of a local stack', () => {
  let directory: string;
  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'stack-file-'));
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  const write = (name: string, text: string) => {
    const file = path.join(directory, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const refusal = (given: string | undefined, usual: string[] = []): string => {
    try {
      readStackFile(given, usual);
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
    return 'accepted';
  };

  it('is the given one, else the first usual one that exists', () => {
    const [given, usual] = [write('given.yaml', 'config: {a: 1}\n'), write('usual.yaml', 'config: {b: 2}\n')];
    const missing = path.join(directory, 'missing.yaml');
    assert.equal(readStackFile(given, [usual]), 'config: {a: 1}\n');
    assert.equal(readStackFile(undefined, [missing, usual]), 'config: {b: 2}\n');
    assert.match(refusal(missing, [usual]), /missing\.yaml does not exist; write it/);
    assert.match(refusal(undefined, [missing]), /missing\.yaml does not exist/);
    assert.match(refusal(directory), /is a directory/);
  });

  for (const [what, text, message] of [
    ['is not YAML', 'config: [\n', /broken\.yaml is not YAML: .*; correct that line$/],
    ['has a key twice', 'config:\n  a: 1\n  a: 2\n', /Map keys must be unique at line 3, column 3; correct/],
    ['is a list', '- a\n', /write a mapping of settings under config/],
    ['has a list as its config', 'config: [a]\n', /write a mapping of settings under config/],
  ] as const) {
    it(`is named when it ${what}`, () => assert.match(refusal(write('broken.yaml', text)), message));
  }

  it('may be empty, or hold comments and merge keys: the program judges the settings', () => {
    for (const text of ['', '# nothing\n', 'config:\n', 'config: {a: &n {b: 1}, c: {<<: *n}}\n']) {
      assert.equal(readStackFile(write('fine.yaml', text), []), text);
    }
  });

  it('gets the salt behind it, so that lines keep their numbers, unless it has one', () => {
    assert.equal(withSalt('config: {}', SALT), `config: {}\n${SALT}`);
    assert.equal(withSalt('config: {}\n', SALT), `config: {}\n${SALT}`);
    assert.equal(withSalt(`encryptionsalt: own\nconfig: {}\n`, SALT), 'encryptionsalt: own\nconfig: {}\n');
  });
});
