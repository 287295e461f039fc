import { list, number, text } from '../../core/values';
import { all, oneOf } from '../checks';
import { computeResource } from '../resource';
import { allocateExternalAddress } from '../publicAddresses';

/** HA VPN gateways (Compute Engine API, `vpnGateways`): two interfaces, an external address each. */
export const haVpnGateway = computeResource({
  collection: 'vpnGateways',
  title: 'HaVpnGateway',
  immutable: ['description', 'gatewayIpVersion', 'network', 'params', 'stackType', 'vpnInterfaces'],
  labels: true,
  seconds: { create: 12, update: 6, delete: 12 },
  defaults: { gatewayIpVersion: 'IPV4', stackType: 'IPV4_ONLY' },
  blocks: { vpnInterfaces: { computed: ['ipAddress'] } },
  check: all(oneOf('gatewayIpVersion', 'IPV4', 'IPV6'), oneOf('stackType', 'IPV4_ONLY', 'IPV4_IPV6', 'IPV6_ONLY')),
  computed: ({ inputs, cloud, existing }) => {
    if (existing) return { vpnInterfaces: list(existing.outputs, 'vpnInterfaces') };
    const first = allocateExternalAddress(cloud);
    const second = allocateExternalAddress(cloud);
    return {
      vpnInterfaces: [first, second].map((ipAddress, i) => {
        const given = list(inputs, 'vpnInterfaces').find((item) => number(item, 'id') === i);
        return { id: i, ipAddress, interconnectAttachment: text(given, 'interconnectAttachment') ?? '' };
      }),
    };
  },
});
