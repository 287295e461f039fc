import { sameValue, type Props } from '../core/values';
import { erase } from './deletion';
import { own } from './fieldManagers';
import { dnsService, runDnsServer } from './given/clusterDns';
import { eksObjects } from './given/eks';
import { gkeObjects } from './given/gke';
import type { Given } from './given/given';
import { initialNamespaces } from './given/namespaces';
import { collectOrphans } from './loadBalancers';
import { idOf } from './meta';
import type { ClusterState } from './state';

/** What the cloud gave, so that it goes when the add-on that brought it does. */
const GIVEN = 'kubernetes:given';

/** Makes, reverts and removes what the cloud gives the cluster, as its add-ons come and go. */
export function boot(state: ClusterState): void {
  state.world.kubernetes.together(() => bring(state));
}

function bring(state: ClusterState): void {
  const { cluster } = state;
  const cloud = cluster.kind === 'eks' ? eksObjects(cluster) : gkeObjects(cluster);
  const wanted = [...initialNamespaces(), ...cloud, ...dnsService(cluster)];
  for (const given of wanted) provide(state, given);
  const keys = new Set(wanted.map(keyOf));
  for (const { id, inputs } of state.records(GIVEN)) {
    if (!keys.has(id)) withdraw(state, id, inputs);
  }
  runDnsServer(state);
  collectOrphans(state);
}

function provide(state: ClusterState, given: Given): void {
  const { token, object, manager } = given;
  const existing = state.stored(token, idOf(object));
  if (!existing) {
    own(state, token, state.ensure(token, object), object, manager);
    state.note(GIVEN, keyOf(given), { token, id: idOf(object) });
  } else if (given.reconciled && !sameValue(existing.outputs.data, object.data)) {
    const data = object.data ?? {};
    state.put(token, { ...existing.inputs, data }, state.restamp({ ...existing.outputs, data }, false));
  }
}

function withdraw(state: ClusterState, key: string, note: Props): void {
  const token = String(note.token);
  const stored = state.stored(token, String(note.id));
  if (stored) erase(state, token, stored.outputs);
  state.remove(GIVEN, key);
}

function keyOf({ token, object }: Given): string {
  return `${token}|${idOf(object)}`;
}
