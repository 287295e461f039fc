import type { Inventory } from '../../resources/inventory';
import type { Pair } from './pair';

/** One thing that keeps a tunnel from carrying packets. */
export interface Fault {
  readonly kind: 'blocked' | 'undetermined';
  readonly hop: 'tunnel' | 'bgp';
  /** Name of the rule, for machines. */
  readonly rule: string;
  /** The resource at fault. */
  readonly urn: string;
  readonly why: string;
  readonly remedy: string;
}

/** What the checks of one tunnel may look at besides its two ends. */
export interface Finder {
  readonly inventory: Inventory;
  /** All tunnels, to tell which of two disagreeing resources is alone with its value. */
  readonly pairs: readonly Pair[];
}

export function blocked(hop: Fault['hop'], rule: string, urn: string, why: string, remedy: string): Fault {
  return { kind: 'blocked', hop, rule, urn, why, remedy };
}

export function undetermined(hop: Fault['hop'], urn: string, property: string): Fault {
  return {
    kind: 'undetermined',
    hop,
    rule: 'unknown-value',
    urn,
    why: `${property} is not known`,
    remedy: `Make ${property} known at preview, or ask again after the update`,
  };
}
