/** Inside ranges of the VPN tunnels. */
import { Cidr } from './cidr';
import { type Draft, unreadable } from './draft';
import { hashBelow } from './hash';
import type { Problem } from './problem';
import { RESERVED_TUNNELS, TUNNEL_POOL, type ReservedRange } from './reserved';
import type { LinkPair, Settings } from './settings';
import type { Cloud, TunnelPlan } from './types';

/** A link's range: four /30s. */
const LINK_PREFIX = 28;

const SOURCE = 'AWS Site-to-Site VPN user guide, tunnel options';

function refusedPart(cidr: Cidr): ReservedRange | undefined {
  return RESERVED_TUNNELS.find((entry) => entry.cidr.overlaps(cidr));
}

/** Name of a link: its sites' names in alphabetical order. Site names hold no two hyphens in a row. */
export function linkName(sites: readonly [string, string]): string {
  return [...sites].sort().join('--');
}

/**
 * The link's range: given, or derived from its name alone. The name chooses a /28 of the whole pool, and
 * the next one that no end refuses is taken: so another refused range would move only the links on it.
 */
export function linkRange(pair: LinkPair): Cidr {
  if (pair.tunnels !== undefined) {
    return Cidr.parse(pair.tunnels);
  }
  const count = 2 ** (LINK_PREFIX - TUNNEL_POOL.prefix);
  let index = hashBelow(count, 'tunnels', linkName(pair.sites));
  while (refusedPart(TUNNEL_POOL.block(LINK_PREFIX, index)) !== undefined) {
    index = (index + 1) % count;
  }
  return TUNNEL_POOL.block(LINK_PREFIX, index);
}

/** The four tunnels of a range, as both clouds count their interfaces. */
export function planTunnels(range: Cidr): TunnelPlan[] {
  return ([0, 1, 2, 3] as const).map((externalInterface) => {
    const cidr = range.block(30, externalInterface);
    const pair = externalInterface < 2 ? 0 : 1;
    return {
      externalInterface,
      haInterface: pair,
      connection: pair,
      connectionTunnel: externalInterface % 2 === 0 ? 1 : 2,
      cidr: cidr.toString(),
      awsAddress: cidr.at(1).toString(),
      gcpAddress: cidr.at(2).toString(),
    };
  });
}

/** Ranges are /28s that both clouds accept, and differ between the links of one site. */
export function checkTunnels({ sites = [], links = [] }: Draft<Settings>): Problem[] {
  const clouds = new Map(sites.map((site) => [site.name, site.cloud]));
  return [
    ...links.flatMap((link, index) => checkRange(link.tunnels, `links[${index}].tunnels`)),
    ...checkShared(links, (name) => clouds.get(name)),
  ];
}

function checkRange(tunnels: string | undefined, key: string): Problem[] {
  if (tunnels === undefined) {
    return [];
  }
  const problem = (message: string, remedy: string, source: string): Problem[] => [
    { key, value: tunnels, message, remedy, rule: 'tunnel inside ranges', source },
  ];
  const cidr = Cidr.parse(tunnels);
  if (!TUNNEL_POOL.contains(cidr)) {
    return problem(`is not in ${TUNNEL_POOL}`, 'use a /28 of 169.254.0.0/16, or leave it out', SOURCE);
  }
  if (cidr.prefix !== LINK_PREFIX) {
    return problem(
      `is /${cidr.prefix}, and four tunnels take exactly /${LINK_PREFIX}`,
      `use a /${LINK_PREFIX}`,
      SOURCE,
    );
  }
  const refused = refusedPart(cidr);
  return refused === undefined
    ? []
    : problem(`holds ${refused.cidr}, ${refused.use}`, 'use another /28, or leave it out', refused.source);
}

/** A Cloud Router, like a virtual private gateway, tells its tunnels apart by their inside addresses. */
function checkShared(links: readonly Draft<LinkPair>[], cloudOf: (site: string) => Cloud | undefined): Problem[] {
  const taken = new Map<string, { readonly cidr: Cidr; readonly name: string }[]>();
  return links.flatMap((link, index) => {
    const [a, b] = link.sites ?? [];
    // Between two sites of one cloud there are no tunnels.
    if (a === undefined || b === undefined || cloudOf(a) === cloudOf(b) || unreadable(link, 'tunnels')) {
      return [];
    }
    const { tunnels } = link;
    const pair: LinkPair = { sites: [a, b], ...(tunnels === undefined ? {} : { tunnels }) };
    const [cidr, name] = [linkRange(pair), linkName(pair.sites)];
    const others = [a, b].flatMap((site) => taken.get(site) ?? []);
    for (const site of pair.sites) {
      taken.set(site, [...(taken.get(site) ?? []), { cidr, name }]);
    }
    const clash = others.find((other) => other.name !== name && other.cidr.overlaps(cidr));
    const origin = tunnels === undefined ? `derived from the name is ${cidr}, which ` : '';
    return clash === undefined
      ? []
      : [
          {
            key: `links[${index}].tunnels`,
            value: tunnels ?? '',
            message: `${origin}overlaps ${clash.cidr} of link ${clash.name} at the same site`,
            remedy: 'set tunnels of one of them to another /28 of 169.254.0.0/16',
            rule: 'distinct tunnel ranges',
            source: 'Google Cloud, Cloud Router BGP sessions',
          },
        ];
  });
}
