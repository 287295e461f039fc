import type { Stored } from '../../core/store';
import { flag, list, number, text, texts, type Props } from '../../core/values';
import { all, isSet, oneOf } from '../checks';
import { googleError, invalidField } from '../errors';
import { COLLECTIONS, nameOf, resolvePath } from '../names';
import { usersOf, usesOf } from '../references';
import { partsOf, routerPart, type PartRequest } from './routerPart';
import { rangesOf } from './vpcRanges';

const ROUTER_NAT = 'gcp:compute/routerNat:RouterNat';

/** Cloud NAT gateways (Compute Engine API, `routers.nats`; Cloud NAT documentation). */
export const routerNat = routerPart({
  token: ROUTER_NAT,
  title: 'RouterNat',
  immutable: ['initialNatIps', 'type', 'endpointTypes'],
  seconds: { create: 12, update: 12, delete: 12 },
  defaults: {
    icmpIdleTimeoutSec: 30,
    tcpEstablishedIdleTimeoutSec: 1200,
    tcpTimeWaitTimeoutSec: 120,
    tcpTransitoryIdleTimeoutSec: 30,
    udpIdleTimeoutSec: 30,
    type: 'PUBLIC',
  },
  check: all(
    oneOf('natIpAllocateOption', 'MANUAL_ONLY', 'AUTO_ONLY'),
    oneOf(
      'sourceSubnetworkIpRangesToNat',
      'ALL_SUBNETWORKS_ALL_IP_RANGES',
      'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES',
      'LIST_OF_SUBNETWORKS',
    ),
    oneOf('subnetworks[*].sourceIpRangesToNats[*]', 'ALL_IP_RANGES', 'LIST_OF_SECONDARY_IP_RANGES', 'PRIMARY_IP_RANGE'),
    oneOf('type', 'PUBLIC', 'PRIVATE'),
    oneOf('logConfig.filter', 'ERRORS_ONLY', 'TRANSLATIONS_ONLY', 'ALL'),
    checkPorts,
  ),
  validate: (request) => {
    validateAddresses(request.inputs);
    validateSubnetworks(request);
    validateSiblings(request);
  },
  computed: ({ inputs }) => ({
    natIpAllocateOption: text(inputs, 'natIpAllocateOption') ?? 'AUTO_ONLY',
    enableDynamicPortAllocation: flag(inputs, 'enableDynamicPortAllocation') ?? false,
    enableEndpointIndependentMapping: flag(inputs, 'enableEndpointIndependentMapping') ?? false,
    endpointTypes: texts(inputs, 'endpointTypes').length ? texts(inputs, 'endpointTypes') : ['ENDPOINT_TYPE_VM'],
    minPortsPerVm: number(inputs, 'minPortsPerVm') ?? (flag(inputs, 'enableDynamicPortAllocation') ? 32 : 64),
    maxPortsPerVm: number(inputs, 'maxPortsPerVm') ?? (flag(inputs, 'enableDynamicPortAllocation') ? 65536 : 0),
    autoNetworkTier: text(inputs, 'autoNetworkTier') ?? 'PREMIUM',
    sourceSubnetworkIpRangesToNat64: text(inputs, 'sourceSubnetworkIpRangesToNat64') ?? '',
  }),
});

/** Cloud NAT documentation, "Ports": powers of two, and endpoint-independent mapping without dynamic ports. */
function checkPorts(inputs: Props) {
  const failures = [];
  const dynamic = flag(inputs, 'enableDynamicPortAllocation') ?? false;
  const [min, max] = [number(inputs, 'minPortsPerVm'), number(inputs, 'maxPortsPerVm')];
  if (dynamic && flag(inputs, 'enableEndpointIndependentMapping')) {
    failures.push({
      property: 'enableEndpointIndependentMapping',
      reason: 'enable_dynamic_port_allocation and enable_endpoint_independent_mapping are mutually exclusive',
    });
  }
  if (!dynamic && max !== undefined) {
    failures.push({ property: 'maxPortsPerVm', reason: 'it can only be set when enableDynamicPortAllocation is true' });
  }
  for (const [property, value] of Object.entries({ minPortsPerVm: min, maxPortsPerVm: max })) {
    if (dynamic && value !== undefined && !Number.isInteger(Math.log2(value))) {
      failures.push({ property, reason: `expected a power of two, got ${value}` });
    }
  }
  if (min !== undefined && max !== undefined && max <= min) {
    failures.push({ property: 'maxPortsPerVm', reason: `expected more than minPortsPerVm (${min}), got ${max}` });
  }
  return failures;
}

