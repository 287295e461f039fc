import * as aws from '@pulumi/aws';
import type * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSiteSettings, Settings } from '../../plan/settings';
import type { AwsSitePlan } from '../../plan/types';
import { clusterProvider } from '../clusterAccess';
import { eksCorefile } from '../dns/corefile';
import type { InternalLoadBalancer, KubernetesSite, LoadBalancerRole } from '../kubernetesSite';
import { clusterName, siteTags } from '../names';
import { BlockStorage, blockStorageClass } from './blockStorage';
import { EksCluster } from './cluster';
import { clusterDns } from './clusterDns';
import { internalLoadBalancer } from './internalLoadBalancer';
import { eksKubeconfig } from './kubeconfig';
import { LoadBalancerController } from './loadBalancerController';
import { Metrics } from './metrics';
import { AwsNetwork } from './network';
import { NodeGroups } from './nodeGroups';
import { PodNetworking } from './podNetworking';
import { PeerAccess } from './securityGroups';

export interface AwsSiteArgs {
  readonly plan: AwsSitePlan;
  readonly settings: AwsSiteSettings;
  readonly stack: Settings;
  /** Fails where the settings would change what the site was made with; nothing of the site starts before it. */
  readonly unchanged: pulumi.Output<unknown>;
}

/** A region of AWS with a network, an EKS cluster and what a Cassandra datacenter needs on it. */
export class AwsSite extends pulumi.ComponentResource implements KubernetesSite {
  readonly plan: AwsSitePlan;
  readonly settings: AwsSiteSettings;
  readonly awsProvider: aws.Provider;
  readonly network: AwsNetwork;
  readonly provider: kubernetes.Provider;
  readonly kubeconfig: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly nodes: readonly pulumi.Resource[];
  readonly storage: readonly pulumi.Resource[];
  readonly storageClass: string;
  readonly loadBalancers: readonly pulumi.Resource[];
  readonly webhooks: readonly pulumi.Resource[];
  private readonly clusterName: string;

  constructor(name: string, args: AwsSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, settings, stack, unchanged } = args;
    // Not the stack's settings: a change of another site would show as a change of this one.
    super('multicloud-cassandra:aws:Site', name, { plan, settings }, opts);
    const tags = siteTags(stack, plan);
    const versions = settings.addonVersions;
    const child = { parent: this };
    this.plan = plan;
    this.settings = settings;
    this.clusterName = clusterName(stack, plan);

    this.awsProvider = new aws.Provider(
      `${name}-aws`,
      {
        // Every resource of the site waits for its provider, and the provider for this.
        region: unchanged.apply(() => plan.region),
        allowedAccountIds: settings.accountId === undefined ? undefined : [settings.accountId],
        defaultTags: { tags },
      },
      child,
    );
    const common = { plan, clusterName: this.clusterName, provider: this.awsProvider };

    this.network = new AwsNetwork(
      `${name}-network`,
      { ...common, awsGateway: stack.link.awsGateway, protect: stack.protect },
      child,
    );
    const cluster = new EksCluster(
      `${name}-eks`,
      {
        ...common,
        network: this.network,
        kubernetesVersion: settings.kubernetesVersion,
        access: stack.access,
        protect: stack.protect,
      },
      child,
    );
    this.endpoint = cluster.cluster.endpoint;
    this.kubeconfig = eksKubeconfig(cluster.cluster, plan.region);
    this.provider = clusterProvider(
      `${name}-kubernetes`,
      // Not the name, which a replaced cluster keeps.
      { kubeconfig: this.kubeconfig, clusterIdentifier: this.endpoint },
      child,
    );
    const inCluster = { ...common, cluster, network: this.network, kubernetes: this.provider };

    // A part of `nodes`: a pod that the peers cannot reach is of no use to Cassandra.
    const access = new PeerAccess(`${name}-access`, { ...common, securityGroupId: cluster.securityGroupId }, child);
    const podNetworking = new PodNetworking(`${name}-pods`, { ...inCluster, versions }, child);
    const { groups } = new NodeGroups(`${name}-nodes`, { ...inCluster, settings, tags, podNetworking }, child);
    const dns = clusterDns(
      `${name}-coredns`,
      { versions, cluster, corefile: eksCorefile(plan), provider: this.awsProvider },
      // The add-on becomes active only when its pods run.
      { parent: this, dependsOn: [...groups] },
    );
    this.nodes = [...access.rules, ...groups, dns];

    const storage = new BlockStorage(`${name}-storage`, { ...inCluster, versions, tags, nodes: this.nodes }, child);
    this.storage = storage.ready;
    this.storageClass = settings.cassandra.storageClass ?? blockStorageClass;

    const controller = new LoadBalancerController(
      `${name}-lbc`,
      {
        ...inCluster,
        region: plan.region,
        vpcId: this.network.vpcId,
        chart: stack.operators.awsLoadBalancerController,
        tags,
        nodes: this.nodes,
      },
      child,
    );
    this.loadBalancers = [
      controller.release,
      // Reserved before anything asks for an address in these subnets.
      ...this.network.zones.map((zone) => zone.reservation),
    ];
    // Control plane, nodes and pods share the cluster security group, which admits its own members on
    // every port: nothing has to be opened for webhooks.
    this.webhooks = [cluster.cluster];

    new Metrics(`${name}-metrics`, inCluster, child);

    this.registerOutputs({ vpcId: this.network.vpcId, endpoint: this.endpoint, kubeconfig: this.kubeconfig });
  }

  internalLoadBalancer(role: LoadBalancerRole): InternalLoadBalancer {
    return internalLoadBalancer(this.plan, this.clusterName, role);
  }
}
