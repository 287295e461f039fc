/** The clusters' machines, as the node groups and pools describe them, and what each cloud puts beside them. */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import { addressAt, blockAt } from '../../core/ip';
import type { Cluster, Machine } from '../model';
import { SUBNET, VPC, need, numberOr, rangesOf, subnetsOf } from './aws';
import { EKS_CLUSTER, profileName } from './awsSecurityGroups';
import { NETWORK, SUBNETWORK, controlPlaneRange, secondaryRange } from './gcp';
import { GKE_CONTROL_PLANE, tagProfile, tagsOf } from './gcpFirewalls';

const EKS_NODE_GROUP = 'aws:eks/nodeGroup:NodeGroup';
const EKS_ADDON = 'aws:eks/addon:Addon';
const ENI_CONFIG = 'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig';
const GKE_CLUSTER = 'gcp:container/cluster:Cluster';
const GKE_NODE_POOL = 'gcp:container/nodePool:NodePool';

/** Offset of the first machine in its subnet: AWS takes the first four addresses, Google the first two. */
const FIRST_MACHINE = 10;
/** An address of the control plane's interfaces, which the clouds choose. */
const CONTROL_PLANE = 5;
/** vpc-cni gives a node /28 prefixes; the first of a subnet holds AWS's own addresses. */
const EKS_POD_PREFIX = 28;

export function eksClusters(inventory: Inventory): Cluster[] {
  return inventory.all(EKS_CLUSTER).map((cluster, index) => {
    const vpc = inventory.all(VPC).find(({ id }) => id === cluster.knownText('vpcConfig.vpcId'));
    if (vpc === undefined) throw new LabError(`${cluster.urn}: its VPC is not in the export`);
    const group = need(cluster, 'vpcConfig.clusterSecurityGroupId');
    const first = inventory.resolveAll(cluster, 'vpcConfig.subnetIds', SUBNET).resources[0];
    if (first === undefined) throw new LabError(`${cluster.urn} names no subnet`);
    return {
      name: `eks${index}`,
      cloud: 'aws',
      urn: cluster.urn,
      network: vpc.urn,
      serviceRange: need(cluster, 'kubernetesNetworkConfig.serviceIpv4Cidr'),
      controlPlane: addressAt(need(first, 'cidrBlock'), CONTROL_PLANE),
      controlPlaneProfile: profileName([group]),
      machines: eksMachines(inventory, cluster, vpc),
      // EKS user guide, "Limit Pod traffic with Kubernetes network policies": off unless the add-on is told.
      enforcesPolicies: String(addonConfiguration(inventory, cluster, 'vpc-cni')['enableNetworkPolicy']) === 'true',
      subnets: subnetsOf(inventory, vpc).map((subnet) => ({
        name: subnet.knownText('tags.Name') ?? subnet.name,
        range: need(subnet, 'cidrBlock'),
      })),
      managedCorefile: addonConfiguration(inventory, cluster, 'coredns')['corefile'] as string | undefined,
    };
  });
}

function eksMachines(inventory: Inventory, cluster: Resource, vpc: Resource): Machine[] {
  const group = need(cluster, 'vpcConfig.clusterSecurityGroupId');
  const sourceNat = eksSourceNat(inventory, cluster, vpc);
  const used = new Map<string, number>();
  return inventory
    .all(EKS_NODE_GROUP)
    .filter((nodes) => inventory.find(nodes, 'clusterName', EKS_CLUSTER) === cluster)
    .flatMap((nodes) => {
      const subnets = inventory.resolveAll(nodes, 'subnetIds', SUBNET).resources;
      const count = numberOr(nodes, 'scalingConfig.desiredSize', 1);
      return Array.from({ length: count }, (_, number): Machine => {
        const subnet = subnets[number % subnets.length];
        if (subnet === undefined) throw new LabError(`${nodes.urn} names no subnet`);
        const range = need(subnet, 'cidrBlock');
        const zone = need(subnet, 'availabilityZone');
        const position = used.get(range) ?? 0;
        used.set(range, position + 1);
        const pods = podPlacement(inventory, cluster, zone, { range, groups: [group] });
        const address = addressAt(range, FIRST_MACHINE + position);
        return {
          name: `ip-${address.replaceAll('.', '-')}`,
          zone,
          address,
          podRange: pods.range,
          podBlock: blockAt(pods.range, EKS_POD_PREFIX, position + 1),
          profile: profileName([group]),
          podProfile: profileName(pods.groups),
          sourceNat,
        };
      });
    });
}

/** With custom networking the ENIConfig of the node's zone says where pods get addresses, and with which groups. */
function podPlacement(
  inventory: Inventory,
  cluster: Resource,
  zone: string,
  otherwise: { range: string; groups: string[] },
): { range: string; groups: string[] } {
  const { env = {} } = addonConfiguration(inventory, cluster, 'vpc-cni') as { env?: Record<string, string> };
  if (env['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'] !== 'true') return otherwise;
  const config = inventory.all(ENI_CONFIG).find((entry) => entry.knownText('metadata.name') === zone);
  const subnet = inventory.all(SUBNET).find(({ id }) => id === config?.knownText('spec.subnet'));
  if (config === undefined || subnet === undefined) {
    throw new LabError(`custom networking is on, but no ENIConfig ${zone} with a subnet is in the export`);
  }
  return { range: need(subnet, 'cidrBlock'), groups: [...config.knownTexts('spec.securityGroups')] };
}

