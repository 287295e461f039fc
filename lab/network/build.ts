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
import { CONTROL_SOCKET, connectionConfiguration, daemonConfiguration } from './ipsec';
import {
  type Cluster,
  type LabModel,
  type Machine,
  type TunnelEnd,
  type VirtualNetwork,
  type VpnRouter,
  vpnRouters,
} from './model';
import {
  FIRST_PUBLIC_TABLE,
  GATEWAY,
  INTERNET,
  controlPlaneNamespace,
  interfaceDevice,
  machineNamespace,
  networkNamespace,
  publicDevice,
  tunnelDevice,
  tunnelNamespace,
} from './names';
import { addNetworkRoutes, addTransitRoutes, buildRouter, buildTransit } from './routers';
import { LOCAL_TABLE } from './routes';
import { transitBirdConfiguration } from './transitBird';

/** Ethernet between the clouds. */
const INTERNET_MTU = 1500;
/**
 * kernel-libipsec reads packets of up to 1400 bytes, whatever its device is set to. Below what either cloud's tunnels
 * carry, so what fits here fits there.
 */
const LIBIPSEC_MTU = 1400;

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
  for (const gateway of model.transitGateways) {
    await buildTransit(gateway);
    const networks = gateway.attachments.map(({ network }) => network);
    say(`network: ${gateway.name}, between ${networks.join(' ') || 'no network'} and its tunnels`);
  }
  let table = FIRST_PUBLIC_TABLE;
  for (const router of vpnRouters(model)) {
    await Promise.all(router.tunnels.map((end) => buildTunnelEnd(router, end, table++)));
  }
  // Static routes lead into tunnels and attachments.
  for (const network of model.networks) await addNetworkRoutes(network);
  for (const gateway of model.transitGateways) await addTransitRoutes(gateway);
  for (const network of model.networks) await startBird(network, birdConfiguration(network));
  for (const gateway of model.transitGateways) await startBird(gateway, transitBirdConfiguration(gateway));
  say(
    `network: ${vpnRouters(model).flatMap(({ tunnels }) => tunnels).length} tunnel ends and their BGP sessions started`,
  );
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

/** Pods' sources as the CNI leaves them: the rules of a machine. */
export function sourceNatRules({ address, sourceNat }: Machine): string {
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
async function buildTunnelEnd(router: VpnRouter, end: TunnelEnd, table: number): Promise<void> {
  const namespace = tunnelNamespace(router, end);
  const device = tunnelDevice(end);
  const outward = publicDevice(router, end);
  await addNamespace(namespace, true);
  await addLink({ namespace: networkNamespace(router), device }, { namespace, device: 'inside' }, insideMtu(end));
  await addLink({ namespace: INTERNET, device: outward }, { namespace, device: 'outside' }, INTERNET_MTU);
  await ipBatch(networkNamespace(router), [
    `address add ${GATEWAY}/32 dev ${device}`,
    ...(end.session === undefined ? [] : [`address add ${end.session.localAddress}/30 dev ${device}`]),
  ]);
  // An HA VPN interface has one address for several tunnels: which one a packet is for, its sender tells.
  await ipBatch(INTERNET, [
    `address add ${GATEWAY}/32 dev ${outward}`,
    `rule add priority ${table} from ${end.peerOutside} to ${end.outside} lookup ${table}`,
    `route add ${end.outside} dev ${outward} table ${table}`,
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
  await startDaemon(namespace, router, end);
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

async function startDaemon(namespace: string, router: VpnRouter, end: TunnelEnd): Promise<void> {
  const folder = path.join(labDirectory, 'vpn', `${router.name}-${end.name}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const daemonFile = path.join(folder, 'strongswan.conf');
  const connectionFile = path.join(folder, 'swanctl.conf');
  fs.writeFileSync(daemonFile, daemonConfiguration(end));
  fs.writeFileSync(connectionFile, connectionConfiguration(end), { mode: 0o600 });
  // Its pid file stands in /run, of which each daemon gets its own.
  const command = 'mount -t tmpfs tmpfs /run && exec charon-systemd';
  const env = { ...process.env, STRONGSWAN_CONF: daemonFile };
  startInNamespace(namespace, `vpn-${router.name}-${end.name}`, 'sh', ['-c', command], env);
  await until(`IKE daemon of ${end.urn}`, 20, async () => {
    const { code } = await tryInNamespace(namespace, 'ip', ['link', 'show', TUN]);
    return code === 0 ? true : new NotYet(`no device ${TUN}; see logs/vpn-${router.name}-${end.name}.log`);
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

/** A router without tunnels has nobody to talk to. */
async function startBird(router: VpnRouter, text: string): Promise<void> {
  if (router.tunnels.length === 0) return;
  const folder = path.join(labDirectory, 'bird', router.name);
  fs.mkdirSync(folder, { recursive: true });
  const configuration = path.join(folder, 'bird.conf');
  fs.writeFileSync(configuration, text);
  const args = ['-f', '-c', configuration, '-s', birdSocket(router)];
  startInNamespace(networkNamespace(router), `bird-${router.name}`, 'bird', args);
  const waiting = new NotYet(`see logs/bird-${router.name}.log`);
  await until(`BIRD of ${router.urn}`, 20, () => Promise.resolve(fs.existsSync(birdSocket(router)) || waiting), 100);
}

/** Where BIRD of a router answers `birdc`. */
export function birdSocket(router: Pick<VpnRouter, 'name'>): string {
  return path.join(labDirectory, 'bird', router.name, 'control');
}
