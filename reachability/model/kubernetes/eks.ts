/** EKS clusters (Amazon EKS User Guide; amazon-vpc-cni-k8s, "CNI Configuration Variables"). */
import { type Range, parseRange } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type AwsNetworks, type Subnet, SUBNET_TYPES } from '../aws/network';
import { GROUP_OWNERS, type SecurityGroup, type SecurityGroups } from '../aws/securityGroups';
import { rangesOfTexts } from '../ranges';
import type { EksCluster, EksZone, PolicyEnforcement, Snat } from './cluster';
import { dig, kindOf, nameOf, textMap, yamlText } from './objects';

export const EKS_CLUSTER = 'aws:eks/cluster:Cluster';
export const ADDON = 'aws:eks/addon:Addon';
export const NODE_GROUP = 'aws:eks/nodeGroup:NodeGroup';
const LAUNCH_TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';

export function readEksCluster(
  inventory: Inventory,
  networks: AwsNetworks,
  groups: SecurityGroups,
  resource: Resource,
  objects: readonly Resource[],
): EksCluster | undefined {
  const subnets = subnetsOf(inventory, networks, resource, 'vpcConfig.subnetIds');
  const vpc = subnets[0]?.vpc;
  if (vpc === undefined) return undefined;
  const cni = addonOf(inventory, resource, 'vpc-cni');
  const clusterGroup = groups.byUrn.get(resource.urn);
  const own = clusterGroup === undefined ? [] : [clusterGroup];
  const configuration = yamlText(cni?.value('configurationValues'));
  const custom = customNetworking(configuration);
  const label = custom ? eniConfigLabel(configuration) : undefined;
  const zones = readZones(inventory, networks, groups, resource, objects, subnets, own, label);
  const named = objects
    .filter((object) => kindOf(object) === 'ENIConfig')
    .map((config) => eniSubnet(inventory, networks, config));
  const used = new Set(zones.flatMap(({ podSubnet, nodeSubnet }) => [podSubnet, nodeSubnet]));
  return {
    cloud: 'aws',
    resource,
    objects,
    cni,
    vpc,
    zones,
    idleSubnets: named.filter((subnet) => subnet !== undefined && !used.has(subnet)) as Subnet[],
    controlPlane: { subnets, groups: [...own, ...groupsOf(inventory, groups, resource, 'vpcConfig.securityGroupIds')] },
    policies: policyEnforcement(resource, cni, configuration),
    snat: readSnat(
      resource,
      cni,
      configuration,
      vpc.cidrs.map(({ range }) => range),
    ),
    services: parseRange(resource.knownText('kubernetesNetworkConfig.serviceIpv4Cidr') ?? ''),
  };
}

export function addonOf(inventory: Inventory, cluster: Resource, name: string): Resource | undefined {
  return inventory
    .all(ADDON)
    .find(
      (addon) => addon.knownText('addonName') === name && inventory.find(addon, 'clusterName', EKS_CLUSTER) === cluster,
    );
}

export function nodeGroupsOf(inventory: Inventory, cluster: Resource): Resource[] {
  return inventory.all(NODE_GROUP).filter((group) => inventory.find(group, 'clusterName', EKS_CLUSTER) === cluster);
}

/** EKS Auto Mode brings nodes, identities, agent and drivers of its own. */
export function isAutoMode(cluster: Resource): boolean {
  return cluster.flag('computeConfig.enabled') === true;
}

type Configuration = ReturnType<typeof yamlText>;

function environment(configuration: Configuration, name: string): string | typeof UNKNOWN | undefined {
  if (configuration === UNKNOWN) return UNKNOWN;
  return asText(dig(configuration, 'env', name));
}

/** The plugin reads its switches with Go's `strconv.ParseBool`. */
function isOn(configuration: Configuration, name: string): boolean {
  const text = environment(configuration, name);
  return typeof text === 'string' && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}

