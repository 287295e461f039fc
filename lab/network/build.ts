/** Builds the network of the model: routers, the internet between them, tunnels, BGP, machines. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  addLink,
  addNamespace,
  inNamespace,
  ipBatch,
  nftables,
  startInNamespace,
  tryInNamespace,
} from '../core/namespace';
import { labDirectory } from '../core/paths';
import { NotYet, until } from '../core/wait';
import { birdConfiguration } from './bird';
import { filterRules } from './filters';
import { CONTROL_SOCKET, connectionConfiguration, daemonConfiguration } from './ipsec';
import type { Cluster, LabModel, Machine, TunnelEnd, VirtualNetwork } from './model';
import {
  FIRST_PUBLIC_TABLE,
  GATEWAY,
  INTERNET,
  controlPlaneNamespace,
  interfaceDevice,
  machineNamespace,
  networkNamespace,
  tunnelDevice,
  tunnelNamespace,
} from './names';

/** Ethernet between the clouds. */
const INTERNET_MTU = 1500;
/**
 * kernel-libipsec reads packets of up to 1400 bytes, whatever its device is set to. Below what either cloud's tunnels
 * carry, so what fits here fits there.
 */
const LIBIPSEC_MTU = 1400;
/** Order of the rules that choose a routing table; the kernel's own come at 32766. */
const PRIORITY = { tunnels: 90, local: 100, balanced: 150, unbalanced: 151, bySource: 200, nowhere: 1000 };
/** Kernel table of what is inside the network. */
export const LOCAL_TABLE = 50;

export async function buildNetwork(model: LabModel, say: (line: string) => void): Promise<void> {
  await buildInternet();
  for (const network of model.networks) {
    await buildRouter(network);
    say(`network: ${network.cloud} ${network.name}, ${network.localRanges.join(' ')}`);
  }
  for (const cluster of model.clusters) {
    const network = networkOf(model, cluster);
    for (const machine of cluster.machines) await buildMachine(network, cluster, machine);
    await buildControlPlane(network, cluster);
    say(`network: ${cluster.name}, ${cluster.machines.length} machines`);
  }
  let table = FIRST_PUBLIC_TABLE;
  for (const network of model.networks) {
    await Promise.all(network.tunnels.map((end) => buildTunnelEnd(network, end, table++)));
    if (network.tunnels.length > 0) await startBird(network);
  }
  say(`network: ${model.networks.flatMap(({ tunnels }) => tunnels).length} tunnel ends and their BGP sessions started`);
}

export function networkOf(model: LabModel, cluster: Cluster): VirtualNetwork {
  const found = model.networks.find(({ urn }) => urn === cluster.network);
  if (found === undefined) throw new Error(`${cluster.urn}: its network is not in the model`);
  return found;
}

/** What every public address goes through. */
async function buildInternet(): Promise<void> {
  await addNamespace(INTERNET, true);
}

async function buildRouter(network: VirtualNetwork): Promise<void> {
  const namespace = networkNamespace(network);
  await addNamespace(namespace, true);
  await ipBatch(namespace, [
    `rule add priority ${PRIORITY.tunnels} to 169.254.0.0/16 lookup main`,
    `rule add priority ${PRIORITY.local} lookup ${LOCAL_TABLE}`,
    // The mark of a load balancer's answers is the number of the table that leads them.
    ...network.routingTables.map(
      ({ table }) => `rule add priority ${PRIORITY.balanced} fwmark ${table} lookup ${table}`,
    ),
    ...network.routingTables.map(({ table }) => `rule add priority ${PRIORITY.unbalanced} fwmark ${table} unreachable`),
    ...network.routingTables.flatMap(({ table, sources }) =>
      sources.map((source) => `rule add priority ${PRIORITY.bySource} from ${source} lookup ${table}`),
    ),
    `rule add priority ${PRIORITY.nowhere} unreachable`,
    // An address of the network that nobody has is not looked for elsewhere: both clouds' own routes win.
    ...network.localRanges.map((range) => `route add unreachable ${range} table ${LOCAL_TABLE}`),
  ]);
  await nftables(namespace, filterRules(network));
}

