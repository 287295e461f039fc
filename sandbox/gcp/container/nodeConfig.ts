import { number, object, text, texts, type Props } from '../../core/values';
import type { ClusterInfo } from './clusterInfo';

/** What GKE makes of a node configuration: its own defaults beside what was asked for. */
export function nodeConfigOf(config: Props, info: ClusterInfo): Props {
  const workloadIdentity = text(info.stored.outputs, 'workloadIdentityConfig', 'workloadPool');
  return {
    diskSizeGb: number(config, 'bootDisk', 'sizeGb') ?? 100,
    diskType: text(config, 'bootDisk', 'diskType') ?? 'pd-balanced',
    imageType: 'COS_CONTAINERD',
    loggingVariant: 'DEFAULT',
    machineType: 'e2-medium',
    oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
    preemptible: false,
    spot: false,
    serviceAccount: 'default',
    localSsdCount: 0,
    effectiveTaints: config.taints ?? [],
    ...(workloadIdentity ? { workloadMetadataConfig: { mode: 'GKE_METADATA' } } : {}),
    ...config,
    metadata: { 'disable-legacy-endpoints': 'true', ...object(config, 'metadata') },
    tags: texts(config, 'tags'),
    shieldedInstanceConfig: {
      enableIntegrityMonitoring: true,
      enableSecureBoot: false,
      ...object(config, 'shieldedInstanceConfig'),
    },
  };
}
