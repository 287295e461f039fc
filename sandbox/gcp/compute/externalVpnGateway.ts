import { list, number, text, type Props } from '../../core/values';
import { all, ipAddress, oneOf } from '../checks';
import { invalidField } from '../errors';
import { computeResource } from '../resource';

/** How many interfaces each kind of peer gateway has (Cloud VPN documentation, "External VPN gateways"). */
const INTERFACES: Readonly<Record<string, number>> = {
  SINGLE_IP_INTERNALLY_REDUNDANT: 1,
  TWO_IPS_REDUNDANCY: 2,
  FOUR_IPS_REDUNDANCY: 4,
};

/** The peer's gateway as Google Cloud knows it (Compute Engine API, `externalVpnGateways`). */
export const externalVpnGateway = computeResource({
  collection: 'externalVpnGateways',
  title: 'ExternalVpnGateway',
  immutable: ['description', 'interfaces', 'params', 'redundancyType'],
  labels: true,
  seconds: { create: 11, update: 6, delete: 11 },
  check: all(oneOf('redundancyType', ...Object.keys(INTERFACES)), ipAddress('interfaces[*].ipAddress')),
  validate: ({ inputs }) => {
    const interfaces = list(inputs, 'interfaces');
    const redundancy = text(inputs, 'redundancyType') ?? '';
    const expected = INTERFACES[redundancy];
    if (expected === undefined) throw invalidField('redundancyType', redundancy, 'It is required.');
    if (interfaces.length !== expected) {
      const why = `${redundancy} requires exactly ${expected} interface${expected === 1 ? '' : 's'}.`;
      throw invalidField('interfaces', interfaces.length, why);
    }
    validateInterfaces(interfaces as Props[]);
  },
});

function validateInterfaces(interfaces: readonly Props[]): void {
  const ids = interfaces.map((item) => number(item, 'id') ?? 0).sort((a, b) => a - b);
  if (!ids.every((id, i) => id === i)) {
    throw invalidField('interfaces.id', ids, `Interface ids are 0 to ${interfaces.length - 1}, each once.`);
  }
  const addresses = interfaces.map((item) => text(item, 'ipAddress') ?? text(item, 'ipv6Address'));
  const missing = addresses.findIndex((address) => address === undefined);
  if (missing >= 0) throw invalidField(`interfaces[${missing}].ipAddress`, '', 'An address is required.');
  const twice = addresses.find((address, i) => addresses.indexOf(address) !== i);
  if (twice !== undefined)
    throw invalidField('interfaces.ipAddress', twice, 'Interfaces must have distinct addresses.');
}
