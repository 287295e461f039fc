/** What is legal but deserves a second look. */
import { count } from './count';
import type { Draft } from './draft';
import { regionsOf, zonesOf } from './locations';
import { nearest } from './nearest';
import type { Problem } from './problem';
import type { RangedSite } from './ranges';
import type { Settings } from './settings';
import { bytesOf } from './parse/values';

/** Above this heap size the JVM needs wider object references, so that more heap holds less. */
const COMPRESSED_OOPS_LIMIT = 31 * 2 ** 30;

/** Newest Kubernetes minor version that EKS and GKE's channels are known to offer. */
const NEWEST_KUBERNETES_MINOR = 36;

/** With fewer racks than replicas, losing one zone loses more than one replica of some rows. */
export function warnRacks({ cassandra }: Draft<Settings>, { key, settings }: RangedSite): Problem[] {
  const racks = settings.zones?.length ?? 0;
  const rf = cassandra?.replicationFactor ?? 0;
  return racks === 0 || racks >= rf
    ? []
    : [
        {
          key: `${key}.zones`,
          value: settings.zones?.join(', ') ?? '',
          message: `makes ${count(racks, 'rack')} for ${rf} replicas: losing a zone can break the quorum`,
          remedy: `use ${rf} zones, or lower cassandra.replicationFactor`,
        },
      ];
}

/**
 * A datacenter cannot hold more replicas than it has nodes; it is given as many as it has. Cassandra takes the larger
 * number too, and warns: then no node may ever be down for a quorum of all of them.
 */
export function warnReplicas({ cassandra }: Draft<Settings>, { key, settings }: RangedSite): Problem[] {
  const racks = settings.zones?.length ?? 0;
  const perRack = settings.cassandra?.nodesPerRack ?? 0;
  const rf = cassandra?.replicationFactor ?? 0;
  const nodes = racks * perRack;
  return nodes === 0 || nodes >= rf
    ? []
    : [
        {
          key: `${key}.cassandra.nodesPerRack`,
          value: String(perRack),
          message: `makes ${count(nodes, 'Cassandra node')} for ${rf} replicas: keyspaces get ${nodes} here`,
          remedy: `set it to at least ${Math.ceil(rf / racks)}, or lower cassandra.replicationFactor`,
        },
      ];
}

/** Each zone has a NAT gateway with an address of its own, of which an account has five in a region unless it asks. */
const ELASTIC_ADDRESSES = 5;

export function warnAddresses({ key, settings: { cloud, zones = [] } }: RangedSite): Problem[] {
  return cloud !== 'aws' || zones.length <= ELASTIC_ADDRESSES
    ? []
    : [
        {
          key: `${key}.zones`,
          value: zones.join(', '),
          message: `takes ${zones.length} Elastic IP addresses, and an account has ${ELASTIC_ADDRESSES} in a region`,
          remedy: 'ask AWS for more first, or use fewer zones',
          rule: 'Elastic IP addresses',
          source: 'Amazon VPC user guide, quotas',
        },
      ];
}

/** A region or zone that is not known here may be new, or a slip of the pen that the cloud refuses halfway through. */
export function warnLocation({ key, settings: { cloud, region, zones = [] } }: RangedSite): Problem[] {
  if (cloud === undefined || region === undefined) {
    return [];
  }
  const known = regionsOf(cloud);
  if (!known.includes(region)) {
    const near = nearest(region, known);
    const remedy = near === undefined ? 'check its name' : `check its name; did you mean ${near}?`;
    return [{ key: `${key}.region`, value: region, message: 'is not a region known here', remedy }];
  }
  const existing = zonesOf(cloud, region);
  return existing === undefined
    ? []
    : zones.flatMap((zone, index) =>
        // Zones of another region are problems, not warnings.
        existing.includes(zone) || !zone.startsWith(`${region}-`)
          ? []
          : [
              {
                key: `${key}.zones[${index}]`,
                value: zone,
                message: `is not a zone known here of ${region}`,
                remedy: `check its name; known are ${existing.join(', ')}`,
              },
            ],
      );
}

/** The cloud decides which versions it offers; one that is newer than the tried ones may not exist. */
export function warnKubernetes({ key, settings: { kubernetesVersion } }: RangedSite): Problem[] {
  return kubernetesVersion === undefined || Number(kubernetesVersion.split('.')[1]) <= NEWEST_KUBERNETES_MINOR
    ? []
    : [
        {
          key: `${key}.kubernetesVersion`,
          value: kubernetesVersion,
          message: `is newer than 1.${NEWEST_KUBERNETES_MINOR}, the newest this version was tried with`,
          remedy: 'check that the cloud offers it',
        },
      ];
}

export function warnHeap({ key, settings }: RangedSite): Problem[] {
  const heap = settings.cassandra?.heap;
  return heap === undefined || bytesOf(heap) <= COMPRESSED_OOPS_LIMIT
    ? []
    : [
        {
          key: `${key}.cassandra.heap`,
          value: heap,
          message: 'is too large for compressed object references',
          remedy: 'use at most 31Gi and leave the rest of the memory to the page cache',
        },
      ];
}

/** Instances of fewer processors do not keep up with more pods, whatever their addresses allow. */
export function warnPodDensity({ key, settings }: RangedSite): Problem[] {
  const { machineType, maxPods } = settings.nodes ?? {};
  const size = /\.(medium|large|(\d*)xlarge)$/.exec(machineType ?? '');
  const small = size !== null && (size[2] === undefined || Number(size[2] || 1) < 8);
  return settings.cloud !== 'aws' || maxPods === undefined || maxPods <= 110 || !small
    ? []
    : [
        {
          key: `${key}.nodes.maxPods`,
          value: String(maxPods),
          message: `is more than 110, which is advised for ${machineType} with fewer than 30 processors`,
          remedy: 'use at most 110, or an instance type of 8xlarge or more',
          rule: 'pods per node',
          source: 'Amazon EKS best practices guide, prefix mode',
        },
      ];
}

/** Sites that no link reaches make a ring of their own. */
export function warnLinks({ sites = [], links = [] }: Draft<Settings>): Problem[] {
  const linked = new Set(links.flatMap((link) => link.sites ?? []));
  const alone = sites.flatMap((site) => (site.name === undefined || linked.has(site.name) ? [] : site.name));
  return sites.length < 2 || alone.length === 0
    ? []
    : [
        {
          key: 'links',
          value: '',
          message: `reach no link: ${alone.join(', ')}`,
          remedy: 'list the pairs of sites to link under links',
        },
      ];
}
