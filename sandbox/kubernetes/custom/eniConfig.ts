import { text, texts, type Props } from '../../core/values';
import { customKind } from './customKind';
import { listOf, struct } from './shapes';
import type { Cause } from '../apiErrors';
import type { ClusterState } from '../state';

/** The VPC CNI's network configuration of one zone (EKS user guide, "Custom networking"); vpc-cni brings the kind. */
export const eniConfig = customKind({
  apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
  kind: 'ENIConfig',
  plural: 'eniconfigs',
  namespaced: false,
  spec: struct({ subnet: 'string', securityGroups: listOf('string') }),
  served: ({ cluster }) => cluster.kind === 'eks' && cluster.cloud.addons.some(({ name }) => name === 'vpc-cni'),
  validate: (live, state) => [...subnetCauses(live, state), ...groupCauses(live)],
});

/**
 * A subnet that is not of the cluster's VPC is accepted by the real API server, and every pod of the zone's new nodes
 * then waits for an address; here it is refused at once.
 */
function subnetCauses(live: Props, state: ClusterState): Cause[] {
  const id = text(live, 'spec', 'subnet') ?? '';
  if (state.cluster.kind !== 'eks') return [];
  const subnet = state.world.aws.get('aws:ec2/subnet:Subnet', id);
  if (text(subnet?.outputs, 'vpcId') === state.cluster.cloud.vpcId) return [];
  return [
    {
      field: 'spec.subnet',
      detail: `Invalid value: "${id}": not a subnet of the cluster's VPC ${state.cluster.cloud.vpcId}`,
    },
  ];
}

function groupCauses(live: Props): Cause[] {
  return texts(live, 'spec', 'securityGroups')
    .filter((group) => !/^sg-[0-9a-f]+$/.test(group))
    .map((group, i) => ({
      field: `spec.securityGroups[${i}]`,
      detail: `Invalid value: "${group}": not a security group id`,
    }));
}
