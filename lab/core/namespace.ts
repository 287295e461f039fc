/** Network namespaces and the links between them. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { existingNamespaces } from './ledger';
import { labDirectory } from './paths';
import { must, run, type Outcome, type RunOptions } from './run';

/** Prefix of every namespace of the lab. */
export const PREFIX = 'mclab-';

/** A new namespace with a loopback interface that is up, and forwarding if it is a router. */
export async function addNamespace(name: string, router: boolean): Promise<void> {
  if (existingNamespaces().includes(name)) throw new Error(`namespace ${name} exists already`);
  const settings = [
    // Asymmetric paths are what a cloud with several tunnels has.
    'net.ipv4.conf.all.rp_filter=0',
    'net.ipv4.conf.default.rp_filter=0',
    'net.ipv6.conf.all.disable_ipv6=1',
    'net.ipv6.conf.default.disable_ipv6=1',
    ...(router ? ['net.ipv4.ip_forward=1', 'net.ipv4.fib_multipath_hash_policy=1'] : []),
  ];
  const lines = [`netns add ${name}`, `netns exec ${name} sysctl -qw ${settings.join(' ')}`];
  await must('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  await ipBatch(name, ['link set lo up']);
}

export function inNamespace(
  name: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return must('ip', ['netns', 'exec', name, command, ...args], options);
}

export function tryInNamespace(
  name: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return run('ip', ['netns', 'exec', name, command, ...args], options);
}

/** Runs lines of `ip` commands in a namespace in one go. */
export async function ipBatch(name: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await must('ip', ['-netns', name, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Replaces the namespace's nftables rules by those given. */
export async function nftables(name: string, rules: string): Promise<void> {
  await inNamespace(name, 'nft', ['-f', '-'], { input: `flush ruleset\n${rules}` });
}

/** One end of a virtual cable. Names are at most 15 characters long. */
export interface LinkEnd {
  readonly namespace: string;
  readonly device: string;
}

/** Lays a cable between two namespaces; both ends are up. */
export async function addLink(a: LinkEnd, b: LinkEnd, mtu: number): Promise<void> {
  for (const { device } of [a, b]) {
    if (device.length > 15) throw new RangeError(`${device} is too long for a device name`);
  }
  await must('ip', [
    ...['link', 'add', 'name', a.device, 'mtu', String(mtu), 'netns', a.namespace, 'type', 'veth'],
    ...['peer', 'name', b.device, 'mtu', String(mtu), 'netns', b.namespace],
  ]);
  await ipBatch(a.namespace, [`link set ${a.device} up`]);
  await ipBatch(b.namespace, [`link set ${b.device} up`]);
}

/** Starts a program in a namespace and leaves it running; its output goes to a log file of the given name. */
export function startInNamespace(
  namespace: string,
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const log = fs.openSync(logFile(name), 'a');
  const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], {
    stdio: ['ignore', log, log],
    detached: true,
    env,
  });
  fs.closeSync(log);
  child.on('error', (error) => fs.appendFileSync(logFile(name), `${String(error)}\n`));
  child.unref();
  return child;
}

export function logFile(name: string): string {
  const folder = path.join(labDirectory, 'logs');
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.log`);
}
