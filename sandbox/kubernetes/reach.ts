import { list, text, texts, type Props, type Value } from '../core/values';
import { contains, toNumber } from './addresses';
import { DATACENTER, isReady, readDatacenter } from './cassandra/datacenter';
import { loadBalancerAddresses } from './loadBalancers';
import { linkExists } from './link';
import { containers } from './podTemplate';
import { SERVICE } from './services';
import { targetsPods } from './pods';
import type { ClusterState } from './state';

const IPV4 = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.]|\/\d)/g;
const SERVICE_HOST =
  /(?<![\w.-])([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.svc(?:\.cluster\.local)?(?![\w-])/g;

/**
 * Why what a pod's containers connect to does not answer. The rule is coarse on purpose, and independent of any
 * routing model: an address named in a command, argument or variable answers if it is a load balancer's that exists,
 * and, where it stands in another cluster, if a VPN with a BGP session and both of its ends exists. A Service named
 * by its DNS name has to exist and to have pods.
 */
export function connectionProblems(state: ClusterState, namespace: string, spec: Props): string[] {
  const words = [...containers(spec, 'initContainers'), ...containers(spec, 'containers')].flatMap(wordsOf).join(' ');
  const addresses = [...new Set([...words.matchAll(IPV4)].map(([, address = '']) => address))].filter(isTarget);
  const hosts = new Map([...words.matchAll(SERVICE_HOST)].map((match) => [match[0], match] as const));
  return [
    ...replicationProblems(state, words),
    ...addresses.flatMap((address) => addressProblem(state, address)),
    ...[...hosts.values()].flatMap(([, name = '', where = namespace]) => serviceProblem(state, name, where)),
  ];
}

function wordsOf(container: Props): string[] {
  const variables = list(container, 'env').map((variable: Value) => text(variable, 'value') ?? '');
  return [...texts(container, 'command'), ...texts(container, 'args'), ...variables];
}

/** Addresses that mean another host: not this pod, and no mask or wildcard. */
function isTarget(address: string): boolean {
  return (
    toNumber(address) !== undefined &&
    !contains('127.0.0.0/8', address) &&
    !contains('0.0.0.0/8', address) &&
    !contains('224.0.0.0/3', address)
  );
}

function addressProblem(state: ClusterState, address: string): string[] {
  if (contains(state.cluster.servicesCidr, address)) {
    const known = state.all(SERVICE).some((service) => text(service, 'spec', 'clusterIP') === address);
    return known ? [] : [`connect to ${address}: no route to host`];
  }
  const holder = loadBalancerAddresses(state).find(({ addresses }) => addresses.includes(address));
  if (!holder) return [`connect to ${address}: connection timed out`];
  if (holder.cluster === state.cluster.key || linkExists(state)) return [];
  return [`connect to ${address}: connection timed out (no VPN tunnel with a BGP session)`];
}

function serviceProblem(state: ClusterState, name: string, namespace: string): string[] {
  const service = state.get(SERVICE, name, namespace);
  if (!service) return [`could not resolve host ${name}.${namespace}.svc`];
  return targetsPods(state, service) ? [] : [`connect to ${name}.${namespace}.svc: no endpoints available`];
}

/** The datacenters of a `NetworkTopologyStrategy` in CQL. */
const REPLICATION = /'class'\s*:\s*'NetworkTopologyStrategy'\s*,([^}]*)\}/g;

/** Cassandra since 4.0 refuses a replication that names a datacenter which is not there. */
function replicationProblems(state: ClusterState, words: string): string[] {
  const named = [...words.matchAll(REPLICATION)].flatMap(([, options = '']) =>
    [...options.matchAll(/'([^']+)'\s*:/g)].map(([, datacenter = '']) => datacenter),
  );
  const ready = state.world.kubernetes
    .all(DATACENTER)
    .filter(({ outputs }) => isReady(outputs))
    .map(({ outputs }) => readDatacenter(outputs).datacenter);
  return [...new Set(named)]
    .filter((datacenter) => datacenter !== 'replication_factor' && !ready.includes(datacenter))
    .map(
      (datacenter) =>
        `ConfigurationException: Unrecognized strategy option {${datacenter}} passed to NetworkTopologyStrategy`,
    );
}
