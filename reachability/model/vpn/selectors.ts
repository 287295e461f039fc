/**
 * Traffic selectors of tunnels with static routes: a packet that is in none of them does not go in (S2S guide, "Tunnel options",
 * local and remote IPv4 network CIDR; Cloud VPN documentation, "Networks and tunnel routing", policy-based tunnels).
 */
import { type Address, type Range, holds } from '../../ip';
import type { Resource } from '../../resources/resource';
import { rangeOfValue, rangesOfTexts } from '../ranges';
import type { VpnTunnel } from './tunnels';

/** The end whose selectors leave a packet between these addresses out, and which of its properties does. */
export function selectedOut(
  { aws, gcp }: VpnTunnel,
  atAws: Address,
  atGoogle: Address,
): { readonly resource: Resource; readonly property: string } | undefined {
  const { connection } = aws;
  const selectors: readonly (readonly [Resource, string, readonly Range[], Address])[] = [
    // AWS calls the customer's side local.
    [connection, 'localIpv4NetworkCidr', one(connection, 'localIpv4NetworkCidr'), atGoogle],
    [connection, 'remoteIpv4NetworkCidr', one(connection, 'remoteIpv4NetworkCidr'), atAws],
    [gcp.tunnel, 'localTrafficSelectors', several(gcp.tunnel, 'localTrafficSelectors'), atGoogle],
    [gcp.tunnel, 'remoteTrafficSelectors', several(gcp.tunnel, 'remoteTrafficSelectors'), atAws],
  ];
  const out = selectors.find(
    ([, , ranges, address]) => ranges.length > 0 && !ranges.some((range) => holds(range, address)),
  );
  return out === undefined ? undefined : { resource: out[0], property: out[1] };
}

function one(connection: Resource, property: string): Range[] {
  const range = rangeOfValue(connection.value(property));
  return range === undefined ? [] : [range];
}

function several(tunnel: Resource, property: string): Range[] {
  return rangesOfTexts(tunnel.knownTexts(property));
}
