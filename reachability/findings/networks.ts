/** Ranges: overlaps between networks that are linked, what AWS refuses, and defaults that collide. */
import { type Range, contains, formatRange, mustRange } from '../ip';
import type { Vpc } from '../model/aws/network';
import { ROUTER } from '../model/gcp/router';
import { kindOf, nameOf } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import type { Resource } from '../resources/resource';
import type { Finding } from '../verdict';
import { dependsOn } from './order';

interface Owned {
  readonly range: Range;
  readonly urn: string;
  readonly network: object;
  readonly what: string;
}

export function networkFindings(model: Model): Finding[] {
  return [
    ...overlapFindings(ownedRanges(model)),
    ...[...model.aws.vpcs.values()].flatMap(familyFindings),
    ...lateFindings(model),
    ...serviceFindings(model),
    ...eniConfigFindings(model),
    ...natFindings(model),
  ];
}

/** Ranges of every network, with the service ranges of its clusters: no address may mean two things on either side. */
function ownedRanges(model: Model): Owned[] {
  const owned: Owned[] = [];
  for (const vpc of model.aws.vpcs.values()) {
    for (const { range, urn } of vpc.cidrs) owned.push({ range, urn, network: vpc, what: `VPC ${vpc.resource.name}` });
  }
  for (const subnet of model.gcp.subnets.values()) {
    for (const { range, name } of subnet.ranges) {
      const what = `subnet ${subnet.resource.name}${name === undefined ? '' : ` (${name})`}`;
      owned.push({ range, urn: subnet.resource.urn, network: subnet.network, what });
    }
  }
  for (const cluster of model.clusters.all) {
    if (cluster.services === undefined) continue;
    const network = cluster.cloud === 'aws' ? cluster.vpc : cluster.network;
    // On GKE the service range may be a secondary range of the same network, counted above.
    if (cluster.cloud === 'aws') {
      owned.push({
        range: cluster.services,
        urn: cluster.resource.urn,
        network,
        what: `services of ${cluster.resource.name}`,
      });
    }
  }
  return owned;
}

/** Sorted by first address, so that only neighbours have to be compared. */
function overlapFindings(owned: readonly Owned[]): Finding[] {
  const findings: Finding[] = [];
  const sorted = [...owned].sort((a, b) => a.range.first - b.range.first || b.range.last - a.range.last);
  let open: Owned[] = [];
  for (const entry of sorted) {
    open = open.filter((other) => other.range.last >= entry.range.first);
    for (const other of open) {
      if (other.network === entry.network && !bothClusters(other, entry)) continue;
      const message = `${entry.what}, ${formatRange(entry.range)}, overlaps ${other.what}, ${formatRange(other.range)}`;
      findings.push({
        rule: 'overlap',
        urn: entry.urn,
        message,
        remedy: 'Give every range of linked networks its own addresses',
      });
    }
    open.push(entry);
  }
  return findings;
}

/** Within one VPC a service range must not overlap either (EKS guide, "serviceIpv4Cidr"). */
function bothClusters(a: Owned, b: Owned): boolean {
  return a.what.startsWith('services of') !== b.what.startsWith('services of');
}

const FAMILIES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.19.0.0/16'].map(mustRange);
const LOW_TENS = mustRange('10.0.0.0/15');
const FIRST_TEN = mustRange('10.0.0.0/16');

/** VPC guide, "VPC CIDR blocks", "IPv4 CIDR block association restrictions". */
function familyFindings(vpc: Vpc): Finding[] {
  const [primary, ...secondary] = vpc.cidrs;
  if (primary === undefined) return [];
  const family = FAMILIES.find((range) => contains(range, primary.range));
  return secondary.flatMap(({ range, urn }): Finding[] => {
    const own = FAMILIES.find((candidate) => contains(candidate, range));
    const refused = own !== undefined && own !== family;
    const low = contains(FIRST_TEN, range) && contains(LOW_TENS, primary.range);
    if (!refused && !low) return [];
    const message = `AWS does not let a VPC of ${formatRange(primary.range)} add ${formatRange(range)}`;
    return [
      {
        rule: 'cidr-family',
        urn,
        message,
        remedy: 'Choose a secondary range of the same private family, or of 100.64.0.0/10',
      },
    ];
  });
}

