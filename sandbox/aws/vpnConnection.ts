import type { Stored } from '../core/store';
import { flag, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { conflicts, fail, given, network, oneOf } from './checks';
import { ec2Error } from './errors';
import { formatAddress, formatRange, overlaps, range, type Range } from './ipv4';
import { requireTransitGateway, requireVpnGateway } from './lookups';
import { newPublicAddresses } from './publicAddresses';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { CUSTOMER_GATEWAY, VPN_CONNECTION } from './tokens';
import { attachVpn, detachVpn } from './transitGatewayAttachments';
import { customerGatewayConfiguration } from './vpnConfiguration';
import { TUNNELS, checkTunnel, refuseTunnels, type TunnelNumber } from './vpnTunnelOptions';

/** Seconds a BGP neighbour of AWS may be silent (Site-to-Site VPN guide, "Customer gateway device"). */
const BGP_HOLD_SECONDS = 30;

export const vpnConnection: AwsType = {
  token: VPN_CONNECTION,
  seconds: { create: 240, update: 300, delete: 60 },
  immutable: [
    'enableAcceleration',
    'outsideIpAddressType',
    'presharedKeyStorage',
    'staticRoutesOnly',
    'transportTransitGatewayAttachmentId',
    'tunnelInsideIpVersion',
    'type',
  ],
  defaults: () => ({ enableAcceleration: false }),
  check: (inputs) => [
    ...oneOf(inputs, 'type', ['ipsec.1']),
    ...oneOf(inputs, 'tunnelInsideIpVersion', ['ipv4', 'ipv6']),
    ...oneOf(inputs, 'outsideIpAddressType', ['PublicIpv4', 'PrivateIpv4', 'Ipv6']),
    ...oneOf(inputs, 'presharedKeyStorage', ['Standard', 'SecretsManager']),
    ...conflicts(inputs, 'vpnGatewayId', 'transitGatewayId'),
    ...network(inputs, 'localIpv4NetworkCidr'),
    ...network(inputs, 'remoteIpv4NetworkCidr'),
    ...(inputs['enableAcceleration'] === true && !given(inputs, 'transitGatewayId')
      ? [
          fail(
            'enableAcceleration',
            'only supported with a transit gateway: all of `enable_acceleration,transit_gateway_id` must be specified',
          ),
        ]
      : []),
    ...TUNNELS.flatMap((tunnel) => checkTunnel(inputs, tunnel)),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateVpnConnection';
    const gateway = requireCustomerGateway(cloud, operation, text(inputs, 'customerGatewayId'));
    const asn = requireAwsSide(cloud, operation, inputs, gateway);
    refuseTunnels(operation, inputs);
    if (cloud.all(VPN_CONNECTION).length >= quotas.vpnConnectionsPerRegion) {
      throw ec2Error(
        operation,
        'VpnConnectionLimitExceeded',
        'The maximum number of VPN connections has been reached.',
      );
    }
    const id = cloud.newId('vpn');
    const transit = text(inputs, 'transitGatewayId');
    const outputs = {
      ...computedOf(cloud, id, asn, inputs),
      transitGatewayAttachmentId: transit === undefined ? '' : attachVpn(cloud, transit, id),
    };
    return {
      id,
      outputs: { ...outputs, customerGatewayConfiguration: customerGatewayConfiguration(id, gateway, outputs) },
    };
  },
  update: (resource, inputs, cloud) => {
    const operation = 'ModifyVpnConnection';
    const gateway = requireCustomerGateway(cloud, operation, text(inputs, 'customerGatewayId'));
    const asn = requireAwsSide(cloud, operation, inputs, gateway, resource);
    refuseTunnels('ModifyVpnTunnelOptions', inputs);
    // Of the two kinds of gateway a connection has the one that is asked for now.
    const { vpnGatewayId: _vgw, transitGatewayId: _tgw, ...kept } = resource.outputs;
    const outputs = {
      ...kept,
      ...inputs,
      ...tunnelOutputs(cloud, asn, inputs, resource),
      transitGatewayAttachmentId: moveAttachment(cloud, resource, text(inputs, 'transitGatewayId')),
    };
    return { ...outputs, customerGatewayConfiguration: customerGatewayConfiguration(resource.id, gateway, outputs) };
  },
  updateUnknowns: (_, changed) =>
    changed.some((name) => name.startsWith('tunnel') || name.endsWith('GatewayId'))
      ? ['customerGatewayConfiguration']
      : [],
  delete: (resource, cloud) => {
    const attachment = text(resource.outputs, 'transitGatewayAttachmentId');
    if (attachment) detachVpn(cloud, attachment);
  },
};

/** A connection that is given another target gateway leaves the old one (VPN guide, "Modify the target gateway"). */
function moveAttachment(cloud: AwsSession, vpn: Stored, transitGatewayId: string | undefined): string {
  const old = text(vpn.outputs, 'transitGatewayAttachmentId') ?? '';
  if (text(vpn.inputs, 'transitGatewayId') === transitGatewayId) return old;
  if (old !== '') detachVpn(cloud, old);
  return transitGatewayId === undefined ? '' : attachVpn(cloud, transitGatewayId, vpn.id);
}

function requireCustomerGateway(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(CUSTOMER_GATEWAY, id);
  if (!found) {
    throw ec2Error(operation, 'InvalidCustomerGatewayID.NotFound', `The customerGateway ID '${id}' does not exist`);
  }
  return found;
}

/** A connection ends on a virtual private gateway or on a transit gateway; its ASN must differ from the device's. */
function requireAwsSide(cloud: AwsSession, operation: string, inputs: Props, gateway: Stored, own?: Stored): number {
  const vgw = text(inputs, 'vpnGatewayId');
  const tgw = text(inputs, 'transitGatewayId');
  if (vgw === undefined && tgw === undefined) {
    throw ec2Error(
      operation,
      'MissingParameter',
      'The request must contain exactly one of vpnGatewayId, transitGatewayId',
    );
  }
  const side =
    vgw === undefined ? requireTransitGateway(cloud, operation, tgw) : requireVpnGateway(cloud, operation, vgw);
  const asn = Number(side.outputs['amazonSideAsn'] ?? 64512);
  refuseSiblings(cloud, operation, inputs, gateway, own);
  return asn;
}

/**
 * Tunnel inside ranges are unique over all connections of one AWS-side gateway, and so are the devices' addresses on
 * a virtual private gateway (VPN guide, "Tunnel options"; EC2 error codes, InvalidCustomerGateway.DuplicateIpAddress).
 */
function refuseSiblings(cloud: AwsSession, operation: string, inputs: Props, gateway: Stored, own?: Stored): void {
  const siblings = cloud.all(VPN_CONNECTION).filter((vpn) => {
    const same = (name: string) => text(inputs, name) !== undefined && text(vpn.outputs, name) === text(inputs, name);
    return vpn.id !== own?.id && (same('vpnGatewayId') || same('transitGatewayId'));
  });
  const taken = siblings.flatMap((vpn) =>
    TUNNELS.map((tunnel) => range(text(vpn.outputs, `tunnel${tunnel}InsideCidr`) ?? '')),
  );
  for (const tunnel of TUNNELS) {
    const cidr = text(inputs, `tunnel${tunnel}InsideCidr`);
    if (cidr !== undefined && taken.some((other) => overlaps(other, range(cidr)))) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `The tunnel inside CIDR '${cidr}' is already in use by another VPN connection of the gateway.`,
      );
    }
  }
  if (text(inputs, 'vpnGatewayId') === undefined) return;
  if (siblings.length >= quotas.vpnConnectionsPerVpnGateway) {
    throw ec2Error(
      operation,
      'VpnConnectionLimitExceeded',
      'The maximum number of VPN connections per virtual private gateway has been reached.',
    );
  }
  const address = text(gateway.outputs, 'ipAddress');
  const duplicate = siblings.some(
    (vpn) =>
      text(cloud.existing(CUSTOMER_GATEWAY, text(vpn.outputs, 'customerGatewayId'))?.outputs, 'ipAddress') === address,
  );
  if (duplicate && own === undefined) {
    throw ec2Error(
      operation,
      'InvalidCustomerGateway.DuplicateIpAddress',
      'Conflict among chosen gateway IP addresses',
    );
  }
}

