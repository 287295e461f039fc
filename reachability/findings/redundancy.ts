/** Whether a link survives the loss of any one tunnel or gateway (Google's HA VPN guide: 99.99 % needs all four tunnels). */
import { type Range, covered, formatRange } from '../ip';
import type { AwsGateway } from '../model/aws/gateways';
import type { GcpNetwork } from '../model/gcp/network';
import type { Model } from '../model/model';
import { asText } from '../resources/resource';
import { Secret } from '../resources/value';
import { nameOf, pskPath } from '../model/vpn/awsEnd';
import type { VpnTunnel } from '../model/vpn/tunnels';
import type { Finding } from '../verdict';

export function redundancyFindings(model: Model): Finding[] {
  const findings: Finding[] = [];
  for (const [gateway, tunnels] of model.routing.tunnelsOfGateway) {
    const networks = new Set(tunnels.map((tunnel) => tunnel.gcp.network).filter((network) => network !== undefined));
    for (const network of networks) {
      const link = tunnels.filter((tunnel) => tunnel.gcp.network === network);
      findings.push(...linkFindings(model, gateway, network, link));
    }
  }
  return [
    ...findings,
    ...loneFindings(model),
    ...keyFindings(model),
    ...cipherFindings(model),
    ...interfaceFindings(model),
  ];
}

function linkFindings(model: Model, gateway: AwsGateway, network: GcpNetwork, link: readonly VpnTunnel[]): Finding[] {
  const faults = link.map((tunnel) => model.routing.faultOf(tunnel)).filter((fault) => fault?.kind === 'blocked');
  const findings: Finding[] = faults.map((fault) => ({
    rule: fault?.rule ?? '',
    urn: fault?.urn ?? '',
    message: `a tunnel does not work: ${fault?.why ?? ''}`,
    remedy: fault?.remedy ?? '',
  }));
  const working = link.filter((tunnel) => model.routing.faultOf(tunnel) === undefined);
  const between = `${gateway.resource.name} and ${network.resource.name}`;
  const add = (rule: string, message: string, remedy: string): void => {
    findings.push({ rule, urn: gateway.resource.urn, message, remedy });
  };
  const connections = new Set(working.map((tunnel) => tunnel.aws.connection));
  const interfaces = new Set(working.map((tunnel) => tunnel.gcp.gatewayInterface));
  if (working.length === 1)
    add('single-tunnel', `only one tunnel carries the traffic between ${between}`, 'Bring up all four tunnels');
  else if (working.length > 1 && connections.size === 1) {
    add(
      'single-connection',
      `all tunnels between ${between} belong to one VPN connection`,
      'Add the connection to the other HA interface',
    );
  } else if (working.length > 1 && interfaces.size === 1) {
    add(
      'single-interface',
      `all tunnels between ${between} use one HA interface`,
      'Use both interfaces of the HA VPN gateway',
    );
  } else if (working.length > 1 && working.length < 4 && faults.length === 0) {
    add(
      'fewer-tunnels',
      `${working.length} tunnels work between ${between}; 99.99 % needs four`,
      'Bring up all four tunnels',
    );
  }
  return [...findings, ...unevenFindings(model, working)];
}

/** A prefix that only some sessions advertise is lost with them, although other tunnels are up. */
function unevenFindings(model: Model, working: readonly VpnTunnel[]): Finding[] {
  const heard = working.map((tunnel) => ({ tunnel, advertisement: model.routing.advertisement(tunnel) }));
  const prefixes = new Map<string, Range>();
  for (const { advertisement } of heard) {
    for (const { range } of advertisement?.ranges ?? []) prefixes.set(formatRange(range), range);
  }
  return heard.flatMap(({ tunnel, advertisement }): Finding[] => {
    if (advertisement === undefined || advertisement.unknown) return [];
    const own = advertisement.ranges.map(({ range }) => range);
    const missing = [...prefixes].filter(([, range]) => !covered(range, own)).map(([text]) => text);
    if (missing.length === 0) return [];
    const urn = advertisement.decidedBy.urn;
    const message = `${tunnel.gcp.peer?.name ?? nameOf(tunnel.aws)} does not advertise ${missing.join(', ')}, which other sessions do`;
    return [{ rule: 'uneven-advertisement', urn, message, remedy: 'Advertise the same prefixes on every session' }];
  });
}

