import type { Stored } from '../core/store';
import { flag, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { ec2Error } from './errors';
import { requireTransitGateway } from './lookups';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { TRANSIT_ASSOCIATION, TRANSIT_PROPAGATION, TRANSIT_ROUTE_TABLE, TRANSIT_VPC_ATTACHMENT } from './tokens';
import { requireAttachment } from './transitGatewayAttachments';

export const transitRouteTable: AwsType = {
  token: TRANSIT_ROUTE_TABLE,
  seconds: { create: 60, delete: 60 },
  immutable: ['transitGatewayId'],
  create: (inputs, cloud) => {
    const operation = 'CreateTransitGatewayRouteTable';
    const gateway = requireTransitGateway(cloud, operation, text(inputs, 'transitGatewayId'));
    const siblings = cloud
      .all(TRANSIT_ROUTE_TABLE)
      .filter((table) => text(table.outputs, 'transitGatewayId') === gateway.id);
    if (siblings.length >= quotas.transitRouteTablesPerGateway) {
      throw ec2Error(
        operation,
        'TransitGatewayRouteTableLimitExceeded',
        'The maximum number of transit gateway route tables has been reached.',
      );
    }
    const id = cloud.newId('tgw-rtb');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `transit-gateway-route-table/${id}`),
        defaultAssociationRouteTable: false,
        defaultPropagationRouteTable: false,
      },
    };
  },
  delete: (resource, cloud) => {
    if (
      cloud.find(TRANSIT_ASSOCIATION, (stored) => text(stored.outputs, 'transitGatewayRouteTableId') === resource.id)
    ) {
      throw ec2Error(
        'DeleteTransitGatewayRouteTable',
        'IncorrectState',
        `${resource.id} has non-deleted associations.`,
      );
    }
    for (const stored of cloud.all(TRANSIT_PROPAGATION)) {
      if (text(stored.outputs, 'transitGatewayRouteTableId') === resource.id) {
        cloud.remove(TRANSIT_PROPAGATION, stored.id);
      }
    }
  },
};

export const transitRouteTableAssociation: AwsType = {
  token: TRANSIT_ASSOCIATION,
  seconds: { create: 30, delete: 30 },
  immutable: 'all',
  create: (inputs, cloud) => {
    const operation = 'AssociateTransitGatewayRouteTable';
    const { table, attachment } = requireEnds(cloud, operation, inputs);
    // An attachment is associated with one route table (Transit Gateway guide, "Route table association").
    const existing = cloud.find(
      TRANSIT_ASSOCIATION,
      (stored) => text(stored.outputs, 'transitGatewayAttachmentId') === attachment.id,
    );
    if (existing && flag(inputs, 'replaceExistingAssociation') !== true) {
      throw ec2Error(
        operation,
        'Resource.AlreadyAssociated',
        `Transit Gateway Attachment ${attachment.id} is already associated to a route table.`,
      );
    }
    if (existing) cloud.remove(TRANSIT_ASSOCIATION, existing.id);
    return { id: `${table.id}_${attachment.id}`, outputs: attached(attachment) };
  },
};

export const transitRouteTablePropagation: AwsType = {
  token: TRANSIT_PROPAGATION,
  seconds: { create: 30, delete: 30 },
  immutable: 'all',
  create: (inputs, cloud) => {
    const operation = 'EnableTransitGatewayRouteTablePropagation';
    const { table, attachment } = requireEnds(cloud, operation, inputs);
    const id = `${table.id}_${attachment.id}`;
    if (cloud.existing(TRANSIT_PROPAGATION, id)) {
      throw ec2Error(
        operation,
        'TransitGatewayRouteTablePropagation.Duplicate',
        `Propagation ${attachment.id} already exists in Transit Gateway Route Table ${table.id}.`,
      );
    }
    return { id, outputs: attached(attachment) };
  },
};

function requireEnds(cloud: AwsSession, operation: string, inputs: Props): { table: Stored; attachment: Stored } {
  const tableId = text(inputs, 'transitGatewayRouteTableId');
  const table = cloud.existing(TRANSIT_ROUTE_TABLE, tableId);
  if (!table) {
    throw ec2Error(
      operation,
      'InvalidRouteTableID.NotFound',
      `Transit Gateway Route Table ${tableId} was deleted or does not exist.`,
    );
  }
  const attachment = requireAttachment(cloud, operation, text(inputs, 'transitGatewayAttachmentId'));
  if (text(attachment.outputs, 'transitGatewayId') !== text(table.outputs, 'transitGatewayId')) {
    throw ec2Error(
      operation,
      'InvalidParameterValue',
      `${attachment.id} and ${table.id} belong to different transit gateways.`,
    );
  }
  return { table, attachment };
}

function attached(attachment: Stored): Props {
  return attachment.token === TRANSIT_VPC_ATTACHMENT
    ? { resourceType: 'vpc', resourceId: text(attachment.outputs, 'vpcId') ?? '' }
    : { resourceType: 'vpn', resourceId: text(attachment.outputs, 'vpnConnectionId') ?? '' };
}
