/** BIRD's configuration of a transit gateway: its route tables stand between the sessions. */
import { kernelLines, preamble, sessionLines, sessionsOf, staticLines } from './bird';
import { type TransitGateway, type TransitTable, type TunnelEnd, advertisedOf } from './model';
import { tunnelDevice } from './names';

/**
 * Each session has a table of its own, with what it heard and what it is to be told. A pipe for each route table carries
 * what it heard there if the connection propagates, and what the route table holds back if the connection is associated.
 */
export function transitBirdConfiguration(gateway: TransitGateway): string {
  const sessions = sessionsOf(gateway);
  return [
    ...preamble(gateway),
    ...sessions.flatMap(({ end, session }) => [
      `ipv4 table heard${end.name};`,
      ...sessionLines(end, session),
      `  ipv4 { table heard${end.name}; import all; export where source = RTS_STATIC || source = RTS_BGP; };`,
      '}',
    ]),
    ...gateway.tables.flatMap((table) => tableLines(gateway, table)),
    '',
  ].join('\n');
}

function tableLines(gateway: TransitGateway, table: TransitTable): string[] {
  const held = `held${table.table}`;
  return [
    `ipv4 table ${held};`,
    ...staticLines(`static${table.table}`, held, advertisedOf(table)),
    ...sessionsOf(gateway).flatMap(({ end }) => pipeLines(gateway, table, end)),
    // The kernel has the static routes already, with what they lead to.
    ...kernelLines(table.table, held, gateway, 'where source = RTS_BGP'),
  ];
}

function pipeLines(gateway: TransitGateway, { table, tunnels, learnsFrom }: TransitTable, end: TunnelEnd): string[] {
  const heard = learnsFrom.includes(end.name) ? `where source = RTS_BGP && proto = "${tunnelDevice(end)}"` : 'none';
  const siblings = gateway.tunnels.filter(({ urn }) => urn === end.urn);
  const own = siblings.map((sibling) => `proto != "${tunnelDevice(sibling)}"`).join(' && ');
  const told = tunnels.includes(end.name) ? `where source = RTS_STATIC || (source = RTS_BGP && ${own})` : 'none';
  if (heard === 'none' && told === 'none') return [];
  return [
    `protocol pipe between${table}x${end.name} {`,
    `  table held${table};`,
    `  peer table heard${end.name};`,
    `  import ${heard};`,
    `  export ${told};`,
    '}',
  ];
}
