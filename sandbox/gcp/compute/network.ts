import { flag, number, text } from '../../core/values';
import { all, between, oneOf } from '../checks';
import { inUse, invalidField } from '../errors';
import { uniqueNumber } from '../names';
import { computeResource } from '../resource';

/** VPC networks (Compute Engine API, `networks`; VPC documentation, "VPC networks"). */
export const network = computeResource({
  collection: 'networks',
  title: 'Network',
  immutable: [
    'autoCreateSubnetworks',
    'deleteDefaultRoutesOnCreate',
    'description',
    'enableUlaInternalIpv6',
    'internalIpv6Range',
    'networkProfile',
    'params',
  ],
  seconds: { create: 22, update: 11, delete: 22 },
  defaults: {
    autoCreateSubnetworks: true,
    deleteDefaultRoutesOnCreate: false,
    deleteBgpAlwaysCompareMed: false,
    networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
  },
  check: all(
    oneOf('routingMode', 'REGIONAL', 'GLOBAL'),
    oneOf('networkFirewallPolicyEnforcementOrder', 'BEFORE_CLASSIC_FIREWALL', 'AFTER_CLASSIC_FIREWALL'),
    oneOf('bgpBestPathSelectionMode', 'LEGACY', 'STANDARD'),
    oneOf('bgpInterRegionCost', 'DEFAULT', 'ADD_COST_TO_MED'),
    between('mtu', 1300, 8896),
  ),
  validate: ({ inputs, existing }) => {
    if (flag(inputs, 'bgpAlwaysCompareMed') && text(inputs, 'bgpBestPathSelectionMode') !== 'STANDARD') {
      throw invalidField('routingConfig.bgpAlwaysCompareMed', true, 'It can be set in STANDARD mode only.');
    }
    // VPC documentation, "Maximum transmission unit": machines must be stopped while it changes.
    if (existing && number(existing.outputs, 'mtu') !== (number(inputs, 'mtu') ?? 1460)) {
      throw inUse('network', existing.id, `${existing.id}: its MTU can change only while no instance runs in it`);
    }
  },
  computed: ({ inputs, cloud, existing }) => {
    const id = text(existing?.outputs, 'networkId') ?? uniqueNumber(cloud);
    return {
      networkId: id,
      numericId: id,
      gatewayIpv4: '',
      internalIpv6Range: text(inputs, 'internalIpv6Range') ?? '',
      mtu: number(inputs, 'mtu') ?? 1460,
      routingMode: text(inputs, 'routingMode') ?? 'REGIONAL',
      bgpBestPathSelectionMode: text(inputs, 'bgpBestPathSelectionMode') ?? 'LEGACY',
      bgpAlwaysCompareMed: flag(inputs, 'bgpAlwaysCompareMed') ?? false,
      bgpInterRegionCost: text(inputs, 'bgpInterRegionCost') ?? '',
    };
  },
});
