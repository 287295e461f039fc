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

/** nftables: a new connection goes to one of the targets at random. */
export function balance(targets: readonly Target[]): string {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) return `dnat to ${first.address}:${first.port}`;
  const entries = targets.map(({ address, port }, index) => `${index} : ${address} . ${port}`);
  return `dnat to numgen random mod ${targets.length} map { ${entries.join(', ')} }`;
}
