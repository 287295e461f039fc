import type { Stored } from '../core/store';
import { flag, text, texts } from '../core/values';
import type { AwsType } from './awsType';
import { oneOf } from './checks';
import { ec2Error } from './errors';
import { requireSubnet, requireTransitGateway, requireVpc } from './lookups';
import { createInterface, deleteInterfacesOf } from './networkInterface';
import type { AwsSession } from './session';
import { TRANSIT_ASSOCIATION, TRANSIT_PROPAGATION, TRANSIT_VPC_ATTACHMENT, TRANSIT_VPN_ATTACHMENT } from './tokens';

export const transitVpcAttachment: AwsType = {
  token: TRANSIT_VPC_ATTACHMENT,
  seconds: { create: 90, update: 60, delete: 90 },
  immutable: ['transitGatewayId', 'vpcId'],
  defaults: () => ({
    applianceModeSupport: 'disable',
    dnsSupport: 'enable',
    ipv6Support: 'disable',
    transitGatewayDefaultRouteTableAssociation: true,
    transitGatewayDefaultRouteTablePropagation: true,
  }),
  check: (inputs) =>
    ['applianceModeSupport', 'dnsSupport', 'ipv6Support'].flatMap((name) => oneOf(inputs, name, ['enable', 'disable'])),
  create: (inputs, cloud) => {
    const operation = 'CreateTransitGatewayVpcAttachment';
    const gateway = requireTransitGateway(cloud, operation, text(inputs, 'transitGatewayId'));
    const vpc = requireVpc(cloud, operation, text(inputs, 'vpcId'));
    const twin = cloud.find(
      TRANSIT_VPC_ATTACHMENT,
      (stored) => text(stored.outputs, 'transitGatewayId') === gateway.id && text(stored.outputs, 'vpcId') === vpc.id,
    );
    if (twin) {
      throw ec2Error(
        operation,
        'DuplicateTransitGatewayAttachment',
        `${gateway.id} has non-deleted Transit Gateway Attachments with same VPC ID.`,
      );
    }
    const subnets = requireSubnets(cloud, operation, vpc, texts(inputs, 'subnetIds'));
    const id = cloud.newId('tgw-attach');
    for (const subnet of subnets) createAttachmentInterface(cloud, operation, id, subnet);
    joinDefaults(cloud, gateway, id, {
      associate: flag(inputs, 'transitGatewayDefaultRouteTableAssociation') !== false,
      propagate: flag(inputs, 'transitGatewayDefaultRouteTablePropagation') !== false,
    });
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `transit-gateway-attachment/${id}`),
        vpcOwnerId: cloud.accountId,
        securityGroupReferencingSupport: text(inputs, 'securityGroupReferencingSupport') ?? 'enable',
      },
    };
  },
  update: (resource, inputs, cloud) => {
    const operation = 'ModifyTransitGatewayVpcAttachment';
    const vpc = requireVpc(cloud, operation, text(resource.outputs, 'vpcId'));
    const subnets = requireSubnets(cloud, operation, vpc, texts(inputs, 'subnetIds'));
    deleteInterfacesOf(cloud, resource.id);
    for (const subnet of subnets) createAttachmentInterface(cloud, operation, resource.id, subnet);
    return {};
  },
  delete: (resource, cloud) => {
    deleteInterfacesOf(cloud, resource.id);
    leaveTables(cloud, resource.id);
  },
};

/** The attachment that a VPN connection to a transit gateway makes; its id is the connection's own output. */
export function attachVpn(cloud: AwsSession, transitGatewayId: string, vpnConnectionId: string): string {
  const gateway = requireTransitGateway(cloud, 'CreateVpnConnection', transitGatewayId);
  const id = cloud.newId('tgw-attach');
  cloud.put(TRANSIT_VPN_ATTACHMENT, id, {}, { transitGatewayId, vpnConnectionId });
  joinDefaults(cloud, gateway, id, { associate: true, propagate: true });
  return id;
}

export function detachVpn(cloud: AwsSession, attachmentId: string): void {
  leaveTables(cloud, attachmentId);
  cloud.remove(TRANSIT_VPN_ATTACHMENT, attachmentId);
}

/** A VPC's or a VPN connection's attachment. */
export function requireAttachment(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(TRANSIT_VPC_ATTACHMENT, id) ?? cloud.existing(TRANSIT_VPN_ATTACHMENT, id);
  if (!found) {
    throw ec2Error(
      operation,
      'InvalidTransitGatewayAttachmentID.NotFound',
      `Transit Gateway Attachment ${id} was deleted or does not exist.`,
    );
  }
  return found;
}

/** One subnet per availability zone (Transit Gateway guide, "VPC attachments"). */
function requireSubnets(cloud: AwsSession, operation: string, vpc: Stored, ids: readonly string[]): Stored[] {
  const subnets = ids.map((id) => requireSubnet(cloud, operation, id));
  const strange = subnets.find((subnet) => text(subnet.outputs, 'vpcId') !== vpc.id);
  if (strange) {
    throw ec2Error(operation, 'InvalidSubnet', `Subnet ${strange.id} is not in VPC ${vpc.id}.`);
  }
  const zones = subnets.map((subnet) => text(subnet.outputs, 'availabilityZone'));
  const doubled = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (doubled !== undefined) {
    throw ec2Error(
      operation,
      'DuplicateSubnetsInSameZone',
      `Duplicate Subnets for same AZ: ${ids.join(', ')} in ${doubled}`,
    );
  }
  return subnets;
}

function createAttachmentInterface(cloud: AwsSession, operation: string, id: string, subnet: Stored): void {
  createInterface(cloud, operation, {
    subnet,
    owner: id,
    description: `Network Interface for Transit Gateway Attachment ${id}`,
    interfaceType: 'transit_gateway',
  });
}

function joinDefaults(
  cloud: AwsSession,
  gateway: Stored,
  attachmentId: string,
  wants: { associate: boolean; propagate: boolean },
): void {
  const association = text(gateway.outputs, 'associationDefaultRouteTableId');
  const propagation = text(gateway.outputs, 'propagationDefaultRouteTableId');
  const link = (table: string) => ({ transitGatewayAttachmentId: attachmentId, transitGatewayRouteTableId: table });
  if (association && wants.associate) {
    cloud.put(TRANSIT_ASSOCIATION, `${association}_${attachmentId}`, {}, link(association));
  }
  if (propagation && wants.propagate) {
    cloud.put(TRANSIT_PROPAGATION, `${propagation}_${attachmentId}`, {}, link(propagation));
  }
}

function leaveTables(cloud: AwsSession, attachmentId: string): void {
  for (const token of [TRANSIT_ASSOCIATION, TRANSIT_PROPAGATION]) {
    for (const stored of cloud.all(token)) {
      if (text(stored.outputs, 'transitGatewayAttachmentId') === attachmentId) cloud.remove(token, stored.id);
    }
  }
}
