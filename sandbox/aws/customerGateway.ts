import { text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { conflicts, fail, ipv4, known, length, oneOf } from './checks';
import { ec2Error } from './errors';
import { parseAddress, range, holds } from './ipv4';
import { quotas } from './quotas';
import { CUSTOMER_GATEWAY, VPN_CONNECTION } from './tokens';

/** Ranges that cannot be a device's address on the internet (RFC 6890). */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
].map(range);

export const customerGateway: AwsType = {
  token: CUSTOMER_GATEWAY,
  seconds: { create: 10, update: 1, delete: 10 },
  immutable: ['bgpAsn', 'bgpAsnExtended', 'certificateArn', 'deviceName', 'ipAddress', 'type'],
  check: (inputs) => [
    ...oneOf(inputs, 'type', ['ipsec.1']),
    ...ipv4(inputs, 'ipAddress'),
    ...conflicts(inputs, 'bgpAsn', 'bgpAsnExtended'),
    ...asn(inputs, 'bgpAsn', 0, 2147483647),
    ...asn(inputs, 'bgpAsnExtended', 2147483648, 4294967295),
    ...length(inputs, 'deviceName', 0, 255),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateCustomerGateway';
    const address = text(inputs, 'ipAddress');
    if (address === undefined && text(inputs, 'certificateArn') === undefined) {
      throw ec2Error(
        operation,
        'MissingParameter',
        'The request must contain the parameter ipAddress or certificateArn',
      );
    }
    const value = address === undefined ? undefined : parseAddress(address);
    if (value !== undefined && NOT_PUBLIC.some((reserved) => holds(reserved, value))) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `Value (${address}) for parameter ipAddress is invalid. Invalid IP address.`,
      );
    }
    const all = cloud.all(CUSTOMER_GATEWAY);
    if (all.length >= quotas.customerGatewaysPerRegion) {
      throw ec2Error(
        operation,
        'CustomerGatewayLimitExceeded',
        'The maximum number of customer gateways has been reached.',
      );
    }
    // "An identical request returns information about the existing customer gateway" (EC2 API, CreateCustomerGateway).
    const id = all.find((other) => identity(other.outputs) === identity(inputs))?.id ?? cloud.newId('cgw');
    const sized = Number(text(inputs, 'bgpAsnExtended') ?? text(inputs, 'bgpAsn') ?? '65000');
    const number: Props = sized > 2147483647 ? { bgpAsnExtended: String(sized) } : { bgpAsn: String(sized) };
    return { id, outputs: { ...number, arn: cloud.arn('ec2', `customer-gateway/${id}`) } };
  },
  delete: (resource, cloud) => {
    if (cloud.find(VPN_CONNECTION, (vpn) => text(vpn.outputs, 'customerGatewayId') === resource.id)) {
      throw ec2Error('DeleteCustomerGateway', 'IncorrectState', 'The customer gateway is in use.');
    }
  },
};

function identity(gateway: Props): string {
  const asNumber = text(gateway, 'bgpAsnExtended') ?? text(gateway, 'bgpAsn') ?? '65000';
  return [asNumber, text(gateway, 'ipAddress'), text(gateway, 'deviceName'), text(gateway, 'certificateArn')].join(' ');
}

/** The AWS provider takes autonomous system numbers as strings; above 2147483647 as `bgpAsnExtended`. */
function asn(inputs: Props, path: string, min: number, max: number) {
  const value = known(inputs, path);
  if (typeof value !== 'string') return [];
  if (!/^\d+$/.test(value)) return [fail(path, `${JSON.stringify(value)} must be a number from ${min} to ${max}`)];
  const number = Number(value);
  return number >= min && number <= max ? [] : [fail(path, `${path} (${value}) must be in the range ${min} to ${max}`)];
}
