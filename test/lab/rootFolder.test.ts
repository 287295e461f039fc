import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { RootFolder, quote } from '../../lab/agent/rootFolder';

describe('the root folder of a container', () => {
  const source = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-root-'));
  const file = path.join(source, 'resolv.conf');
  const mounts = new Map([
    ['/etc/resolv.conf', file],
    ['/usr/made-by-nobody/data', source],
  ]);
  const points = (...paths: string[]): string =>
    paths.map((point) => `1 2 0:1 / ${point} rw - tmpfs tmpfs rw`).join('\n');
  const script = (...mountPoints: string[]): string[] =>
    new RootFolder('/base', mounts, points('/', '/proc', '/sys', '/dev', ...mountPoints)).script();

  before(() => fs.writeFileSync(file, 'nameserver 10.0.0.10\n'));
  after(() => fs.rmSync(source, { recursive: true }));

  it('has an overlay over each folder in which nothing is mounted, and over no other', () => {
    const lines = script();
    assert.ok(lines.some((line) => line.includes("lowerdir='/usr',")));
    assert.ok(lines.some((line) => line.includes("lowerdir='/etc',")));
    assert.ok(!lines.some((line) => line.includes("lowerdir='/',")));
    assert.ok(lines.includes("mount --rbind '/proc' '/base/root/proc'"));
  });

  it('has what is to be mounted made in the upper folders before the overlays', () => {
    const lines = script();
    const before = (line: string, overlay: string): boolean =>
      lines.includes(line) &&
      lines.indexOf(line) < lines.findIndex((entry) => entry.includes(`lowerdir='${overlay}',`));
    assert.ok(before("mkdir -p '/base/upper/usr/made-by-nobody/data'", '/usr'));
    assert.ok(before(": > '/base/upper/etc/resolv.conf'", '/etc'));
    assert.equal(lines.at(-1), `mount --rbind ${quote(source)} '/base/root/usr/made-by-nobody/data'`);
  });

  it('takes a folder apart in which others are mounted, and never writes into this machine’s files', () => {
    const lines = script('/etc/hosts', '/etc/resolv.conf');
    assert.ok(!lines.some((line) => line.includes("lowerdir='/etc',")));
    assert.ok(lines.includes("mount --bind '/etc/passwd' '/base/root/etc/passwd'"));
    assert.ok(!lines.includes("mount --bind '/etc/resolv.conf' '/base/root/etc/resolv.conf'"));
    assert.ok(lines.includes(`mount --rbind ${quote(file)} '/base/root/etc/resolv.conf'`));
  });

  it('quotes names', () => {
    assert.equal(quote("it's"), `'it'\\''s'`);
  });
});