async function buildMachine(network: VirtualNetwork, cluster: Cluster, machine: Machine): Promise<void> {
  const namespace = machineNamespace(cluster, machine);
  await addNamespace(namespace, true);
  await attach(network, namespace, machine.address);
  await addToProfile(network, machine.profile, machine.address);
  await nftables(namespace, sourceNatRules(machine));
  // The machine answers for its pods' addresses on the cable.
  await ipBatch(networkNamespace(network), [
    `route add ${machine.podBlock} via ${machine.address} dev ${interfaceDevice(machine.address)} onlink table ${LOCAL_TABLE}`,
  ]);
}

/** Pods' sources as the CNI leaves them. */
function sourceNatRules({ address, sourceNat }: Machine): string {
  const rule =
    sourceNat === undefined
      ? []
      : [
          `    oifname "eth0" ip saddr != ${address} ip daddr != { ${merged(sourceNat.except).join(', ')} } snat to ${address}`,
        ];
  return [
    'table ip cni {',
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat;',
    ...rule,
    '  }',
    '}',
    '',
  ].join('\n');
}

function merged(ranges: readonly string[]): string[] {
  return [...new Set(ranges)];
}

async function buildControlPlane(network: VirtualNetwork, cluster: Cluster): Promise<void> {
  const namespace = controlPlaneNamespace(cluster);
  await addNamespace(namespace, false);
  await attach(network, namespace, cluster.controlPlane);
  await addToProfile(network, cluster.controlPlaneProfile, cluster.controlPlane);
}

/** A cable from the network's router to an interface with one address, as a virtual machine has it. */
export async function attach(network: VirtualNetwork, namespace: string, address: string): Promise<void> {
  const router = networkNamespace(network);
  const device = interfaceDevice(address);
  await addLink({ namespace: router, device }, { namespace, device: 'eth0' }, network.mtu);
  await ipBatch(router, [
    `address add ${GATEWAY}/32 dev ${device}`,
    `route add ${address} dev ${device} table ${LOCAL_TABLE}`,
  ]);
  await ipBatch(namespace, [
    `address add ${address}/32 dev eth0`,
    `route add default via ${GATEWAY} dev eth0 onlink src ${address}`,
  ]);
}

/** Has the filters of a profile apply to an address. */
export async function addToProfile(network: VirtualNetwork, profile: string, address: string): Promise<void> {
  const found = network.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`${network.urn} has no filters for ${profile}`);
  const rules = [found.name, ...found.memberOf].map((set) => `add element ip cloud ${set} { ${address} }`);
  await inNamespace(networkNamespace(network), 'nft', ['-f', '-'], { input: `${rules.join('\n')}\n` });
}

/**
 * A namespace with the IKE daemon of one end. Packets of the network come in by one cable, go through the daemon's TUN
 * device, and leave as ESP in UDP by the other.
 */
async function buildTunnelEnd(network: VirtualNetwork, end: TunnelEnd, table: number): Promise<void> {
  const namespace = tunnelNamespace(network, end);
  const router = networkNamespace(network);
  const device = tunnelDevice(end);
  const publicDevice = `${network.name}x${end.name}`;
  await addNamespace(namespace, true);
  await addLink({ namespace: router, device }, { namespace, device: 'inside' }, insideMtu(end));
  await addLink({ namespace: INTERNET, device: publicDevice }, { namespace, device: 'outside' }, INTERNET_MTU);
  await ipBatch(router, [
    `address add ${GATEWAY}/32 dev ${device}`,
    ...(end.session === undefined ? [] : [`address add ${end.session.localAddress}/30 dev ${device}`]),
  ]);
  // An HA VPN interface has one address for several tunnels: which one a packet is for, its sender tells.
  await ipBatch(INTERNET, [
    `address add ${GATEWAY}/32 dev ${publicDevice}`,
    `rule add priority ${table} from ${end.peerOutside} to ${end.outside} lookup ${table}`,
    `route add ${end.outside} dev ${publicDevice} table ${table}`,
  ]);
  await ipBatch(namespace, [
    `address add ${end.outside}/32 dev outside`,
    `route add default via ${GATEWAY} dev outside onlink src ${end.outside}`,
    // What the daemon itself sends must not enter its own tunnel, whatever routes it makes for the selectors.
    'rule add priority 50 iif lo lookup main',
    'rule add priority 100 iif inside lookup 100',
  ]);
  await inNamespace(namespace, 'sysctl', [
    '-qw',
    'net.ipv4.conf.inside.proxy_arp=1',
    'net.ipv4.neigh.inside.proxy_delay=0',
  ]);
  await nftables(namespace, SESSION_HOP);
  await startDaemon(namespace, network, end);
}

