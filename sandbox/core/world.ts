import { Store, type Stored } from './store';
import type { CloudSession } from './resourceType';
import type { Props } from './values';

/** Everything that exists in the local clouds. One directory holds it; nothing else does. */
export class World {
  readonly aws: Store;
  readonly gcp: Store;
  readonly kubernetes: Store;
  readonly random: Store;
  readonly tls: Store;

  constructor(readonly directory: string) {
    this.aws = new Store(directory, 'aws');
    this.gcp = new Store(directory, 'gcp');
    this.kubernetes = new Store(directory, 'kubernetes');
    this.random = new Store(directory, 'random');
    this.tls = new Store(directory, 'tls');
  }
}

/** A session whose resources are all of one store. */
export class StoreSession implements CloudSession {
  constructor(
    readonly world: World,
    readonly store: Store,
  ) {}

  get(token: string, id: string): Stored | undefined {
    return this.store.get(token, id);
  }

  put(token: string, id: string, inputs: Props, outputs: Props): Stored {
    return this.store.put(token, id, inputs, outputs);
  }

  remove(token: string, id: string): void {
    this.store.remove(token, id);
  }
}
