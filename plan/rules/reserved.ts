/** Rules about which ranges a site may use at all. */
import type { Problem } from '../problem';
import type { RangedSite, SiteRange } from '../ranges';
import { AUTO_MODE, RESERVED, isPrivate } from '../reserved';
import { broken, outerControlPlane, present } from './rule';

const PRIVATE_RULE = { name: 'private ranges', source: 'RFC 1918, RFC 6598' };

/** No range of a site touches a reserved one, and all are private. */
export function checkReserved(site: RangedSite): Problem[] {
  return present(site.nodes, site.pods, site.services, outerControlPlane(site), site.virtual).flatMap((range) => {
    const hits = RESERVED.filter((entry) => entry.cidr.overlaps(range.cidr));
    if (hits.length > 0) {
      const uses = hits.map((hit) => `${hit.cidr}, ${hit.use}`).join('; ');
      const sources = [...new Set(hits.map((hit) => hit.source))].join('; ');
      return broken({ name: 'reserved range', source: sources }, range, `overlaps ${uses}`, suggestPrivate(range));
    }
    return isPrivate(range.cidr)
      ? []
      : broken(PRIVATE_RULE, range, 'is not private: traffic to its real owners would be lost', suggestPrivate(range));
  });
}

/** Warns of ranges that are legal but get in the way of peering with auto mode networks. */
export function warnAutoMode(site: RangedSite): Problem[] {
  const inside = present(site.nodes, site.pods, site.services).filter((range) => range.cidr.overlaps(AUTO_MODE.cidr));
  const [first] = inside;
  return first === undefined
    ? []
    : [
        {
          key: site.key,
          value: inside.map((range) => range.cidr).join(', '),
          message: `lies in ${AUTO_MODE.cidr}, ${AUTO_MODE.use}`,
          remedy: 'choose ranges below 10.128.0.0 if the networks may ever be peered with one',
          rule: 'auto mode range',
          source: AUTO_MODE.source,
        },
      ];
}

function suggestPrivate(range: SiteRange): string {
  return range.slot !== undefined
    ? 'use another slot or another pool'
    : 'use a range of 10.0.0.0/8, 172.16.0.0/12 (but 172.17.0.0/16) or 192.168.0.0/16';
}
