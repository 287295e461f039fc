/** AWS's end of each VPN tunnel (AWS Site-to-Site VPN User Guide, "Tunnel options"). */
import type { Range } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import { type Unknown, UNKNOWN } from '../../resources/value';
import { type AwsGateway, type AwsGateways, VPN_CONNECTION, gatewayOfConnection } from '../aws/gateways';
import { rangeOfValue } from '../ranges';

export interface AwsTunnelEnd {
  readonly connection: Resource;
  /** 1 or 2: each connection has two tunnels. */
  readonly number: 1 | 2;
  readonly gateway: AwsGateway | undefined;
  readonly customerGateway: Resource | undefined;
  /** Public address of AWS's end. */
  readonly outside: string | Unknown | undefined;
  /** The /30 of the BGP session; undefined when AWS chooses it. */
  readonly inside: Range | Unknown | undefined;
  readonly ikeVersions: Choice;
  readonly phase1: Transforms;
  readonly phase2: Transforms;
}

export interface Transforms {
  readonly encryption: Choice;
  readonly integrity: Choice;
  readonly dhGroup: Choice;
}

/** What one side offers or accepts: undefined is the cloud's default list. */
export type Choice = readonly string[] | Unknown | undefined;

export const CUSTOMER_GATEWAY = 'aws:ec2/customerGateway:CustomerGateway';

export function readAwsEnds(inventory: Inventory, gateways: AwsGateways): AwsTunnelEnd[] {
  return inventory.all(VPN_CONNECTION).flatMap((connection) => {
    const gateway = gatewayOfConnection(inventory, gateways, connection);
    const customerGateway = inventory.find(connection, 'customerGatewayId', CUSTOMER_GATEWAY);
    return ([1, 2] as const).map((number) => {
      const at = (property: string): string => `tunnel${number}${property}`;
      const insideText = connection.text(at('InsideCidr'));
      return {
        connection,
        number,
        gateway,
        customerGateway,
        outside: connection.text(at('Address')),
        inside: insideText === UNKNOWN ? UNKNOWN : rangeOfValue(insideText),
        ikeVersions: choice(connection, at('IkeVersions')),
        phase1: transforms(connection, at('Phase1')),
        phase2: transforms(connection, at('Phase2')),
      };
    });
  });
}

function transforms(connection: Resource, prefix: string): Transforms {
  return {
    encryption: choice(connection, `${prefix}EncryptionAlgorithms`),
    integrity: choice(connection, `${prefix}IntegrityAlgorithms`),
    dhGroup: choice(connection, `${prefix}DhGroupNumbers`),
  };
}

/** An empty list is the default list: AWS then permits every algorithm. */
function choice(connection: Resource, path: string): Choice {
  const texts = connection.texts(path);
  if (texts === undefined || texts === UNKNOWN) return texts;
  if (texts.includes(UNKNOWN)) return UNKNOWN;
  return texts.length === 0 ? undefined : (texts as readonly string[]);
}

export function pskPath(end: AwsTunnelEnd): string {
  return `tunnel${end.number}PresharedKey`;
}

export function nameOf(end: AwsTunnelEnd): string {
  return `${end.connection.name} tunnel ${end.number}`;
}