/**
 * amazon-vpc-cni-k8s, "CNI Configuration Variables": what leaves the VPC gets the node's address, unless EXTERNALSNAT is
 * on or the destination is excluded.
 */
function eksSourceNat(inventory: Inventory, cluster: Resource, vpc: Resource): Machine['sourceNat'] {
  const { env = {} } = addonConfiguration(inventory, cluster, 'vpc-cni') as { env?: Record<string, string> };
  if (env['AWS_VPC_K8S_CNI_EXTERNALSNAT'] === 'true') return undefined;
  const excluded = (env['AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS'] ?? '').split(',').filter((range) => range.trim() !== '');
  return { except: [...rangesOf(inventory, vpc), ...excluded.map((range) => range.trim())] };
}

function addonConfiguration(inventory: Inventory, cluster: Resource, name: string): Record<string, unknown> {
  const addon = inventory
    .all(EKS_ADDON)
    .find(
      (entry) => entry.knownText('addonName') === name && inventory.find(entry, 'clusterName', EKS_CLUSTER) === cluster,
    );
  const text = addon?.knownText('configurationValues');
  return text === undefined || text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export function gkeClusters(inventory: Inventory): Cluster[] {
  return inventory.all(GKE_CLUSTER).map((cluster, index) => {
    const network = inventory.find(cluster, 'network', NETWORK);
    const subnet = inventory.find(cluster, 'subnetwork', SUBNETWORK);
    if (network === undefined || subnet === undefined)
      throw new LabError(`${cluster.urn}: its network is not in the export`);
    return {
      name: `gke${index}`,
      cloud: 'gcp',
      urn: cluster.urn,
      network: network.urn,
      serviceRange: secondaryRange(subnet, need(cluster, 'ipAllocationPolicy.servicesSecondaryRangeName')),
      controlPlane: addressAt(controlPlaneRange(inventory, cluster), CONTROL_PLANE),
      controlPlaneProfile: GKE_CONTROL_PLANE.name,
      machines: gkeMachines(inventory, cluster, subnet),
      enforcesPolicies: gkeEnforcesPolicies(cluster),
      subnets: [{ name: subnet.name, range: need(subnet, 'ipCidrRange') }],
      managedCorefile: undefined,
    };
  });
}

/** GKE, "Network policies": by Dataplane V2, which Autopilot always has, or by Calico when `networkPolicy` is on. */
function gkeEnforcesPolicies(cluster: Resource): boolean {
  return (
    cluster.knownText('datapathProvider') === 'ADVANCED_DATAPATH' ||
    cluster.flag('enableAutopilot') === true ||
    cluster.flag('networkPolicy.enabled') === true
  );
}

function gkeMachines(inventory: Inventory, cluster: Resource, subnet: Resource): Machine[] {
  const pods = secondaryRange(subnet, need(cluster, 'ipAllocationPolicy.clusterSecondaryRangeName'));
  const sourceNat = gkeSourceNat(inventory, cluster);
  let index = 0;
  return inventory
    .all(GKE_NODE_POOL)
    .filter((pool) => inventory.find(pool, 'cluster', GKE_CLUSTER) === cluster)
    .flatMap((pool) => {
      const podPrefix = prefixForPods(
        numberOr(pool, 'maxPodsPerNode', numberOr(cluster, 'defaultMaxPodsPerNode', 110)),
      );
      // A regional pool's counts are per zone.
      const perZone = numberOr(pool, 'initialNodeCount', numberOr(pool, 'autoscaling.minNodeCount', 1));
      return pool.knownTexts('nodeLocations').flatMap((zone) =>
        Array.from({ length: perZone }, (): Machine => {
          const position = index++;
          const address = addressAt(need(subnet, 'ipCidrRange'), FIRST_MACHINE + position);
          const profile = tagProfile(tagsOf(pool));
          return {
            name: `gke-${address.replaceAll('.', '-')}`,
            zone,
            address,
            podRange: pods,
            podBlock: blockAt(pods, podPrefix, position),
            profile,
            podProfile: profile,
            sourceNat,
          };
        }),
      );
    });
}

/** GKE, "Optimizing IP address allocation": twice as many addresses as pods, as a power of two. */
export function prefixForPods(pods: number): number {
  return 32 - Math.ceil(Math.log2(2 * pods));
}

/** GKE, "IP masquerade agent": without a list of its own, destinations in RFC 1918 ranges and some more keep the pod's address. */
const NOT_MASQUERADED = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];

function gkeSourceNat(inventory: Inventory, cluster: Resource): Machine['sourceNat'] {
  if (cluster.flag('defaultSnatStatus.disabled') === true) return undefined;
  const agent = inventory
    .all('kubernetes:core/v1:ConfigMap', 'kubernetes:core/v1:ConfigMapPatch')
    .find(
      (entry) =>
        entry.knownText('metadata.name') === 'ip-masq-agent' && entry.knownText('metadata.namespace') === 'kube-system',
    );
  const config = agent?.knownText('data.config');
  if (config === undefined) return { except: NOT_MASQUERADED };
  // The list in either of the two notations the agent reads, YAML or JSON.
  const ranges = config.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [];
  return { except: [...ranges, '169.254.0.0/16'] };
}
