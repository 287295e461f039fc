/** Which pods a Service sends to. */
import type { Resource } from '../resources/resource';
import { type ServerBlock } from '../model/kubernetes/corefile';
import { PORTS, cassandraPod } from '../model/kubernetes/cassandra';
import type { Pod } from '../model/kubernetes/cluster';
import type { LoadBalancer, ServicePort } from '../model/kubernetes/loadBalancers';
import { kindOf, namespaceOf, textMap, type Labels } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import { type Stop, block } from '../verdict';

export interface Backends {
  readonly pods: readonly Backend[];
  /** Pods in all; fewer than zones means that some zone has none. */
  readonly replicas: number;
}

export interface Backend {
  readonly pod: Pod;
  /** Zone that the pod is pinned to; undefined when it may run in any. */
  readonly zone: string | undefined;
  /** Corefile of a DNS server. */
  readonly corefile: readonly ServerBlock[] | undefined;
  /** Ports that it listens on, where they are known. */
  readonly ports: readonly number[] | undefined;
}

/** What a Cassandra pod listens on. Not 7001: since 4.0 one port serves internode traffic with and without TLS. */
const CASSANDRA_PORTS: readonly number[] = [...Object.values(PORTS), 9142];
/** CoreDNS and kube-dns: queries, health, readiness and metrics. */
const DNS_PORTS: readonly number[] = [53, 8080, 8181, 9153, 10054];

export function backendsOf(model: Model, balancer: LoadBalancer): Backends | Stop {
  const pods: Backend[] = [];
  let replicas = 0;
  for (const datacenter of model.datacenters.filter(({ cluster }) => cluster === balancer.cluster)) {
    for (const rack of datacenter.racks.length > 0 ? datacenter.racks : [undefined]) {
      const pod = cassandraPod(datacenter, rack);
      if (!selected(balancer, pod.namespace, pod.labels)) continue;
      pods.push({ pod, zone: rack?.zone, corefile: undefined, ports: CASSANDRA_PORTS });
      replicas += 1;
    }
  }
  for (const server of model.dns.get(balancer.cluster)?.servers ?? []) {
    if (server.replicas === 0 || !selected(balancer, server.pod.namespace, server.pod.labels)) continue;
    pods.push({ pod: server.pod, zone: undefined, corefile: server.blocks, ports: DNS_PORTS });
    replicas += server.replicas;
  }
  for (const object of balancer.cluster.objects.filter(isWorkload)) {
    const labels = textMap(object.value('spec.template.metadata.labels'));
    if (pods.length > 0 || !selected(balancer, namespaceOf(object), labels)) continue;
    const count = object.number('spec.replicas');
    if (count === 0) continue;
    pods.push({
      pod: { name: object.name, namespace: namespaceOf(object), labels },
      zone: undefined,
      corefile: undefined,
      ports: undefined,
    });
    replicas += typeof count === 'number' ? count : 1;
  }
  return pods.length > 0 ? { pods, replicas } : noBackend(model, balancer);
}

function isWorkload(object: Resource): boolean {
  return ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kindOf(object));
}

function selected(balancer: LoadBalancer, namespace: string, labels: Labels): boolean {
  if (namespace !== balancer.namespace || balancer.selector.size === 0) return false;
  return [...balancer.selector].every(([key, value]) => labels.get(key) === value);
}

/** A selector for pods that the input tells of is wrong; one for pods that a chart or somebody else makes cannot be judged. */
function noBackend(model: Model, balancer: LoadBalancer): Stop {
  const why = `no pod in ${balancer.namespace} matches the selector of ${balancer.name}`;
  const remedy = 'Let the selector match the labels of the pods, in their namespace';
  const stop = block('load-balancer', balancer.resource.urn, 'no-targets', why, remedy);
  const known = [
    ...model.datacenters.filter(({ cluster }) => cluster === balancer.cluster).map(({ namespace }) => namespace),
    ...(model.dns.get(balancer.cluster)?.servers ?? []).map(({ pod }) => pod.namespace),
  ];
  const operators = [...balancer.selector.keys()].some((key) => key.startsWith('cassandra.datastax.com/'));
  return known.includes(balancer.namespace) || operators ? stop : { ...stop, kind: 'undetermined' };
}

/** A Service whose target port no backend listens on. */
export function silentPort(balancer: LoadBalancer, { pods }: Backends, port: ServicePort): Stop | undefined {
  if (port.unknownName !== undefined && pods.some(({ ports }) => ports !== undefined)) {
    const why = `${pods[0]?.pod.name ?? 'the pod'} has no port named ${port.unknownName}`;
    return block('load-balancer', balancer.resource.urn, 'target-port', why, 'Set targetPort to the number of a port');
  }
  const silent = pods.find(({ ports }) => ports !== undefined && !ports.includes(port.targetPort));
  if (silent === undefined) return undefined;
  const why = `${silent.pod.name} does not listen on ${port.targetPort}`;
  const remedy = `Set targetPort to one of ${silent.ports?.join(', ') ?? ''}`;
  return block('load-balancer', balancer.resource.urn, 'target-port', why, remedy);
}
