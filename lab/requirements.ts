import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from './core/errors';
import { run } from './core/run';
import { isRoot, worldOptions } from './core/world';

const PROGRAMS = [
  ...['ip', 'nft', 'bird', 'birdc', 'swanctl', 'charon-systemd', 'socat', 'dig', 'curl', 'openssl', 'ping', 'ss'],
  ...['java', 'javac', 'keytool', 'mvn', 'python3', 'sysctl', 'unshare', 'nsenter'],
];
const TUN = '/dev/net/tun';

/** Debian keeps system programs out of the search path of ordinary users. */
export function findSystemPrograms(): void {
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
}

/** @throws LabError that names everything missing, and how to get it */
export async function checkRequirements(): Promise<void> {
  if (process.platform !== 'linux') throw new LabError('the lab needs Linux: it is made of namespaces');
  const problems: string[] = [];
  if (!fs.existsSync(TUN)) problems.push(`the kernel has no TUN device (${TUN}), which IPsec in user space needs`);
  else if (!mayUse(TUN)) problems.push(`this user may not open ${TUN}; as root: chmod 666 ${TUN}`);
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const missing = PROGRAMS.filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))));
  if (missing.length > 0) problems.push(`missing programs: ${missing.join(', ')}; run lab/install.sh as root`);
  if (!missing.includes('java')) problems.push(...(await javaProblems()));
  if (!missing.includes('unshare')) problems.push(...(await namespaceProblems()));
  if (problems.length > 0) throw new LabError(problems.join('\n'));
}

function mayUse(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Cassandra 5.0 runs on Java 11 and 17 (NEWS.txt); the options that the lab gives it are those for 17. */
async function javaProblems(): Promise<string[]> {
  const { stdout, stderr } = await run('java', ['-version']);
  const found = /version "(\d+)/.exec(stderr + stdout)?.[1];
  return found === '17' ? [] : [`Cassandra wants Java 17, and java on PATH is ${found ?? 'of no version known'}`];
}

/** Whether a world can be made, and a cable in it. */
export async function namespaceProblems(): Promise<string[]> {
  const mount = await run('unshare', [...worldOptions(), 'mount', '-t', 'tmpfs', 'tmpfs', '/run']);
  if (mount.code !== 0) return [refusal(mount.stderr.trim(), isRoot(), readSetting)];
  const cable = ['ip', 'link', 'add', 'name', 'cable0', 'type', 'veth', 'peer', 'name', 'cable1'];
  const laid = await run('unshare', [...worldOptions(), ...cable]);
  return laid.code === 0 ? [] : [`the kernel makes no virtual cables (veth): ${laid.stderr.trim()}`];
}

/** Settings that keep ordinary users from namespaces: the value that does, and the one that does not. */
const SETTINGS = [
  { name: 'user.max_user_namespaces', forbids: '0', allows: '15000' },
  { name: 'kernel.unprivileged_userns_clone', forbids: '0', allows: '1' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', forbids: '1', allows: '0' },
];

/**
 * What to do where namespaces are refused.
 *
 * @param setting value of a kernel setting; undefined where the kernel does not have it
 */
export function refusal(words: string, root: boolean, setting: (name: string) => string | undefined): string {
  const told = `this machine lets nobody but root make namespaces (${words})`;
  if (root) return `this machine lets root make no namespaces (${words}); a container needs the right to, SYS_ADMIN`;
  const forbidding = SETTINGS.filter(({ name, forbids }) => setting(name) === forbids);
  if (forbidding.length === 0) return `${told}; run the lab as root`;
  const remedy = forbidding.map(({ name, allows }) => `sysctl -w ${name}=${allows}`).join(' and ');
  return `${told}; as root: ${remedy}, or run the lab as root`;
}

function readSetting(name: string): string | undefined {
  const file = `/proc/sys/${name.replaceAll('.', '/')}`;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}
