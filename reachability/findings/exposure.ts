/** Who else reaches Cassandra's ports: the Internet, or anybody outside the cluster who reaches the management API. */
import { type Range, contains, formatRange, isPrivate, overlaps } from '../ip';
import { PORTS } from '../model/kubernetes/cassandra';
import { PROBE_RANGES } from '../model/kubernetes/gkeFirewalls';
import { judgePolicies } from '../model/kubernetes/networkPolicy';
import { cassandraPod } from '../model/kubernetes/cassandra';
import type { Model } from '../model/model';
import { SAMPLE } from '../model/endpoint';
import { type PortMatch, admitsPort } from '../model/ports';
import type { Finding } from '../verdict';
import { nameOfUrn } from '../walk/filters';

const GUARDED = [7000, 7001, 9042, 9142, PORTS.jmx, PORTS.management, PORTS.metrics, PORTS.exporter] as const;
/** Ports that ask for no credentials, or hand out control of a node. */
const CONTROL = [PORTS.management, PORTS.jmx] as const;

export function exposureFindings(model: Model): Finding[] {
  return [...groupFindings(model), ...firewallFindings(model), ...balancerFindings(model), ...policyFindings(model)];
}

function admitted(matches: readonly PortMatch[], ports: readonly number[]): number[] {
  return ports.filter((port) => matches.some((match) => admitsPort(match, { protocol: 'tcp', port })));
}

function isPublic(range: Range): boolean {
  if (PROBE_RANGES.some((probes) => contains(probes, range))) return false;
  return !isPrivate(range.first) || !isPrivate(range.last);
}

function publicFinding(urn: string, range: Range, ports: readonly number[]): Finding {
  const message = `${nameOfUrn(urn)} admits ${formatRange(range)} on ${ports.join(', ')}`;
  return { rule: 'public-access', urn, message, remedy: 'Admit only the ranges of the linked sites' };
}

function controlFinding(urn: string, range: Range, ports: readonly number[]): Finding {
  const message = `${nameOfUrn(urn)} admits ${formatRange(range)}, which is outside its own network, on ${ports.join(', ')}`;
  return { rule: 'management-exposed', urn, message, remedy: 'Leave the management API and JMX to the own cluster' };
}

function groupFindings(model: Model): Finding[] {
  return model.groups.all.flatMap((group) =>
    group.ingress.flatMap((rule) => [
      ...ipv6Findings(rule.urn, rule.publicIpv6 ?? [], admitted([rule.match], GUARDED)),
      ...rule.ranges.flatMap((range): Finding[] => {
        const ports = admitted([rule.match], GUARDED);
        if (isPublic(range)) return ports.length > 0 ? [publicFinding(rule.urn, range, ports)] : [];
        const own = group.vpc?.cidrs.some((cidr) => contains(cidr.range, range)) === true;
        const control = admitted([rule.match], CONTROL);
        return own || control.length === 0 || group.vpc === undefined ? [] : [controlFinding(rule.urn, range, control)];
      }),
    ]),
  );
}

function ipv6Findings(urn: string, ranges: readonly string[], ports: readonly number[]): Finding[] {
  if (ports.length === 0) return [];
  const remedy = 'Admit only the ranges of the linked sites';
  return ranges.map((range) => ({
    rule: 'public-access',
    urn,
    message: `${nameOfUrn(urn)} admits ${range} on ${ports.join(', ')}`,
    remedy,
  }));
}

function firewallFindings(model: Model): Finding[] {
  return [...model.firewalls].flatMap(([network, rules]) => {
    const own = network.subnets.flatMap((subnet) => subnet.ranges.map(({ range }) => range));
    const planes = model.clusters.all.flatMap((cluster) =>
      cluster.cloud === 'gcp' && cluster.controlPlane !== undefined ? [cluster.controlPlane] : [],
    );
    return rules
      .filter((rule) => rule.direction === 'INGRESS' && rule.allow && !rule.disabled && rule.note === undefined)
      .flatMap((rule) => [
        ...ipv6Findings(rule.urn, rule.publicIpv6 ?? [], admitted(rule.matches, GUARDED)),
        ...rule.ranges.flatMap((range): Finding[] => {
          const ports = admitted(rule.matches, GUARDED);
          if (isPublic(range)) return ports.length > 0 ? [publicFinding(rule.urn, range, ports)] : [];
          const control = admitted(rule.matches, CONTROL);
          const inside = [...own, ...planes].some((known) => contains(known, range));
          const probes = PROBE_RANGES.some((known) => overlaps(known, range));
          return inside || probes || control.length === 0 ? [] : [controlFinding(rule.urn, range, control)];
        }),
      ]);
  });
}

/** A Service in front of Cassandra that the Internet reaches. */
function balancerFindings(model: Model): Finding[] {
  return model.balancers
    .filter(
      (balancer) =>
        !balancer.internal &&
        balancer.ports.some(({ targetPort }) => (GUARDED as readonly number[]).includes(targetPort)),
    )
    .map((balancer) => ({
      rule: 'public-load-balancer',
      urn: balancer.resource.urn,
      message: `${balancer.name} is a load balancer on the Internet`,
      remedy:
        balancer.cloud === 'aws'
          ? 'Set aws-load-balancer-scheme to internal'
          : 'Set networking.gke.io/load-balancer-type to Internal',
    }));
}

/** The management API asks for no credentials unless it is set up to: NetworkPolicy has to keep other pods away. */
function policyFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter): Finding[] => {
    const { cluster } = datacenter;
    const policies = model.policies.get(cluster);
    if (policies === undefined) return [];
    if (!cluster.policies.enforced && policies.policies.length > 0) {
      const message = `NetworkPolicy objects do nothing in ${cluster.resource.name}`;
      const remedy =
        cluster.cloud === 'aws'
          ? 'Set enableNetworkPolicy in the vpc-cni add-on'
          : 'Set datapathProvider to ADVANCED_DATAPATH';
      return [{ rule: 'policies-inert', urn: cluster.policies.urn, message, remedy }];
    }
    const stranger = { name: 'a pod of another namespace', namespace: 'default', labels: new Map<string, string>() };
    const address =
      cluster.cloud === 'gcp' ? cluster.pods.first + SAMPLE : (cluster.zones[0]?.podSubnet?.range.first ?? 0) + SAMPLE;
    const pod = cassandraPod(datacenter, datacenter.racks[0]);
    const service = { protocol: 'tcp', port: PORTS.management } as const;
    const decision = judgePolicies(policies, 'ingress', pod, { address, pod: stranger }, service);
    if (decision !== undefined && !decision.allow) return [];
    const message = `any pod of ${cluster.resource.name} reaches the management API of ${datacenter.name}`;
    const urn = decision?.urn ?? datacenter.resource.urn;
    return [
      {
        rule: 'management-open',
        urn,
        message,
        remedy: "Admit 8080 from the operator's namespace only, by NetworkPolicy",
      },
    ];
  });
}
