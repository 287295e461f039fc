/** Both ends of every BGP session of the VPN tunnels, with what each learns from the other. */
import { type Range, formatAddress, formatRange } from './ip';
import type { Model } from './model/model';
import { type AwsTunnelEnd, nameOf } from './model/vpn/awsEnd';
import { insideRange } from './model/vpn/bgpFaults';
import type { GcpTunnelEnd } from './model/vpn/gcpEnd';
import type { VpnTunnel } from './model/vpn/tunnels';
import { UNKNOWN } from './resources/value';
import type { Session, Stop } from './verdict';

/** In order of tunnels, AWS's end first. An end that speaks no BGP has no session. */
export function sessionsOf(model: Model): Session[] {
  return [
    ...model.vpn.tunnels.flatMap((tunnel) => {
      const toAws = advertisedByGoogle(model, tunnel);
      const toGoogle = model.routing.learnedByGoogle(tunnel).map(({ range }) => range);
      return [
        ...awsSession(tunnel.aws, stopOf(model, tunnel, tunnel.aws.connection.urn), toAws),
        ...googleSession(tunnel.gcp, stopOf(model, tunnel, tunnel.gcp.tunnel.urn), toGoogle),
      ];
    }),
    ...model.vpn.loneAws.flatMap((end) => awsSession(end, noCounterpart(end.connection.urn), [])),
    ...model.vpn.loneGcp.flatMap((end) => googleSession(end, noCounterpart(end.tunnel.urn), [])),
  ];
}

/** Why a session is not up; a session of one side that the other does not have is none. */
function stopOf(model: Model, tunnel: VpnTunnel, urn: string): Stop | undefined {
  return model.routing.faultOf(tunnel) ?? (tunnel.routing === 'bgp' ? undefined : noCounterpart(urn));
}

function noCounterpart(urn: string): Stop {
  return {
    kind: 'blocked',
    hop: 'tunnel',
    urn,
    rule: 'no-counterpart',
    why: 'nothing of the input is at the other end',
    remedy: 'Point both ends at each other',
  };
}

/** What Google advertises; undefined when a part of it is not known yet. */
function advertisedByGoogle(model: Model, tunnel: VpnTunnel): readonly Range[] | undefined {
  const advertisement = model.routing.advertisement(tunnel);
  if (advertisement?.unknown === true) return undefined;
  return (advertisement?.ranges ?? []).map(({ range }) => range);
}

function awsSession(end: AwsTunnelEnd, stop: Stop | undefined, heard: readonly Range[] | undefined): Session[] {
  if (end.connection.flag('staticRoutesOnly') === true) return [];
  const inside = insideRange(end);
  return [
    {
      urn: end.connection.urn,
      tunnel: nameOf(end),
      // AWS takes the first address of the /30, its customer gateway the second (S2S guide, "Tunnel options").
      local: inside === undefined ? null : formatAddress(inside.first + 1),
      peer: inside === undefined ? null : formatAddress(inside.first + 2),
      ...outcome(stop, heard),
    },
  ];
}

function googleSession(end: GcpTunnelEnd, stop: Stop | undefined, heard: readonly Range[]): Session[] {
  if (end.peer === undefined) return [];
  const local = end.peer.knownText('ipAddress') ?? end.interface?.knownText('ipRange')?.split('/')[0];
  const peer = end.peer.text('peerIpAddress');
  return [
    {
      urn: end.peer.urn,
      tunnel: end.tunnel.name,
      local: local ?? null,
      peer: peer === UNKNOWN ? null : (peer ?? null),
      ...outcome(stop, heard),
    },
  ];
}

function outcome(
  stop: Stop | undefined,
  heard: readonly Range[] | undefined,
): Pick<Session, 'state' | 'learned' | 'blockedAt'> {
  if (stop !== undefined) {
    const { hop, urn, rule, remedy } = stop;
    const state = stop.kind === 'blocked' ? 'down' : 'undetermined';
    return { state, learned: [], blockedAt: { hop, urn, rule, remedy } };
  }
  if (heard === undefined) return { state: 'undetermined', learned: [], blockedAt: null };
  const byAddress = [...heard].sort((a, b) => a.first - b.first || a.prefix - b.prefix);
  return { state: 'established', learned: [...new Set(byAddress.map(formatRange))], blockedAt: null };
}
