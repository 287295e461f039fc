/** BIRD's configuration of one network: a session for each tunnel, and its routes in the tables that learn them. */
import { tunnelDevice } from './names';
import type { BgpSession, TunnelEnd, VirtualNetwork } from './model';

export function birdConfiguration(network: VirtualNetwork): string {
  const sessions = network.tunnels.flatMap((end) => (end.session === undefined ? [] : [{ end, session: end.session }]));
  const advertised = [...new Set(sessions.flatMap(({ session }) => session.advertised))];
  const learning = network.routingTables.filter(({ learns }) => learns).map(({ table }) => table);
  return [
    `router id ${sessions[0]?.session.localAddress ?? '169.254.1.1'};`,
    'protocol device { scan time 5; }',
    // Only what is advertised; packets for it never look here.
    'protocol static advertised {',
    '  ipv4;',
    ...advertised.map((prefix) => `  route ${prefix} unreachable;`),
    '}',
    ...sessions.flatMap(({ end, session }) => sessionLines(end, session)),
    ...learning.flatMap((table) => tableLines(table, network.multipath)),
    '',
  ].join('\n');
}

function sessionLines(end: TunnelEnd, session: BgpSession): string[] {
  const list = session.advertised.length === 0 ? '' : `net ~ [ ${session.advertised.join(', ')} ] && `;
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
    '  ipv4 {',
    '    import all;',
    '    export filter {',
    ...(session.advertised.length === 0
      ? ['      reject;']
      : [
          `      if ${list}source = RTS_STATIC then {`,
          ...(session.metric === undefined ? [] : [`        bgp_med = ${session.metric};`]),
          '        accept;',
          '      }',
          '      reject;',
        ]),
    '    };',
    '  };',
    '}',
  ];
}

/** A kernel table takes its routes from a BIRD table of its own; the pipe lets only learnt routes in. */
function tableLines(table: number, multipath: boolean): string[] {
  return [
    `ipv4 table learnt${table};`,
    `protocol pipe to${table} { table master4; peer table learnt${table}; import none; export where source = RTS_BGP; }`,
    `protocol kernel kernel${table} {`,
    `  kernel table ${table};`,
    ...(multipath ? ['  merge paths on limit 8;'] : []),
    `  ipv4 { table learnt${table}; import none; export all; };`,
    '}',
  ];
}
