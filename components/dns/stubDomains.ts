import type { SitePlan } from '../../plan/types';

/** Upstreams kube-dns takes for one stub domain (kubernetes/dns, ConfigMap options). */
const MAX_UPSTREAMS = 3;

/**
 * kube-dns's `stubDomains`: a JSON object of zone to addresses, as a string. Only the peers' zones; the
 * cluster domain itself is not allowed as a key.
 */
export function stubDomains(plan: SitePlan): string {
  return JSON.stringify(
    Object.fromEntries(plan.peers.map(({ dnsZone, dnsAddresses }) => [dnsZone, dnsAddresses.slice(0, MAX_UPSTREAMS)])),
  );
}
