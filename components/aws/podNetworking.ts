import type * as aws from '@pulumi/aws';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings } from '../../plan/settings';
import type { AwsSitePlan } from '../../plan/types';
import { addon } from './addons';
import type { EksCluster } from './cluster';
import { managedRole, podIdentityTrust } from './iam';
import type { AwsNetwork } from './network';

export interface PodNetworkingArgs {
  readonly plan: AwsSitePlan;
  readonly versions: AwsSiteSettings['addonVersions'];
  readonly cluster: EksCluster;
  readonly network: AwsNetwork;
  readonly provider: aws.Provider;
  readonly kubernetes: kubernetes.Provider;
}

/**
 * Everything that decides which address a pod gets and leaves with. A node reads it once, when it
 * joins, so all of it exists before the first node.
 */
export class PodNetworking extends pulumi.ComponentResource {
  /** What a node needs before it joins. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PodNetworkingArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:PodNetworking', name, { snatExclusions: args.plan.snatExclusions }, opts);
    const { plan, versions, network, provider } = args;
    const { cluster, securityGroupId } = args.cluster;
    const options = { parent: this, provider };

    const podIdentityAgent = addon(
      `${name}-pod-identity-agent`,
      { cluster, versions, addonName: 'eks-pod-identity-agent' },
      options,
    );
    const kubeProxy = addon(`${name}-kube-proxy`, { cluster, versions, addonName: 'kube-proxy' }, options);

    // The CNI's permissions go to its own service account: on the node's role they would be every
    // host-network pod's.
    const { role, policies } = managedRole(`${name}-cni-role`, podIdentityTrust(), ['AmazonEKS_CNI_Policy'], options);
    const cni = addon(
      `${name}-vpc-cni`,
      {
        cluster,
        versions,
        addonName: 'vpc-cni',
        configuration: cniConfiguration(plan),
        podIdentity: { serviceAccount: 'aws-node', roleArn: role.arn },
      },
      // The CNI must be able to give addresses back until the last node is gone.
      { ...options, dependsOn: [...policies, podIdentityAgent] },
    );

    const eniConfigs = network.zones.map(
      ({ plan: { zone }, podSubnet }) =>
        new kubernetes.apiextensions.CustomResource(
          `${name}-${zone}-eni-config`,
          {
            apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
            kind: 'ENIConfig',
            // ENI_CONFIG_LABEL_DEF makes the node's zone label the name that is looked up.
            metadata: { name: zone },
            spec: { subnet: podSubnet.id, securityGroups: [securityGroupId] },
          },
          // The add-on brings the custom resource definition, and takes it away when deleted.
          { parent: this, provider: args.kubernetes, dependsOn: [cni] },
        ),
    );
    this.ready = [podIdentityAgent, kubeProxy, cni, ...eniConfigs];
    this.registerOutputs({});
  }
}

/** vpc-cni's settings (amazon-vpc-cni-k8s, "CNI Configuration Variables"). */
function cniConfiguration(plan: AwsSitePlan): Record<string, unknown> {
  return {
    env: {
      // Pods in their own range, by the ENIConfig of the node's zone.
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
      ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
      // A /28 at a time: without prefixes custom networking leaves a node a few dozen pods.
      ENABLE_PREFIX_DELEGATION: 'true',
      WARM_PREFIX_TARGET: '1',
      // Towards the peers a pod keeps its address, by which their firewalls and Cassandra know it.
      // Towards everything else it takes its node's, which the NAT gateway translates. The exclusions
      // are read only while this is false.
      AWS_VPC_K8S_CNI_EXTERNALSNAT: 'false',
      ...(plan.snatExclusions.length > 0 && {
        AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: plan.snatExclusions.join(','),
      }),
    },
    // NetworkPolicy objects are accepted and ignored without it.
    enableNetworkPolicy: 'true',
  };
}
