import { seedsOf } from '../../reachability/flows/seeds';
import { type Datacenter, additionalSeedService, isAddress } from '../../reachability/model/kubernetes/cassandra';
import { addressesOf } from '../../reachability/model/kubernetes/loadBalancers';
import type { Model } from '../../reachability/model/model';
import { kindOf, nameOf, namespaceOf } from '../../reachability/model/kubernetes/objects';
import { formatAddress } from '../../reachability/ip';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { propertiesAt, textOf } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/**
 * Seeds of other datacenters are addresses of load balancers that the stack plans, in own Endpoints of the service that
 * the operator makes for them. Names became EndpointSlices in cass-operator 1.26, which its API does not promise and
 * kube-dns does not see; addresses of pods go stale when pods move, and a whole datacenter then starts alone
 * (k8ssandra-operator issue 1546). In `additionalSeeds` the right addresses are wrong too: with any, the operator labels
 * no local seed (1.28, `reconcile_racks.go`), and Cassandra's bootstrap wants a seed that is a node's own address.
 */
export const seedsPlanned: Rule = {
  name: 'seeds-planned',
  description:
    'Seeds of other datacenters are planned load-balancer addresses, and known to the DNS that resolves them.',
  level: 'mandatory',
  judge: (stack) => stack.model.datacenters.flatMap((datacenter) => judgeDatacenter(stack, datacenter)),
};

function judgeDatacenter(stack: Stack, datacenter: Datacenter): Finding[] {
  const { resource, additionalSeeds } = datacenter;
  if (additionalSeeds === undefined) return [undecided(resource, 'spec.additionalSeeds', 'a seed')];
  const endpoints = seedEndpoints(datacenter);
  const invisible =
    additionalSeeds.length > 0 && endpoints.length === 0 && readsEndpointsOnly(stack, datacenter)
      ? [
          broken(
            resource,
            `kube-dns does not see the additional seeds of ${datacenter.name}: the operator writes EndpointSlices`,
            `add Endpoints named ${additionalSeedService(datacenter)} with the same addresses`,
            { property: 'spec.additionalSeeds' },
          ),
        ]
      : [];
  return [
    ...additionalSeeds.flatMap((seed) => judgeSeed(stack, resource, 'spec.additionalSeeds', seed)),
    ...noSeedIsANode(stack, datacenter, additionalSeeds),
    ...endpoints.flatMap((object) => judgeEndpoints(stack, object)),
    ...invisible,
  ];
}

function noSeedIsANode({ model }: Stack, datacenter: Datacenter, listed: readonly string[]): Finding[] {
  const planned = plannedAddresses(model);
  if (listed.length === 0 || ![...listed, ...seedsOf(datacenter)].every((seed) => planned.includes(seed))) return [];
  const { resource, name } = datacenter;
  const message = `datacenter ${name} has additionalSeeds, so none of its nodes is a seed, and its seeds are load balancers': its first node never starts`;
  const remedy = `remove them; Endpoints named ${additionalSeedService(datacenter)} tell of the other site`;
  return [broken(resource, message, remedy, { property: 'spec.additionalSeeds' })];
}

/** kube-dns watches Endpoints, and never the slices that Kubernetes has beside them (kubernetes/dns issue 504). */
function readsEndpointsOnly({ model }: Stack, { cluster }: Datacenter): boolean {
  return model.dns.get(cluster)?.kind === 'kube-dns';
}

function seedEndpoints(datacenter: Datacenter): Resource[] {
  const service = additionalSeedService(datacenter);
  return datacenter.cluster.objects.filter(
    (object) =>
      kindOf(object) === 'Endpoints' && nameOf(object) === service && namespaceOf(object) === datacenter.namespace,
  );
}

function judgeEndpoints(stack: Stack, object: Resource): Finding[] {
  if (object.value('subsets') === UNKNOWN) return [undecided(object, 'subsets', 'a seed')];
  return propertiesAt(object, 'subsets.*.addresses').flatMap(({ path }) =>
    propertiesAt(object, `${path}.*.ip`).flatMap((property) => {
      const seed = textOf(property);
      return seed === UNKNOWN || seed === undefined
        ? [undecided(object, property.path, 'a seed')]
        : judgeSeed(stack, object, property.path, seed);
    }),
  );
}

function judgeSeed({ model }: Stack, resource: Resource, property: string, seed: string): Finding[] {
  if (!isAddress(seed)) {
    const message = `seed ${seed} of ${resource.name} is a name, not an address`;
    return [broken(resource, message, 'use the planned address of the other site', { property, value: seed })];
  }
  if (plannedAddresses(model).includes(seed)) return [];
  const message = `seed ${seed} of ${resource.name} is no planned address of a load balancer`;
  return [broken(resource, message, "use an address of the other site's gateway", { property, value: seed })];
}

function plannedAddresses(model: Model): string[] {
  return model.balancers.flatMap((balancer) => addressesOf(balancer).map(formatAddress));
}
