import { parseRange } from '../../reachability/ip';
import { EKS_CLUSTER } from '../../reachability/model/kubernetes/eks';
import { GKE_CLUSTER } from '../../reachability/model/kubernetes/gke';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { flagAt, propertiesAt, settingAt, textOf } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';

interface Settings {
  readonly widest: number;
}

/**
 * Control planes answer named ranges only. EKS admits the whole Internet unless told otherwise (EKS guide, "Cluster
 * API server endpoint"), GKE too while it has no authorised networks ("Authorized networks for control plane access").
 */
export const controlPlaneNotPublic: Rule<Settings> = {
  name: 'control-plane-not-public',
  description: 'The control plane of a Kubernetes cluster answers named ranges only.',
  level: 'mandatory',
  settings: {
    widest: {
      type: 'integer',
      minimum: 1,
      maximum: 32,
      default: 8,
      description: 'Shortest prefix length of an admitted range.',
    },
  },
  judge: ({ inventory }, { widest }) => [
    ...inventory.all(EKS_CLUSTER).flatMap((cluster) => judgeEks(cluster, widest)),
    ...inventory.all(GKE_CLUSTER).flatMap((cluster) => judgeGke(cluster, widest)),
  ],
};

function judgeEks(cluster: Resource, widest: number): Finding[] {
  const endpoint = flagAt(cluster, 'vpcConfig.endpointPublicAccess');
  if (endpoint === UNKNOWN) return [undecided(cluster, 'vpcConfig.endpointPublicAccess', 'the endpoint')];
  if (endpoint === false) return [];
  const property = 'vpcConfig.publicAccessCidrs';
  const ranges = cluster.list(property);
  if (ranges === UNKNOWN) return [undecided(cluster, property, 'who is admitted')];
  if (ranges === undefined || ranges.length === 0) {
    return [openTo(cluster, property, 'everybody, because it names no ranges')];
  }
  return wideRanges(cluster, `${property}.*`, widest);
}

function judgeGke(cluster: Resource, widest: number): Finding[] {
  const property = 'masterAuthorizedNetworksConfig';
  const byAddress = flagAt(cluster, 'controlPlaneEndpointsConfig.ipEndpointsConfig.enabled');
  const privateOnly = flagAt(cluster, 'privateClusterConfig.enablePrivateEndpoint');
  if (byAddress === false || privateOnly === true) return [];
  if (settingAt(cluster, property) === UNKNOWN) return [undecided(cluster, property, 'who is admitted')];
  if (settingAt(cluster, property) === undefined)
    return [openTo(cluster, property, 'everybody, because it has no authorised networks')];
  const google = flagAt(cluster, `${property}.gcpPublicCidrsAccessEnabled`);
  return [
    ...(google === true ? [openTo(cluster, property, "every virtual machine of Google Cloud's customers")] : []),
    ...wideRanges(cluster, `${property}.cidrBlocks.*.cidrBlock`, widest),
  ];
}

function wideRanges(cluster: Resource, pattern: string, widest: number): Finding[] {
  return propertiesAt(cluster, pattern).flatMap((property) => {
    const text = textOf(property);
    if (text === UNKNOWN) return [undecided(cluster, property.path, 'an admitted range')];
    const range = parseRange(text ?? '');
    return range === undefined || range.prefix >= widest ? [] : [openTo(cluster, property.path, `${text ?? ''}`, text)];
  });
}

function openTo(cluster: Resource, property: string, whom: string, value?: string): Finding {
  const message = `the control plane of ${cluster.name} is open to ${whom}`;
  return broken(cluster, message, 'admit the ranges that need it, or use the private endpoint', { property, value });
}
