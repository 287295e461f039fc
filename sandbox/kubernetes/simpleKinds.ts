import { list, number, object, text, type Props, type Value } from '../core/values';
import { contains, toNumber } from './addresses';
import type { Cause } from './apiErrors';
import type { Kind } from './kind';
import { namespaceOf, selects, strings } from './meta';
import { podsOf } from './pods';
import { portCauses } from './podTemplate';
import { generationOf } from './waiting';

/** Endpoints that somebody writes by hand, for a Service without a selector. */
export const endpoints: Kind = {
  token: 'kubernetes:core/v1:Endpoints',
  apiVersion: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
  forceNew: [],
  awaited: false,
  defaults: (live) => ({
    ...live,
    subsets: list(live, 'subsets').map((subset) => ({
      ...object({ subset }, 'subset'),
      ...(list(subset, 'ports').length > 0
        ? { ports: list(subset, 'ports').map((port) => ({ protocol: 'TCP', ...object({ port }, 'port') })) }
        : {}),
    })),
  }),
  validate: (live) => list(live, 'subsets').flatMap((subset, i) => subsetCauses(subset, `subsets[${i}]`)),
};

function subsetCauses(subset: Value, field: string): Cause[] {
  const ready = list(subset, 'addresses');
  const unready = list(subset, 'notReadyAddresses');
  if (ready.length + unready.length === 0) {
    return [{ field, detail: 'Required value: must specify `addresses` or `notReadyAddresses`' }];
  }
  const ports = list(subset, 'ports');
  return [
    ...ready.flatMap((address, i) => addressCauses(address, `${field}.addresses[${i}]`)),
    ...unready.flatMap((address, i) => addressCauses(address, `${field}.notReadyAddresses[${i}]`)),
    ...ports.flatMap((port, i) => [
      ...portCauses(number(port, 'port'), `${field}.ports[${i}].port`),
      ...(ports.length > 1 && !text(port, 'name')
        ? [{ field: `${field}.ports[${i}].name`, detail: 'Required value' }]
        : []),
    ]),
  ];
}

/** Ranges that name no other host, and how the API words it. */
const NOT_HOSTS: readonly [string, string][] = [
  ['0.0.0.0/32', 'may not be unspecified (0.0.0.0)'],
  ['127.0.0.0/8', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.0.0/16', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

function addressCauses(address: Value, field: string): Cause[] {
  const ip = text(address, 'ip') ?? '';
  if (toNumber(ip) === undefined) {
    return [
      {
        field: `${field}.ip`,
        detail: `Invalid value: "${ip}": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
      },
    ];
  }
  const bad = NOT_HOSTS.find(([range]) => contains(range, ip));
  return bad ? [{ field: `${field}.ip`, detail: `Invalid value: "${ip}": ${bad[1]}` }] : [];
}

export const podDisruptionBudget: Kind = {
  token: 'kubernetes:policy/v1:PodDisruptionBudget',
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
  forceNew: [],
  awaited: false,
  validate: (live) => {
    const spec = object(live, 'spec');
    return spec.minAvailable !== undefined && spec.maxUnavailable !== undefined
      ? [
          {
            field: 'spec',
            detail: `Invalid value: ${JSON.stringify(spec)}: minAvailable and maxUnavailable cannot be both set`,
          },
        ]
      : [];
  },
  reconcile: (live, state) => {
    const wanted = strings(object(live, 'spec', 'selector', 'matchLabels'));
    const groups = podsOf(state, namespaceOf(live) ?? 'default').filter((pods) => selects(wanted, pods.labels));
    const sum = (of: 'count' | 'ready') => groups.reduce((total, group) => total + group[of], 0);
    const status: Props = {
      observedGeneration: generationOf(live),
      expectedPods: sum('count'),
      currentHealthy: sum('ready'),
      desiredHealthy: Math.max(0, sum('count') - 1),
      disruptionsAllowed: Math.min(1, sum('ready')),
    };
    return { live: { ...live, status }, pending: [] };
  },
};
