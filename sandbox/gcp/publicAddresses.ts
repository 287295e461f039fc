import type { Value } from '../core/values';
import { formatAddress, range, sizeOf } from './ranges';
import type { GcpSession } from './session';

/** Where the local cloud's external addresses come from: nobody's, the range for benchmarks (RFC 2544). */
const POOL = range('198.18.0.0/15');

/**
 * An external address that nothing has, nor had for a long time: what once knew a control plane by its address
 * must not find another one there.
 */
export function allocateExternalAddress(cloud: GcpSession): string {
  const taken = new Set(cloud.store.everything().flatMap(({ outputs }) => stringsIn(outputs)));
  const usable = sizeOf(POOL) - 2;
  for (let attempt = 0; attempt < usable; attempt += 1) {
    const candidate = formatAddress(POOL.first + 1 + (cloud.store.nextSerial() % usable));
    if (!taken.has(candidate)) return candidate;
  }
  throw new Error('no external address is left in the local Google Cloud');
}

function stringsIn(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}
