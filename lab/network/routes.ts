/** Rules and routes of the routers, as lines of `ip`. */
import { contains, parseRange } from '../core/ip';
import type { StaticRoute, TransitGateway, VirtualNetwork, VpnRouter } from './model';
import { tunnelDevice } from './names';

/** Order of the rules that choose a routing table; the kernel's own come at 32766. */
const PRIORITY = {
  tunnels: 90,
  withinLocal: 95,
  local: 100,
  balanced: 150,
  unbalanced: 151,
  bySource: 200,
  nowhere: 1000,
};
/** Kernel table of what is inside the network. */
export const LOCAL_TABLE = 50;

export function networkRules(network: VirtualNetwork): string[] {
  return [
    `rule add priority ${PRIORITY.tunnels} to 169.254.0.0/16 lookup main`,
    ...withinLocalRules(network),
    `rule add priority ${PRIORITY.local} lookup ${LOCAL_TABLE}`,
    // The mark of a load balancer's answers, and of sources that are chosen by set, is the number of the table.
    ...network.routingTables.map(
      ({ table }) => `rule add priority ${PRIORITY.balanced} fwmark ${table} lookup ${table}`,
    ),
    ...network.routingTables.map(({ table }) => `rule add priority ${PRIORITY.unbalanced} fwmark ${table} unreachable`),
    ...network.routingTables.flatMap(({ table, sources }) =>
      sources.map((source) => `rule add priority ${PRIORITY.bySource} from ${source} lookup ${table}`),
    ),
    `rule add priority ${PRIORITY.nowhere} unreachable`,
    // An address of the network that nobody has is not looked for elsewhere: both clouds' own routes win.
    ...network.localRanges.map((range) => `route add unreachable ${range} table ${LOCAL_TABLE}`),
  ];
}

/**
 * Only a static route that is more specific than the VPC's own wins over it (Amazon VPC user guide, "Route priority");
 * Google refuses static routes within a subnet's range (VPC documentation, "Interactions with static routes").
 */
function withinLocalRules({ cloud, localRanges, routingTables }: VirtualNetwork): string[] {
  if (cloud !== 'aws') return [];
  return routingTables.flatMap(({ table, sources, routes }) =>
    routes
      .filter(({ destination }) => localRanges.some((range) => isWithin(destination, range)))
      .flatMap(({ destination }) =>
        sources.map(
          (source) => `rule add priority ${PRIORITY.withinLocal} from ${source} to ${destination} lookup ${table}`,
        ),
      ),
  );
}

function isWithin(inner: string, outer: string): boolean {
  return parseRange(inner).prefix > parseRange(outer).prefix && contains(outer, inner.split('/')[0] ?? inner);
}

/** What comes from an attachment is routed by the table that the attachment is associated with, or not at all. */
export function transitRules(gateway: TransitGateway): string[] {
  const devices = gateway.tables.flatMap(({ table, networks, tunnels }) =>
    [...networks, ...tunnels.map((name) => tunnelDevice({ name }))].map((device) => ({ table, device })),
  );
  return [
    `rule add priority ${PRIORITY.tunnels} to 169.254.0.0/16 lookup main`,
    ...devices.map(({ table, device }) => `rule add priority ${PRIORITY.bySource} iif ${device} lookup ${table}`),
    `rule add priority ${PRIORITY.nowhere} unreachable`,
  ];
}

export interface StaticTable {
  readonly table: number;
  readonly routes: readonly StaticRoute[];
}

/**
 * The static routes of a table, but for those that follow what BIRD has learnt.
 *
 * @param beyond address of the routers at the other ends of the attachments' cables
 */
export function routeLines(router: VpnRouter, { table, routes }: StaticTable, beyond: string): string[] {
  return routes.flatMap(({ destination, metric, to }) => {
    const where = `metric ${metric} table ${table}`;
    switch (to.kind) {
      case 'learnt':
        return [];
      case 'nowhere':
        return [`route add unreachable ${destination} ${where}`];
      case 'router':
        return [`route add ${destination} via ${beyond} dev ${to.name} onlink ${where}`];
      case 'tunnels':
        return [`route add ${destination} ${where} ${to.names.map((name) => nextHop(router, name)).join(' ')}`];
    }
  });
}

/** Through a tunnel without BGP any next hop will do: its namespace answers for all. */
function nextHop({ tunnels }: VpnRouter, name: string): string {
  const peer = tunnels.find((end) => end.name === name)?.session?.peerAddress;
  return `nexthop ${peer === undefined ? '' : `via ${peer} `}dev ${tunnelDevice({ name })}${peer === undefined ? '' : ' onlink'}`;
}

/** Marks packets of sources that are chosen by nftables sets; to be loaded with the sets. */
export function memberRules({ routingTables }: VirtualNetwork): string {
  const marks = routingTables.flatMap(({ table, members }) =>
    members.map((set) => `    ip saddr @${set} meta mark set ${table}`),
  );
  if (marks.length === 0) return '';
  // After the marks of load balancers' answers: on Google's cloud the machine itself sends those.
  return [
    'table ip cloud {',
    '  chain routed {',
    '    type filter hook prerouting priority mangle + 1;',
    ...marks,
    '  }',
    '}',
    '',
  ].join('\n');
}

/**
 * "A transit gateway can be reached only from zones with an attachment" (Transit Gateway guide, "Availability Zones"), seen
 * when addresses are final: a load balancer's answers come from its own zone.
 */
export function unservedRules(gateway: string, unserved: readonly string[]): string {
  if (unserved.length === 0) return '';
  return [
    `table ip ${gateway} {`,
    '  chain leaving {',
    '    type filter hook postrouting priority srcnat + 1;',
    `    oifname "${gateway}" ip saddr { ${unserved.join(', ')} } counter drop`,
    '  }',
    '}',
    '',
  ].join('\n');
}
