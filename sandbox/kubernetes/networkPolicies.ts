import { isProps, list, number, object, text, texts, type Props, type Value } from '../core/values';
import { contains, parseCidr } from './addresses';
import type { Cause } from './apiErrors';
import type { Kind } from './kind';
import { portCauses } from './podTemplate';

export const networkPolicy: Kind = {
  token: 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
  forceNew: [],
  awaited: false,
  defaults: (live) => {
    const spec = object(live, 'spec');
    const types = spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
    return {
      ...live,
      spec: { podSelector: {}, policyTypes: types, ...spec, ...rules(spec, 'ingress'), ...rules(spec, 'egress') },
    };
  },
  validate: (live) => {
    const spec = object(live, 'spec');
    const bad = texts(spec, 'policyTypes').filter((type) => type !== 'Ingress' && type !== 'Egress');
    return [
      ...bad.map((type) => ({
        field: 'spec.policyTypes',
        detail: `Unsupported value: "${type}": supported values: "Egress", "Ingress"`,
      })),
      ...list(spec, 'ingress').flatMap((rule, i) => ruleCauses(rule, 'from', `spec.ingress[${i}]`)),
      ...list(spec, 'egress').flatMap((rule, i) => ruleCauses(rule, 'to', `spec.egress[${i}]`)),
    ];
  },
};

/** Rules with the protocol that ports have unless they say so. */
function rules(spec: Props, direction: 'ingress' | 'egress'): Props {
  if (spec[direction] === undefined) return {};
  const filled = list(spec, direction).map((rule) => {
    if (!isProps(rule) || rule.ports === undefined) return rule;
    return { ...rule, ports: list(rule, 'ports').map((port) => ({ protocol: 'TCP', ...(isProps(port) ? port : {}) })) };
  });
  return { [direction]: filled };
}

/** Validation of `networking.k8s.io/v1` (Kubernetes documentation, "Network Policies"). */
function ruleCauses(rule: Value, peers: 'from' | 'to', field: string): Cause[] {
  return [
    ...list(rule, 'ports').flatMap((port, i) => policyPortCauses(port, `${field}.ports[${i}]`)),
    ...list(rule, peers).flatMap((peer, i) => peerCauses(peer, `${field}.${peers}[${i}]`)),
  ];
}

function policyPortCauses(port: Value, field: string): Cause[] {
  const protocol = text(port, 'protocol') ?? 'TCP';
  const from = number(port, 'port');
  const to = number(port, 'endPort');
  const causes: Cause[] = from === undefined ? [] : portCauses(from, `${field}.port`);
  if (!['TCP', 'UDP', 'SCTP'].includes(protocol)) {
    const detail = `Unsupported value: "${protocol}": supported values: "SCTP", "TCP", "UDP"`;
    causes.push({ field: `${field}.protocol`, detail });
  }
  if (to !== undefined && (from === undefined || to < from)) {
    causes.push({
      field: `${field}.endPort`,
      detail: `Invalid value: ${to}: must be greater than or equal to \`port\``,
    });
  }
  return causes;
}

function peerCauses(peer: Value, field: string): Cause[] {
  const kinds = ['podSelector', 'namespaceSelector', 'ipBlock'].filter(
    (name) => object({ peer }, 'peer')[name] !== undefined,
  );
  if (kinds.length === 0) return [{ field, detail: 'Required value: must specify a peer' }];
  if (!kinds.includes('ipBlock')) return [];
  if (kinds.length > 1) return [{ field, detail: 'Forbidden: may not specify both ipBlock and another peer' }];
  const cidr = text(peer, 'ipBlock', 'cidr') ?? '';
  if (!parseCidr(cidr)) {
    return [
      {
        field: `${field}.ipBlock.cidr`,
        detail: `Invalid value: "${cidr}": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
      },
    ];
  }
  return texts(peer, 'ipBlock', 'except').flatMap((except, i) =>
    parseCidr(except) && contains(cidr, except.split('/')[0] ?? '') && except !== cidr
      ? []
      : [
          {
            field: `${field}.ipBlock.except[${i}]`,
            detail: `Invalid value: "${except}": must be a strict subset of \`cidr\``,
          },
        ],
  );
}
