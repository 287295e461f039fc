/** Type tokens of resources that rules refer to, and the cloud's own names for what no provider call makes. */

export const VPC = 'aws:ec2/vpc:Vpc';
export const VPC_CIDR = 'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation';
export const SUBNET = 'aws:ec2/subnet:Subnet';
export const SUBNET_RESERVATION = 'aws:ec2/subnetCidrReservation:SubnetCidrReservation';
export const ROUTE_TABLE = 'aws:ec2/routeTable:RouteTable';
export const ROUTE_TABLE_ASSOCIATION = 'aws:ec2/routeTableAssociation:RouteTableAssociation';
export const ROUTE = 'aws:ec2/route:Route';
export const INTERNET_GATEWAY = 'aws:ec2/internetGateway:InternetGateway';
export const EIP = 'aws:ec2/eip:Eip';
export const NAT_GATEWAY = 'aws:ec2/natGateway:NatGateway';
export const SECURITY_GROUP = 'aws:ec2/securityGroup:SecurityGroup';
export const DEFAULT_SECURITY_GROUP = 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup';
export const INGRESS_RULE = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
export const EGRESS_RULE = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
export const VPC_ENDPOINT = 'aws:ec2/vpcEndpoint:VpcEndpoint';
export const FLOW_LOG = 'aws:ec2/flowLog:FlowLog';
export const LAUNCH_TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';
export const CUSTOMER_GATEWAY = 'aws:ec2/customerGateway:CustomerGateway';
export const VPN_GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
export const VPN_GATEWAY_ATTACHMENT = 'aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment';
export const VPN_GATEWAY_PROPAGATION = 'aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
export const VPN_CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
export const TRANSIT_GATEWAY = 'aws:ec2transitgateway/transitGateway:TransitGateway';
export const TRANSIT_VPC_ATTACHMENT = 'aws:ec2transitgateway/vpcAttachment:VpcAttachment';
export const TRANSIT_ROUTE_TABLE = 'aws:ec2transitgateway/routeTable:RouteTable';
export const TRANSIT_ASSOCIATION = 'aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation';
export const TRANSIT_PROPAGATION = 'aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation';
export const EKS_CLUSTER = 'aws:eks/cluster:Cluster';
export const EKS_NODE_GROUP = 'aws:eks/nodeGroup:NodeGroup';
export const EKS_ADDON = 'aws:eks/addon:Addon';
export const EKS_ACCESS_ENTRY = 'aws:eks/accessEntry:AccessEntry';
export const EKS_ACCESS_POLICY = 'aws:eks/accessPolicyAssociation:AccessPolicyAssociation';
export const EKS_POD_IDENTITY = 'aws:eks/podIdentityAssociation:PodIdentityAssociation';
export const ROLE = 'aws:iam/role:Role';
export const POLICY = 'aws:iam/policy:Policy';
export const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy';
export const ROLE_POLICY_ATTACHMENT = 'aws:iam/rolePolicyAttachment:RolePolicyAttachment';
export const KMS_KEY = 'aws:kms/key:Key';
export const KMS_ALIAS = 'aws:kms/alias:Alias';
export const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
export const METRIC_ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
export const AMP_WORKSPACE = 'aws:amp/workspace:Workspace';
export const AMP_SCRAPER = 'aws:amp/scraper:Scraper';

/** Hidden: an elastic network interface that a service owns. */
export const NETWORK_INTERFACE = 'aws:ec2:NetworkInterface';
/** Hidden: the default network ACL of a VPC. */
export const NETWORK_ACL = 'aws:ec2/networkAcl:NetworkAcl';
/** Hidden: the attachment of a VPN connection to a transit gateway. */
export const TRANSIT_VPN_ATTACHMENT = 'aws:ec2transitgateway:VpnAttachment';
/** Hidden: a load balancer that a controller in a cluster made. */
export const LOAD_BALANCER = 'aws:elasticloadbalancing:LoadBalancer';
/** Hidden: a volume that the EBS CSI driver made. */
export const VOLUME = 'aws:ec2:Volume';

/** Types whose id is a name that is unique in one region only. */
export const NAMED_PER_REGION: ReadonlySet<string> = new Set([
  LOG_GROUP,
  METRIC_ALARM,
  KMS_ALIAS,
  EKS_CLUSTER,
  EKS_NODE_GROUP,
  EKS_ADDON,
  EKS_ACCESS_ENTRY,
  EKS_ACCESS_POLICY,
  EKS_POD_IDENTITY,
]);

/** Types that are not in a region. */
export const GLOBAL: ReadonlySet<string> = new Set([ROLE, POLICY, ROLE_POLICY, ROLE_POLICY_ATTACHMENT]);