function computedOf(cloud: AwsSession, id: string, asn: number, inputs: Props): Props {
  return {
    arn: cloud.arn('ec2', `vpn-connection/${id}`),
    presharedKeyStorage: text(inputs, 'presharedKeyStorage') ?? 'Standard',
    tunnelBandwidth: text(inputs, 'tunnelBandwidth') ?? 'standard',
    routes: [],
    staticRoutesOnly: flag(inputs, 'staticRoutesOnly') ?? false,
    tunnelInsideIpVersion: text(inputs, 'tunnelInsideIpVersion') ?? 'ipv4',
    outsideIpAddressType: text(inputs, 'outsideIpAddressType') ?? 'PublicIpv4',
    localIpv4NetworkCidr: text(inputs, 'localIpv4NetworkCidr') ?? '0.0.0.0/0',
    remoteIpv4NetworkCidr: text(inputs, 'remoteIpv4NetworkCidr') ?? '0.0.0.0/0',
    ...tunnelOutputs(cloud, asn, inputs),
  };
}

/** Addresses and keys of both tunnels; what an update does not touch stays what it was. */
function tunnelOutputs(cloud: AwsSession, asn: number, inputs: Props, old?: Stored): Props {
  const fresh = old ? [] : newPublicAddresses(cloud, TUNNELS.length);
  const inside = insideRanges(cloud, inputs, old);
  const addresses = TUNNELS.map((tunnel, index) => text(old?.outputs, `tunnel${tunnel}Address`) ?? fresh[index] ?? '');
  const entries = TUNNELS.flatMap((tunnel, index): [string, Props[string]][] => {
    const cidr = inside[index];
    if (!cidr) throw new Error(`tunnel ${tunnel} has no inside range`);
    const key =
      text(inputs, `tunnel${tunnel}PresharedKey`) ??
      text(old?.outputs, `tunnel${tunnel}PresharedKey`) ??
      generatedKey(cloud);
    return [
      [`tunnel${tunnel}Address`, addresses[index] ?? ''],
      [`tunnel${tunnel}InsideCidr`, formatRange(cidr)],
      // AWS takes the first address of the /30, the customer's device the second.
      [`tunnel${tunnel}VgwInsideAddress`, formatAddress(cidr.first + 1)],
      [`tunnel${tunnel}CgwInsideAddress`, formatAddress(cidr.first + 2)],
      [`tunnel${tunnel}BgpAsn`, String(asn)],
      [`tunnel${tunnel}BgpHoldtime`, BGP_HOLD_SECONDS],
      [`tunnel${tunnel}PresharedKey`, key],
    ];
  });
  const telemetry = addresses.map((outsideIpAddress) => ({
    outsideIpAddress,
    status: 'DOWN',
    statusMessage: 'IPSEC IS DOWN',
    acceptedRouteCount: 0,
    lastStatusChange: '2026-01-01T00:00:00Z',
    certificateArn: '',
  }));
  return { ...Object.fromEntries(entries), vgwTelemetries: telemetry };
}

