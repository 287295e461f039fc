import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { AwsZonePlan } from '../../plan/types';
import { loadBalancerSubnetName, subnetName } from './subnetNames';

export interface ZoneNetworkArgs {
  readonly plan: AwsZonePlan;
  readonly clusterName: string;
  readonly vpcId: pulumi.Input<string>;
  readonly internetGateway: aws.ec2.InternetGateway;
  readonly publicRouteTableId: pulumi.Input<string>;
  /** The VPC's second range, in which the pod subnet lies. */
  readonly podRange: aws.ec2.VpcIpv4CidrBlockAssociation;
  readonly provider: aws.Provider;
}

/**
 * One availability zone: node, pod, load-balancer and public subnet, and a NAT gateway of its own, so
 * that losing a zone costs the other zones nothing. One private route table serves the three private
 * subnets: whatever the link routes into it reaches nodes, pods and load balancers alike.
 */
export class ZoneNetwork extends pulumi.ComponentResource {
  readonly plan: AwsZonePlan;
  readonly nodeSubnet: aws.ec2.Subnet;
  readonly podSubnet: aws.ec2.Subnet;
  readonly loadBalancerSubnet: aws.ec2.Subnet;
  readonly privateRouteTable: aws.ec2.RouteTable;
  /** What must exist before something in the private subnets reaches the internet. */
  readonly egress: readonly pulumi.Resource[];
  /** Keeps the planned load-balancer addresses free. */
  readonly reservation: aws.ec2.SubnetCidrReservation;

  constructor(name: string, args: ZoneNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:ZoneNetwork', name, { plan: args.plan }, opts);
    const { plan, clusterName, vpcId, provider } = args;
    const options = { parent: this, provider };
    this.plan = plan;

    const subnet = (
      role: string,
      cidrBlock: string,
      tags: Record<string, string>,
      dependsOn: pulumi.Resource[] = [],
    ): aws.ec2.Subnet =>
      new aws.ec2.Subnet(
        `${name}-${role}-subnet`,
        { vpcId, availabilityZone: plan.zone, cidrBlock, mapPublicIpOnLaunch: false, tags },
        { ...options, dependsOn },
      );
    const clusterTag = { [`kubernetes.io/cluster/${clusterName}`]: 'shared' };

    this.nodeSubnet = subnet('node', plan.nodeSubnet, {
      Name: subnetName(clusterName, 'node', plan.zone),
      ...clusterTag,
    });
    this.podSubnet = subnet(
      'pod',
      plan.podSubnet,
      { Name: subnetName(clusterName, 'pod', plan.zone), ...clusterTag },
      // The VPC refuses a subnet outside its ranges, and the pods' range is associated separately.
      [args.podRange],
    );
    this.loadBalancerSubnet = subnet('load-balancer', plan.loadBalancerSubnet, {
      Name: loadBalancerSubnetName(clusterName, plan.zone),
      ...clusterTag,
      // Here and nowhere else, so that load balancers made without naming their subnets come here too.
      'kubernetes.io/role/internal-elb': '1',
    });
    const publicSubnet = subnet('public', plan.publicSubnet, { Name: subnetName(clusterName, 'public', plan.zone) });

    // `explicit`: AWS gives an address of this block only to who asks for that very address, so no
    // other interface takes a planned one.
    this.reservation = new aws.ec2.SubnetCidrReservation(
      `${name}-load-balancer-reservation`,
      {
        subnetId: this.loadBalancerSubnet.id,
        cidrBlock: plan.loadBalancerReservation,
        reservationType: 'explicit',
        description: 'Planned addresses of internal load balancers',
      },
      options,
    );

    new aws.ec2.RouteTableAssociation(
      `${name}-public-association`,
      { subnetId: publicSubnet.id, routeTableId: args.publicRouteTableId },
      options,
    );
    const natTags = { Name: `${clusterName}-nat-${plan.zone}` };
    const address = new aws.ec2.Eip(
      `${name}-nat-address`,
      { domain: 'vpc', tags: natTags },
      // A public address can be mapped only in a VPC with an internet gateway, and the gateway cannot be
      // detached while one is mapped: made after it, deleted before it.
      { ...options, dependsOn: [args.internetGateway] },
    );
    const nat = new aws.ec2.NatGateway(
      `${name}-nat`,
      { subnetId: publicSubnet.id, allocationId: address.id, connectivityType: 'public', tags: natTags },
      // A NAT gateway fails in a VPC without internet gateway, and blocks the detaching of one.
      { ...options, dependsOn: [args.internetGateway] },
    );

    this.privateRouteTable = new aws.ec2.RouteTable(
      `${name}-private-routes`,
      // Routes are resources of their own: inline ones would fight with those of the link.
      { vpcId, tags: { Name: `${clusterName}-private-${plan.zone}` } },
      options,
    );
    const defaultRoute = new aws.ec2.Route(
      `${name}-default-route`,
      { routeTableId: this.privateRouteTable.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.id },
      options,
    );
    const associations = Object.entries({
      node: this.nodeSubnet,
      pod: this.podSubnet,
      'load-balancer': this.loadBalancerSubnet,
    }).map(
      ([role, workload]) =>
        new aws.ec2.RouteTableAssociation(
          `${name}-${role}-association`,
          { subnetId: workload.id, routeTableId: this.privateRouteTable.id },
          options,
        ),
    );
    this.egress = [defaultRoute, ...associations];

    this.registerOutputs({
      nodeSubnetId: this.nodeSubnet.id,
      podSubnetId: this.podSubnet.id,
      loadBalancerSubnetId: this.loadBalancerSubnet.id,
      privateRouteTableId: this.privateRouteTable.id,
    });
  }
}
