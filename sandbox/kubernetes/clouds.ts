import type { Props } from '../core/values';
import type { World } from '../core/world';

/**
 * What a Kubernetes cluster is given by the cloud it runs in: its nodes, and the load balancers and disks its
 * controllers make. The one place where the Kubernetes server meets the two clouds.
 */
export interface Clouds {
  findEksCluster(world: World, endpoint: string): EksView | undefined;
  createNetworkLoadBalancer(
    world: World,
    request: {
      readonly clusterName: string;
      readonly name: string;
      readonly scheme: 'internal' | 'internet-facing';
      /** Subnet ids or Name tags. */
      readonly subnets: string[];
      readonly privateAddresses?: string[];
    },
  ): { readonly dnsName: string; readonly arn: string; readonly addresses: readonly string[] };
  deleteNetworkLoadBalancer(world: World, arn: string): void;
  createVolume(
    world: World,
    request: {
      readonly clusterName: string;
      readonly zone: string;
      readonly sizeGiB: number;
      readonly encrypted: boolean;
    },
  ): { readonly volumeId: string };
  deleteVolume(world: World, volumeId: string): void;

  findGkeCluster(world: World, endpoint: string): GkeView | undefined;
  createForwardingRule(
    world: World,
    request: {
      readonly clusterName: string;
      readonly name: string;
      readonly address?: string;
      readonly protocol: string;
      readonly ports: number[];
      readonly sharedVip: boolean;
    },
  ): { readonly ip: string; readonly name: string };
  deleteForwardingRule(world: World, name: string): void;
  createDisk(
    world: World,
    request: { readonly clusterName: string; readonly zone: string; readonly sizeGiB: number; readonly type: string },
  ): { readonly name: string };
  deleteDisk(world: World, name: string): void;
}

/** An EKS cluster as its controllers see it. */
export interface EksView {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly version: string;
  readonly serviceCidr: string;
  readonly nodeGroups: readonly {
    readonly name: string;
    readonly zoneNames: readonly string[];
    readonly desiredSize: number;
    readonly instanceType: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly addons: readonly { readonly name: string; readonly configuration: Props }[];
  readonly podIdentityAssociations: readonly {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly roleArn: string;
  }[];
}

/** A GKE cluster as its controllers see it. */
export interface GkeView {
  /** Host of the DNS endpoint, which stays when addresses come and go. */
  readonly dnsName: string;
  readonly name: string;
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  readonly version: string;
  readonly servicesCidr: string;
  readonly nodePools: readonly {
    readonly name: string;
    readonly zones: readonly string[];
    readonly nodesPerZone: number;
    readonly machineType: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly dnsConfig?: Props;
  /** Managed collection of Prometheus metrics is on. */
  readonly managedPrometheus: boolean;
  /** Whether the control plane reaches the nodes on a TCP port. */
  firewallAdmits(port: number): boolean;
}
