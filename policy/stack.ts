import { type Report, type ResourceInput, prove } from '../reachability';
import { Model } from '../reachability/model/model';
import type { Inventory } from '../reachability/resources/inventory';

/**
 * The resources of a stack, and what the proof reads out of them; each reading is made once, when a rule
 * first asks for it.
 */
export class Stack {
  /** In order of URN: the engine registers in an order that changes from run to run, findings must not. */
  readonly resources: readonly ResourceInput[];
  private lazyModel: Model | undefined;
  private lazyProof: Report | undefined;

  constructor(
    resources: readonly ResourceInput[],
    /** Whether secret inputs are marked as such; otherwise every one of them looks plain. */
    readonly secretsMarked = true,
  ) {
    this.resources = [...resources].sort((a, b) => compareTexts(a.urn, b.urn));
  }

  get inventory(): Inventory {
    return this.model.inventory;
  }

  /** Networks, gateways, tunnels and firewalls as the clouds evaluate them. */
  get model(): Model {
    return (this.lazyModel ??= new Model(this.resources));
  }

  /** Verdicts of every flow that the Cassandra resources need. */
  get proof(): Report {
    return (this.lazyProof ??= prove(this.resources));
  }
}

/** By code unit: an order that no locale changes. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
