/**
 * A container: a process in the pod's namespace whose root has this machine's folders, each under an overlay in memory,
 * and the pod's volumes mounted where the container wants them. The machine's programs stand in for its image.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { logFile } from '../core/namespace';
import { cacheDirectory, projectDirectory } from '../core/paths';
import { RootFolder, quote } from './rootFolder';

export interface ContainerStart {
  /** Network namespace of the pod. */
  readonly namespace: string;
  /** Folder of its own; names its log, too. */
  readonly folder: string;
  readonly log: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder or file of this machine by path in the container. */
  readonly mounts: ReadonlyMap<string, string>;
  readonly resolvConf: string;
}

export function startContainer(start: ContainerStart): ChildProcess {
  fs.mkdirSync(start.folder, { recursive: true });
  const resolv = path.join(start.folder, 'resolv.conf');
  fs.writeFileSync(resolv, start.resolvConf);
  const script = path.join(start.folder, 'start.sh');
  fs.writeFileSync(script, containerScript(start, resolv), { mode: 0o700 });
  const log = fs.openSync(logFile(start.log), 'a');
  // In a process group of its own: what a person does to the agent's terminal is not the pod's business.
  const child = spawn('ip', ['netns', 'exec', start.namespace, 'sh', script], {
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  return child;
}

function containerScript(start: ContainerStart, resolv: string): string {
  const mounts = new Map([
    ...[...start.mounts].map(([to, from]): [string, string] => [withoutLinks(to), from]),
    ['/etc/resolv.conf', resolv],
    // Last: they may lie in a folder over which the pod mounts one of its own, e.g. /tmp.
    [projectDirectory, projectDirectory],
    [cacheDirectory(), cacheDirectory()],
  ]);
  const base = path.join(start.folder, 'rootfs');
  const root = new RootFolder(base, mounts);
  const variables = Object.entries({
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/tmp',
    ...start.env,
  });
  return [
    'set -e',
    `mkdir -p ${quote(base)}`,
    `mount -t tmpfs tmpfs ${quote(base)}`,
    ...root.script(),
    `exec chroot ${quote(root.folder)} /usr/bin/env -i \\`,
    ...variables.map(([name, value]) => `  ${quote(`${name}=${value}`)} \\`),
    `  ${start.command.map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/**
 * A path of the container with links resolved (`/var/run` is one): from outside the container they would lead into
 * this machine's own folders.
 */
function withoutLinks(to: string): string {
  let existing = to;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  return path.join(fs.realpathSync(existing), path.relative(existing, to));
}
