/** Numbers that follow from names: the same on every machine, and independent of every other name. */
import { createHash } from 'node:crypto';

/** A number from 0 to `bound` - 1; `purpose` keeps different uses of one name apart. `bound` is at most 2^32. */
export function hashBelow(bound: number, purpose: string, name: string): number {
  const digest = createHash('sha256').update(`${purpose}:${name}`).digest();
  // 48 bits over at most 32: the bias of the remainder is below one in 65,000.
  return digest.readUIntBE(0, 6) % bound;
}
