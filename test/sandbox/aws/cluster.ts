import type { Props } from '../../../sandbox/core/values';
import type { LocalAws, Made } from './localAws';
import { aNetwork, aRole, type Network } from './network';

export interface Site extends Network {
  readonly cluster: Made;
  readonly clusterInputs: Props;
  readonly nodeRole: Made;
}

/** A cluster with everything its nodes need, and no node yet. */
export async function aSite(change: Props = {}, aws?: LocalAws): Promise<Site> {
  const network = await aNetwork(aws);
  const role = await aRole(network.aws, 'eks.amazonaws.com', ['AmazonEKSClusterPolicy']);
  const clusterInputs: Props = {
    name: 'site',
    version: '1.34',
    roleArn: role.outputs['arn'] ?? '',
    bootstrapSelfManagedAddons: false,
    accessConfig: { authenticationMode: 'API' },
    kubernetesNetworkConfig: { serviceIpv4Cidr: '10.101.0.0/20' },
    vpcConfig: { subnetIds: network.subnets.map(({ id }) => id), endpointPrivateAccess: true },
    ...change,
  };
  const cluster = await network.aws.create('eks/cluster:Cluster', clusterInputs);
  const nodeRole = await aRole(network.aws, 'ec2.amazonaws.com', [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonEKS_CNI_Policy',
  ]);
  return { ...network, cluster, clusterInputs, nodeRole };
}

export function anAddon(site: Site, addonName: string, more: Props = {}): Promise<Made> {
  return site.aws.create('eks/addon:Addon', { clusterName: site.cluster.id, addonName, ...more });
}

export function nodeGroupInputs(site: Site, change: Props = {}): Props {
  return {
    clusterName: site.cluster.id,
    nodeGroupName: 'rack-a',
    nodeRoleArn: site.nodeRole.outputs['arn'] ?? '',
    subnetIds: [site.subnets[0].id],
    instanceTypes: ['m7i.xlarge'],
    scalingConfig: { desiredSize: 2, minSize: 1, maxSize: 3 },
    labels: { rack: 'a' },
    ...change,
  };
}

export function aNodeGroup(site: Site, change: Props = {}): Promise<Made> {
  return site.aws.create('eks/nodeGroup:NodeGroup', nodeGroupInputs(site, change));
}
