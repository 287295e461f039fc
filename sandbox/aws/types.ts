import { ampScraper, ampWorkspace } from './amp';
import type { AwsType } from './awsType';
import { metricAlarm } from './cloudwatch';
import { customerGateway } from './customerGateway';
import { eksAccessEntry, eksAccessPolicyAssociation } from './eksAccess';
import { eksAddon } from './eksAddon';
import { eksCluster } from './eksCluster';
import { eksNodeGroup } from './eksNodeGroup';
import { eksPodIdentityAssociation } from './eksPodIdentity';
import { eip, internetGateway, natGateway } from './gateways';
import { policy, role, rolePolicy, rolePolicyAttachment } from './iam';
import { kmsAlias, kmsKey } from './kms';
import { launchTemplate } from './launchTemplate';
import { flowLog, logGroup } from './logs';
import { route } from './route';
import { routeTable, routeTableAssociation } from './routeTable';
import { defaultSecurityGroup, securityGroup } from './securityGroup';
import { securityGroupEgressRule, securityGroupIngressRule } from './securityGroupRule';
import { subnet, subnetCidrReservation } from './subnet';
import { transitGateway } from './transitGateway';
import { transitVpcAttachment } from './transitGatewayAttachments';
import { transitRouteTable, transitRouteTableAssociation, transitRouteTablePropagation } from './transitGatewayRouting';
import { vpc, vpcCidrAssociation } from './vpc';
import { vpcEndpoint } from './vpcEndpoint';
import { vpnConnection } from './vpnConnection';
import { vpnGateway, vpnGatewayAttachment, vpnGatewayRoutePropagation } from './vpnGateway';

/** Every resource type of the local AWS. */
export const types: readonly AwsType[] = [
  ampScraper,
  ampWorkspace,
  customerGateway,
  defaultSecurityGroup,
  eip,
  eksAccessEntry,
  eksAccessPolicyAssociation,
  eksAddon,
  eksCluster,
  eksNodeGroup,
  eksPodIdentityAssociation,
  flowLog,
  internetGateway,
  kmsAlias,
  kmsKey,
  launchTemplate,
  logGroup,
  metricAlarm,
  natGateway,
  policy,
  role,
  rolePolicy,
  rolePolicyAttachment,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  securityGroupEgressRule,
  securityGroupIngressRule,
  subnet,
  subnetCidrReservation,
  transitGateway,
  transitRouteTable,
  transitRouteTableAssociation,
  transitRouteTablePropagation,
  transitVpcAttachment,
  vpc,
  vpcCidrAssociation,
  vpcEndpoint,
  vpnConnection,
  vpnGateway,
  vpnGatewayAttachment,
  vpnGatewayRoutePropagation,
];
