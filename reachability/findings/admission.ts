/** Flows that get through in a way that was not meant, or that only work by luck. */
import { formatAddress } from '../ip';
import { type Endpoint, farEnd } from '../model/endpoint';
import { type Datacenter, PORTS } from '../model/kubernetes/cassandra';
import { keepsSource } from '../model/kubernetes/cluster';
import type { Model } from '../model/model';
import { type Finding, Trace } from '../verdict';
import { connect } from '../walk/connection';
import { podPlaces } from '../flows/endpoints';
import { datacenterPairs } from '../flows/required';

export function admissionFindings(model: Model): Finding[] {
  const pairs = datacenterPairs(model.datacenters);
  return [
    ...pairs.flatMap(([from, to]) => sourceFindings(model, from, to)),
    ...pairs.flatMap(([from, to]) => nodeFindings(model, from, to)),
    ...crossZoneFindings(model),
  ];
}

function endpointsOf(model: Model, datacenter: Datacenter): Endpoint[] {
  return podPlaces(model, datacenter).flatMap(({ endpoint }) => ('kind' in endpoint ? [] : [endpoint]));
}

/** Pods that show their node's address to another datacenter: rules and logs there never see the pod. */
function sourceFindings(model: Model, from: Datacenter, to: Datacenter): Finding[] {
  const { snat, resource } = from.cluster;
  const target = endpointsOf(model, to)
    .flatMap((endpoint) => [endpoint, farEnd(endpoint)])
    .find(({ address }) => !keepsSource(snat, address));
  if (target === undefined || snat.unknown !== undefined) return [];
  const message = `pods of ${resource.name} reach ${formatAddress(target.address)} with their node's address: ${snat.why}`;
  const remedy =
    from.cluster.cloud === 'aws'
      ? 'List the other sites in AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS'
      : 'List the other sites in nonMasqueradeCIDRs, or disable default SNAT';
  return [{ rule: 'source-rewritten', urn: snat.urn, message, remedy }];
}

/** Host-network pods and node resolvers connect with a node's address: whoever admits pods has to admit nodes. */
function nodeFindings(model: Model, from: Datacenter, to: Datacenter): Finding[] {
  const [source] = endpointsOf(model, from);
  const [target] = endpointsOf(model, to);
  if (source === undefined || target === undefined) return [];
  const service = { protocol: 'tcp', port: PORTS.internode } as const;
  if (connect(model, new Trace(), source, target, service) !== undefined) return [];
  const nodes = [source, farEnd(source)].map((end) => model.places.nodeOf(end));
  const stop = nodes
    .map((node) => connect(model, new Trace(), node, target, service))
    .find((candidate) => candidate !== undefined);
  if (stop?.kind !== 'blocked' || !['security-group', 'firewall', 'network-policy'].includes(stop.hop)) return [];
  const message = `${to.name} admits the pods of ${from.name}, but not its nodes: ${stop.why}`;
  return [{ rule: 'nodes-not-admitted', urn: stop.urn, message, remedy: stop.remedy }];
}

/** Without cross-zone balancing an address is lost with the targets of its own zone. */
function crossZoneFindings(model: Model): Finding[] {
  return model.balancers
    .filter((balancer) => balancer.cloud === 'aws' && !balancer.crossZone && balancer.addresses.length > 1)
    .map((balancer) => ({
      rule: 'cross-zone-off',
      urn: balancer.resource.urn,
      message: `each address of ${balancer.name} serves targets of its own zone only`,
      remedy: 'Set load_balancing.cross_zone.enabled=true',
    }));
}
