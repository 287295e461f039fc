import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings } from '../../plan/settings';
import type { EksCluster } from './cluster';
import { managedRole, serviceTrust } from './iam';
import type { AwsNetwork } from './network';
import { nodeImage } from './nodeImage';
import type { PodNetworking } from './podNetworking';

export interface NodeGroupsArgs {
  readonly settings: AwsSiteSettings;
  readonly clusterName: string;
  /** Tags of the instances, volumes and interfaces that EC2 makes from the launch template. */
  readonly tags: Readonly<Record<string, string>>;
  readonly cluster: EksCluster;
  readonly network: AwsNetwork;
  readonly podNetworking: PodNetworking;
  readonly provider: aws.Provider;
}

/**
 * One managed node group per zone, which is a Cassandra rack: a volume stays in its zone, so each
 * zone needs nodes of its own whatever the others have. They are made and renewed one after another.
 */
export class NodeGroups extends pulumi.ComponentResource {
  /** In the plan's order of zones. */
  readonly groups: readonly aws.eks.NodeGroup[];

  constructor(name: string, args: NodeGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:NodeGroups', name, { nodes: args.settings.nodes }, opts);
    const { settings, cluster, network, podNetworking, provider } = args;
    const { nodes } = settings;
    const options = { parent: this, provider };

    const { role, policies } = managedRole(
      `${name}-role`,
      serviceTrust('ec2.amazonaws.com'),
      ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'],
      options,
    );
    const template = launchTemplate(`${name}-template`, args, options);

    const groups: aws.eks.NodeGroup[] = [];
    for (const { plan, nodeSubnet } of network.zones) {
      groups.push(
        new aws.eks.NodeGroup(
          `${name}-${plan.zone}`,
          {
            clusterName: cluster.cluster.name,
            version: settings.kubernetesVersion,
            nodeRoleArn: role.arn,
            subnetIds: [nodeSubnet.id],
            amiType: nodes.image,
            capacityType: 'ON_DEMAND',
            launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
            // All three follow the settings. `ignoreChanges` on the desired size would keep it below a raised
            // minimum, which EKS refuses, so that a rack could never grow; and nothing in this program scales
            // a group by itself.
            scalingConfig: { desiredSize: nodes.perZone, minSize: nodes.perZone, maxSize: nodes.maxPerZone },
            updateConfig: { maxUnavailable: 1 },
            labels: { 'multicloud-cassandra/rack': plan.rack },
            tags: { Name: `${args.clusterName}-${plan.zone}` },
          },
          {
            ...options,
            dependsOn: [
              // A node joins, pulls images and is ready only with these; on deletion EKS still needs them
              // to drain the node.
              ...policies,
              // Read by the node as it joins, and needed until its interfaces are given back: an interface
              // left behind would keep the subnets and the cluster security group from being deleted.
              ...podNetworking.ready,
              // The node calls EC2 and EKS and pulls images through the NAT gateway.
              ...network.egress,
              // Every rack has a replica of everything, so nodes are renewed rack by rack. Racks renewed side by
              // side would wait for each other at the datacenter's disruption budget, and EKS gives a node up
              // after 15 minutes (EKS user guide, "Understand each phase of node updates").
              ...groups.slice(-1),
            ],
          },
        ),
      );
    }
    this.groups = groups;
    this.registerOutputs({});
  }
}

function launchTemplate(
  name: string,
  { settings, clusterName, tags }: NodeGroupsArgs,
  options: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const image = nodeImage(settings.nodes.image);
  return new aws.ec2.LaunchTemplate(
    name,
    {
      // Here, not in the node group: another type is then a new version of the template, which EKS rolls out
      // node by node, where a node group would be replaced.
      instanceType: settings.nodes.machineType,
      // No security group here: EKS then puts the cluster's on the nodes.
      userData: image.userData(settings.nodes.maxPods),
      blockDeviceMappings: [
        {
          deviceName: image.dataDevice,
          ebs: {
            volumeType: 'gp3',
            volumeSize: settings.nodes.diskGiB,
            encrypted: 'true',
            deleteOnTermination: 'true',
          },
        },
      ],
      // Tokens only, and no hop into a pod's network: pods have pod identity, not their node's role.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      // The provider's default tags end at the template; what EC2 makes from it is tagged here.
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: `${clusterName}-node` },
      })),
      tags: { Name: `${clusterName}-node` },
    },
    options,
  );
}