function loneFindings(model: Model): Finding[] {
  const { loneAws, loneGcp, tunnels } = model.vpn;
  // A stack with one cloud's half only has nothing to compare.
  if (tunnels.length === 0) return [];
  const remedy = 'Make a tunnel on both sides, or remove the half that is alone';
  return [
    ...loneAws
      .filter((end) => tunnels.some((tunnel) => tunnel.aws.gateway === end.gateway))
      .map((end) => ({
        rule: 'lone-tunnel',
        urn: end.connection.urn,
        message: `${nameOf(end)} has no tunnel on Google's side`,
        remedy,
      })),
    ...loneGcp
      .filter((end) => tunnels.some((tunnel) => tunnel.gcp.externalGateway === end.externalGateway))
      .map((end) => ({
        rule: 'lone-tunnel',
        urn: end.tunnel.urn,
        message: `${end.tunnel.name} has no counterpart on AWS's side`,
        remedy,
      })),
  ];
}

/** One key for several tunnels: whoever learns it can impersonate all of their ends. */
function keyFindings(model: Model): Finding[] {
  const holders = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { aws } of model.vpn.tunnels) {
    const path = pskPath(aws);
    const value = aws.connection.value(path);
    const text = asText(value);
    const sources = aws.connection.sources(path).join(' ');
    const identity =
      typeof text === 'string' ? text : value instanceof Secret && value.cipher !== undefined ? value.cipher : sources;
    if (identity === '') continue;
    const first = holders.get(identity);
    if (first === undefined) holders.set(identity, nameOf(aws));
    else {
      const message = `${nameOf(aws)} has the same pre-shared key as ${first}`;
      findings.push({
        rule: 'shared-key',
        urn: aws.connection.urn,
        message,
        remedy: 'Give every tunnel a key of its own',
      });
    }
  }
  return findings;
}

function cipherFindings(model: Model): Finding[] {
  return model.vpn.tunnels
    .filter(({ gcp }) => gcp.phase1.encryption === undefined || gcp.phase2.encryption === undefined)
    .map(({ gcp }) => ({
      rule: 'cipher-suite-default',
      urn: gcp.tunnel.urn,
      message: `${gcp.tunnel.name} proposes all of Google's algorithms, so the choice may change at a rekey`,
      remedy: 'Set cipherSuite to one algorithm for each role, the same as on AWS',
    }));
}

/** Interfaces that each redundancy type has (ExternalVpnGateway, `interfaces[].id`). */
const INTERFACES: Readonly<Record<string, number>> = {
  SINGLE_IP_INTERNALLY_REDUNDANT: 1,
  TWO_IPS_REDUNDANCY: 2,
  FOUR_IPS_REDUNDANCY: 4,
};

function interfaceFindings(model: Model): Finding[] {
  const gateways = new Set(
    model.vpn.tunnels.map(({ gcp }) => gcp.externalGateway).filter((gateway) => gateway !== undefined),
  );
  return [...gateways].flatMap((gateway) => {
    const type = gateway.knownText('redundancyType') ?? '';
    const count = gateway.objects('interfaces').length;
    if (count === 0 || INTERFACES[type] === count) return [];
    const message = `${gateway.name} has ${count} interfaces and redundancy type ${type === '' ? 'none' : type}`;
    return [
      { rule: 'redundancy-type', urn: gateway.urn, message, remedy: 'Use FOUR_IPS_REDUNDANCY with four interfaces' },
    ];
  });
}
