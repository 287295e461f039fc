/**
 * NetworkPolicy objects (Kubernetes documentation, "Network Policies"): a pod that no policy of a direction selects is
 * open; once one selects it, only what some policy's rule admits passes.
 */
import { type Address, type Range, holds } from '../../ip';
import { type Resource, asNumber, asText } from '../../resources/resource';
import { type Fields, type Value, isList } from '../../resources/value';
import type { Service } from '../ports';
import { rangeOfValue } from '../ranges';
import type { Pod } from './cluster';
import { PORT_NAMES } from './portNames';
import { type Labels, dig, kindOf, nameOf, namespaceOf, objectsOf, selects, textMap } from './objects';

export interface NetworkPolicies {
  readonly policies: readonly NetworkPolicy[];
  /** Labels of the namespaces, by name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
}

export interface NetworkPolicy {
  readonly urn: string;
  readonly namespace: string;
  readonly selector: Value | undefined;
  /** Rules by direction; undefined for a direction that the policy says nothing about. */
  readonly ingress: readonly PolicyRule[] | undefined;
  readonly egress: readonly PolicyRule[] | undefined;
}

export interface PolicyRule {
  /** Empty for everybody. */
  readonly peers: readonly Fields[];
  readonly ports: readonly Fields[];
}

/** The other end of a connection as policies see it. */
export interface PolicyPeer {
  readonly address: Address;
  /** The pod, when the other end is one of the same cluster. */
  readonly pod: Pod | undefined;
}

export function readNetworkPolicies(objects: readonly Resource[]): NetworkPolicies {
  const namespaces = new Map<string, Labels>();
  const policies: NetworkPolicy[] = [];
  for (const object of objects) {
    if (kindOf(object) === 'Namespace') namespaces.set(nameOf(object), textMap(object.value('metadata.labels')));
    if (kindOf(object) === 'NetworkPolicy') policies.push(readPolicy(object));
  }
  return { policies, namespaces };
}

/** Without `policyTypes` a policy is about ingress, and about egress if it has egress rules. */
function readPolicy(object: Resource): NetworkPolicy {
  const types = object.knownTexts('spec.policyTypes');
  const rules = (direction: 'ingress' | 'egress', peers: string): PolicyRule[] =>
    objectsOf(object.value(`spec.${direction}`)).map((rule) => ({
      peers: objectsOf(rule[peers]),
      ports: objectsOf(rule['ports']),
    }));
  const egress = rules('egress', 'to');
  const concerns = (type: string, otherwise: boolean): boolean => (types.length > 0 ? types.includes(type) : otherwise);
  return {
    urn: object.urn,
    namespace: namespaceOf(object),
    selector: object.value('spec.podSelector'),
    ingress: concerns('Ingress', true) ? rules('ingress', 'from') : undefined,
    egress: concerns('Egress', egress.length > 0) ? egress : undefined,
  };
}

export interface PolicyDecision {
  readonly allow: boolean;
  /** Policy that admits, or that should have. */
  readonly urn: string;
  readonly why: string;
}

/** Undefined when no policy of this direction selects the pod. */
export function judgePolicies(
  { policies, namespaces }: NetworkPolicies,
  direction: 'ingress' | 'egress',
  pod: Pod,
  peer: PolicyPeer,
  service: Service,
): PolicyDecision | undefined {
  const selecting = policies.filter(
    (policy) =>
      policy[direction] !== undefined && policy.namespace === pod.namespace && selects(policy.selector, pod.labels),
  );
  const [first] = selecting;
  if (first === undefined) return undefined;
  const rulesOf = (policy: NetworkPolicy): readonly PolicyRule[] => policy[direction] ?? [];
  for (const policy of selecting) {
    const admits = rulesOf(policy).some(
      (rule) => portsMatch(rule.ports, service) && peersMatch(rule.peers, policy, peer, namespaces),
    );
    if (admits) return { allow: true, urn: policy.urn, why: `${direction} is admitted` };
  }
  // The policy that speaks of this port, else the narrowest one that has rules, is where the rule is missing.
  const speaking = selecting.find((policy) => rulesOf(policy).some((rule) => portsMatch(rule.ports, service)));
  const withRules = selecting.find((policy) => rulesOf(policy).length > 0);
  const urn = (speaking ?? withRules ?? first).urn;
  return { allow: false, urn, why: `no rule of the ${selecting.length} policies that select ${pod.name} admits it` };
}

function portsMatch(ports: readonly Fields[], service: Service): boolean {
  if (ports.length === 0) return true;
  // Ports are of TCP, UDP and SCTP: a rule with ports never admits ICMP.
  return ports.some((entry) => {
    const protocol = asText(entry['protocol']) ?? 'TCP';
    if (protocol !== service.protocol.toUpperCase()) return false;
    const written = asText(entry['port']);
    if (written === undefined) return true;
    const from = typeof written === 'string' ? (PORT_NAMES[written] ?? Number(written)) : NaN;
    const end = asNumber(entry['endPort']);
    return from <= service.port && service.port <= (typeof end === 'number' ? end : from);
  });
}

function peersMatch(
  peers: readonly Fields[],
  policy: NetworkPolicy,
  peer: PolicyPeer,
  namespaces: ReadonlyMap<string, Labels>,
): boolean {
  return peers.length === 0 || peers.some((entry) => peerMatches(entry, policy, peer, namespaces));
}

function peerMatches(
  entry: Fields,
  policy: NetworkPolicy,
  { address, pod }: PolicyPeer,
  namespaces: ReadonlyMap<string, Labels>,
): boolean {
  const block = entry['ipBlock'];
  if (block !== undefined) {
    const range = rangeOfValue(dig(block, 'cidr'));
    return range !== undefined && holds(range, address) && !exceptions(block).some((except) => holds(except, address));
  }
  if (pod === undefined || pod.hostNetwork === true) return false;
  const inNamespace =
    entry['namespaceSelector'] === undefined
      ? pod.namespace === policy.namespace
      : selects(entry['namespaceSelector'], namespaceLabels(pod.namespace, namespaces));
  return inNamespace && (entry['podSelector'] === undefined || selects(entry['podSelector'], pod.labels));
}

function exceptions(block: Value): Range[] {
  const list = dig(block, 'except');
  return isList(list) ? list.map(rangeOfValue).filter((range) => range !== undefined) : [];
}

/** Every namespace carries its own name as a label, set by the API server. */
function namespaceLabels(name: string, namespaces: ReadonlyMap<string, Labels>): Labels {
  return new Map([...(namespaces.get(name) ?? []), ['kubernetes.io/metadata.name', name]]);
}