function validateAddresses(inputs: Props): void {
  const manual = text(inputs, 'natIpAllocateOption') === 'MANUAL_ONLY';
  const given = isSet(inputs, 'natIps') || isSet(inputs, 'initialNatIps');
  if (manual && !given) {
    throw invalidField('nats[0].natIps', [], 'At least one address is required with MANUAL_ONLY.');
  }
  if (!manual && given)
    throw invalidField('nats[0].natIps', texts(inputs, 'natIps'), 'It must be empty with AUTO_ONLY.');
}

function validateSubnetworks({ inputs, cloud, project, region, router }: PartRequest): void {
  const listed = text(inputs, 'sourceSubnetworkIpRangesToNat') === 'LIST_OF_SUBNETWORKS';
  const items = list(inputs, 'subnetworks');
  if (listed !== items.length > 0) {
    throw invalidField(
      'nats[0].subnetworks',
      items.length,
      'They are listed with LIST_OF_SUBNETWORKS, and with it only.',
    );
  }
  const network = usesOf(router).find((path) => path.includes('/networks/')) ?? '';
  for (const item of items) {
    const name = text(item, 'name') ?? '';
    const path = resolvePath(name, 'subnetworks', project, region) ?? '';
    const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, path);
    if (!subnetwork || !usesOf(subnetwork).includes(network)) {
      throw invalidField('nats[0].subnetworks.name', name, `It is not in the router's network '${nameOf(network)}'.`);
    }
    const wanted = texts(item, 'secondaryIpRangeNames');
    if (wanted.length > 0 !== texts(item, 'sourceIpRangesToNats').includes('LIST_OF_SECONDARY_IP_RANGES')) {
      throw invalidField(
        'nats[0].subnetworks.secondaryIpRangeNames',
        wanted,
        'They go with LIST_OF_SECONDARY_IP_RANGES.',
      );
    }
    const missing = wanted.find((range) => !rangesOf(subnetwork).some(({ secondary }) => secondary === range));
    if (missing !== undefined) {
      throw invalidField('nats[0].subnetworks.secondaryIpRangeNames', missing, `'${nameOf(path)}' has no such range.`);
    }
  }
}

/** Two gateways of one network and region may not serve the same range (Cloud NAT documentation, "Specifications"). */
function validateSiblings(request: PartRequest): void {
  const { inputs, project, region, router, name } = request;
  const served = (of: Props) =>
    text(of, 'sourceSubnetworkIpRangesToNat') === 'LIST_OF_SUBNETWORKS'
      ? list(of, 'subnetworks').map((item) => resolvePath(text(item, 'name') ?? '', 'subnetworks', project, region))
      : 'all';
  const mine = served(inputs);
  for (const other of gatewaysBeside(request)) {
    if (text(other.outputs, 'type') !== (text(inputs, 'type') ?? 'PUBLIC')) continue;
    const theirs = served(other.inputs);
    if (mine === 'all' || theirs === 'all' || mine.some((path) => theirs.includes(path))) {
      const message = `Subnetwork ranges of NAT '${name}' of router '${nameOf(router.id)}' are already served by NAT '${other.id}'.`;
      throw googleError(400, message, 'invalid');
    }
  }
}

/** The other gateways of the router's network and region. */
function gatewaysBeside({ cloud, region, router, existing }: PartRequest): Stored[] {
  const network = usesOf(router).find((path) => path.includes('/networks/')) ?? '';
  return usersOf(cloud, network)
    .filter(({ token, outputs }) => token === COLLECTIONS.routers.token && text(outputs, 'region') === region)
    .flatMap(({ id }) => partsOf(cloud, ROUTER_NAT, id))
    .filter(({ id }) => id !== existing?.id);
}
