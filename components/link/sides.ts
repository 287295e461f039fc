import type * as aws from '@pulumi/aws';
import type * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';

/** A route table that serves nodes or pods. */
export interface WorkloadRouteTable {
  readonly zone: string;
  readonly id: pulumi.Output<string>;
}

/** What a VPN gateway needs of the VPC it stands in. */
export interface AwsLinkSide {
  readonly provider: aws.Provider;
  readonly vpcId: pulumi.Output<string>;
  /** All of them: a table that is left out has no way to the other site. */
  readonly workloadRouteTables: readonly WorkloadRouteTable[];
  /** One subnet in every zone that has workloads; used by a transit gateway only. */
  readonly transitSubnetIds: readonly pulumi.Output<string>[];
}

/** What a VPN gateway needs of the Google Cloud network it stands in. */
export interface GcpLinkSide {
  readonly provider: gcp.Provider;
  readonly networkId: pulumi.Output<string>;
  /** The firewall rules that let linked sites in. */
  readonly admission: readonly pulumi.Resource[];
  /** Cloud Monitoring is on: alert policies can be made. */
  readonly monitoringApi: pulumi.Resource;
}
