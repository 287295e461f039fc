/** How datacenters find each other (cass-operator, `additionalSeeds`; its multi-datacenter end-to-end test). */
import { formatAddress, parseAddress } from '../ip';
import { type Datacenter, PORTS, isAddress, skipsUsers } from '../model/kubernetes/cassandra';
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

/** The datacenter that starts the cluster has no additional seeds; all others have. */
function starterFindings(datacenters: readonly Datacenter[]): Finding[] {
  const starters = datacenters.filter(({ additionalSeeds }) => additionalSeeds?.length === 0);
  const known = datacenters.every(({ additionalSeeds }) => additionalSeeds !== undefined);
  if (starters.length === 0 && known) {
    const message = 'every datacenter has additional seeds: the first node of each waits for another that never starts';
    const remedy = 'Give the datacenter that starts the cluster no additionalSeeds, and its peers by own Endpoints';
    return datacenters.map(({ resource }) => ({ rule: 'seed-deadlock', urn: resource.urn, message, remedy }));
  }
  // Whoever skips user creation was meant to join; among equals the first by name starts.
  const joining = starters.filter((datacenter, index) => skipsUsers(datacenter) || index > 0);
  return (starters.length > 1 ? joining : []).map(({ resource, name }) => ({
    rule: 'second-ring',
    urn: resource.urn,
    message: `${name} has no additional seeds, like the datacenter that starts the cluster: it forms a ring of its own`,
    remedy: "Set additionalSeeds to the other datacenter's planned gateway addresses",
  }));
}

function ownFindings(model: Model, datacenter: Datacenter, all: readonly Datacenter[]): Finding[] {
  const { resource, name } = datacenter;
  const findings: Finding[] = [];
  for (const seed of datacenter.additionalSeeds ?? []) {
    if (isAddress(seed)) continue;
    const message = `${name} lists the seed ${seed} by name; the operator writes names as EndpointSlices that resolvers ignore`;
    findings.push({ rule: 'seed-by-name', urn: resource.urn, message, remedy: 'List planned gateway addresses' });
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
    if (other === datacenter || other.cluster === datacenter.cluster) continue;
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

function isGateway(model: Model, seed: string): boolean {
  const address = parseAddress(seed);
  const found = address === undefined ? [] : model.places.locate(address, { protocol: 'tcp', port: PORTS.internode });
  // An address outside of the input may well be another stack's gateway.
  return found.length === 0 || found.some(({ balancers }) => balancers !== undefined);
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
