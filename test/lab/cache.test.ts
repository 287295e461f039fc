import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { LabError } from '../../lab/core/errors';
import { knownProcess } from '../../lab/core/processes';
import { isRoot } from '../../lab/core/world';
import { once } from '../../lab/tools/cache';

describe('the lab’s cache of tools', () => {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-cache-'));
  const given = process.env['XDG_CACHE_HOME'];
  const tools = path.join(base, 'multicloud-cassandra');
  const write = (text: string) => (folder: string) => {
    fs.writeFileSync(path.join(folder, 'tool'), text);
    return Promise.resolve();
  };

  before(() => (process.env['XDG_CACHE_HOME'] = base));
  after(() => {
    if (given === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = given;
    fs.rmSync(base, { recursive: true });
  });

  it('makes a version once', async () => {
    const folder = await once('a', '1', write('first'));
    assert.equal(await once('a', '1', write('second')), folder);
    assert.equal(fs.readFileSync(path.join(folder, 'tool'), 'utf8'), 'first');
  });

  it('keeps nothing of what fails', async () => {
    await assert.rejects(
      once('b', '1', () => Promise.reject(new Error('no compiler'))),
      /no compiler/,
    );
    assert.deepEqual(fs.readdirSync(path.join(tools, 'b')), []);
  });

  it('serves two that make the same at once', async () => {
    let both = 0;
    let release: () => void = () => undefined;
    const together = new Promise<void>((resolve) => (release = resolve));
    const make = async (folder: string): Promise<void> => {
      if (++both === 2) release();
      await together;
      await write('same')(folder);
    };
    const folders = await Promise.all([once('c', '1', make), once('c', '1', make)]);
    assert.equal(folders[0], folders[1]);
    assert.deepEqual(fs.readdirSync(path.join(tools, 'c')), ['1']);
    assert.equal(fs.readFileSync(path.join(tools, 'c', '1', 'tool'), 'utf8'), 'same');
  });

  it('removes what interrupted runs left, and nothing that is in use', async () => {
    const namespace = fs.statSync('/proc/self/ns/pid').ino;
    const { pid, startTime } = knownProcess(process.pid);
    const names = {
      running: `work-${namespace}-${pid}-${startTime}-a`,
      ended: `work-${namespace}-${pid}-1-b`,
      elsewhere: `work-1-${pid}-1-c`,
      longAgo: `work-1-${pid}-1-d`,
    };
    const folder = path.join(tools, 'd');
    for (const name of Object.values(names)) fs.mkdirSync(path.join(folder, name), { recursive: true });
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    fs.utimesSync(path.join(folder, names.longAgo), twoDaysAgo, twoDaysAgo);
    await once('d', '1', write('tool'));
    assert.deepEqual(fs.readdirSync(folder).sort(), ['1', names.elsewhere, names.running].sort());
  });

  it('that this user may not write says so, and how to go on', async () => {
    const folder = path.join(tools, 'e');
    fs.mkdirSync(folder, { mode: 0o555 });
    fs.chmodSync(base, 0o755);
    await asOrdinaryUser(() =>
      assert.rejects(once('e', '1', write('tool')), (error: Error) => {
        assert.ok(error instanceof LabError);
        assert.match(error.message, /may not write there: .* XDG_CACHE_HOME/);
        return true;
      }),
    );
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});

/** The number of the user `nobody` wherever there is one. */
const NOBODY = 65_534;

/** Root may write everywhere. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (!isRoot()) return work();
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
