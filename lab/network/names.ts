import { PREFIX } from '../core/namespace';
import type { Cluster, Machine, TunnelEnd, VpnRouter } from './model';

/** Namespaces and devices of the network. Device names hold at most 15 characters. */
export const INTERNET = `${PREFIX}internet`;

export function networkNamespace(router: Pick<VpnRouter, 'name'>): string {
  return `${PREFIX}${router.name}`;
}

export function tunnelNamespace(router: Pick<VpnRouter, 'name'>, end: Pick<TunnelEnd, 'name'>): string {
  return `${PREFIX}${router.name}-vpn-${end.name}`;
}

/** Device of a router that leads into a tunnel; also the name of its BGP session. */
export function tunnelDevice(end: Pick<TunnelEnd, 'name'>): string {
  return `tunnel${end.name}`;
}

/** Device of the internet that leads to a tunnel end. */
export function publicDevice(router: Pick<VpnRouter, 'name'>, end: Pick<TunnelEnd, 'name'>): string {
  return `${router.name}x${end.name}`;
}

export function machineNamespace(cluster: Pick<Cluster, 'name'>, machine: Pick<Machine, 'name'>): string {
  return `${PREFIX}${cluster.name}-${machine.name}`;
}

export function controlPlaneNamespace(cluster: Pick<Cluster, 'name'>): string {
  return `${PREFIX}${cluster.name}-control-plane`;
}

/** Device of the network's router that leads to an address: unique for each, and short. */
export function interfaceDevice(address: string): string {
  const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `if${hex.join('')}`;
}

/** Router's own address on every cable, which interfaces use as their gateway. AWS and Google give it to nobody. */
export const GATEWAY = '169.254.1.1';

/** Addresses of the two ends of a cable between a network and a transit gateway. AWS keeps 169.254.1.0/30 out of tunnels. */
export const ATTACHMENT = { network: '169.254.1.2', transit: '169.254.1.3' };

/** Kernel table, and priority of its rule, of the first tunnel end in the internet's namespace; the others follow in order. */
export const FIRST_PUBLIC_TABLE = 100;
