import type { Resource } from '../../reachability/resources/resource';
import { type Unknown, UNKNOWN } from '../../reachability/resources/value';
import { annotation, kubernetesObjects } from '../clusters';
import { flagAt, propertiesAt, textAt, textOf } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

interface Settings {
  readonly ports: readonly number[];
}

const AWS_SCHEME = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
const AWS_INTERNAL = 'service.beta.kubernetes.io/aws-load-balancer-internal';
const AWS_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-type';
const GKE_TYPES = ['networking.gke.io/load-balancer-type', 'cloud.google.com/load-balancer-type'];
const NLB_CLASS = 'service.k8s.aws/nlb';

/**
 * A load balancer in front of the database or its DNS has no public address. The clouds make public ones unless an
 * annotation of their own says otherwise; the other cloud's annotation says nothing (AWS Load Balancer Controller,
 * "Service annotations"; GKE, "LoadBalancer Service parameters").
 */
export const loadBalancersInternal: Rule<Settings> = {
  name: 'load-balancers-internal',
  description: 'Load balancers in front of Cassandra and DNS are internal.',
  level: 'mandatory',
  settings: {
    ports: {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 65535 },
      default: [53, 7000, 7001, 7199, 9042, 9142],
      description: 'Ports that no public load balancer serves.',
    },
  },
  judge: (stack, { ports }) => [
    ...kubernetesObjects(stack, 'Service').flatMap((service) => judgeService(stack, service, ports)),
    ...stack.inventory.all('aws:lb/listener:Listener').flatMap((listener) => judgeListener(stack, listener, ports)),
    ...stack.inventory
      .all('gcp:compute/forwardingRule:ForwardingRule', 'gcp:compute/globalForwardingRule:GlobalForwardingRule')
      .flatMap((rule) => judgeForwardingRule(rule, ports)),
  ],
};

function judgeService(stack: Stack, service: Resource, ports: readonly number[]): Finding[] {
  const type = textAt(service, 'spec.type');
  if (type === UNKNOWN) return [undecided(service, 'spec.type', 'the type')];
  if (type !== 'LoadBalancer' || !serves(propertiesAt(service, 'spec.ports.*.port').map(textOf), ports)) return [];
  const internal = isInternal(stack, service);
  if (internal === UNKNOWN)
    return [undecided(service, 'metadata.annotations', 'whether the load balancer is internal')];
  if (internal) return [];
  const message = `Service ${service.name} has a public load balancer`;
  return [
    broken(service, message, 'annotate it as internal, in the words of its cloud', {
      property: 'metadata.annotations',
    }),
  ];
}

/** A port that is not known may be one of them. */
function serves(served: readonly (string | Unknown | undefined)[], ports: readonly number[]): boolean {
  return served.some((port) => port === UNKNOWN || ports.includes(Number(port)));
}

function isInternal(stack: Stack, service: Resource): boolean | Unknown {
  const cloud = stack.model.clusters.byObject.get(service)?.cloud;
  const onAws = internalOnAws(service);
  const onGoogle = internalOnGoogle(service);
  if (cloud === 'aws') return onAws;
  if (cloud === 'gcp') return onGoogle;
  // The cluster is not of this stack: either cloud's word is taken for its own.
  return onAws === true || onGoogle === true ? true : onAws === UNKNOWN ? UNKNOWN : false;
}

/** The controller's load balancers are internal unless told otherwise, the in-tree ones public. */
function internalOnAws(service: Resource): boolean | Unknown {
  const scheme = annotation(service, AWS_SCHEME);
  if (scheme !== undefined) return scheme === UNKNOWN ? UNKNOWN : scheme === 'internal';
  const older = annotation(service, AWS_INTERNAL);
  if (older !== undefined) return older === UNKNOWN ? UNKNOWN : older === 'true' || older === '0.0.0.0/0';
  const type = annotation(service, AWS_TYPE);
  return service.knownText('spec.loadBalancerClass') === NLB_CLASS || type === 'external' || type === 'nlb-ip';
}

function internalOnGoogle(service: Resource): boolean | Unknown {
  const byClass = service.text('spec.loadBalancerClass');
  if (byClass !== undefined)
    return byClass === UNKNOWN ? UNKNOWN : byClass === 'networking.gke.io/l4-regional-internal';
  const types = GKE_TYPES.map((key) => annotation(service, key));
  if (types.includes(UNKNOWN)) return UNKNOWN;
  return types.some((type) => String(type).toLowerCase() === 'internal');
}

function judgeListener({ inventory }: Stack, listener: Resource, ports: readonly number[]): Finding[] {
  if (!serves([textAt(listener, 'port')], ports)) return [];
  const balancer = inventory.find(listener, 'loadBalancerArn', 'aws:lb/loadBalancer:LoadBalancer');
  const internal = balancer && flagAt(balancer, 'internal');
  if (balancer === undefined || internal === UNKNOWN)
    return [undecided(listener, 'loadBalancerArn', 'the load balancer')];
  if (internal === true) return [];
  const message = `load balancer ${balancer.name} is public and serves ${String(textAt(listener, 'port'))}`;
  return [broken(balancer, message, 'set internal to true', { property: 'internal' })];
}

function judgeForwardingRule(rule: Resource, ports: readonly number[]): Finding[] {
  const scheme = textAt(rule, 'loadBalancingScheme');
  if (scheme === UNKNOWN) return [undecided(rule, 'loadBalancingScheme', 'the scheme')];
  if (scheme?.startsWith('INTERNAL') === true) return [];
  const [from, to = from] = (rule.knownText('portRange') ?? '').split('-').map(Number);
  const inRange = ports.some((port) => from !== undefined && to !== undefined && from <= port && port <= to);
  const listed = serves(propertiesAt(rule, 'ports.*').map(textOf), ports);
  if (!inRange && !listed && flagAt(rule, 'allPorts') !== true) return [];
  const message = `forwarding rule ${rule.name} is public`;
  return [broken(rule, message, 'set loadBalancingScheme to INTERNAL', { property: 'loadBalancingScheme' })];
}
