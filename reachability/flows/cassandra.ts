/** Flows between two datacenters: gossip and streaming, clients, path MTU, and the seeds of the other side. */
import { parseAddress } from '../ip';
import { type Datacenter, PORTS } from '../model/kubernetes/cassandra';
import type { Endpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import type { Service } from '../model/ports';
import { type Stop, type Trace, block } from '../verdict';
import { connect, place } from '../walk/connection';
import { type PodPlace, podPlaces } from './endpoints';
import type { RequiredFlow } from './flow';
import { seedHolder, seedsOf } from './seeds';

export function cassandraFlows(model: Model, from: Datacenter, to: Datacenter): RequiredFlow[] {
  const sources = podPlaces(model, from);
  const targets = podPlaces(model, to);
  const ways = `${from.name} to ${to.name}`;
  return [
    ...between(model, sources, targets, { protocol: 'tcp', port: PORTS.internode }, `internode, ${ways}`),
    ...between(model, sources, targets, { protocol: 'tcp', port: PORTS.native }, `native protocol, ${ways}`),
    // Carries "fragmentation needed"; the tunnels' MTU is below the VPC's.
    ...between(model, sources, targets, { protocol: 'icmp', port: 0 }, `path MTU, ${ways}`),
    ...seedFlows(model, sources, from, to),
  ];
}

export function between(
  model: Model,
  sources: readonly PodPlace[],
  targets: readonly PodPlace[],
  service: Service,
  purpose: string,
): RequiredFlow[] {
  return sources.flatMap((source) =>
    targets.map((target) => ({
      flow: { source: source.text, destination: target.text, ...service, purpose },
      walk: (trace: Trace): Stop | undefined => {
        if ('kind' in source.endpoint) return source.endpoint;
        if ('kind' in target.endpoint) return { ...target.endpoint, hop: 'destination' };
        return connect(model, trace, source.endpoint, target.endpoint, service);
      },
    })),
  );
}

/** Every seed address that the datacenter is told, as far as it belongs to the other one. */
function seedFlows(model: Model, sources: readonly PodPlace[], from: Datacenter, to: Datacenter): RequiredFlow[] {
  const service: Service = { protocol: 'tcp', port: PORTS.internode };
  const addresses = seedsOf(from).filter((seed) => belongsTo(model, seed, from, to));
  return sources.flatMap((source) =>
    addresses.map((seed) => ({
      flow: { source: source.text, destination: seed, ...service, purpose: `seeds, ${from.name} to ${to.name}` },
      walk: (trace: Trace): Stop | undefined => {
        if ('kind' in source.endpoint) return source.endpoint;
        const target = place(model, parseAddress(seed) ?? 0, service, 'destination');
        if ('kind' in target) return target;
        return nobody(target, seed, from) ?? connect(model, trace, source.endpoint, target, service);
      },
    })),
  );
}

/** An address of a subnet at which neither a load balancer nor a pod nor a declared interface answers. */
function nobody(target: Endpoint, seed: string, from: Datacenter): Stop | undefined {
  const bare = target.urn === target.subnet.resource.urn && target.workload?.kind !== 'pod';
  if (!bare) return undefined;
  const why = `nothing in the input answers at the seed address ${seed} of ${from.name}`;
  const remedy = "Use the other datacenter's planned gateway addresses";
  return block('destination', seedHolder(from, seed), 'no-server', why, remedy);
}

/** A seed whose place is not told by the input is asked of every other datacenter's side once: with the first. */
function belongsTo(model: Model, seed: string, from: Datacenter, to: Datacenter): boolean {
  const address = parseAddress(seed);
  if (address === undefined) return false;
  const [found] = model.places.locate(address, { protocol: 'tcp', port: PORTS.internode });
  const own = found?.balancers?.[0]?.cluster ?? found?.workload?.cluster;
  if (own !== undefined) return own === to.cluster;
  const others = model.datacenters.filter(
    (other) => other.clusterName === from.clusterName && other.cluster !== from.cluster,
  );
  const inNetwork = others.find(
    (other) =>
      found !== undefined && networkOf(other) === (found.cloud === 'aws' ? found.subnet.vpc : found.subnet.network),
  );
  return (inNetwork ?? others[0]) === to;
}

function networkOf(datacenter: Datacenter): object {
  return datacenter.cluster.cloud === 'aws' ? datacenter.cluster.vpc : datacenter.cluster.network;
}
