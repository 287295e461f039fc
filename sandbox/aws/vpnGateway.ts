import type { Stored } from '../core/store';
import { text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { fail, known } from './checks';
import { ec2Error } from './errors';
import { requireRouteTable, requireVpc, requireVpnGateway } from './lookups';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { VPN_CONNECTION, VPN_GATEWAY, VPN_GATEWAY_ATTACHMENT, VPN_GATEWAY_PROPAGATION } from './tokens';

export const vpnGateway: AwsType = {
  token: VPN_GATEWAY,
  seconds: { create: 10, update: 30, delete: 10 },
  immutable: ['amazonSideAsn', 'availabilityZone'],
  check: (inputs) => privateAsn(inputs, 'amazonSideAsn'),
  create: (inputs, cloud) => {
    if (cloud.all(VPN_GATEWAY).length >= quotas.vpnGatewaysPerRegion) {
      throw ec2Error(
        'CreateVpnGateway',
        'VpnGatewayLimitExceeded',
        'The maximum number of virtual private gateways has been reached.',
      );
    }
    const id = cloud.newId('vgw');
    const vpcId = text(inputs, 'vpcId');
    if (vpcId !== undefined) attach(cloud, id, vpcId);
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `vpn-gateway/${id}`),
        amazonSideAsn: text(inputs, 'amazonSideAsn') ?? '64512',
        vpcId: vpcId ?? '',
      },
    };
  },
  update: (resource, inputs, cloud): Props => {
    const vpcId = text(inputs, 'vpcId');
    if (vpcId !== undefined && vpcId !== text(resource.inputs, 'vpcId')) {
      detach(cloud, resource.id);
      attach(cloud, resource.id, vpcId);
    }
    return vpcId === undefined ? {} : { vpcId };
  },
  delete: (resource, cloud) => {
    if (cloud.find(VPN_CONNECTION, (vpn) => text(vpn.outputs, 'vpnGatewayId') === resource.id)) {
      throw ec2Error(
        'DeleteVpnGateway',
        'IncorrectState',
        `The vpnGateway '${resource.id}' is in use by a VPN connection.`,
      );
    }
    // The provider detaches the VPC that the gateway itself names, and no other.
    if (text(resource.inputs, 'vpcId') !== undefined) detach(cloud, resource.id);
    if (attachmentOf(cloud, resource.id)) {
      throw ec2Error('DeleteVpnGateway', 'IncorrectState', `The vpnGateway '${resource.id}' is attached to a VPC.`);
    }
  },
  read: (resource, cloud) => {
    const vpcId = text(attachmentOf(cloud, resource.id)?.outputs, 'vpcId') ?? '';
    return { ...resource.outputs, vpcId };
  },
};

export const vpnGatewayAttachment: AwsType = {
  token: VPN_GATEWAY_ATTACHMENT,
  seconds: { create: 20, delete: 20 },
  immutable: 'all',
  create: (inputs, cloud) => {
    const gateway = requireVpnGateway(cloud, 'AttachVpnGateway', text(inputs, 'vpnGatewayId'));
    const vpcId = text(inputs, 'vpcId') ?? '';
    refuseAttachment(cloud, gateway.id, vpcId);
    return { id: attachmentId(gateway.id, vpcId), outputs: {} };
  },
};

export const vpnGatewayRoutePropagation: AwsType = {
  token: VPN_GATEWAY_PROPAGATION,
  seconds: { create: 1, delete: 1 },
  immutable: 'all',
  create: (inputs, cloud) => {
    const operation = 'EnableVgwRoutePropagation';
    const table = requireRouteTable(cloud, operation, text(inputs, 'routeTableId'));
    const gateway = requireVpnGateway(cloud, operation, text(inputs, 'vpnGatewayId'));
    const vpcId = text(table.outputs, 'vpcId') ?? '';
    if (text(attachmentOf(cloud, gateway.id)?.outputs, 'vpcId') !== vpcId) {
      throw ec2Error(operation, 'Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${vpcId}`);
    }
    return { id: `${gateway.id}_${table.id}`, outputs: {} };
  },
};

/** The one attachment a virtual private gateway has, made by its own `vpcId` or by an attachment resource. */
export function attachmentOf(cloud: AwsSession, gatewayId: string): Stored | undefined {
  return cloud.find(VPN_GATEWAY_ATTACHMENT, (stored) => text(stored.outputs, 'vpnGatewayId') === gatewayId);
}

/** 16-bit 64512 to 65534 or 32-bit 4200000000 to 4294967294 (VPN guide, "Virtual private gateway"). */
export function isPrivateAsn(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}

function privateAsn(inputs: Props, path: string) {
  const value = known(inputs, path);
  if (typeof value !== 'string' || (/^\d+$/.test(value) && isPrivateAsn(Number(value)))) return [];
  return [fail(path, `${path} (${value}) must be in the range 64512 to 65534 or 4200000000 to 4294967294`)];
}

function attach(cloud: AwsSession, gatewayId: string, vpcId: string): void {
  refuseAttachment(cloud, gatewayId, vpcId);
  const link = { vpnGatewayId: gatewayId, vpcId };
  cloud.put(VPN_GATEWAY_ATTACHMENT, attachmentId(gatewayId, vpcId), {}, link);
}

function detach(cloud: AwsSession, gatewayId: string): void {
  const attachment = attachmentOf(cloud, gatewayId);
  if (attachment) cloud.remove(VPN_GATEWAY_ATTACHMENT, attachment.id);
}

/** One virtual private gateway per VPC, one VPC per gateway (VPN guide, quotas). */
function refuseAttachment(cloud: AwsSession, gatewayId: string, vpcId: string): void {
  const operation = 'AttachVpnGateway';
  requireVpc(cloud, operation, vpcId);
  if (attachmentOf(cloud, gatewayId)) {
    throw ec2Error(
      operation,
      'VpnGatewayAttachmentLimitExceeded',
      `The vpnGateway '${gatewayId}' is already attached to a VPC.`,
    );
  }
  const other = cloud.find(VPN_GATEWAY_ATTACHMENT, (stored) => text(stored.outputs, 'vpcId') === vpcId);
  if (other) {
    throw ec2Error(
      operation,
      'VpnGatewayAttachmentLimitExceeded',
      `The maximum number of virtual private gateways attached to '${vpcId}' has been reached.`,
    );
  }
}

/** The provider's id of an attachment: a number from gateway and VPC. */
function attachmentId(gatewayId: string, vpcId: string): string {
  return `vpn-attachment-${vpcId.slice(-8)}${gatewayId.slice(-4)}`;
}
