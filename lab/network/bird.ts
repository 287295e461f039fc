/** BIRD's configuration of one network: a session for each tunnel, and its routes in the tables that learn them. */
import { tunnelDevice } from './names';
import {
  type BgpSession,
  LEARNT_METRIC,
  type RoutingTable,
  type TunnelEnd,
  type VirtualNetwork,
  type VpnRouter,
} from './model';
import { parseRange, formatAddress } from '../core/ip';

export function birdConfiguration(network: VirtualNetwork): string {
  const sessions = sessionsOf(network);
  const advertised = [...new Set(sessions.flatMap(({ session }) => session.advertised))];
  return [
    ...preamble(network),
    // Only what is advertised; packets for it never look here.
    ...staticLines('advertised', 'master4', advertised),
    ...sessions.flatMap(({ end, session }) => [
      ...sessionLines(end, session),
      '  ipv4 {',
      '    import all;',
      '    export filter {',
      ...exportLines(session),
      '    };',
      '  };',
      '}',
    ]),
    ...network.routingTables.flatMap((table) => tableLines(table, network)),
    '',
  ].join('\n');
}

export function sessionsOf({ tunnels }: VpnRouter): { end: TunnelEnd; session: BgpSession }[] {
  return tunnels.flatMap((end) => (end.session === undefined ? [] : [{ end, session: end.session }]));
}

export function preamble(router: VpnRouter): string[] {
  const [first] = sessionsOf(router);
  return [`router id ${first?.session.localAddress ?? '169.254.1.1'};`, 'protocol device { scan time 5; }'];
}

/** Routes that are there to be advertised. */
export function staticLines(name: string, table: string, prefixes: readonly string[]): string[] {
  return [
    `protocol static ${name} {`,
    `  ipv4 { table ${table}; };`,
    ...prefixes.map((prefix) => `  route ${prefix} unreachable;`),
    '}',
  ];
}

/** The beginning of a session's protocol, before its channel. */
export function sessionLines(end: TunnelEnd, session: BgpSession): string[] {
  return [
    `protocol bgp ${tunnelDevice(end)} {`,
    `  local ${session.localAddress} as ${session.localAsn};`,
    `  neighbor ${session.peerAddress} as ${session.peerAsn};`,
    `  interface "${tunnelDevice(end)}";`,
    `  hold time ${session.holdTime};`,
    `  keepalive time ${session.keepalive};`,
    '  connect retry time 5;',
    '  connect delay time 1;',
    '  error wait time 2, 10;',
  ];
}

function exportLines({ advertised, metric }: BgpSession): string[] {
  if (advertised.length === 0) return ['      reject;'];
  return [
    `      if net ~ [ ${advertised.join(', ')} ] && source = RTS_STATIC then {`,
    ...(metric === undefined ? [] : [`        bgp_med = ${metric};`]),
    '        accept;',
    '      }',
    '      reject;',
  ];
}

/** A kernel table takes its routes from a BIRD table of its own; the pipe lets only learnt routes in. */
function tableLines({ table, learns, routes }: RoutingTable, network: VirtualNetwork): string[] {
  const followed = routes.filter(({ to }) => to.kind === 'learnt').map(({ destination }) => destination);
  if (!learns && followed.length === 0) return [];
  // What a static route to the gateway covers goes as the gateway has learnt, whether or not the table learns.
  const admitted = learns ? '' : ` && net ~ [ ${followed.map((range) => `${range}+`).join(', ')} ]`;
  return [
    `ipv4 table learnt${table};`,
    `protocol pipe to${table} { table master4; peer table learnt${table}; import none; export where source = RTS_BGP${admitted}; }`,
    ...(followed.length === 0 ? [] : followedLines(table, followed)),
    ...kernelLines(table, `learnt${table}`, network, 'all'),
  ];
}

/** The way of a less specific route that was learnt, for what no more specific one leads. */
function followedLines(table: number, ranges: readonly string[]): string[] {
  return [
    `protocol static followed${table} {`,
    `  ipv4 { table learnt${table}; };`,
    '  igp table master4;',
    ...ranges.map((range) => `  route ${range} recursive ${formatAddress(parseRange(range).first)};`),
    '}',
  ];
}

/** @param from BIRD's table whose routes go into the kernel's table of that number */
export function kernelLines(table: number, from: string, { cloud, multipath }: VpnRouter, which: string): string[] {
  return [
    `protocol kernel kernel${table} {`,
    `  kernel table ${table};`,
    `  metric ${LEARNT_METRIC[cloud]};`,
    ...(multipath ? ['  merge paths on limit 8;'] : []),
    `  ipv4 { table ${from}; import none; export ${which}; };`,
    '}',
  ];
}
