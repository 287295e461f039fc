import type { Rule } from '../rule';
import { oneOf, tunnelFindings } from '../tunnels';

/**
 * Each tunnel joins the two ends that dial each other (Google Cloud, "Create HA VPN connections between Google Cloud
 * and AWS"): external interfaces 0 and 1 are the tunnels of the connection to HA interface 0, 2 and 3 those of the
 * connection to interface 1. Otherwise tunnels stay down, or Google does not count the link as redundant.
 */
export const tunnelMapping: Rule = {
  name: 'tunnel-mapping',
  description:
    'Every tunnel joins the AWS tunnel and the HA VPN interface that dial each other, in the documented order.',
  level: 'mandatory',
  judge: (stack) =>
    tunnelFindings(
      stack,
      oneOf(
        'vpn-gateway',
        'customer-gateway',
        'external-interface',
        'peer-address',
        'interface-mapping',
        'gateway-interface',
      ),
    ),
};
