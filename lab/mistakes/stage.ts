/** The network that the mistakes are made in. It is built anew only for a mistake that changes more than filters. */
import { HealthAnswers } from '../agent/nodeHealth';
import { endNamespaces } from '../core/ledger';
import { buildNetwork } from '../network/build';
import type { LabModel } from '../network/model';
import { replaceFilters, shapeOf } from '../network/replaceFilters';
import { Places } from '../verify/places';
import { Echoes } from './connections';

/** Milliseconds that the network's daemons get to end by themselves: nothing of theirs is kept. */
const GRACE = 300;

/** A network with its stand-ins and what answers there. */
export interface Built {
  readonly shape: string;
  readonly places: Places;
  readonly echoes: Echoes;
  readonly answers: HealthAnswers;
}

export class Stage {
  private built: Built | undefined;

  /** The network of a model, with its filters and no others. */
  async become(model: LabModel): Promise<Built> {
    const shape = shapeOf(model);
    if (this.built?.shape === shape) {
      await replaceFilters(model);
      await this.built.places.readmit(model);
      return this.built;
    }
    await this.end();
    const built = { shape, places: new Places(model), echoes: new Echoes(), answers: new HealthAnswers() };
    this.built = built;
    await buildNetwork(model, () => undefined);
    built.places.surveyMachines();
    return built;
  }

  async end(): Promise<void> {
    if (this.built === undefined) return;
    this.built.echoes.end();
    this.built = undefined;
    await endNamespaces(GRACE);
  }
}
