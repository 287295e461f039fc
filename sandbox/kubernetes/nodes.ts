import { flag, text, type Props } from '../core/values';
import type { EksCluster, Node } from './cluster';
import type { ClusterState } from './state';

const ENI_CONFIG = 'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig';
/** Label by which a node finds its ENIConfig unless the CNI is told another (amazon-vpc-cni-k8s, README). */
const DEFAULT_LABEL = 'k8s.amazonaws.com/eniConfig';

/**
 * The nodes that pods can run on. With custom networking a node without its ENIConfig has no addresses to give and
 * stays NotReady (EKS user guide, "Custom networking").
 */
export function readyNodes(state: ClusterState): readonly Node[] {
  const { cluster } = state;
  if (cluster.kind !== 'eks') return cluster.nodes;
  const label = customNetworkingLabel(cluster);
  if (label === undefined) return cluster.nodes;
  return cluster.nodes.filter((node) => state.stored(ENI_CONFIG, node.labels[label] ?? 'default') !== undefined);
}

function customNetworkingLabel({ cloud }: EksCluster): string | undefined {
  const cni: Props = cloud.addons.find(({ name }) => name === 'vpc-cni')?.configuration ?? {};
  const on =
    text(cni, 'env', 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG') === 'true' ||
    flag(cni, 'env', 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG');
  return on ? (text(cni, 'env', 'ENI_CONFIG_LABEL_DEF') ?? DEFAULT_LABEL) : undefined;
}
