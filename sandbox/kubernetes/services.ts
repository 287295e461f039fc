import { flag, isProps, list, number, object, text, texts, type Props } from '../core/values';
import { contains, parseCidr, toText } from './addresses';
import { ApiError, type Cause } from './apiErrors';
import { loadBalancerController } from './helm/loadBalancerController';
import type { Kind, Outcome } from './kind';
import {
  FINALIZERS,
  balancerCauses,
  deleteLoadBalancer,
  serveLoadBalancer,
  withoutLoadBalancer,
} from './loadBalancers';
import { idOf, nameOf, namespaceOf, strings } from './meta';
import { targetsPods } from './pods';
import { portCauses } from './podTemplate';
import type { ClusterState } from './state';

export const SERVICE = 'kubernetes:core/v1:Service';
const ENDPOINTS = 'kubernetes:core/v1:Endpoints';
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export const service: Kind = {
  token: SERVICE,
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
  forceNew: ['spec.clusterIP'],
  seconds: 30,
  awaited: true,
  defaults: defaultService,
  validate: serviceCauses,
  reconcile: reconcileService,
  finalizers: FINALIZERS,
  finalize: deleteLoadBalancer,
};

/** Defaults of `v1.Service` with what the API server allocates: cluster address and node ports. */
function defaultService(live: Props, state: ClusterState): Props {
  const given = withDefaultClass(object(live, 'spec'), live, state);
  const type = text(given, 'type') ?? 'ClusterIP';
  if (type === 'ExternalName') return live;
  const external = type === 'LoadBalancer' || type === 'NodePort';
  const clusterIP = text(given, 'clusterIP') || nextClusterAddress(state, live);
  const used = new Set(nodePorts(state, live));
  const withPorts = list(given, 'ports').map((port): Props => {
    const inner = isProps(port) ? port : {};
    const nodePort: Props = needsNodePort(given, type)
      ? { nodePort: number(inner, 'nodePort') ?? nextNodePort(used) }
      : {};
    return { protocol: 'TCP', targetPort: inner.port ?? 0, ...inner, ...nodePort };
  });
  const spec: Props = {
    type,
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ...(external ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
    ...given,
    clusterIP,
    clusterIPs: [clusterIP],
    ...(withPorts.length > 0 ? { ports: withPorts } : {}),
  };
  return { ...live, spec, status: isProps(live.status) ? live.status : { loadBalancer: {} } };
}

/** A new Service passes AWS Load Balancer Controller's webhook where that is on; it gives load balancers its class. */
function withDefaultClass(spec: Props, live: Props, state: ClusterState): Props {
  const isNew = state.stored(SERVICE, idOf(live)) === undefined;
  if (!isNew || !loadBalancerController.mutatesServices(state)) return spec;
  return text(spec, 'type') === 'LoadBalancer' ? { loadBalancerClass: 'service.k8s.aws/nlb', ...spec } : spec;
}

function needsNodePort(spec: Props, type: string): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && flag(spec, 'allocateLoadBalancerNodePorts') !== false);
}

/** The API server keeps the lowest addresses of the range for Services that ask for one ("ServiceIP reservation"). */
const FIRST_DYNAMIC = 16;

/** The address the Service has, or the lowest free one. */
function nextClusterAddress(state: ClusterState, live: Props): string {
  const range = parseCidr(state.cluster.servicesCidr);
  const own = text(state.get(SERVICE, nameOf(live), namespaceOf(live)), 'spec', 'clusterIP');
  if (own) return own;
  const taken = new Set(state.all(SERVICE).map((other) => text(other, 'spec', 'clusterIP')));
  for (let offset = FIRST_DYNAMIC; range && offset < range.size - 1; offset += 1) {
    const address = toText(range.first + offset);
    if (!taken.has(address)) return address;
  }
  throw new ApiError('InternalError', 'Internal error occurred: failed to allocate a serviceIP: range is full');
}

function nodePorts(state: ClusterState, live: Props): number[] {
  return state
    .all(SERVICE)
    .filter((other) => idOf(other) !== idOf(live))
    .flatMap((other) => list(other, 'spec', 'ports').flatMap((port) => number(port, 'nodePort') ?? []));
}

function nextNodePort(used: Set<number>): number {
  let port = 30000;
  while (used.has(port)) port += 1;
  used.add(port);
  return port;
}

/** What the API server refuses in a Service (Kubernetes documentation, "Service"; validation of `core/v1`). */
function serviceCauses(live: Props, state: ClusterState, before?: Props): Cause[] {
  const spec = object(live, 'spec');
  const type = text(spec, 'type') ?? 'ClusterIP';
  if (!TYPES.includes(type)) {
    const values = TYPES.map((known) => `"${known}"`).join(', ');
    return [{ field: 'spec.type', detail: `Unsupported value: "${type}": supported values: ${values}` }];
  }
  if (type === 'ExternalName') {
    return text(spec, 'externalName') ? [] : [{ field: 'spec.externalName', detail: 'Required value' }];
  }
  return [
    ...portsCauses(spec),
    ...clusterAddressCauses(spec, live, state, before),
    ...balancerFieldCauses(spec, type, before),
    ...(type === 'LoadBalancer' ? balancerCauses(live, state) : []),
  ];
}

