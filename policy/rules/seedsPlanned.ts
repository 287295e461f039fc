import { type Datacenter, additionalSeedService, isAddress } from '../../reachability/model/kubernetes/cassandra';
import { addressesOf } from '../../reachability/model/kubernetes/loadBalancers';
import { kindOf, nameOf, namespaceOf } from '../../reachability/model/kubernetes/objects';
import { formatAddress } from '../../reachability/ip';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { propertiesAt, textOf } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/**
 * Seeds of other datacenters are addresses of load balancers that the stack plans. Names became EndpointSlices in
 * cass-operator 1.26, which its API does not promise and kube-dns does not see; addresses of pods go stale when pods
 * move, and a whole datacenter then starts alone (k8ssandra-operator issue 1546).
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
    ...endpoints.flatMap((object) => judgeEndpoints(stack, object)),
    ...invisible,
  ];
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
  const planned = model.balancers.flatMap((balancer) => addressesOf(balancer).map(formatAddress));
  if (planned.includes(seed)) return [];
  const message = `seed ${seed} of ${resource.name} is no planned address of a load balancer`;
  return [broken(resource, message, "use an address of the other site's gateway", { property, value: seed })];
}
