/** Endpoints that stand for the pods of a datacenter, which have no addresses at preview: one for each zone. */
import { formatAddress } from '../ip';
import { type Datacenter, type Rack, cassandraPod } from '../model/kubernetes/cassandra';
import type { Subnet } from '../model/aws/network';
import type { Cluster, EksZone, Pod } from '../model/kubernetes/cluster';
import type { Model } from '../model/model';
import { type Endpoint, SAMPLE } from '../model/endpoint';
import { type Stop, block } from '../verdict';
import { outsideVpc } from '../walk/subnets';

/** A place where pods run, or why none can run there. */
export interface PodPlace {
  /** Address for the report; the zone's name where pods get no address. */
  readonly text: string;
  readonly endpoint: Endpoint | Stop;
}

/** Where the datacenter's pods are. On GKE all zones share the pod range, so one place stands for all. */
export function podPlaces(model: Model, datacenter: Datacenter): PodPlace[] {
  const racks: readonly (Rack | undefined)[] = datacenter.racks.length > 0 ? datacenter.racks : [undefined];
  const { cluster } = datacenter;
  if (cluster.cloud === 'gcp') {
    const stranded = racks.filter(
      (rack) => rack?.zone !== undefined && cluster.zones.length > 0 && !cluster.zones.includes(rack.zone),
    );
    return [
      placeIn(model, cluster, undefined, cassandraPod(datacenter, racks[0]), 0),
      ...stranded.map((rack) => strandedPlace(datacenter, rack?.zone ?? '')),
    ];
  }
  const pinned = racks.every((rack) => rack?.zone !== undefined);
  if (!pinned)
    return zonesOf(cluster).map((zone) => placeIn(model, cluster, zone, cassandraPod(datacenter, racks[0]), 0));
  return racks.map((rack) =>
    zonesOf(cluster).includes(rack?.zone)
      ? placeIn(model, cluster, rack?.zone, cassandraPod(datacenter, rack), 0)
      : strandedPlace(datacenter, rack?.zone ?? ''),
  );
}

/** Zones that pods of a cluster may run in; one entry for all of GKE's. */
export function zonesOf(cluster: Cluster): readonly (string | undefined)[] {
  return cluster.cloud === 'aws' ? cluster.zones.map(({ zone }) => zone) : [undefined];
}

/** A pod in a zone; `offset` keeps several pods of one range apart. */
export function placeIn(model: Model, cluster: Cluster, zone: string | undefined, pod: Pod, offset: number): PodPlace {
  if (cluster.cloud === 'gcp') {
    const range = pod.hostNetwork === true ? cluster.nodes : cluster.pods;
    const address = range.first + SAMPLE + offset;
    const at =
      pod.hostNetwork === true ? model.places.gkeNode(cluster, address) : model.places.gkePod(cluster, address, pod);
    return { text: formatAddress(address), endpoint: { ...at, range } };
  }
  const found = cluster.zones.find((candidate) => candidate.zone === zone) ?? cluster.zones[0];
  if (found !== undefined && pod.hostNetwork === true) {
    const { range } = found.nodeSubnet;
    const address = range.first + SAMPLE + offset;
    return { text: formatAddress(address), endpoint: { ...model.places.eksNode(found, cluster, address), range } };
  }
  if (found?.podSubnet === undefined) {
    const text = `pod in ${zone ?? 'the cluster'}`;
    const urn = cluster.cni?.urn ?? cluster.resource.urn;
    const why = `custom networking is on, but ${zone ?? 'the zone'} has no ENIConfig of its name with a subnet of the input`;
    return { text, endpoint: block('source', urn, 'no-eni-config', why, 'Make an ENIConfig named after the zone') };
  }
  const unusable = wrongZone(found, found.podSubnet) ?? outsideVpc(found.podSubnet, 'source');
  if (unusable !== undefined) return { text: `pod in ${zone ?? 'the cluster'}`, endpoint: unusable };
  const { range } = found.podSubnet;
  const address = range.first + SAMPLE + offset;
  return { text: formatAddress(address), endpoint: { ...model.places.eksPod(cluster, found, address, pod), range } };
}

function wrongZone({ zone, eniConfig }: EksZone, subnet: Subnet): Stop | undefined {
  if (subnet.zone === undefined || zone === undefined || subnet.zone === zone) return undefined;
  const why = `the ENIConfig of ${zone} names a subnet of ${subnet.zone}: an interface cannot leave its zone`;
  const urn = eniConfig?.urn ?? subnet.resource.urn;
  return block('source', urn, 'eni-config-zone', why, 'Name a pod subnet of the same zone');
}

function strandedPlace(datacenter: Datacenter, zone: string): PodPlace {
  const why = `the cluster has no nodes in ${zone}, where a rack of ${datacenter.name} is pinned`;
  const stop = block('source', datacenter.resource.urn, 'no-nodes-in-zone', why, 'Pin racks to zones that have nodes');
  return { text: `pod in ${zone}`, endpoint: stop };
}
