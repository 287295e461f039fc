/** Flows within a datacenter's own cluster: its pods among themselves, the operator, webhooks and metrics. */
import { formatAddress } from '../ip';
import { type Datacenter, PORTS } from '../model/kubernetes/cassandra';
import type { Cluster, Pod } from '../model/kubernetes/cluster';
import { type Release, readReleases } from '../model/kubernetes/releases';
import type { Model } from '../model/model';
import { type Endpoint, SAMPLE, farEnd } from '../model/endpoint';
import type { Service } from '../model/ports';
import { type Stop, Trace } from '../verdict';
import { carry } from '../walk/carry';
import { arrive } from '../walk/filters';
import { replyTo } from '../walk/packet';
import { between } from './cassandra';
import { type PodPlace, placeIn, podPlaces, zonesOf } from './endpoints';
import type { RequiredFlow } from './flow';
import { scraperPlaces } from './scrapers';

export function clusterFlows(model: Model, datacenter: Datacenter): RequiredFlow[] {
  const places = podPlaces(model, datacenter);
  const releases = readReleases(datacenter.cluster.objects);
  const tcp = (port: number): Service => ({ protocol: 'tcp', port });
  return [
    ...neighbours(model, datacenter, places, tcp(PORTS.internode)),
    ...releases
      .filter(({ chart }) => chart === 'cass-operator')
      .flatMap((release) => {
        const operator = placeIn(model, datacenter.cluster, zonesOf(datacenter.cluster)[0], operatorPod(release), 2);
        return between(model, [operator], places, tcp(PORTS.management), `management API, ${datacenter.name}`);
      }),
    ...between(model, scraperPlaces(model, datacenter), places, tcp(PORTS.metrics), `metrics, ${datacenter.name}`),
    ...releases.flatMap((release) => webhookFlows(model, datacenter, release)),
  ];
}

/** Each zone with the next; in one shared range, two pods of it. */
function neighbours(
  model: Model,
  datacenter: Datacenter,
  places: readonly PodPlace[],
  service: Service,
): RequiredFlow[] {
  const purpose = `internode, within ${datacenter.name}`;
  const [only] = places;
  if (places.length === 1 && only !== undefined && !('kind' in only.endpoint)) {
    const zone = only.endpoint.cloud === 'aws' ? only.endpoint.subnet.zone : undefined;
    const pod = only.endpoint.workload?.pod;
    return pod === undefined
      ? []
      : between(model, [only], [placeIn(model, datacenter.cluster, zone, pod, 1)], service, purpose);
  }
  return places.flatMap((place, index) =>
    between(model, [place], [places[(index + 1) % places.length] ?? place], service, purpose),
  );
}

function operatorPod(release: Release): Pod {
  return {
    name: 'cass-operator',
    namespace: release.namespace,
    labels: new Map([['app.kubernetes.io/name', 'cass-operator']]),
  };
}

/** Admission webhooks with failurePolicy Fail: unreachable, they refuse every object they are for. */
function webhookFlows(model: Model, datacenter: Datacenter, release: Release): RequiredFlow[] {
  const { cluster } = datacenter;
  const port = release.webhookPort;
  const caller = controlPlane(cluster);
  if (port === undefined || caller === undefined) return [];
  const pod: Pod = { name: release.chart, namespace: release.namespace, labels: new Map() };
  const target = placeIn(model, cluster, zonesOf(cluster)[0], pod, 3);
  const service: Service = { protocol: 'tcp', port };
  return [
    {
      flow: {
        source: formatAddress(caller.address),
        destination: target.text,
        ...service,
        purpose: `webhook of ${release.chart}, ${datacenter.name}`,
      },
      walk: (trace: Trace): Stop | undefined =>
        'kind' in target.endpoint
          ? { ...target.endpoint, hop: 'destination' }
          : call(model, trace, caller, target.endpoint, service),
    },
  ];
}

/** An interface of the control plane; undefined when its range is not known, as on clusters that tunnel to their nodes. */
function controlPlane(cluster: Cluster): Endpoint | undefined {
  if (cluster.cloud === 'aws') {
    const subnet = cluster.controlPlane.subnets[0];
    if (subnet === undefined) return undefined;
    const address = subnet.range.first + SAMPLE;
    const { groups } = cluster.controlPlane;
    return {
      cloud: 'aws',
      address,
      subnet,
      urn: cluster.resource.urn,
      label: 'the control plane',
      groups,
      groupsAssumed: false,
      range: subnet.range,
    };
  }
  if (cluster.controlPlane === undefined) return undefined;
  const traits = { labels: [], assumed: false, unknown: false };
  const address = cluster.controlPlane.first + SAMPLE;
  return {
    cloud: 'gcp',
    address,
    subnet: cluster.subnet,
    urn: cluster.resource.urn,
    label: 'the control plane',
    traits,
    range: cluster.controlPlane,
  };
}

/** Google's control plane has a way of its own to the nodes; only their firewall stands in it. */
function call(model: Model, trace: Trace, from: Endpoint, to: Endpoint, service: Service): Stop | undefined {
  trace.pass('control-plane', from.urn, from.label);
  return callOnce(model, trace, from, to, service) ?? callOnce(model, new Trace(), farEnd(from), farEnd(to), service);
}

function callOnce(model: Model, trace: Trace, from: Endpoint, to: Endpoint, service: Service): Stop | undefined {
  const request = { source: from.address, destination: to.address, service, kind: 'request' } as const;
  if (from.cloud === 'gcp') return arrive(model, trace, from, to, request);
  return carry(model, trace, from, to, request) ?? carry(model, trace, to, from, replyTo(request));
}
