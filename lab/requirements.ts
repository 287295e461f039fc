import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from './core/errors';
import { run } from './core/run';

const PROGRAMS = [
  ...['ip', 'nft', 'bird', 'birdc', 'swanctl', 'charon-systemd', 'socat', 'dig', 'curl', 'openssl'],
  ...['java', 'javac', 'keytool', 'mvn', 'python3', 'go', 'sysctl'],
];

/** @throws LabError that names everything missing, and how to get it */
export async function checkRequirements(): Promise<void> {
  const problems: string[] = [];
  if (process.platform !== 'linux') problems.push('the lab needs Linux: it is made of network namespaces');
  if (process.getuid?.() !== 0) problems.push('the lab needs root: it makes network namespaces and mounts');
  if (!fs.existsSync('/dev/net/tun'))
    problems.push('the kernel has no TUN device (/dev/net/tun), which IPsec in user space needs');
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const missing = PROGRAMS.filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))));
  if (missing.length > 0) problems.push(`missing programs: ${missing.join(', ')}; run lab/install.sh as root`);
  if (problems.length === 0) {
    const cable = ['ip', 'link', 'add', 'name', 'cable0', 'type', 'veth', 'peer', 'name', 'cable1'];
    const { code, stderr } = await run('unshare', ['-n', ...cable]);
    if (code !== 0) problems.push(`the kernel makes no virtual cables (veth): ${stderr.trim()}`);
  }
  if (problems.length > 0) throw new LabError(problems.join('\n'));
}
