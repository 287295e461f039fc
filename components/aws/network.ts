import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { LinkSettings } from '../../plan/settings';
import type { AwsSitePlan } from '../../plan/types';
import { FlowLogs } from './flowLogs';
import { subnetName } from './subnetNames';
import { ZoneNetwork } from './zoneNetwork';

export interface AwsNetworkArgs {
  readonly plan: AwsSitePlan;
  /** Name of the site's EKS cluster, for discovery tags and names. */
  readonly clusterName: string;
  /** `transit` adds a subnet per zone for the transit gateway's attachment. */
  readonly awsGateway: LinkSettings['awsGateway'];
  readonly protect: boolean;
  readonly provider: aws.Provider;
}

/** A route table that serves nodes, pods or load balancers, and the zone it does so in. */
export interface WorkloadRouteTable {
  readonly zone: string;
  readonly id: pulumi.Output<string>;
}

/**
 * The VPC of a site: nodes in its primary range, pods in its secondary one, everything once per zone.
 * It knows nothing of the link; the link routes into `workloadRouteTables`.
 */
export class AwsNetwork extends pulumi.ComponentResource {
  readonly provider: aws.Provider;
  readonly vpcId: pulumi.Output<string>;
  /** In the plan's order of zones. */
  readonly zones: readonly ZoneNetwork[];
  /** Every route table that serves nodes, pods or load balancers, in the plan's order of zones. */
  readonly workloadRouteTables: readonly WorkloadRouteTable[];
  /** One per zone, in the plan's order; empty unless `awsGateway` is `transit`. */
  readonly transitSubnetIds: readonly pulumi.Output<string>[];
  /** What must exist before something in the private subnets reaches the internet. */
  readonly egress: readonly pulumi.Resource[];

  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:Network', name, { plan: args.plan, awsGateway: args.awsGateway }, opts);
    const { plan, clusterName, provider } = args;
    const options = { parent: this, provider };
    this.provider = provider;

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: plan.nodes,
        // Both are needed by EKS's private endpoint (EKS user guide, "VPC requirements").
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: clusterName },
      },
      { ...options, protect: args.protect },
    );
    this.vpcId = vpc.id;

    // No rules: whatever is launched without naming a security group gets none of the default group's reach.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-security-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${clusterName}-default-unused` } },
      options,
    );
    new FlowLogs(`${name}-flow-logs`, { clusterName, vpcId: vpc.id, provider }, { parent: this });

    const podRange = new aws.ec2.VpcIpv4CidrBlockAssociation(
      `${name}-pod-range`,
      { vpcId: vpc.id, cidrBlock: plan.pods },
      options,
    );
    const internetGateway = new aws.ec2.InternetGateway(
      `${name}-internet-gateway`,
      { vpcId: vpc.id, tags: { Name: clusterName } },
      options,
    );
    const publicRoutes = new aws.ec2.RouteTable(
      `${name}-public-routes`,
      { vpcId: vpc.id, tags: { Name: `${clusterName}-public` } },
      options,
    );
    const publicRoute = new aws.ec2.Route(
      `${name}-public-default-route`,
      { routeTableId: publicRoutes.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: internetGateway.id },
      options,
    );

    this.zones = plan.zones.map(
      (zone) =>
        new ZoneNetwork(
          `${name}-${zone.zone}`,
          {
            plan: zone,
            clusterName,
            vpcId: vpc.id,
            internetGateway,
            publicRouteTableId: publicRoutes.id,
            podRange,
            provider,
          },
          { parent: this },
        ),
    );
    this.workloadRouteTables = this.zones.map((zone) => ({
      zone: zone.plan.zone,
      id: zone.privateRouteTable.id,
    }));
    this.egress = [publicRoute, ...this.zones.flatMap((zone) => zone.egress)];

    // The one VPC endpoint worth having: it costs nothing, and image layers (ECR keeps them in S3) then
    // bypass the NAT gateways' charge per gigabyte. Interface endpoints (ECR API, STS, EC2, logs,
    // eks-auth) would cost about 8 USD a month per service and zone for calls of a few kilobytes, and
    // add little availability to a NAT gateway per zone.
    new aws.ec2.VpcEndpoint(
      `${name}-s3-endpoint`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${plan.region}.s3`,
        vpcEndpointType: 'Gateway',
        routeTableIds: this.workloadRouteTables.map(({ id }) => id),
        tags: { Name: `${clusterName}-s3` },
      },
      options,
    );

    this.transitSubnetIds = args.awsGateway === 'transit' ? transitSubnets(name, args, vpc.id, options) : [];

    this.registerOutputs({ vpcId: this.vpcId });
  }
}

/**
 * Subnets of their own for a transit gateway's attachment (VPC guide, "Transit gateway design best
 * practices"), with a route table of their own: what comes out of the gateway is meant for this VPC,
 * and the local route is all it needs.
 */
function transitSubnets(
  name: string,
  { plan, clusterName }: AwsNetworkArgs,
  vpcId: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  const routes = new aws.ec2.RouteTable(
    `${name}-transit-routes`,
    { vpcId, tags: { Name: `${clusterName}-transit` } },
    options,
  );
  return plan.zones.map(({ zone, transitSubnet }) => {
    const subnet = new aws.ec2.Subnet(
      `${name}-${zone}-transit-subnet`,
      {
        vpcId,
        availabilityZone: zone,
        cidrBlock: transitSubnet,
        mapPublicIpOnLaunch: false,
        tags: { Name: subnetName(clusterName, 'transit', zone) },
      },
      options,
    );
    new aws.ec2.RouteTableAssociation(
      `${name}-${zone}-transit-association`,
      { subnetId: subnet.id, routeTableId: routes.id },
      options,
    );
    return subnet.id;
  });
}
