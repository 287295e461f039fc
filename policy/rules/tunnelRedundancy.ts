import type { Resource } from '../../reachability/resources/resource';
import type { VpnTunnel } from '../../reachability/model/vpn/tunnels';
import { HA_GATEWAY } from '../../reachability/model/vpn/gcpEnd';
import { nameOf } from '../../reachability/model/vpn/awsEnd';
import { push } from '../../reachability/resources/inventory';
import { UNKNOWN } from '../../reachability/resources/value';
import { textAt } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

const TUNNELS = 4;

/**
 * Four tunnels join an HA VPN gateway to AWS, two on each of its interfaces, over two VPN connections: what Google's
 * 99.99 % agreement asks for, and what keeps the link up while either cloud services a gateway ("HA VPN topologies").
 */
export const tunnelRedundancy: Rule = {
  name: 'tunnel-redundancy',
  description: 'Every link has four tunnels: two on each interface of the HA VPN gateway, over two VPN connections.',
  level: 'mandatory',
  judge: (stack) => [...linksOf(stack).flatMap(judgeLink), ...halfUsedConnections(stack)],
};

interface Link {
  readonly gateway: Resource;
  readonly tunnels: readonly VpnTunnel[];
}

/** Tunnels by the two gateways they join. */
function linksOf(stack: Stack): Link[] {
  const byPair = new Map<string, VpnTunnel[]>();
  for (const tunnel of stack.model.vpn.tunnels) {
    if (tunnel.gcp.gateway === undefined) continue;
    push(byPair, `${tunnel.gcp.gateway.urn} ${tunnel.aws.gateway?.resource.urn ?? ''}`, tunnel);
  }
  return [...byPair.values()].map((tunnels) => ({ gateway: tunnels[0]?.gcp.gateway as Resource, tunnels }));
}

function judgeLink({ gateway, tunnels }: Link): Finding[] {
  const findings: Finding[] = [];
  const ends = new Set(tunnels.map(({ aws }) => nameOf(aws)));
  if (ends.size < TUNNELS) {
    const message = `${gateway.name} is linked with AWS by ${ends.size} of ${TUNNELS} tunnels`;
    findings.push(broken(gateway, message, 'use both tunnels of two VPN connections'));
  }
  if (gateway.type !== HA_GATEWAY) {
    const message = `${gateway.name} is a Classic VPN gateway: one interface, no agreement on availability`;
    return [...findings, broken(gateway, message, 'use an HA VPN gateway')];
  }
  const interfaces = tunnels.map(({ gcp }) => gcp.gatewayInterface);
  for (const number of [0, 1]) {
    const count = interfaces.filter((used) => used === number).length;
    if (count >= TUNNELS / 2) continue;
    const open = tunnels.find(({ gcp }) => gcp.gatewayInterface === UNKNOWN);
    if (open === undefined) {
      const message = `${count} tunnels use interface ${number} of ${gateway.name}, needed are ${TUNNELS / 2}`;
      findings.push(broken(gateway, message, 'divide the tunnels equally between both interfaces'));
    } else findings.push(undecided(open.gcp.tunnel, 'vpnGatewayInterface', 'the interface'));
  }
  return [...findings, ...externalGateways(tunnels)];
}

/** Google judges redundancy by what the external gateway says of itself. */
function externalGateways(tunnels: readonly VpnTunnel[]): Finding[] {
  const externals = new Set(tunnels.map(({ gcp }) => gcp.externalGateway).filter((gateway) => gateway !== undefined));
  return [...externals].flatMap((external) => {
    const type = textAt(external, 'redundancyType');
    if (type === UNKNOWN) return [undecided(external, 'redundancyType', 'the redundancy')];
    if (type === 'FOUR_IPS_REDUNDANCY') return [];
    const message = `${external.name} has redundancyType ${type ?? 'unset'}, AWS has four addresses`;
    return [broken(external, message, 'set FOUR_IPS_REDUNDANCY and list the four', { property: 'redundancyType' })];
  });
}

/** AWS makes two tunnels of each connection, and replaces one at a time: the other must be in use. */
function halfUsedConnections({ model }: Stack): Finding[] {
  const used = new Set(model.vpn.tunnels.map(({ aws }) => aws.connection));
  return model.vpn.loneAws
    .filter(({ connection }) => used.has(connection))
    .map((end) =>
      broken(end.connection, `nothing uses ${nameOf(end)}`, 'add the tunnel, its interface and its BGP peer'),
    );
}
