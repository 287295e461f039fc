/** DNS settings that look right and are not, or that leave a default to chance. */
import { contains, mustRange } from '../ip';
import { additionalSeedService } from '../model/kubernetes/cassandra';
import { CLUSTER_DOMAIN, forwardFor } from '../model/kubernetes/dns';
import { kindOf } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import { dnsAddresses } from '../flows/dns';
import { datacenterPairs } from '../flows/required';
import { seedEndpoints } from '../flows/seeds';
import type { Finding } from '../verdict';

export function dnsFindings(model: Model): Finding[] {
  return [
    ...inertFindings(model),
    ...sliceFindings(model),
    ...incompleteFindings(model),
    ...defaultFindings(model),
    ...cloudDnsFindings(model),
  ];
}

function inertFindings(model: Model): Finding[] {
  return [...model.dns.values()].flatMap(({ inert }): Finding[] =>
    inert === undefined
      ? []
      : [{ rule: 'dns-setting-inert', urn: inert.urn, message: inert.why, remedy: inert.remedy }],
  );
}

/** kube-dns watches Endpoints only (kubernetes/dns #504); cass-operator 1.26 and later writes seeds as EndpointSlices. */
function sliceFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter): Finding[] => {
    const published = seedEndpoints(datacenter);
    const visible = published.some((object) => kindOf(object) === 'Endpoints');
    const slices = datacenter.additionalSeeds?.length !== 0 || published.length > 0;
    if (model.dns.get(datacenter.cluster)?.kind !== 'kube-dns' || !slices || visible) return [];
    const service = additionalSeedService(datacenter);
    const message = `${service} does not resolve: kube-dns does not read EndpointSlices, the operator's or others`;
    const remedy = `Publish plain Endpoints named ${service} with the planned gateway addresses`;
    return [{ rule: 'endpoint-slices-unseen', urn: datacenter.resource.urn, message, remedy }];
  });
}

/** A forward that leaves out addresses of the other side's DNS loses names with a zone. */
function incompleteFindings(model: Model): Finding[] {
  return datacenterPairs(model.datacenters).flatMap(([from, to]): Finding[] => {
    const dns = model.dns.get(from.cluster);
    const forward = dns === undefined ? undefined : forwardFor(dns, `${to.namespace}.svc.${CLUSTER_DOMAIN}`);
    if (forward === undefined) return [];
    const missing = dnsAddresses(model, to.cluster).filter((address) => !forward.addresses.includes(address));
    if (missing.length === 0) return [];
    const message = `${from.name} forwards ${forward.zone} without ${missing.join(', ')}`;
    return [
      {
        rule: 'forward-incomplete',
        urn: forward.urn,
        message,
        remedy: "List all of the other cluster's DNS addresses",
      },
    ];
  });
}

/** GKE defaults that have changed or will: NodeLocal DNSCache is on from 1.34.1 and keeps stub answers for 30 s. */
function defaultFindings(model: Model): Finding[] {
  return [...model.dns].flatMap(([cluster, dns]): Finding[] => {
    if (cluster.cloud !== 'gcp' || dns.forwards.length === 0) return [];
    const findings: Finding[] = [];
    const urn = cluster.resource.urn;
    if (cluster.resource.value('addonsConfig.dnsCacheConfig.enabled') === undefined) {
      const message =
        'NodeLocal DNSCache is left to the default, which keeps answers of stub domains for 30 s on newer versions';
      findings.push({ rule: 'dns-cache-default', urn, message, remedy: 'Set addonsConfig.dnsCacheConfig explicitly' });
    }
    if (cluster.resource.value('dnsConfig.clusterDns') === undefined) {
      const message = 'the DNS provider is left to the default; under CLOUD_DNS stub domains do nothing';
      findings.push({ rule: 'dns-provider-default', urn, message, remedy: 'Set dnsConfig.clusterDns to KUBE_DNS' });
    }
    return findings;
  });
}

/** Where Cloud DNS forwards from ("Forwarding zones"): the peer must have a route back. */
const CLOUD_DNS_SOURCE = mustRange('35.199.192.0/19');

function cloudDnsFindings(model: Model): Finding[] {
  const zones = model.inventory
    .all('gcp:dns/managedZone:ManagedZone')
    .filter((zone) => zone.objects('forwardingConfig.targetNameServers').length > 0);
  return zones.flatMap((zone): Finding[] => {
    const networks = [...model.gcp.networks.values()].filter((network) =>
      zone.allDependencies().includes(network.resource.urn),
    );
    const tunnels = model.vpn.tunnels.filter(
      ({ gcp }) => networks.length === 0 || (gcp.network !== undefined && networks.includes(gcp.network)),
    );
    const silent = tunnels.find((tunnel) => {
      const advertisement = model.routing.advertisement(tunnel);
      return (
        advertisement !== undefined && !advertisement.ranges.some(({ range }) => contains(range, CLOUD_DNS_SOURCE))
      );
    });
    if (silent === undefined) return [];
    const urn = model.routing.advertisement(silent)?.decidedBy.urn ?? zone.urn;
    const message = `Cloud DNS forwards ${zone.name} from 35.199.192.0/19, which is not advertised: answers do not come back`;
    return [
      {
        rule: 'cloud-dns-source',
        urn,
        message,
        remedy: 'Advertise 35.199.192.0/19 and admit it on port 53 on the other side',
      },
    ];
  });
}
