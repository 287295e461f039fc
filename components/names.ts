import { createHash } from 'node:crypto';
import type { Settings } from '../plan/settings';
import type { LoadBalancerRole } from './kubernetesSite';

/** AWS names a load balancer by at most 32 characters (Elastic Load Balancing API, CreateLoadBalancer). */
const loadBalancerNameLength = 32;

/** What the derived names and tags need to know of a site. */
export interface NamedSite {
  readonly name: string;
  readonly datacenter: string;
}

/** Name of a site's Kubernetes cluster, and the first part of the names of what is made for it. */
export function clusterName(settings: Pick<Settings, 'cluster'>, site: Pick<NamedSite, 'name'>): string {
  return `${settings.cluster}-${site.name}`;
}

/** Name of a site's internal load balancer, of at most 32 characters. */
export function loadBalancerName(cluster: string, role: LoadBalancerRole): string {
  return shortened(`${cluster}-${role}`, loadBalancerNameLength);
}

/** Tags that everything of a site carries: the user's own, then those by which this program finds its own. */
export function siteTags(settings: Pick<Settings, 'cluster' | 'tags'>, site: NamedSite): Record<string, string> {
  return {
    ...settings.tags,
    'cassandra-cluster': settings.cluster,
    'cassandra-datacenter': site.datacenter,
    site: site.name,
    'managed-by': 'pulumi',
  };
}

/**
 * The name itself where it fits, otherwise its beginning and a hash of the whole, so that two long
 * names that begin alike stay two names.
 */
export function shortened(name: string, length: number): string {
  if (name.length <= length) {
    return name;
  }
  const hash = shortHash(name);
  return `${name.slice(0, length - hash.length - 1).replace(/-+$/, '')}-${hash}`;
}

/** Eight hexadecimal digits that depend on the text alone. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
