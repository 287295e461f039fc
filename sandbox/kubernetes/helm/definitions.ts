import { erase } from '../deletion';
import type { ClusterState } from '../state';

/** What a chart's CustomResourceDefinitions are to the API server: kinds that it serves from then on. */
const DEFINITIONS = 'kubernetes:customResourceDefinitions';

export function define(state: ClusterState, chart: string): void {
  if (!state.stored(DEFINITIONS, chart)) state.note(DEFINITIONS, chart, {});
}

export function isDefined(state: ClusterState, chart: string): boolean {
  return state.stored(DEFINITIONS, chart) !== undefined;
}

/** Removes a chart's definitions, and with them every object of their kinds (garbage collection of the API server). */
export function undefine(state: ClusterState, chart: string, group: string): void {
  state.remove(DEFINITIONS, chart);
  for (const { token, outputs } of state.everything()) {
    if (token.startsWith(`kubernetes:${group}/`)) erase(state, token, outputs);
  }
}
