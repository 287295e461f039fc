import { number, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { fail, known, networks, oneOf } from './checks';
import { ec2Error } from './errors';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { TRANSIT_GATEWAY, TRANSIT_ROUTE_TABLE, TRANSIT_VPC_ATTACHMENT, TRANSIT_VPN_ATTACHMENT } from './tokens';
import { isPrivateAsn } from './vpnGateway';

const SWITCHES = [
  'autoAcceptSharedAttachments',
  'defaultRouteTableAssociation',
  'defaultRouteTablePropagation',
  'dnsSupport',
  'multicastSupport',
  'securityGroupReferencingSupport',
  'vpnEcmpSupport',
];

export const transitGateway: AwsType = {
  token: TRANSIT_GATEWAY,
  seconds: { create: 150, update: 60, delete: 60 },
  immutable: ['multicastSupport'],
  defaults: () => ({
    amazonSideAsn: 64512,
    autoAcceptSharedAttachments: 'disable',
    defaultRouteTableAssociation: 'enable',
    defaultRouteTablePropagation: 'enable',
    dnsSupport: 'enable',
    multicastSupport: 'disable',
    securityGroupReferencingSupport: 'disable',
    vpnEcmpSupport: 'enable',
  }),
  check: (inputs) => [
    ...SWITCHES.flatMap((name) => oneOf(inputs, name, ['enable', 'disable'])),
    ...asn(inputs),
    ...networks(inputs, 'transitGatewayCidrBlocks'),
  ],
  create: (inputs, cloud) => {
    if (cloud.all(TRANSIT_GATEWAY).length >= quotas.transitGatewaysPerAccount) {
      throw ec2Error(
        'CreateTransitGateway',
        'TransitGatewayLimitExceeded',
        'The maximum number of transit gateways has been reached.',
      );
    }
    const id = cloud.newId('tgw');
    const table = needsDefaultTable(inputs) ? createDefaultTable(cloud, id, inputs) : '';
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `transit-gateway/${id}`),
        ownerId: cloud.accountId,
        associationDefaultRouteTableId: text(inputs, 'defaultRouteTableAssociation') === 'enable' ? table : '',
        propagationDefaultRouteTableId: text(inputs, 'defaultRouteTablePropagation') === 'enable' ? table : '',
        encryptionSupport: text(inputs, 'encryptionSupport') ?? 'disable',
      },
    };
  },
  update: (resource, inputs, cloud) => {
    const before =
      text(resource.outputs, 'associationDefaultRouteTableId') ||
      text(resource.outputs, 'propagationDefaultRouteTableId');
    const table = needsDefaultTable(inputs) ? before || createDefaultTable(cloud, resource.id, inputs) : '';
    return {
      associationDefaultRouteTableId: text(inputs, 'defaultRouteTableAssociation') === 'enable' ? table : '',
      propagationDefaultRouteTableId: text(inputs, 'defaultRouteTablePropagation') === 'enable' ? table : '',
    };
  },
  delete: (resource, cloud) => {
    const attached = [TRANSIT_VPC_ATTACHMENT, TRANSIT_VPN_ATTACHMENT]
      .flatMap((token) => cloud.all(token))
      .filter((stored) => text(stored.outputs, 'transitGatewayId') === resource.id);
    const [first] = attached;
    if (first) {
      const kind = first.token === TRANSIT_VPC_ATTACHMENT ? 'VPC' : 'VPN';
      throw ec2Error(
        'DeleteTransitGateway',
        'IncorrectState',
        `${resource.id} has non-deleted ${kind} Attachments: ${attached.map(({ id }) => id).join(', ')}.`,
      );
    }
    for (const table of cloud.all(TRANSIT_ROUTE_TABLE)) {
      if (text(table.outputs, 'transitGatewayId') !== resource.id) continue;
      if (
        table.outputs['defaultAssociationRouteTable'] !== true &&
        table.outputs['defaultPropagationRouteTable'] !== true
      ) {
        throw ec2Error(
          'DeleteTransitGateway',
          'IncorrectState',
          `${resource.id} has non-deleted Transit Gateway Route Tables: ${table.id}.`,
        );
      }
      cloud.remove(TRANSIT_ROUTE_TABLE, table.id);
    }
  },
};

function needsDefaultTable(inputs: Props): boolean {
  return (
    text(inputs, 'defaultRouteTableAssociation') === 'enable' ||
    text(inputs, 'defaultRouteTablePropagation') === 'enable'
  );
}

/** One table serves as the default for associations and for propagations (Transit Gateway guide, "Route tables"). */
function createDefaultTable(cloud: AwsSession, transitGatewayId: string, inputs: Props): string {
  const id = cloud.newId('tgw-rtb');
  cloud.put(
    TRANSIT_ROUTE_TABLE,
    id,
    { transitGatewayId },
    {
      transitGatewayId,
      arn: cloud.arn('ec2', `transit-gateway-route-table/${id}`),
      defaultAssociationRouteTable: text(inputs, 'defaultRouteTableAssociation') === 'enable',
      defaultPropagationRouteTable: text(inputs, 'defaultRouteTablePropagation') === 'enable',
    },
  );
  return id;
}

function asn(inputs: Props) {
  const value = known(inputs, 'amazonSideAsn');
  if (value === undefined || isPrivateAsn(number(inputs, 'amazonSideAsn') ?? 0)) return [];
  return [
    fail(
      'amazonSideAsn',
      `amazon_side_asn (${String(value)}) must be in the range 64512 to 65534 or 4200000000 to 4294967294`,
    ),
  ];
}
