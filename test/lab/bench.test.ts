import assert from 'node:assert/strict';
import { readArguments } from '../../bench/arguments';
import { sectionOf, withSection } from '../../bench/figures';
import { readUsage } from '../../bench/lab';
import { renderUsage } from '../../lab/usage';

describe('the figures of the lab', () => {
  it('are read from the line with which up ends', () => {
    const { seconds, gibibytes } = readUsage(`  12 s  something\n${renderUsage(6, 412, 3.25 * 2 ** 30)}\n`);
    assert.deepEqual([seconds, gibibytes], ['412', '3.3']);
    assert.throws(() => readUsage('nothing'), /did not tell/);
  });

  const text = '# Figures\n\nIntroduction\n\n## Plan\n\nplan\n\n## Lab\n\nold $& figures\n\n## Proof\n\nproof\n';

  it('stand in a section of their own, which alone is replaced', () => {
    assert.equal(sectionOf(text, '## Lab'), '## Lab\n\nold $& figures');
    assert.equal(sectionOf(text, '## La'), undefined);
    assert.equal(
      withSection(text, '## Lab', '## Lab\n\nnew $&'),
      text.replace('old $& figures', () => 'new $&'),
    );
  });

  it('come at the end where they have no section yet', () => {
    assert.equal(withSection('# Figures\n', '## Lab', '## Lab\n\nnew'), '# Figures\n\n## Lab\n\nnew\n');
  });
});

describe('the arguments of the bench', () => {
  it('name what is measured, and anything else is refused before it starts', () => {
    const cases = [[], ['lab'], ['lab', '--help'], ['-h'], ['--nonsense'], ['lab', '--nonsense'], ['lab', 'lab']];
    assert.deepEqual(
      cases.map((argv) => readArguments(argv)),
      ['all', 'lab', 'help', 'help', undefined, undefined, undefined],
    );
  });
});
