import { policyDocument, type AllowStatement } from './iam';

/**
 * What the AWS Load Balancer Controller may do, for network load balancers of this cluster only.
 *
 * The actions are those the controller needs according to its installation guide ("IAM
 * permissions"), less those of features that are switched off here: application load balancers, WAF,
 * Shield, Cognito and certificates. The controller tags what it makes with the cluster's name; the
 * conditions confine it to what carries that tag.
 */
export function loadBalancerControllerPolicy(clusterName: string): string {
  const tag = 'elbv2.k8s.aws/cluster';
  const requestTagged = { StringEquals: { [`aws:RequestTag/${tag}`]: clusterName } };
  const resourceTagged = { StringEquals: { [`aws:ResourceTag/${tag}`]: clusterName } };
  const retagged = { Null: { [`aws:RequestTag/${tag}`]: 'true' }, ...resourceTagged };
  const securityGroups = 'arn:aws:ec2:*:*:security-group/*';
  const loadBalancers = [
    'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
    'arn:aws:elasticloadbalancing:*:*:loadbalancer/net/*/*',
  ];
  const listeners = 'arn:aws:elasticloadbalancing:*:*:listener/net/*/*/*';

  return policyDocument([
    serviceLinkedRole,
    discovery,

    // Security groups: its own, and rules that admit its own in the cluster's, which EKS made.
    {
      Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress', 'ec2:CreateSecurityGroup'],
      Resource: '*',
    },
    {
      Action: ['ec2:CreateTags'],
      Resource: securityGroups,
      Condition: {
        StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup', ...requestTagged.StringEquals },
      },
    },
    { Action: ['ec2:CreateTags', 'ec2:DeleteTags'], Resource: securityGroups, Condition: retagged },
    { Action: ['ec2:DeleteSecurityGroup'], Resource: '*', Condition: resourceTagged },

    // Load balancers and target groups.
    {
      Action: ['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'],
      Resource: '*',
      Condition: requestTagged,
    },
    {
      Action: ['elasticloadbalancing:AddTags'],
      Resource: loadBalancers,
      Condition: {
        StringEquals: {
          'elasticloadbalancing:CreateAction': ['CreateTargetGroup', 'CreateLoadBalancer'],
          ...requestTagged.StringEquals,
        },
      },
    },
    {
      Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
      Resource: loadBalancers,
      Condition: retagged,
    },
    {
      Action: [
        'elasticloadbalancing:ModifyLoadBalancerAttributes',
        'elasticloadbalancing:ModifyCapacityReservation',
        'elasticloadbalancing:SetIpAddressType',
        'elasticloadbalancing:SetSecurityGroups',
        'elasticloadbalancing:SetSubnets',
        'elasticloadbalancing:DeleteLoadBalancer',
        'elasticloadbalancing:ModifyTargetGroup',
        'elasticloadbalancing:ModifyTargetGroupAttributes',
        'elasticloadbalancing:DeleteTargetGroup',
      ],
      Resource: '*',
      Condition: resourceTagged,
    },
    {
      Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
      Resource: 'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
    },

    // Listeners, which take no condition on the tags of their load balancer.
    {
      Action: [
        'elasticloadbalancing:CreateListener',
        'elasticloadbalancing:DeleteListener',
        'elasticloadbalancing:ModifyListener',
        'elasticloadbalancing:ModifyListenerAttributes',
      ],
      Resource: '*',
    },
    { Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'], Resource: listeners },
  ]);
}

/** The account's first load balancer makes this role. */
const serviceLinkedRole: AllowStatement = {
  Action: ['iam:CreateServiceLinkedRole'],
  Resource: '*',
  Condition: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
};

/** Describing has no resource-level permissions. */
const discovery: AllowStatement = {
  Action: [
    'ec2:DescribeAccountAttributes',
    'ec2:DescribeAddresses',
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeInstances',
    'ec2:DescribeInternetGateways',
    'ec2:DescribeIpamPools',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeTags',
    'ec2:DescribeVpcPeeringConnections',
    'ec2:DescribeVpcs',
    'ec2:GetSecurityGroupsForVpc',
    'elasticloadbalancing:DescribeCapacityReservation',
    'elasticloadbalancing:DescribeListenerAttributes',
    'elasticloadbalancing:DescribeListenerCertificates',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeSSLPolicies',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'elasticloadbalancing:DescribeTrustStores',
  ],
  Resource: '*',
};
