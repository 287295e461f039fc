import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { AccessSettings } from '../../plan/settings';
import type { AwsSitePlan } from '../../plan/types';
import { shortHash } from '../names';
import { managedRole, policyDocument, serviceTrust } from './iam';
import type { AwsNetwork } from './network';

export interface EksClusterArgs {
  readonly plan: AwsSitePlan;
  readonly clusterName: string;
  readonly kubernetesVersion: string;
  readonly access: AccessSettings;
  readonly protect: boolean;
  readonly network: AwsNetwork;
  readonly provider: aws.Provider;
}

/** Days for which control-plane logs are kept, and a deleted key can be brought back. */
const logRetentionInDays = 90;
const keyDeletionWindowInDays = 30;

/** The control plane of a site, with what it needs to be created and who may use it. */
export class EksCluster extends pulumi.ComponentResource {
  readonly cluster: aws.eks.Cluster;
  /**
   * The security group that EKS makes and puts on the control plane's interfaces, the managed nodes
   * and, by way of the ENIConfigs, the pods. Its members reach one another on every port.
   */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:EksCluster', name, { version: args.kubernetesVersion }, opts);
    const { plan, clusterName, access, network, provider } = args;
    const options = { parent: this, provider };

    const { role, policies } = managedRole(
      `${name}-role`,
      serviceTrust('eks.amazonaws.com'),
      ['AmazonEKSClusterPolicy'],
      options,
    );
    const key = new aws.kms.Key(
      `${name}-secrets-key`,
      {
        description: `Secrets of the EKS cluster ${clusterName}`,
        enableKeyRotation: true,
        deletionWindowInDays: keyDeletionWindowInDays,
        tags: { Name: clusterName },
      },
      { ...options, protect: args.protect },
    );
    const keyPolicy = new aws.iam.RolePolicy(
      `${name}-secrets-key-policy`,
      {
        role: role.name,
        policy: key.arn.apply((arn) =>
          policyDocument([
            { Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'], Resource: arn },
          ]),
        ),
      },
      options,
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: logRetentionInDays },
      options,
    );

    this.cluster = new aws.eks.Cluster(
      `${name}-cluster`,
      {
        name: clusterName,
        version: args.kubernetesVersion,
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: network.zones.map((zone) => zone.nodeSubnet.id),
          endpointPrivateAccess: true,
          // For whoever runs `pulumi up`, from the admitted ranges only; nodes and pods use the private one.
          endpointPublicAccess: true,
          publicAccessCidrs: [...access.admittedRanges],
        },
        kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: plan.services },
        accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
        // The CNI, kube-proxy and CoreDNS come as add-ons with our configuration before the first node;
        // self-managed copies would run with the defaults first.
        bootstrapSelfManagedAddons: false,
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ['secrets'] },
        enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
        // With STANDARD, EKS upgrades the cluster by itself when standard support ends. A database's
        // cluster is upgraded when its setting says so, and extended support's charge is the reminder.
        upgradePolicy: { supportType: 'EXTENDED' },
        deletionProtection: args.protect,
        tags: { Name: clusterName },
      },
      {
        ...options,
        protect: args.protect,
        dependsOn: [
          // EKS makes its interfaces and security group with these, and unmakes them with these on deletion.
          ...policies,
          keyPolicy,
          // EKS makes the group itself, without retention, if it is not there yet.
          logs,
          // A range or subnet added to the VPC later can take hours until EKS recognises it (EKS user
          // guide, "VPC requirements"): the pods' are there first.
          ...network.zones.map((zone) => zone.podSubnet),
        ],
      },
    );
    this.securityGroupId = this.cluster.vpcConfig.clusterSecurityGroupId;

    for (const principalArn of access.awsAdmins) {
      clusterAdmin(`${name}-admin-${shortHash(principalArn)}`, this.cluster, principalArn, options);
    }
    this.registerOutputs({ endpoint: this.cluster.endpoint, securityGroupId: this.securityGroupId });
  }
}

/** Cluster-admin for an IAM principal besides the one that creates the cluster. */
function clusterAdmin(
  name: string,
  cluster: aws.eks.Cluster,
  principalArn: string,
  options: pulumi.CustomResourceOptions,
): void {
  const entry = new aws.eks.AccessEntry(name, { clusterName: cluster.name, principalArn }, options);
  new aws.eks.AccessPolicyAssociation(
    name,
    {
      clusterName: cluster.name,
      principalArn: entry.principalArn,
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      accessScope: { type: 'cluster' },
    },
    options,
  );
}
