/**
 * Flows that pass only by rules that GKE or the AWS Load Balancer Controller write outside of the stack. A stack that writes its
 * own rules for the nodes was meant to have these too: nothing restores an automatic rule that somebody deletes.
 */
import { formatRange } from '../ip';
import { type FirewallRule, appliesTo, judgeFirewall } from '../model/gcp/firewall';
import { PORTS } from '../model/kubernetes/cassandra';
import type { GkeCluster } from '../model/kubernetes/cluster';
import { PROBE_RANGES } from '../model/kubernetes/gkeFirewalls';
import type { NetworkLoadBalancer } from '../model/kubernetes/loadBalancers';
import type { Model } from '../model/model';
import { SAMPLE } from '../model/endpoint';
import type { Finding } from '../verdict';
import { managesBackend } from '../walk/networkLoadBalancerTargets';
import { healthPorts } from '../walk/passthrough';

export function automaticFindings(model: Model): Finding[] {
  return [
    ...model.clusters.all.flatMap((cluster) => (cluster.cloud === 'gcp' ? firewallFindings(model, cluster) : [])),
    ...model.balancers.flatMap((balancer) => (balancer.cloud === 'aws' ? backendFindings(model, balancer) : [])),
  ];
}

function firewallFindings(model: Model, cluster: GkeCluster): Finding[] {
  // A deny rule in front blocks the flows themselves: here only what was meant to admit counts.
  const declared = (model.firewalls.get(cluster.network) ?? []).filter((rule) => rule.note === undefined && rule.allow);
  const own = declared.some(
    (rule) => rule.direction === 'INGRESS' && rule.targets.length > 0 && appliesTo(rule, cluster.traits) === 'yes',
  );
  if (!own || !model.datacenters.some((datacenter) => datacenter.cluster === cluster)) return [];
  const urn = cluster.network.resource.urn;
  const findings: Finding[] = [];
  if (!admits(declared, cluster, cluster.pods.first + SAMPLE, PORTS.internode)) {
    const message = `no rule of the stack admits the pods of ${cluster.resource.name} to one another: only GKE's own rule does`;
    findings.push({ rule: 'pod-admission', urn, message, remedy: 'Add a firewall rule for the node and pod ranges' });
  }
  for (const balancer of model.balancers) {
    if (balancer.cloud !== 'gcp' || balancer.cluster !== cluster) continue;
    const missing = PROBE_RANGES.filter((range) =>
      healthPorts(balancer).some((port) => !admits(declared, cluster, range.first + SAMPLE, port)),
    );
    if (missing.length === 0) continue;
    const ranges = missing.map(formatRange).join(', ');
    const message = `no rule of the stack admits the health checks of ${balancer.name} from ${ranges}: only GKE's own rule does`;
    findings.push({ rule: 'health-check-admission', urn, message, remedy: `Add a firewall rule for ${ranges}` });
  }
  return findings;
}

function admits(rules: readonly FirewallRule[], cluster: GkeCluster, address: number, port: number): boolean {
  const peer = { address, traits: undefined };
  return judgeFirewall(rules, 'INGRESS', peer, cluster.traits, { protocol: 'tcp', port }).verdict === 'allow';
}

function backendFindings(model: Model, balancer: NetworkLoadBalancer): Finding[] {
  const [pinned] = balancer.addresses;
  const zone = balancer.cluster.zones.find(({ podSubnet }) => podSubnet !== undefined);
  if (!balancer.ipTargets || pinned?.subnet === undefined || zone === undefined) return [];
  // Groups without a rule of the stack are left to the clouds altogether.
  if (zone.podGroups.every((group) => group.ingress.every((rule) => rule.urn === group.urn))) return [];
  const at = model.places.locate(pinned.address, { protocol: 'tcp', port: balancer.ports[0]?.port ?? 0 })[0];
  if (at?.cloud !== 'aws' || !managesBackend(balancer, at, zone.podGroups)) return [];
  const message = `no rule of the stack admits the load balancer ${balancer.name} to its pods: only the controller's own rules do`;
  const remedy = 'Admit the load-balancer subnets on the target and health check ports';
  return [{ rule: 'load-balancer-admission', urn: balancer.cluster.resource.urn, message, remedy }];
}
