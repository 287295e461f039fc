import { RESERVED_TUNNELS, TUNNEL_POOL } from '../../plan/reserved';
import { networkRanges } from '../ranges';
import { type Finding, type Rule, broken } from '../rule';
import type { Stack } from '../stack';
import { oneOf, tunnelFindings } from '../tunnels';

/**
 * The BGP session of each tunnel has a /30 of link-local addresses of its own that neither cloud uses otherwise, and
 * both ends agree who has which address of it (S2S guide, "Tunnel options"). A range that AWS is left to choose is its own to keep distinct.
 */
export const tunnelInsideRanges: Rule = {
  name: 'tunnel-inside-ranges',
  description: 'Every tunnel has a /30 of 169.254.0.0/16 that no cloud keeps, with the same addresses at both ends.',
  level: 'mandatory',
  judge: (stack) => [...keptRanges(stack), ...tunnelFindings(stack, oneOf('inside-address', 'inside-range'))],
};

function keptRanges(stack: Stack): Finding[] {
  return networkRanges(stack)
    .ranges.filter(({ role }) => role === 'tunnel')
    .flatMap(({ cidr, text, resource, property }) => {
      const kept = RESERVED_TUNNELS.find((entry) => entry.cidr.overlaps(cidr));
      if (TUNNEL_POOL.contains(cidr) && kept === undefined) return [];
      const why =
        kept === undefined ? `is outside ${TUNNEL_POOL.toString()}` : `overlaps ${kept.cidr.toString()}, ${kept.use}`;
      const message = `tunnel range ${text} of ${resource.name} (${property}) ${why}`;
      return [broken(resource, message, 'use another /30 of 169.254.0.0/16', { property, value: text })];
    });
}
