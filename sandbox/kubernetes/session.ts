import type { CloudSession } from '../core/resourceType';
import { CloudError } from '../core/errors';
import type { Stored } from '../core/store';
import type { Props } from '../core/values';
import type { World } from '../core/world';
import { boot } from './boot';
import type { Clouds } from './clouds';
import { findCluster } from './cluster';
import { ClusterState, clusterKeys, forgetCluster } from './state';

/** Options of a configured provider that change what it does. */
export interface ProviderSettings {
  readonly server: string;
  readonly namespace: string;
  readonly configMapsMutable: boolean;
  readonly secretsMutable: boolean;
  readonly patchForce: boolean;
  readonly upsert: boolean;
  readonly deleteUnreachable: boolean;
}

/** A provider configured for one API server. The cluster is looked up at every call: it may be gone by then. */
export class KubernetesSession implements CloudSession {
  constructor(
    readonly world: World,
    readonly clouds: Clouds,
    readonly settings: ProviderSettings,
  ) {}

  /** The state of the cluster; an error in the provider's words where no API server answers. */
  state(): ClusterState {
    const state = this.stateIfReachable();
    if (state) return state;
    const host = this.settings.server.replace(/^https?:\/\//, '');
    throw new CloudError(
      'Unreachable',
      'configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get ' +
        `"${this.settings.server}/openapi/v2?timeout=32s": dial tcp: lookup ${host}: no such host. If the cluster was ` +
        'deleted, remove its resources from the state by rerunning with PULUMI_K8S_DELETE_UNREACHABLE set to "true"',
    );
  }

  stateIfReachable(): ClusterState | undefined {
    forgetDeadClusters(this.clouds, this.world);
    const cluster = findCluster(this.clouds, this.world, this.settings.server);
    if (!cluster) return undefined;
    const state = new ClusterState(this.world, this.clouds, cluster);
    boot(state);
    return state;
  }

  /** The stored object; with `deleteUnreachable` an object of a cluster that is gone counts as gone too. */
  get(token: string, id: string): Stored | undefined {
    const state = this.settings.deleteUnreachable ? this.stateIfReachable() : this.state();
    return state?.stored(token, id);
  }

  put(token: string, id: string, inputs: Props, outputs: Props): Stored {
    return this.world.kubernetes.put(token, `${this.state().cluster.key}|${id}`, inputs, outputs);
  }

  remove(token: string, id: string): void {
    this.stateIfReachable()?.remove(token, id);
  }
}

/** The objects of a cluster go with its etcd. */
export function forgetDeadClusters(clouds: Clouds, world: World): void {
  for (const key of clusterKeys(world)) if (!findCluster(clouds, world, key)) forgetCluster(world, key);
}
