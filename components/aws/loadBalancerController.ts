import * as aws from '@pulumi/aws';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ChartSettings } from '../../plan/settings';
import { chartLocation } from '../charts';
import type { EksCluster } from './cluster';
import { ownRole, podIdentityTrust } from './iam';
import { loadBalancerControllerPolicy } from './loadBalancerControllerPolicy';

export interface LoadBalancerControllerArgs {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly chart: ChartSettings;
  /** Tags of the load balancers, target groups and security groups that the controller makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly cluster: EksCluster;
  /** What pods need to run. */
  readonly nodes: readonly pulumi.Resource[];
  readonly provider: aws.Provider;
  readonly kubernetes: kubernetes.Provider;
}

const namespace = 'kube-system';
const serviceAccount = 'aws-load-balancer-controller';

/** The controller that makes network load balancers of Services with its class. */
export class LoadBalancerController extends pulumi.ComponentResource {
  readonly release: kubernetes.helm.v3.Release;

  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:LoadBalancerController', name, { chart: args.chart }, opts);
    const { chart, clusterName, provider } = args;
    const options = { parent: this, provider };

    const { role, policies } = ownRole(
      `${name}-role`,
      podIdentityTrust(),
      loadBalancerControllerPolicy(clusterName),
      options,
    );
    const identity = new aws.eks.PodIdentityAssociation(
      `${name}-identity`,
      { clusterName: args.cluster.cluster.name, namespace, serviceAccount, roleArn: role.arn },
      options,
    );

    this.release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartLocation(chart),
        name: serviceAccount,
        namespace,
        values: {
          clusterName,
          // Said rather than found out from the node's metadata, which pods do not reach.
          region: args.region,
          vpcId: args.vpcId,
          replicaCount: 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          serviceAccount: { create: true, name: serviceAccount },
          // It would refuse every Service made while the controller is not ready. Ours name their load
          // balancer class themselves, which is all it does.
          enableServiceMutatorWebhook: false,
          createIngressClassResource: false,
          enableShield: false,
          enableWaf: false,
          enableWafv2: false,
          defaultTags: args.tags,
        },
      },
      {
        parent: this,
        provider: args.kubernetes,
        dependsOn: [
          // A pod that starts before the association exists has no credentials until it is restarted. On
          // deletion the controller first takes its load balancers away, with these permissions.
          ...policies,
          identity,
          // Helm waits for the controller's pods.
          ...args.nodes,
        ],
      },
    );
    this.registerOutputs({});
  }
}
