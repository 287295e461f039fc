/** DNS between clusters: a client's resolver forwards the other datacenter's zone to its planned addresses, over UDP and TCP. */
import { formatAddress, parseAddress } from '../ip';
import { type Datacenter, cassandraPod } from '../model/kubernetes/cassandra';
import type { Cluster } from '../model/kubernetes/cluster';
import { CLUSTER_DOMAIN, type ClusterDns, forwardFor } from '../model/kubernetes/dns';
import { addressesOf } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import type { Service } from '../model/ports';
import { type Stop, Trace, block, unknownValue } from '../verdict';
import { connect, place } from '../walk/connection';
import { judgeAnswers, nameServersAt } from '../walk/nameserver';
import { type PodPlace, placeIn, zonesOf } from './endpoints';
import type { DatacenterPair, RequiredFlow } from './flow';

const PROTOCOLS = ['udp', 'tcp'] as const;

/** None when no cluster of the input forwards anything or offers its DNS: then names do not cross. */
export function dnsFlows(model: Model, pairs: readonly DatacenterPair[]): RequiredFlow[] {
  if (!pairs.some(([from]) => takesPart(model, from.cluster))) return [];
  return pairs.flatMap(([from, to]) => zoneFlows(model, from, to));
}

function takesPart(model: Model, cluster: Cluster): boolean {
  const dns = model.dns.get(cluster);
  return (
    dns !== undefined && (dns.forwards.length > 0 || dns.inert !== undefined || dnsAddresses(model, cluster).length > 0)
  );
}

/** Addresses of the cluster's own DNS load balancers. */
export function dnsAddresses(model: Model, cluster: Cluster): string[] {
  const balancers = model.balancers.filter(
    (balancer) => balancer.cluster === cluster && balancer.ports.some(({ port }) => port === 53),
  );
  return [...new Set(balancers.flatMap(addressesOf).map(formatAddress))];
}

/** A question that one datacenter's pods ask about another's names. */
interface Question {
  readonly from: Datacenter;
  readonly to: Datacenter;
  readonly dns: ClusterDns;
  readonly name: string;
  /** Why the resolver does not forward it at all. */
  readonly refused: Stop | undefined;
  /** What configures the forward. */
  readonly urn: string;
  /** Plugin of the resolver that may answer or change the question first. */
  readonly altering: string | undefined;
  /** Whether the datacenter's pods reach their resolver, by zone and protocol; judged once. */
  readonly asked: Map<string, Stop | undefined>;
}

function zoneFlows(model: Model, from: Datacenter, to: Datacenter): RequiredFlow[] {
  const dns = model.dns.get(from.cluster);
  if (dns === undefined) return [];
  const name = `${to.namespace}.svc.${CLUSTER_DOMAIN}`;
  const forward = forwardFor(dns, name);
  const refused = forward === undefined ? notForwarded(dns, name) : undefined;
  const question: Question = {
    from,
    to,
    dns,
    name,
    refused,
    urn: forward?.urn ?? dns.urn,
    altering: forward?.altering,
    asked: new Map(),
  };
  const targets = forward?.addresses ?? dnsAddresses(model, to.cluster);
  return zonesOf(from.cluster).flatMap((zone) =>
    (targets.length > 0 ? targets : [name]).flatMap((target) =>
      PROTOCOLS.map((protocol) => queryFlow(model, question, zone, target, protocol)),
    ),
  );
}

function notForwarded(dns: ClusterDns, zone: string): Stop {
  if (dns.unknown !== undefined) return unknownValue('dns', dns.unknown.urn, dns.unknown.property);
  if (dns.inert !== undefined) return block('dns', dns.inert.urn, 'forward-inert', dns.inert.why, dns.inert.remedy);
  const why = `nothing forwards ${zone}: the cluster's own DNS denies that it exists`;
  return block('dns', dns.urn, 'no-forward', why, `Forward ${zone} to the other cluster's DNS addresses`);
}

function queryFlow(
  model: Model,
  question: Question,
  zone: string | undefined,
  target: string,
  protocol: 'udp' | 'tcp',
): RequiredFlow {
  const { from, to, dns, name, refused, urn, altering } = question;
  const resolver = dns.servers[0]?.pod ?? { name: 'the resolver', namespace: 'kube-system', labels: new Map() };
  const source = placeIn(model, from.cluster, zone, resolver, 0);
  const [host = target, port] = target.split(':');
  const service: Service = { protocol, port: port === undefined ? 53 : Number(port) };
  return {
    flow: { source: source.text, destination: host, ...service, purpose: `DNS, ${from.name} to ${to.name}` },
    walk: (trace: Trace): Stop | undefined => {
      if ('kind' in source.endpoint) return source.endpoint;
      trace.pass('dns', dns.urn, `a pod asks ${resolver.name} for ${name}`);
      const unasked = askResolver(model, question, zone, source, protocol);
      if (unasked !== undefined) return unasked;
      if (refused !== undefined) return refused;
      if (altering !== undefined) return unknownValue('dns', urn, `what the plugin ${altering} makes of ${name}`);
      trace.pass('dns', urn, `${resolver.name} forwards it to ${target}`);
      const address = parseAddress(host);
      if (address === undefined) {
        const why = `${target} is a name: forwards resolve it once, at the start`;
        return block('dns', urn, 'forward-by-name', why, 'Forward to planned addresses');
      }
      const at = place(model, address, service, 'destination');
      if ('kind' in at) return { ...at, hop: 'dns', urn };
      const servers = nameServersAt(model, trace, at, urn);
      if ('kind' in servers) return servers;
      return (
        connect(model, trace, source.endpoint, at, service) ??
        judgeAnswers(trace, servers, name, to, source.endpoint.address)
      );
    },
  };
}

/** From a Cassandra pod to the resolver of its own cluster, in the zone of the flow. */
function askResolver(
  model: Model,
  { from, asked }: Question,
  zone: string | undefined,
  resolver: PodPlace,
  protocol: 'udp' | 'tcp',
): Stop | undefined {
  const key = `${zone ?? ''}/${protocol}`;
  if (asked.has(key) || 'kind' in resolver.endpoint) return asked.get(key);
  const client = placeIn(model, from.cluster, zone, cassandraPod(from, from.racks[0]), 1);
  const stop =
    'kind' in client.endpoint
      ? undefined
      : connect(model, new Trace(), client.endpoint, resolver.endpoint, { protocol, port: 53 });
  asked.set(key, stop);
  return stop;
}
