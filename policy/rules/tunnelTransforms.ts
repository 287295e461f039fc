import type { Rule } from '../rule';
import { oneOf, tunnelFindings } from '../tunnels';

const concernsTransforms = oneOf('ike-version', 'transform-mismatch', 'rekey');

/**
 * IKEv2 and exactly one algorithm for each role, the same on both sides (Google Cloud, "Create HA VPN connections
 * between Google Cloud and AWS"). With AWS's default lists a tunnel comes up, and drops hours later when it rekeys.
 */
export const tunnelTransforms: Rule = {
  name: 'tunnel-transforms',
  description: 'Both ends of a tunnel offer IKEv2 and one and the same algorithm for each role, or it fails to rekey.',
  level: 'mandatory',
  judge: (stack) =>
    tunnelFindings(
      stack,
      (fault) => concernsTransforms(fault) || (fault.kind === 'undetermined' && fault.hop === 'tunnel'),
    ),
};
