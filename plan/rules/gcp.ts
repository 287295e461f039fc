/** Rules of Google Cloud about the ranges of a site. */
import { maxNodesByNodeSubnet, maxNodesByPodRange, podRangePerNode } from '../capacity/gcp';
import { MAX_NODES_PREFIX, gcpNodeSubnet } from '../layout/gcp';
import type { Problem } from '../problem';
import type { RangedSite } from '../ranges';
import { broken } from './rule';

const SUBNET_SIZE = { name: 'subnet size', source: 'Google Cloud, VPC subnets, valid ranges' };
const SERVICE_RANGE = { name: 'GKE service range', source: 'Google Kubernetes Engine, VPC-native clusters' };
const CONTROL_PLANE = { name: 'GKE control plane range', source: 'Google Kubernetes Engine, private clusters' };
const POD_RANGE = { name: 'GKE pods per node', source: 'Google Kubernetes Engine, flexible Pod CIDR' };

/** All rules of Google Cloud for a site; none for a site elsewhere. */
export function checkGcp(site: RangedSite): Problem[] {
  return site.settings.cloud === 'gcp'
    ? [...checkNodes(site), ...checkPods(site), ...checkServices(site), ...checkControlPlane(site)]
    : [];
}

/** Nodes of all zones at their upper bound; a regional pool counts per zone. */
function wantedNodes({ settings }: RangedSite): number | undefined {
  const { nodes, zones } = settings;
  return nodes?.maxPerZone === undefined || zones === undefined ? undefined : nodes.maxPerZone * zones.length;
}

/** The range holds the node subnet and the control plane, and the subnet all nodes and planned addresses. */
function checkNodes(site: RangedSite): Problem[] {
  const { nodes } = site;
  if (nodes === undefined) {
    return [];
  }
  if (nodes.cidr.prefix > MAX_NODES_PREFIX) {
    const message = `has ${nodes.cidr.size} addresses, requires ${2 ** (32 - MAX_NODES_PREFIX)} for node subnet and control plane`;
    return [broken(SUBNET_SIZE, nodes, message, `use a range of /${MAX_NODES_PREFIX} or larger`)];
  }
  const wanted = wantedNodes(site);
  const max = maxNodesByNodeSubnet(nodes.cidr);
  if (wanted === undefined || wanted <= max) {
    return [];
  }
  const message = `has room for ${max} nodes in the node subnet ${gcpNodeSubnet(nodes.cidr)}, requires ${wanted}`;
  return [broken(SUBNET_SIZE, nodes, message, 'use a larger range or lower nodes.maxPerZone')];
}

/** Each node takes a part of the pod range whose size follows from its pods. */
function checkPods(site: RangedSite): Problem[] {
  const maxPods = site.settings.nodes?.maxPods;
  const wanted = wantedNodes(site);
  if (site.pods === undefined || maxPods === undefined || wanted === undefined) {
    return [];
  }
  const max = maxNodesByPodRange(site.pods.cidr, maxPods);
  if (wanted <= max) {
    return [];
  }
  const message = `has room for ${max} nodes of ${maxPods} pods, which take a /${podRangePerNode(maxPods)} each, requires ${wanted}`;
  return [broken(POD_RANGE, site.pods, message, 'use a larger range, or lower nodes.maxPods or nodes.maxPerZone')];
}

/** GKE takes a service range of /27 or larger. */
function checkServices({ services }: RangedSite): Problem[] {
  return services === undefined || services.cidr.prefix <= 27
    ? []
    : [
        broken(
          SERVICE_RANGE,
          services,
          `is /${services.cidr.prefix}, and GKE takes /27 or larger`,
          'use a range of /27 or larger',
        ),
      ];
}

/** Exactly /28, and clear of the node subnet. */
function checkControlPlane({ controlPlane, nodes }: RangedSite): Problem[] {
  if (controlPlane === undefined) {
    return [];
  }
  if (controlPlane.cidr.prefix !== 28) {
    return [
      broken(CONTROL_PLANE, controlPlane, `is /${controlPlane.cidr.prefix}, and GKE takes exactly /28`, 'use a /28'),
    ];
  }
  if (
    nodes === undefined ||
    nodes.cidr.prefix > MAX_NODES_PREFIX ||
    !gcpNodeSubnet(nodes.cidr).overlaps(controlPlane.cidr)
  ) {
    return [];
  }
  const message = `lies in the node subnet ${gcpNodeSubnet(nodes.cidr)}, the first half of nodes`;
  return [broken(CONTROL_PLANE, controlPlane, message, 'leave it out, or use a /28 outside that half')];
}
