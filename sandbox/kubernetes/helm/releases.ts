import { object, text, type Props } from '../../core/values';
import { runs } from '../pods';
import type { ClusterState } from '../state';

export const RELEASE = 'kubernetes:helm.sh/v3:Release';

/** A chart installed in a cluster. */
export interface InstalledRelease {
  readonly chart: string;
  readonly name: string;
  readonly namespace: string;
  readonly values: Props;
  /** Whether its pods run, so that its controllers and webhooks answer. */
  readonly ready: boolean;
}

/** The installed releases of a chart, by the chart's own name wherever it was fetched from. */
export function releasesOf(state: ClusterState, chart: string): InstalledRelease[] {
  return state
    .records(RELEASE)
    .filter(({ inputs }) => chartName(inputs) === chart)
    .map(({ inputs, outputs }) => {
      const name = text(outputs, 'status', 'name') ?? '';
      const namespace = text(outputs, 'status', 'namespace') ?? '';
      return {
        chart,
        name,
        namespace,
        values: object(inputs, 'values'),
        ready: runs(state, namespace, fullName(chart, name, inputs)),
      };
    });
}

/** The chart's own name: the last part of its path, reference or archive. */
export function chartName(inputs: Props): string {
  const last = (text(inputs, 'chart') ?? '').replace(/\/+$/, '').split('/').pop() ?? '';
  return last.replace(/-v?\d+\.\d+\.\d+.*\.tgz$/, '');
}

/** Name of the chart's workload by Helm's usual rule: the release's name, with the chart's where it is not in it. */
export function fullName(chart: string, release: string, inputs: Props): string {
  const override = text(inputs, 'values', 'fullnameOverride');
  if (override) return override;
  const name = text(inputs, 'values', 'nameOverride') || chart;
  return (release.includes(name) ? release : `${release}-${name}`).slice(0, 63).replace(/-$/, '');
}
