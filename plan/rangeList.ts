/** Every range of a plan in one list, with what it is for and how much of that it holds. */
import * as aws from './capacity/aws';
import * as gcp from './capacity/gcp';
import type { Cidr } from './cidr';
import { AWS_RESERVED_ADDRESSES, type ZoneRanges } from './layout/aws';
import { GCP_RESERVED_ADDRESSES, PLANNED_ADDRESSES } from './layout/gcp';
import type { PlacedAwsSite, PlacedGcpSite, PlacedSite } from './layout/place';
import type { LinkPlan, PlannedRange, RangeCapacity, RangeRole } from './types';
import { PODS_PER_RACK } from './virtual';

/** The ranges of all sites, then of all links, each before its parts. */
export function listRanges(sites: readonly PlacedSite[], links: readonly LinkPlan[]): PlannedRange[] {
  return [...sites.flatMap(siteRanges), ...links.flatMap(linkRanges)];
}

function siteRanges(site: PlacedSite): PlannedRange[] {
  const whole = (role: RangeRole, cidr: Cidr, capacity: RangeCapacity): PlannedRange => ({
    owner: site.settings.name,
    role,
    cidr: cidr.toString(),
    usable: cidr.size,
    capacity,
  });
  const { nodes, pods } = site.cloud === 'aws' ? awsTotals(site) : gcpTotals(site);
  // The first and the last address of a service range are never given to a service.
  const services = site.services.size - 2;
  return [
    whole('nodes', site.nodes, { of: 'nodes', max: nodes }),
    whole('pods', site.pods, { of: 'pods', max: pods }),
    { ...whole('services', site.services, { of: 'services', max: services }), usable: services },
    ...(site.virtual === undefined
      ? []
      : [whole('virtual', site.virtual, { of: 'pods', max: site.zones.length * PODS_PER_RACK })]),
    ...(site.cloud === 'aws' ? site.zones.flatMap((zone) => awsParts(site, zone)) : gcpParts(site)),
  ];
}

interface Totals {
  readonly nodes: number;
  readonly pods: number;
}

/** What the ranges hold in one zone. */
function awsZoneTotals({ nodes, pods, settings }: PlacedAwsSite): Totals {
  const { maxPods } = settings.nodes;
  return { nodes: aws.maxNodesByNodeSubnet(nodes), pods: aws.maxNodesByPodSubnet(pods, maxPods) * maxPods };
}

function awsTotals(site: PlacedAwsSite): Totals {
  const { nodes, pods } = awsZoneTotals(site);
  return { nodes: site.zones.length * nodes, pods: site.zones.length * pods };
}

function gcpTotals({ nodes, pods, settings }: PlacedGcpSite): Totals {
  const { maxPods } = settings.nodes;
  return { nodes: gcp.maxNodesByNodeSubnet(nodes), pods: gcp.maxNodesByPodRange(pods, maxPods) * maxPods };
}

function awsParts(site: PlacedAwsSite, zone: ZoneRanges): PlannedRange[] {
  const part = (role: RangeRole, cidr: Cidr, within: Cidr, reserved: number, capacity?: RangeCapacity) => {
    const usable = cidr.size - reserved;
    return {
      owner: site.settings.name,
      role,
      zone: zone.zone,
      cidr: cidr.toString(),
      usable,
      capacity: capacity ?? { of: 'addresses', max: usable },
      within: within.toString(),
    } satisfies PlannedRange;
  };
  const totals = awsZoneTotals(site);
  const { nodes, pods } = site;
  const lost = AWS_RESERVED_ADDRESSES;
  return [
    part('nodeSubnet', zone.nodeSubnet, nodes, lost, { of: 'nodes', max: totals.nodes }),
    part('podSubnet', zone.podSubnet, pods, lost, { of: 'pods', max: totals.pods }),
    part('loadBalancerSubnet', zone.loadBalancerSubnet, nodes, lost),
    // It ends where its subnet ends, at the one address of it that AWS keeps.
    part('loadBalancerReservation', zone.loadBalancerReservation, zone.loadBalancerSubnet, 1),
    part('publicSubnet', zone.publicSubnet, nodes, lost),
    part('transitSubnet', zone.transitSubnet, nodes, lost),
  ];
}

function gcpParts(site: PlacedGcpSite): PlannedRange[] {
  const { nodes, nodeSubnet, controlPlane } = site;
  const usable = controlPlane.size - GCP_RESERVED_ADDRESSES;
  return [
    {
      owner: site.settings.name,
      role: 'nodeSubnet',
      cidr: nodeSubnet.toString(),
      usable: nodeSubnet.size - GCP_RESERVED_ADDRESSES - PLANNED_ADDRESSES,
      capacity: { of: 'nodes', max: gcp.maxNodesByNodeSubnet(nodes) },
      within: nodes.toString(),
    },
    {
      owner: site.settings.name,
      role: 'controlPlane',
      cidr: controlPlane.toString(),
      usable,
      capacity: { of: 'addresses', max: usable },
      ...(nodes.contains(controlPlane) ? { within: nodes.toString() } : {}),
    },
  ];
}

/** One range per tunnel; its two usable addresses are the two ends. */
function linkRanges(link: LinkPlan): PlannedRange[] {
  return link.tunnels.map(({ cidr }) => ({
    owner: link.name,
    role: 'tunnel',
    cidr,
    usable: 2,
    capacity: { of: 'addresses', max: 2 },
  }));
}
