import type * as kubernetes from '@pulumi/kubernetes';
import type { ChartSettings } from '../plan/settings';

type ChartLocation = Pick<kubernetes.helm.v3.ReleaseArgs, 'chart' | 'version' | 'repositoryOpts'>;

/**
 * Where Helm finds a chart: in a repository, or (without one) at an OCI reference or a local path, as
 * air-gapped stacks use. Helm asks a repository for its index, which a registry has not: a chart there is
 * named by its whole reference (Helm documentation, "Use OCI-based registries").
 */
export function chartLocation({ chart, repository, version }: ChartSettings): ChartLocation {
  if (repository === undefined) return { chart, version };
  if (repository.startsWith('oci://')) return { chart: `${repository.replace(/\/+$/, '')}/${chart}`, version };
  return { chart, version, repositoryOpts: { repo: repository } };
}
