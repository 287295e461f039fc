import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type KnownProcess, runs } from '../../lab/core/processes';
import { endWorld, isRoot, startWorld, worldRuns } from '../../lab/core/world';
import { findSystemPrograms, namespaceProblems, refusal } from '../../lab/requirements';

describe('the world of a lab', function () {
  this.timeout(60_000);
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-world-'));
  const folders = [path.join(parent, 'one'), path.join(parent, 'other')];
  const holderOf = (folder: string): KnownProcess =>
    JSON.parse(fs.readFileSync(path.join(folder, 'world.json'), 'utf8')) as KnownProcess;
  const inWorld = (folder: string, ...command: string[]): string => {
    const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
    const enter = ['--target', String(holderOf(folder).pid), ...user, '--mount', '--net', '--pid'];
    return execFileSync('nsenter', [...enter, ...command], { encoding: 'utf8' });
  };

  before(async function () {
    findSystemPrograms();
    if (process.platform !== 'linux' || (await namespaceProblems()).length > 0) this.skip();
    for (const folder of folders) await startWorld(folder);
  });

  after(async () => {
    for (const folder of folders) await endWorld(folder);
    fs.rmSync(parent, { recursive: true });
  });

  it('is there beside that of another lab, with namespaces of the same name', () => {
    for (const folder of folders) {
      assert.ok(worldRuns(folder));
      inWorld(folder, 'ip', 'netns', 'add', 'twin');
      assert.equal(inWorld(folder, 'ip', 'netns', 'list').trim(), 'twin');
    }
  });

  it('ends with everything that runs in it, and leaves no file', async () => {
    const [folder = ''] = folders;
    const holder = holderOf(folder);
    inWorld(folder, 'sh', '-c', 'setsid sleep 10000 >/dev/null 2>&1 & echo $! > /run/sleeper');
    const sleeper = `/proc/${holder.pid}/root/proc/${inWorld(folder, 'cat', '/run/sleeper').trim()}`;
    assert.ok(fs.existsSync(sleeper));
    await endWorld(folder);
    assert.deepEqual([fs.existsSync(sleeper), runs(holder), fs.existsSync(folder)], [false, false, false]);
  });

  it('that has ended already is taken down without complaint', async () => {
    const folder = path.join(parent, 'never');
    assert.equal(worldRuns(folder), false);
    await endWorld(folder);
  });

  it('is not taken for running when another process has its holder’s number', () => {
    const folder = path.join(parent, 'reused');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'world.json'), JSON.stringify({ pid: process.pid, startTime: '1' }));
    assert.equal(worldRuns(folder), false);
  });
});

describe('a machine that refuses namespaces', () => {
  const refused = (settings: Record<string, string>, root = false): string =>
    refusal('not permitted', root, (name) => settings[name]);

  it('tells an ordinary user which settings stand in the way, and that root needs none', () => {
    assert.match(
      refused({ 'user.max_user_namespaces': '0' }),
      /sysctl -w user\.max_user_namespaces=15000, or run .* as root/,
    );
    const ubuntu = refused({
      'user.max_user_namespaces': '96365',
      'kernel.apparmor_restrict_unprivileged_userns': '1',
    });
    assert.match(ubuntu, /sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0/);
    assert.doesNotMatch(ubuntu, /max_user_namespaces/);
    assert.match(refused({}), /\(not permitted\); run the lab as root$/);
  });

  it('tells root that its container lacks the right', () => {
    assert.match(refused({ 'user.max_user_namespaces': '0' }, true), /SYS_ADMIN/);
  });
});
