/** Whether what listens at an address answers for a datacenter's names. */
import { type Address, formatAddress } from '../ip';
import type { Endpoint } from '../model/endpoint';
import type { Datacenter } from '../model/kubernetes/cassandra';
import {
  alteringPlugin,
  blockFor,
  forwardsOf,
  listensToItself,
  servesNamespace,
  turnsAway,
} from '../model/kubernetes/corefile';
import { CLUSTER_DOMAIN, type DnsServer } from '../model/kubernetes/dns';
import type { Model } from '../model/model';
import { type Stop, type Trace, block, unknownValue } from '../verdict';

/** DNS servers behind an address; none when an interface of the input has it, which may well run one. */
export function nameServersAt(
  model: Model,
  trace: Trace,
  at: Endpoint,
  forwardUrn: string,
): readonly DnsServer[] | Stop {
  const balancer = at.balancers?.find((candidate) => candidate.ports.some(({ port }) => port === 53));
  const cluster = balancer?.cluster ?? at.workload?.cluster;
  const all = cluster === undefined ? [] : (model.dns.get(cluster)?.servers ?? []);
  // A load balancer without any DNS server behind it is stopped on the way, at its selector.
  if (balancer !== undefined) {
    return all.filter(
      ({ pod }) =>
        pod.namespace === balancer.namespace &&
        [...balancer.selector].every(([key, value]) => pod.labels.get(key) === value),
    );
  }
  if (at.workload?.kind === 'pod') return all.filter(({ pod }) => pod === at.workload?.pod);
  if (at.urn !== at.subnet.resource.urn) {
    trace.assume(`a name server answers at ${formatAddress(at.address)}`);
    return [];
  }
  const why = `nothing in the input answers DNS at ${formatAddress(at.address)}`;
  return block('dns', forwardUrn, 'no-server', why, "Forward to the addresses of the other cluster's DNS Service");
}

/** Any of the servers may get the question, so all must know the answer. */
export function judgeAnswers(
  trace: Trace,
  servers: readonly DnsServer[],
  name: string,
  datacenter: Datacenter,
  client: Address,
): Stop | undefined {
  for (const server of servers) {
    const stop = judgeServer(server, name, datacenter, client);
    if (stop !== undefined) return stop;
    trace.pass('dns', server.urn, `${server.pod.name} answers for ${name}`);
  }
  return undefined;
}

function judgeServer(server: DnsServer, name: string, datacenter: Datacenter, client: Address): Stop | undefined {
  // kube-dns answers for the whole of its cluster's domain.
  if (server.blocks === undefined) return undefined;
  const stop = (rule: string, why: string, remedy: string): Stop => block('dns', server.urn, rule, why, remedy);
  const found = blockFor(server.blocks, name);
  if (found === undefined)
    return stop('not-served', `no server block is for ${name}`, `Serve ${name} with the kubernetes plugin`);
  if (listensToItself(found)) return stop('not-listening', 'it listens on its own loopback only', 'Remove bind');
  if (turnsAway(found, client)) {
    const why = `its acl turns ${formatAddress(client)} away`;
    return stop('acl', why, "Allow the other sites' pods and nodes in the acl");
  }
  const altering = alteringPlugin(found);
  if (altering !== undefined) return unknownValue('dns', server.urn, `what the plugin ${altering} makes of ${name}`);
  const serves = servesNamespace(found, name, datacenter.namespace);
  if (serves === 'yes') return undefined;
  if (serves === 'other-namespace') {
    const why = `the kubernetes plugin serves other namespaces than ${datacenter.namespace}`;
    return stop('namespace-not-served', why, `Add ${datacenter.namespace} to its namespaces`);
  }
  if (forwardsOf(found, name) !== undefined) {
    const why = `it forwards ${name} itself, back to where the question came from`;
    return stop('forward-loop', why, 'Forward only zones of other clusters');
  }
  const why = `its block for ${name} does not answer from ${CLUSTER_DOMAIN}`;
  return stop('not-served', why, 'Serve the zone with the kubernetes plugin');
}
