/**
 * The clouds' load balancers for Services of type LoadBalancer: AWS's network load balancer by its controller's
 * annotations, Google's internal passthrough load balancer by `loadBalancerIP`.
 */
import type { KubeClient } from '../kubernetes/client';
import type { KubernetesObject } from '../kubernetes/objects';
import type { Cluster } from '../network/model';
import type { ServicePort } from './endpoints';

/** Annotation prefix of the AWS Load Balancer Controller. */
const AWS = 'service.beta.kubernetes.io/';

export interface Balancer {
  readonly service: KubernetesObject;
  readonly addresses: readonly string[];
  /** Forwards from its own address instead of the client's. */
  readonly proxies: boolean;
  readonly sources: readonly string[];
  readonly ports: readonly ServicePort[];
}

/** The balancers that the Services ask for; one without an address of its own is left out. */
export function balancers(cluster: Cluster, ports: readonly ServicePort[]): Balancer[] {
  const services = new Map<KubernetesObject, ServicePort[]>();
  for (const port of ports) {
    if (port.service.spec.type === 'LoadBalancer')
      services.set(port.service, [...(services.get(port.service) ?? []), port]);
  }
  return [...services].map(([service, own]) => ({
    service,
    addresses: cluster.cloud === 'aws' ? awsAddresses(service) : googleAddresses(service),
    proxies: cluster.cloud === 'aws' && proxies(service),
    sources: sourcesOf(service),
    ports: own,
  }));
}

function awsAddresses(service: KubernetesObject): string[] {
  return listAnnotation(service, 'aws-load-balancer-private-ipv4-addresses');
}

function googleAddresses(service: KubernetesObject): string[] {
  return service.spec.loadBalancerIP === undefined ? [] : [service.spec.loadBalancerIP as string];
}

/** Elastic Load Balancing, "Client IP preservation": TCP to IP targets is proxied unless told otherwise, UDP never. */
function proxies(service: KubernetesObject): boolean {
  const attributes = listAnnotation(service, 'aws-load-balancer-target-group-attributes');
  if (attributes.includes('preserve_client_ip.enabled=true')) return false;
  return (service.spec.ports as { protocol?: string }[]).every(({ protocol }) => protocol !== 'UDP');
}

function sourcesOf(service: KubernetesObject): string[] {
  const annotated = listAnnotation(service, 'load-balancer-source-ranges');
  return annotated.length > 0 ? annotated : ((service.spec.loadBalancerSourceRanges ?? []) as string[]);
}

/** An annotation of the AWS Load Balancer Controller, by its name after the prefix. */
export function annotation(service: KubernetesObject, name: string): string | undefined {
  return service.metadata.annotations?.[`${AWS}${name}`];
}

function listAnnotation(service: KubernetesObject, name: string): string[] {
  return (annotation(service, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A balancer with a target is up: its Service gets its addresses. */
export async function reportBalancers(api: KubeClient, all: readonly Balancer[]): Promise<void> {
  for (const { service, addresses, ports } of all) {
    const up = addresses.length > 0 && ports.some(({ targets }) => targets.length > 0);
    const ingress = up ? addresses.map((ip) => ({ ip })) : [];
    const known = (service.status?.loadBalancer?.ingress ?? []) as { ip: string }[];
    if (ingress.length > 0 && JSON.stringify(known.map(({ ip }) => ip)) !== JSON.stringify(addresses)) {
      await api.patchStatus(service, { loadBalancer: { ingress } });
    }
  }
}