/** AWS draws a free /30 where none is asked for. */
function insideRanges(cloud: AwsSession, inputs: Props, old?: Stored): Range[] {
  const taken = cloud
    .all(VPN_CONNECTION)
    .flatMap((vpn) => TUNNELS.map((tunnel) => range(text(vpn.outputs, `tunnel${tunnel}InsideCidr`) ?? '')));
  const chosen: (Range | undefined)[] = TUNNELS.map((tunnel: TunnelNumber) => {
    const cidr = text(inputs, `tunnel${tunnel}InsideCidr`) ?? text(old?.outputs, `tunnel${tunnel}InsideCidr`);
    return cidr === undefined ? undefined : range(cidr);
  });
  return chosen.map((own) => {
    if (own) return own;
    const free = firstFree([...taken, ...chosen.filter((other) => other !== undefined)]);
    taken.push(free);
    return free;
  });
}

function firstFree(taken: readonly Range[]): Range {
  for (let first = range('169.254.6.0/30').first; ; first += 4) {
    const candidate = { first, last: first + 3, prefix: 30 };
    if (!taken.some((other) => overlaps(other, candidate))) return candidate;
  }
}

/** 32 characters of AWS's alphabet, not starting with zero. */
function generatedKey(cloud: AwsSession): string {
  return `k${cloud.digits(31)}`;
}