/** EKS guide, "VPC requirements": a range that is added after the cluster can take hours to be recognised. */
function lateFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster): Finding[] => {
    if (cluster.cloud !== 'aws' || cluster.resource.allDependencies().length === 0) return [];
    const late = cluster.vpc.cidrs.find(
      ({ urn }) => urn !== cluster.vpc.resource.urn && !dependsOn(model, cluster.resource, urn),
    );
    if (late === undefined) return [];
    const message = `${cluster.resource.name} may be created before ${formatRange(late.range)} belongs to its VPC`;
    return [
      {
        rule: 'late-cidr',
        urn: cluster.resource.urn,
        message,
        remedy: 'Let the cluster depend on the CIDR association and its subnets',
      },
    ];
  });
}

/** GKE 1.29 and later: an unset service range is 34.118.224.0/20 in every cluster ("Create a VPC-native cluster"). */
function serviceFindings(model: Model): Finding[] {
  return model.clusters.all
    .filter((cluster) => cluster.cloud === 'gcp' && takesDefault(cluster.services, cluster.resource))
    .map((cluster) => ({
      rule: 'services-default-range',
      urn: cluster.resource.urn,
      message: `${cluster.resource.name} takes Google's default service range, 34.118.224.0/20, like every such cluster`,
      remedy: 'Set ipAllocationPolicy.servicesSecondaryRangeName to a planned range',
    }));
}

const DEFAULT_SERVICES = mustRange('34.118.224.0/20');

/** Nobody names a range, or what the cloud answered is the default. */
function takesDefault(services: Range | undefined, cluster: Resource): boolean {
  if (services !== undefined) return contains(DEFAULT_SERVICES, services);
  return ['servicesSecondaryRangeName', 'servicesIpv4CidrBlock'].every(
    (key) => cluster.value(`ipAllocationPolicy.${key}`) === undefined,
  );
}

/** ENIConfigs that the CNI never reads: pods then share the node subnets. */
function eniConfigFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster): Finding[] => {
    if (cluster.cloud !== 'aws') return [];
    const configs = cluster.objects.filter((object) => kindOf(object) === 'ENIConfig');
    const used = cluster.zones.some(({ podSubnet, nodeSubnet }) => podSubnet !== nodeSubnet);
    if (configs.length === 0 || used) return [];
    const message = `${configs.map(nameOf).join(', ')}: pods get addresses of the node subnets, because custom networking is off`;
    const urn = cluster.cni?.urn ?? cluster.resource.urn;
    return [
      {
        rule: 'eni-config-inert',
        urn,
        message,
        remedy: 'Set AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG to "true" in the vpc-cni add-on',
      },
    ];
  });
}

/** Pods that keep their own address need Cloud NAT for their secondary range ("IP masquerade agent", "Cloud NAT and GKE"). */
function natFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster): Finding[] => {
    if (cluster.cloud !== 'gcp' || !cluster.snat.off) return [];
    const routers = [...model.routers.routers.values()].filter(({ network }) => network === cluster.network);
    const nats = model.inventory.all('gcp:compute/routerNat:RouterNat').filter((nat) => {
      const router = model.inventory.find(nat, 'router', ROUTER);
      return routers.some(({ resource }) => resource === router);
    });
    const primary = nats.find(
      (nat) => nat.knownText('sourceSubnetworkIpRangesToNat') === 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES',
    );
    if (primary === undefined) return [];
    const message = `pods of ${cluster.resource.name} have no way to the Internet: SNAT is off and Cloud NAT serves primary ranges only`;
    return [{ rule: 'nat-excludes-pods', urn: primary.urn, message, remedy: 'Use ALL_SUBNETWORKS_ALL_IP_RANGES' }];
  });
}