function insideMtu({ mtu }: TunnelEnd): number {
  return Math.min(mtu, LIBIPSEC_MTU);
}

/** BGP's packets have one hop to live, and the tunnel is one hop; this namespace is a part of it and must not count. */
const SESSION_HOP = `table ip tunnel {
  chain prerouting {
    type filter hook prerouting priority raw;
    tcp dport 179 ip ttl set 64
    tcp sport 179 ip ttl set 64
  }
}
`;

/** Name of kernel-libipsec's TUN device. */
const TUN = 'ipsec0';

async function startDaemon(namespace: string, network: VirtualNetwork, end: TunnelEnd): Promise<void> {
  const folder = path.join(labDirectory, 'vpn', `${network.name}-${end.name}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const daemonFile = path.join(folder, 'strongswan.conf');
  const connectionFile = path.join(folder, 'swanctl.conf');
  fs.writeFileSync(daemonFile, daemonConfiguration(end));
  fs.writeFileSync(connectionFile, connectionConfiguration(end), { mode: 0o600 });
  // Its pid file stands in /run, of which each daemon gets its own.
  const command = 'mount -t tmpfs tmpfs /run && exec charon-systemd';
  const env = { ...process.env, STRONGSWAN_CONF: daemonFile };
  startInNamespace(namespace, `vpn-${network.name}-${end.name}`, 'sh', ['-c', command], env);
  await until(`IKE daemon of ${end.urn}`, 20, async () => {
    const { code } = await tryInNamespace(namespace, 'ip', ['link', 'show', TUN]);
    return code === 0 ? true : new NotYet(`no device ${TUN}; see logs/vpn-${network.name}-${end.name}.log`);
  });
  await ipBatch(namespace, [
    `link set ${TUN} mtu ${insideMtu(end)} up`,
    `route add default dev ${TUN} table 100`,
    `rule add priority 101 iif ${TUN} lookup 101`,
    `route add default via ${GATEWAY} dev inside onlink table 101`,
  ]);
  await until(`configuration of ${end.urn}`, 20, async () => {
    const args = ['--load-all', '--file', connectionFile, '--uri', CONTROL_SOCKET];
    const { code, stderr, stdout } = await tryInNamespace(namespace, 'swanctl', args, { env, timeout: 5_000 });
    return code === 0 ? true : new NotYet((stderr || stdout).trim());
  });
}

async function startBird(network: VirtualNetwork): Promise<void> {
  const folder = path.join(labDirectory, 'bird', network.name);
  fs.mkdirSync(folder, { recursive: true });
  const configuration = path.join(folder, 'bird.conf');
  fs.writeFileSync(configuration, birdConfiguration(network));
  const args = ['-f', '-c', configuration, '-s', birdSocket(network)];
  startInNamespace(networkNamespace(network), `bird-${network.name}`, 'bird', args);
}

/** Where BIRD of a network answers `birdc`. */
export function birdSocket(network: Pick<VirtualNetwork, 'name'>): string {
  return path.join(labDirectory, 'bird', network.name, 'control');
}
