/** Where a Service's connections go. */
import type { KubeClient } from '../kubernetes/client';
import type { Json, KubernetesObject } from '../kubernetes/objects';

export interface ServicePort {
  readonly service: KubernetesObject;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** `address:port` of every ready endpoint, in order. */
  readonly targets: readonly Target[];
}

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** The ports of every Service with the endpoints that its EndpointSlices name as ready. */
export async function servicePorts(api: KubeClient): Promise<ServicePort[]> {
  const [services, slices] = await Promise.all([
    api.list('v1', 'Service'),
    api.list('discovery.k8s.io/v1', 'EndpointSlice'),
  ]);
  return services.flatMap((service) => {
    const own = slices.filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
    );
    return ((service.spec.ports ?? []) as Json[]).map((port) => ({
      service,
      protocol: port.protocol === 'UDP' ? 'udp' : 'tcp',
      port: port.port,
      targets: own.flatMap((slice) => targetsOf(slice, port)).sort((a, b) => (a.address < b.address ? -1 : 1)),
    }));
  });
}

function targetsOf(slice: KubernetesObject, port: Json): Target[] {
  const found = ((slice['ports'] ?? []) as Json[]).find(
    (entry) => (entry.name ?? '') === (port.name ?? '') && entry.protocol === (port.protocol ?? 'TCP'),
  );
  if (found === undefined) return [];
  return ((slice['endpoints'] ?? []) as Json[])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
    .flatMap((endpoint) =>
      (endpoint.addresses as string[]).map((address) => ({ address, port: found.port as number })),
    );
}

/** Source ports are told apart by these bits at least; the lowest is even for whatever Linux chooses itself. */
const FEWEST_BUCKETS = 8;

/**
 * nftables: a new connection goes to one of the targets by its source port, so that a packet that is sent again goes to the
 * same one, as with the clouds' hashes over a connection's addresses and ports. Source ports that follow each other at a
 * distance of two, from a multiple of 16 on, reach up to eight targets in turn.
 */
export function balance(targets: readonly Target[], protocol: 'tcp' | 'udp'): string {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) return `dnat to ${first.address}:${first.port}`;
  let buckets = FEWEST_BUCKETS;
  while (buckets < targets.length) buckets *= 2;
  const entries = Array.from({ length: buckets }, (_, bucket) => {
    const target = targets[bucket % targets.length];
    return `${2 * bucket} : ${target?.address} . ${target?.port}`;
  });
  return `dnat to ${protocol} sport & ${2 * (buckets - 1)} map { ${entries.join(', ')} }`;
}