function customNetworking(configuration: Configuration): boolean {
  return isOn(configuration, 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG');
}

function subnetsOf(inventory: Inventory, networks: AwsNetworks, resource: Resource, path: string): Subnet[] {
  return inventory
    .resolveAll(resource, path, ...SUBNET_TYPES)
    .resources.map((subnet) => networks.subnets.get(subnet.urn))
    .filter((subnet) => subnet !== undefined);
}

function groupsOf(inventory: Inventory, groups: SecurityGroups, resource: Resource, path: string): SecurityGroup[] {
  return inventory
    .resolveAll(resource, path, ...GROUP_OWNERS)
    .resources.map((owner) => groups.byUrn.get(owner.urn))
    .filter((group) => group !== undefined);
}

/** Zones are where node groups have subnets; without node groups, where the cluster has. */
function readZones(
  inventory: Inventory,
  networks: AwsNetworks,
  groups: SecurityGroups,
  cluster: Resource,
  objects: readonly Resource[],
  clusterSubnets: readonly Subnet[],
  clusterGroups: readonly SecurityGroup[],
  /** Label that leads nodes to their ENIConfig; undefined without custom networking. */
  label: string | undefined,
): EksZone[] {
  const nodeGroups = nodeGroupsOf(inventory, cluster);
  const placed = new Map<Subnet, readonly SecurityGroup[]>();
  const labelled = new Map<Subnet, string>();
  for (const nodeGroup of nodeGroups) {
    const own = launchTemplateGroups(inventory, groups, nodeGroup);
    for (const subnet of subnetsOf(inventory, networks, nodeGroup, 'subnetIds')) {
      placed.set(subnet, own.length > 0 ? own : clusterGroups);
      const value = label === undefined ? undefined : textMap(nodeGroup.value('labels')).get(label);
      if (value !== undefined) labelled.set(subnet, value);
    }
  }
  if (nodeGroups.length === 0) for (const subnet of clusterSubnets) placed.set(subnet, clusterGroups);
  const inOrder = [...placed].sort(([a], [b]) => ((a.zone ?? '') < (b.zone ?? '') ? -1 : 1));
  return inOrder.map(([nodeSubnet, own]) => {
    const base = { zone: nodeSubnet.zone, nodeSubnet, nodeGroups: own };
    if (label === undefined) return { ...base, podSubnet: nodeSubnet, eniConfig: undefined, podGroups: own };
    const name = labelled.get(nodeSubnet) ?? (ZONE_LABELS.includes(label) ? nodeSubnet.zone : DEFAULT_ENI_CONFIG);
    const config = eniConfig(objects, name);
    const podSubnet = config === undefined ? undefined : eniSubnet(inventory, networks, config);
    const podGroups = config === undefined ? [] : groupsOf(inventory, groups, config, 'spec.securityGroups');
    return { ...base, podSubnet, eniConfig: config, podGroups: podGroups.length > 0 ? podGroups : own };
  });
}

/** A launch template with security groups of its own replaces the cluster's on the nodes. */
function launchTemplateGroups(inventory: Inventory, groups: SecurityGroups, nodeGroup: Resource): SecurityGroup[] {
  const template =
    inventory.find(nodeGroup, 'launchTemplate.id', LAUNCH_TEMPLATE) ??
    inventory.find(nodeGroup, 'launchTemplate.name', LAUNCH_TEMPLATE);
  if (template === undefined) return [];
  const interfaces = template
    .objects('networkInterfaces')
    .map((_, index) => `networkInterfaces.${index}.securityGroups`);
  return ['vpcSecurityGroupIds', ...interfaces]
    .filter((path) => template.value(path) !== undefined)
    .flatMap((path) => groupsOf(inventory, groups, template, path));
}

/** Labels that every node carries with the name of its zone. */
const ZONE_LABELS: readonly string[] = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];

/** ENIConfig of a node that has neither the label nor the annotation. */
const DEFAULT_ENI_CONFIG = 'default';

/** ENI_CONFIG_LABEL_DEF and its default: the CNI looks an ENIConfig up by the value of this label of the node. */
function eniConfigLabel(configuration: Configuration): string {
  const text = environment(configuration, 'ENI_CONFIG_LABEL_DEF');
  return typeof text === 'string' && text !== '' ? text : 'k8s.amazonaws.com/eniConfig';
}

function eniConfig(objects: readonly Resource[], name: string | undefined): Resource | undefined {
  return objects.find((object) => kindOf(object) === 'ENIConfig' && nameOf(object) === name);
}

function eniSubnet(inventory: Inventory, networks: AwsNetworks, config: Resource): Subnet | undefined {
  const found = inventory.find(config, 'spec.subnet', ...SUBNET_TYPES);
  return found === undefined ? undefined : networks.subnets.get(found.urn);
}

/** EKS guide, "Limit Pod traffic with Kubernetes network policies": off unless the add-on is told `enableNetworkPolicy`. */
function policyEnforcement(
  cluster: Resource,
  cni: Resource | undefined,
  configuration: Configuration,
): PolicyEnforcement {
  const flag = configuration === UNKNOWN ? undefined : asText(dig(configuration, 'enableNetworkPolicy'));
  return { enforced: flag === 'true', urn: cni?.urn ?? cluster.urn };
}

/**
 * Off-VPC traffic of a pod leaves with its node's address, unless AWS_VPC_K8S_CNI_EXTERNALSNAT is true, or the
 * destination is in AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS, which is read only while it is not.
 */
function readSnat(
  cluster: Resource,
  cni: Resource | undefined,
  configuration: Configuration,
  vpc: readonly Range[],
): Snat {
  const urn = cni?.urn ?? cluster.urn;
  if (configuration === UNKNOWN) {
    return { kept: vpc, off: false, urn, why: 'the add-on configuration is not known', unknown: 'configurationValues' };
  }
  if (isOn(configuration, 'AWS_VPC_K8S_CNI_EXTERNALSNAT')) {
    return { kept: [], off: true, urn, why: 'AWS_VPC_K8S_CNI_EXTERNALSNAT is true', unknown: undefined };
  }
  const text = environment(configuration, 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS');
  const excluded = rangesOfTexts(typeof text === 'string' ? text.split(',').map((part) => part.trim()) : []);
  const why =
    excluded.length === 0
      ? 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS lists nothing'
      : 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS does not list it';
  return { kept: [...vpc, ...excluded], off: false, urn, why, unknown: undefined };
}
