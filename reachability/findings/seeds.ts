/** How datacenters find each other: own Endpoints of the service that cass-operator makes for seeds of others. */
import { formatAddress, parseAddress } from '../ip';
import { type Datacenter, PORTS, additionalSeedService, isAddress, joins } from '../model/kubernetes/cassandra';
import { addressesOf } from '../model/kubernetes/loadBalancers';
import { textMap } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import { seedEndpoints, seedHolder, seedsOf } from '../flows/seeds';
import type { Finding } from '../verdict';

export function seedFindings(model: Model): Finding[] {
  return clustersOf(model).flatMap((datacenters) => [
    ...starterFindings(datacenters),
    ...datacenters.flatMap((datacenter) => ownFindings(model, datacenter, datacenters)),
  ]);
}

/** Datacenters of one Cassandra cluster, where there are several. */
export function clustersOf(model: Model): Datacenter[][] {
  const byName = new Map<string, Datacenter[]>();
  for (const datacenter of model.datacenters)
    byName.set(datacenter.clusterName, [...(byName.get(datacenter.clusterName) ?? []), datacenter]);
  return [...byName.values()].filter((datacenters) => datacenters.length > 1);
}

function starterFindings(datacenters: readonly Datacenter[]): Finding[] {
  if (datacenters.every(({ additionalSeeds }) => additionalSeeds !== undefined && additionalSeeds.length > 0)) {
    const message = 'every datacenter has additional seeds: the first node of each waits for another that never starts';
    return datacenters.map(({ resource }) => ({ rule: 'seed-deadlock', urn: resource.urn, message, remedy: REMEDY }));
  }
  return datacenters
    .filter((datacenter) => startsSecondRing(datacenter, datacenters))
    .map((datacenter) => ({
      rule: 'second-ring',
      urn: datacenter.resource.urn,
      message: `nothing tells ${datacenter.name} of the others: its first node is a seed and forms a ring of its own`,
      remedy: `Publish Endpoints named ${additionalSeedService(datacenter)} with the other datacenter's planned gateway addresses before it starts`,
    }));
}

/** Whether a datacenter that should join starts by itself, for want of any seed of the others. */
function startsSecondRing(datacenter: Datacenter, all: readonly Datacenter[]): boolean {
  return joins(datacenter, all) && datacenter.additionalSeeds?.length === 0 && seedEndpoints(datacenter).length === 0;
}

/**
 * With any additional seed the operator labels no local seed while none is ready (cass-operator 1.28, `reconcile_racks.go`), so
 * the first node bootstraps, for which one of its seeds must be a node's own address in gossip (Cassandra 5.0, `Gossiper`,
 * `seenAnySeed`: "Unable to contact any seeds"). A load balancer's is nobody's.
 */
function noLocalSeed(model: Model, datacenter: Datacenter): Finding[] {
  if ((datacenter.additionalSeeds ?? []).length === 0) return [];
  const seeds = seedsOf(datacenter);
  if (seeds.length === 0 || !seeds.every((seed) => isBalancer(model, seed))) return [];
  const message = `${datacenter.name} has additionalSeeds, so no node of it is a seed, and all of ${seeds.join(', ')} are load balancers', which no node has: its first node finds no seed and never starts`;
  return [{ rule: 'no-local-seed', urn: datacenter.resource.urn, message, remedy: REMEDY }];
}

const REMEDY = 'Remove additionalSeeds, and publish the gateway addresses as Endpoints of the additional-seed service';

function ownFindings(model: Model, datacenter: Datacenter, all: readonly Datacenter[]): Finding[] {
  const { resource, name } = datacenter;
  const findings = noLocalSeed(model, datacenter);
  for (const seed of datacenter.additionalSeeds ?? []) {
    if (isAddress(seed)) continue;
    const message = `${name} lists the seed ${seed} by name; the operator writes names as EndpointSlices that resolvers ignore`;
    findings.push({ rule: 'seed-by-name', urn: resource.urn, message, remedy: REMEDY });
  }
  const holders = seedEndpoints(datacenter);
  const urn = holders[0]?.urn ?? resource.urn;
  const seeds = seedsOf(datacenter);
  for (const seed of seeds) {
    if (isGateway(model, seed)) continue;
    const message = `${name} is told the seed ${seed}, which is no load balancer's address: pods move, seeds must not`;
    findings.push({
      rule: 'seed-not-gateway',
      urn: seedHolder(datacenter, seed),
      message,
      remedy: "Use the other datacenter's planned gateway addresses",
    });
  }
  for (const other of all) {
    if (other === datacenter || other.cluster === datacenter.cluster || startsSecondRing(datacenter, all)) continue;
    const gateways = gatewaysOf(model, other);
    const missing = gateways.filter((address) => !seeds.includes(address));
    if (missing.length === 0) continue;
    const none = missing.length === gateways.length;
    const message = none
      ? `${name} is told no seed of ${other.name}`
      : `${name} is not told ${missing.join(', ')} of ${other.name}`;
    findings.push({
      rule: none ? 'seeds-missing' : 'seeds-incomplete',
      urn,
      message,
      remedy: `List every gateway address of ${other.name}`,
    });
  }
  return [...findings, ...labelFindings(datacenter)];
}

/** An address outside of the input may well be another stack's gateway. */
function isGateway(model: Model, seed: string): boolean {
  return placesOf(model, seed).length === 0 || isBalancer(model, seed);
}

function isBalancer(model: Model, seed: string): boolean {
  return placesOf(model, seed).some(({ balancers }) => balancers !== undefined);
}

function placesOf(model: Model, seed: string) {
  const address = parseAddress(seed);
  return address === undefined ? [] : model.places.locate(address, { protocol: 'tcp', port: PORTS.internode });
}

/** Addresses of the load balancers in front of a datacenter's internode port. */
function gatewaysOf(model: Model, datacenter: Datacenter): string[] {
  return model.balancers
    .filter((balancer) => balancer.cluster === datacenter.cluster && balancer.namespace === datacenter.namespace)
    .filter((balancer) => balancer.ports.some(({ targetPort }) => targetPort === PORTS.internode))
    .flatMap(addressesOf)
    .map(formatAddress);
}

/** The operator deletes Endpoints that carry its own labels. */
function labelFindings(datacenter: Datacenter): Finding[] {
  return seedEndpoints(datacenter)
    .filter((object) =>
      [...textMap(object.value('metadata.labels')).keys()].some(
        (key) => key.startsWith('cassandra.datastax.com/') || key === 'app.kubernetes.io/managed-by',
      ),
    )
    .map((object) => ({
      rule: 'seed-endpoints-labelled',
      urn: object.urn,
      message: 'the operator deletes Endpoints that carry its labels',
      remedy: 'Leave cassandra.datastax.com/* and app.kubernetes.io/managed-by off',
    }));
}