function portsCauses(spec: Props): Cause[] {
  const ports = list(spec, 'ports');
  const headless = text(spec, 'clusterIP') === 'None';
  if (ports.length === 0) return headless ? [] : [{ field: 'spec.ports', detail: 'Required value' }];
  const names = new Set<string>();
  const pairs = new Set<string>();
  return ports.flatMap((port, i) => {
    const field = `spec.ports[${i}]`;
    const causes = portCauses(number(port, 'port'), `${field}.port`);
    const name = text(port, 'name') ?? '';
    const protocol = text(port, 'protocol') ?? 'TCP';
    if (name === '' && ports.length > 1) causes.push({ field: `${field}.name`, detail: 'Required value' });
    if (name !== '' && names.has(name)) causes.push({ field: `${field}.name`, detail: `Duplicate value: "${name}"` });
    if (!['TCP', 'UDP', 'SCTP'].includes(protocol)) {
      causes.push({
        field: `${field}.protocol`,
        detail: `Unsupported value: "${protocol}": supported values: "SCTP", "TCP", "UDP"`,
      });
    }
    const pair = `${protocol}/${number(port, 'port')}`;
    if (pairs.has(pair))
      causes.push({ field, detail: `Duplicate value: ${JSON.stringify({ port: number(port, 'port'), protocol })}` });
    names.add(name);
    pairs.add(pair);
    return causes;
  });
}

function clusterAddressCauses(spec: Props, live: Props, state: ClusterState, before: Props | undefined): Cause[] {
  const address = text(spec, 'clusterIP') ?? 'None';
  const old = text(before, 'spec', 'clusterIP');
  if (old !== undefined && old !== address) {
    return [{ field: 'spec.clusterIPs[0]', detail: `Invalid value: ["${address}"]: may not change once set` }];
  }
  if (address === 'None') {
    return text(spec, 'type') === 'LoadBalancer' || text(spec, 'type') === 'NodePort'
      ? [
          {
            field: 'spec.clusterIPs[0]',
            detail: `Invalid value: "None": may not be set to 'None' for ${text(spec, 'type')} services`,
          },
        ]
      : [];
  }
  const failed = (why: string) => [
    { field: 'spec.clusterIPs', detail: `Invalid value: ["${address}"]: failed to allocate IP ${address}: ${why}` },
  ];
  if (!contains(state.cluster.servicesCidr, address)) {
    return failed(
      `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${state.cluster.servicesCidr}`,
    );
  }
  const taken = state
    .all(SERVICE)
    .some((other) => text(other, 'spec', 'clusterIP') === address && idOf(other) !== idOf(live));
  return taken ? failed('provided IP is already allocated') : [];
}

function balancerFieldCauses(spec: Props, type: string, before: Props | undefined): Cause[] {
  const causes: Cause[] = [];
  const oldClass = text(before, 'spec', 'loadBalancerClass');
  const newClass = text(spec, 'loadBalancerClass');
  if (newClass !== undefined && type !== 'LoadBalancer') {
    causes.push({
      field: 'spec.loadBalancerClass',
      detail: "Forbidden: may only be used when `type` is 'LoadBalancer'",
    });
  }
  if (text(before, 'spec', 'type') === 'LoadBalancer' && type === 'LoadBalancer' && oldClass !== newClass) {
    causes.push({
      field: 'spec.loadBalancerClass',
      detail: `Invalid value: "${newClass ?? ''}": may not change once set`,
    });
  }
  const sources = texts(spec, 'loadBalancerSourceRanges');
  if (sources.length > 0 && type !== 'LoadBalancer') {
    causes.push({
      field: 'spec.LoadBalancerSourceRanges',
      detail: "Forbidden: may only be used when `type` is 'LoadBalancer'",
    });
  }
  for (const source of sources) {
    if (parseCidr(source.trim())) continue;
    causes.push({
      field: 'spec.LoadBalancerSourceRanges',
      detail: `Invalid value: ${JSON.stringify(sources)}: must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24`,
    });
    break;
  }
  return causes;
}

/**
 * The service controllers. The provider waits until the Service has targets, and an address where it is a load
 * balancer (pulumi-kubernetes, await logic of `core/v1/Service`); headless ones are ready at once.
 */
function reconcileService(live: Props, state: ClusterState): Outcome {
  const type = text(live, 'spec', 'type');
  const balanced = type === 'LoadBalancer' ? serveLoadBalancer(live, state) : withoutLoadBalancer(live, state);
  const waits = type !== 'ExternalName' && text(live, 'spec', 'clusterIP') !== 'None';
  if (!waits || hasTargets(live, state)) return balanced;
  const noTargets =
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods";
  return { live: balanced.live, pending: [noTargets, ...balanced.pending] };
}

function hasTargets(live: Props, state: ClusterState): boolean {
  if (Object.keys(strings(object(live, 'spec', 'selector'))).length > 0) return targetsPods(state, live);
  return list(state.get(ENDPOINTS, nameOf(live), namespaceOf(live) ?? 'default'), 'subsets').length > 0;
}
