import type { Stored } from '../../core/store';
import { at } from '../../core/values';
import { COLLECTIONS } from '../names';
import { usesOf } from '../references';
import type { GcpSession } from '../session';
import { CLUSTER } from './clusterRanges';

/** Where the types that take an address of a VPC network keep it. */
const HOLDERS: readonly { readonly token: string; readonly path: readonly string[] }[] = [
  { token: COLLECTIONS.addresses.token, path: ['address'] },
  { token: COLLECTIONS.forwardingRules.token, path: ['ipAddress'] },
  { token: COLLECTIONS.instances.token, path: ['networkIp'] },
  { token: CLUSTER, path: ['privateClusterConfig', 'privateEndpoint'] },
];

/** Everything in a network that has an address: what it is reserved for, and who uses it. */
export function holdersOf(cloud: GcpSession, network: string, address: string): Stored[] {
  return HOLDERS.flatMap(({ token, path }) =>
    cloud.store.all(token).filter((stored) => at(stored.outputs, ...path) === address && isIn(cloud, stored, network)),
  );
}

/** The path of what has an address in a network. */
export function addressInUse(cloud: GcpSession, network: string, address: string): string | undefined {
  return holdersOf(cloud, network, address)[0]?.id;
}

/** The address reserved under a value in a network. */
export function reservedAddress(cloud: GcpSession, network: string, address: string): Stored | undefined {
  return holdersOf(cloud, network, address).find(({ token }) => token === COLLECTIONS.addresses.token);
}

function isIn(cloud: GcpSession, stored: Stored, network: string): boolean {
  const used = usesOf(stored);
  if (used.includes(network)) return true;
  return used.some((path) => {
    const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, path);
    return subnetwork !== undefined && usesOf(subnetwork).includes(network);
  });
}
