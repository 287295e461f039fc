import { text } from '../core/values';
import { formatAddress, range } from './ipv4';
import type { AwsSession } from './session';
import { EIP, VPN_CONNECTION } from './tokens';

/** Documentation ranges (RFC 5737): what the local cloud hands out is nobody's address. */
const POOLS = ['198.51.100.0/24', '192.0.2.0/24'].map(range);

/** The lowest public address that nothing of the account holds; the whole account draws from one pool. */
export function newPublicAddresses(cloud: AwsSession, count: number): string[] {
  const taken = new Set<string | undefined>();
  for (const stored of cloud.store.all(EIP)) taken.add(text(stored.outputs, 'publicIp'));
  for (const stored of cloud.store.all(VPN_CONNECTION)) {
    taken.add(text(stored.outputs, 'tunnel1Address'));
    taken.add(text(stored.outputs, 'tunnel2Address'));
  }
  const found: string[] = [];
  for (const pool of POOLS) {
    for (let address = pool.first + 1; address < pool.last && found.length < count; address += 1) {
      if (!taken.has(formatAddress(address))) found.push(formatAddress(address));
    }
  }
  if (found.length < count) throw new Error('the local cloud has no public addresses left');
  return found;
}
