/**
 * A container: a process in the pod's namespace whose root is this machine's file system under an overlay in memory,
 * with the pod's volumes mounted where the container wants them. The machine's programs stand in for its image.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { logFile } from '../core/namespace';
import { cacheDirectory, projectDirectory } from '../core/paths';

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
  const base = path.join(start.folder, 'rootfs');
  const root = path.join(base, 'root');
  const bind = (from: string, to: string): string[] => {
    const target = quote(inRoot(root, to));
    const make = fs.statSync(from).isDirectory()
      ? `mkdir -p ${target}`
      : `mkdir -p ${quote(path.dirname(inRoot(root, to)))}; [ -e ${target} ] || : > ${target}`;
    return [make, `mount --rbind ${quote(from)} ${target}`];
  };
  const variables = Object.entries({
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/tmp',
    ...start.env,
  });
  return [
    'set -e',
    `mkdir -p ${quote(base)}`,
    `mount -t tmpfs tmpfs ${quote(base)}`,
    `mkdir ${quote(path.join(base, 'upper'))} ${quote(path.join(base, 'work'))} ${quote(root)}`,
    // An overlay's upper folder may not lie in its lower one: the memory file system keeps it apart.
    `mount -t overlay overlay -o lowerdir=/,upperdir=${quote(path.join(base, 'upper'))},workdir=${quote(path.join(base, 'work'))} ${quote(root)}`,
    ...['/proc', '/sys', '/dev', projectDirectory, cacheDirectory()].flatMap((folder) => bind(folder, folder)),
    `rm -f ${quote(path.join(root, 'etc/resolv.conf'))}`,
    ...bind(resolv, '/etc/resolv.conf'),
    ...[...start.mounts].flatMap(([to, from]) => bind(from, to)),
    `exec chroot ${quote(root)} /usr/bin/env -i \\`,
    ...variables.map(([name, value]) => `  ${quote(`${name}=${value}`)} \\`),
    `  ${start.command.map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/**
 * A path of the container as this machine sees it. Links on the way are resolved beforehand (`/var/run` is one): from
 * outside the root they would lead into this machine's own folders.
 */
function inRoot(root: string, to: string): string {
  let existing = to;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  return path.join(root, fs.realpathSync(existing), path.relative(existing, to));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
