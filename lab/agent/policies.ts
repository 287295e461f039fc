/**
 * NetworkPolicies as nftables rules on the pods' machines (Kubernetes documentation, "Network Policies"), as an agent of the
 * CNI does it: once a policy of a direction selects a pod, only what a rule of such a policy admits passes that way.
 */
import type { Json, KubernetesObject } from '../kubernetes/objects';
import { selects } from './selectors';

export type Labels = Readonly<Record<string, string>>;

/** A pod as policies see it. One on its machine's own network is none. */
export interface PolicyPod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  /** Container ports by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** What is known of a cluster besides the pods of a machine. */
export interface PolicyWorld {
  readonly policies: readonly KubernetesObject[];
  readonly pods: readonly PolicyPod[];
  /** Labels by namespace. */
  readonly namespaces: ReadonlyMap<string, Labels>;
}

type Direction = 'ingress' | 'egress';

/**
 * The rules of a machine for its own pods, replacing those of before.
 *
 * What the machine itself sends to its pods passes, as Kubernetes has it for the kubelet: that is not forwarded.
 */
export function policyRules(own: readonly PolicyPod[], world: PolicyWorld): string {
  const chains = own.flatMap((pod) =>
    (['egress', 'ingress'] as const).flatMap((direction) => podChain(pod, direction, world)),
  );
  return [
    'table ip policies',
    'delete table ip policies',
    'table ip policies {',
    ...chains.flatMap(({ name, lines }) => [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), '  }']),
    '  chain forward {',
    '    type filter hook forward priority filter;',
    '    ct state established,related accept',
    // Policies are defined for TCP, UDP and SCTP.
    '    ip protocol icmp accept',
    ...chains.map(({ name, match }) => `    ${match} jump ${name}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

interface PodChain {
  readonly name: string;
  readonly match: string;
  readonly lines: readonly string[];
}

/** None where no policy of the direction selects the pod. */
function podChain(pod: PolicyPod, direction: Direction, world: PolicyWorld): PodChain[] {
  const selecting = world.policies.filter(
    (policy) =>
      policy.metadata.namespace === pod.namespace &&
      concerns(policy, direction) &&
      selects(policy.spec.podSelector, pod.labels),
  );
  if (selecting.length === 0) return [];
  const lines = selecting.flatMap((policy) =>
    ((policy.spec[direction] ?? []) as Json[]).flatMap((rule) => ruleLines(pod, direction, policy, rule, world)),
  );
  return [
    {
      name: `${direction}_${pod.address.replaceAll('.', '_')}`,
      match: `ip ${direction === 'ingress' ? 'daddr' : 'saddr'} ${pod.address}`,
      lines: [...lines, 'counter drop'],
    },
  ];
}

/** Without `policyTypes` a policy is about ingress, and about egress if it has egress rules. */
function concerns({ spec }: KubernetesObject, direction: Direction): boolean {
  const types = (spec.policyTypes ?? []) as string[];
  if (types.length > 0) return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  return direction === 'ingress' || ((spec.egress ?? []) as Json[]).length > 0;
}

function ruleLines(
  pod: PolicyPod,
  direction: Direction,
  policy: KubernetesObject,
  rule: Json,
  world: PolicyWorld,
): string[] {
  const side = direction === 'ingress' ? 'saddr' : 'daddr';
  const peers = ((direction === 'ingress' ? rule.from : rule.to) ?? []) as Json[];
  const ports = (rule.ports ?? []) as Json[];
  // A port's name is the receiver's: that of the pod itself, or that of each pod it sends to.
  if (direction === 'ingress' || !ports.some(({ port }) => typeof port === 'string')) {
    const matches = peers.length === 0 ? [''] : peers.flatMap((peer) => peerMatches(peer, side, policy, world));
    return matches.flatMap((match) => portMatches(ports, pod).map((port) => join(match, port, 'return')));
  }
  return peers
    .flatMap((peer) => selectedPods(peer, policy, world))
    .flatMap((other) => portMatches(ports, other).map((port) => join(`ip daddr ${other.address}`, port, 'return')));
}

function peerMatches(peer: Json, side: 'saddr' | 'daddr', policy: KubernetesObject, world: PolicyWorld): string[] {
  if (peer.ipBlock !== undefined) {
    const except = (peer.ipBlock.except ?? []) as string[];
    const without = except.length === 0 ? '' : `ip ${side} != { ${except.join(', ')} }`;
    return [join(`ip ${side} ${peer.ipBlock.cidr}`, without)];
  }
  const addresses = selectedPods(peer, policy, world).map(({ address }) => address);
  return addresses.length === 0 ? [] : [`ip ${side} { ${[...new Set(addresses)].sort().join(', ')} }`];
}

function selectedPods(peer: Json, policy: KubernetesObject, { pods, namespaces }: PolicyWorld): PolicyPod[] {
  if (peer.ipBlock !== undefined) return [];
  return pods.filter(({ namespace, labels }) => {
    const inNamespace =
      peer.namespaceSelector === undefined
        ? namespace === policy.metadata.namespace
        : selects(peer.namespaceSelector, {
            ...namespaces.get(namespace),
            // Every namespace carries its name as a label, set by the API server.
            'kubernetes.io/metadata.name': namespace,
          });
    return inNamespace && (peer.podSelector === undefined || selects(peer.podSelector, labels));
  });
}

/** No ports means every protocol; a name that the pod does not have means nothing. */
function portMatches(ports: readonly Json[], pod: PolicyPod): string[] {
  if (ports.length === 0) return [''];
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    const name = String(protocol).toLowerCase();
    if (port === undefined) return [`ip protocol ${name}`];
    const number = typeof port === 'string' && !/^[0-9]+$/.test(port) ? pod.ports[port] : Number(port);
    if (number === undefined) return [];
    return [`${name} dport ${endPort === undefined ? number : `${number}-${String(endPort)}`}`];
  });
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
