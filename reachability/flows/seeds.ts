/** Where a datacenter looks for the seeds of the others. */
import { asText } from '../resources/resource';
import { type Datacenter, additionalSeedService, isAddress } from '../model/kubernetes/cassandra';
import { dig, kindOf, nameOf, namespaceOf, objectsOf } from '../model/kubernetes/objects';
import type { Resource } from '../resources/resource';
import { isList } from '../resources/value';

/** Addresses from `additionalSeeds` and from own endpoints of the additional-seed service, in that order, each once. */
export function seedsOf(datacenter: Datacenter): string[] {
  const listed = (datacenter.additionalSeeds ?? []).filter(isAddress);
  const published = seedEndpoints(datacenter).flatMap(endpointAddresses);
  return [...new Set([...listed, ...published])];
}

/** The resource that tells a datacenter of a seed. */
export function seedHolder(datacenter: Datacenter, seed: string): string {
  if (datacenter.additionalSeeds?.includes(seed) === true) return datacenter.resource.urn;
  const holder = seedEndpoints(datacenter).find((object) => endpointAddresses(object).includes(seed));
  return holder?.urn ?? datacenter.resource.urn;
}

/** `Endpoints` or EndpointSlices of the datacenter's additional-seed service that the input declares. */
export function seedEndpoints(datacenter: Datacenter): Resource[] {
  const service = additionalSeedService(datacenter);
  return datacenter.cluster.objects.filter((object) => {
    if (namespaceOf(object) !== datacenter.namespace) return false;
    if (kindOf(object) === 'Endpoints') return nameOf(object) === service;
    return (
      kindOf(object) === 'EndpointSlice' &&
      asText(dig(object.value('metadata.labels'), 'kubernetes.io/service-name')) === service
    );
  });
}

function endpointAddresses(object: Resource): string[] {
  const subsets = objectsOf(object.value('subsets')).flatMap((subset) =>
    objectsOf(subset['addresses']).map((entry) => asText(entry['ip'])),
  );
  const slices = objectsOf(object.value('endpoints')).flatMap((entry) =>
    isList(entry['addresses']) ? entry['addresses'].map((item) => asText(item)) : [],
  );
  return [...subsets, ...slices].filter((text): text is string => typeof text === 'string');
}
