/** What keeps EKS nodes from joining their cluster (Amazon EKS User Guide, "VPC and subnet requirements", "Cluster endpoint access"). */
import { type Endpoint, SAMPLE } from '../model/endpoint';
import type { EksCluster } from '../model/kubernetes/cluster';
import { nodeGroupsOf } from '../model/kubernetes/eks';
import type { Model } from '../model/model';
import { UNKNOWN } from '../resources/value';
import { type Finding, Trace } from '../verdict';
import { carry } from '../walk/carry';
import { dependsOn } from './order';

export function eksFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster) =>
    cluster.cloud === 'aws'
      ? [
          ...nameFindings(cluster),
          ...zoneFindings(cluster),
          ...endpointFindings(cluster),
          ...pluginFindings(model, cluster),
          ...groupFindings(model, cluster),
        ]
      : [],
  );
}

/** Nodes find the control plane by names of the VPC: without both settings they do not register. */
function nameFindings({ vpc }: EksCluster): Finding[] {
  const { urn, name } = vpc.resource;
  return ['enableDnsSupport', 'enableDnsHostnames']
    .filter((property) => vpc.resource.value(property) === false)
    .map((property) => ({
      rule: 'vpc-dns',
      urn,
      message: `${name} has ${property} off: nodes do not find the control plane`,
      remedy: `Set ${property} to true`,
    }));
}

function zoneFindings({ resource, controlPlane }: EksCluster): Finding[] {
  const zones = new Set(controlPlane.subnets.map(({ zone }) => zone));
  if (controlPlane.subnets.length === 0 || zones.has(undefined) || zones.size > 1) return [];
  const message = `the subnets of ${resource.name} are in one availability zone; EKS wants two at least`;
  return [{ rule: 'cluster-zones', urn: resource.urn, message, remedy: 'List subnets of two or more zones' }];
}

/** With the public endpoint limited to some ranges, nodes need the private one. */
function endpointFindings({ resource }: EksCluster): Finding[] {
  const allowed = resource.texts('vpcConfig.publicAccessCidrs');
  const isPrivate = resource.flag('vpcConfig.endpointPrivateAccess');
  const limited = Array.isArray(allowed) && allowed.length > 0 && !allowed.includes('0.0.0.0/0');
  if (isPrivate === true || isPrivate === UNKNOWN || !limited) return [];
  const message = `${resource.name} has no private endpoint, and its public one admits ${allowed.join(', ')} only: nodes do not reach it`;
  return [{ rule: 'private-endpoint-off', urn: resource.urn, message, remedy: 'Set endpointPrivateAccess to true' }];
}

/** The network plugin's configuration counts for nodes that start after it. */
function pluginFindings(model: Model, { resource, cni, zones }: EksCluster): Finding[] {
  if (cni === undefined || !zones.some(({ eniConfig }) => eniConfig !== undefined)) return [];
  return nodeGroupsOf(model.inventory, resource)
    .filter((group) => group.allDependencies().length > 0 && !dependsOn(model, group, cni.urn))
    .map((group) => ({
      rule: 'cni-after-nodes',
      urn: group.urn,
      message: `${group.name} may start before ${cni.name} sets custom networking: its pods get addresses of the nodes' subnet`,
      remedy: 'Let the node group depend on the vpc-cni add-on',
    }));
}

/** Nodes with security groups of their own still have to reach the control plane, and it their kubelets. */
function groupFindings(model: Model, { resource, zones, controlPlane }: EksCluster): Finding[] {
  const [zone] = zones;
  const [subnet] = controlPlane.subnets;
  if (zone === undefined || subnet === undefined) return [];
  const place = { cloud: 'aws', urn: resource.urn, groupsAssumed: false } as const;
  const plane: Endpoint = {
    ...place,
    address: subnet.range.first + SAMPLE,
    subnet,
    groups: controlPlane.groups,
    label: 'the control plane',
  };
  const node: Endpoint = {
    ...place,
    address: zone.nodeSubnet.range.first + SAMPLE + 1,
    subnet: zone.nodeSubnet,
    groups: zone.nodeGroups,
    label: 'a node',
  };
  const calls = [
    [node, plane, 443],
    [plane, node, 10250],
  ] as const;
  return calls.flatMap(([from, to, port]): Finding[] => {
    const packet = {
      source: from.address,
      destination: to.address,
      service: { protocol: 'tcp', port },
      kind: 'request',
    } as const;
    const stop = carry(model, new Trace(), from, to, packet);
    if (stop?.kind !== 'blocked' || stop.hop !== 'security-group') return [];
    const message = `${from.label} of ${resource.name} does not reach ${to.label}: ${stop.why}`;
    return [{ rule: 'nodes-cut-off', urn: stop.urn, message, remedy: stop.remedy }];
  });
}
