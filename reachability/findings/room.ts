/** Cassandra pods that wait for ever: no node takes them, or their volume is of a class that nobody makes. */
import { type Fields, UNKNOWN } from '../resources/value';
import { asText } from '../resources/resource';
import { type Datacenter, type Rack, storageClassOf } from '../model/kubernetes/cassandra';
import { type NodeSet, type Taint, nodeSetsOf } from '../model/kubernetes/nodes';
import { kindOf, nameOf, objectsOf, textMap } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import type { Finding } from '../verdict';

export function roomFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter) => [
    ...stopFindings(datacenter),
    ...nodeFindings(model, datacenter),
    ...classFindings(datacenter),
  ]);
}

/** `spec.stopped`: the operator keeps the volumes and takes every pod away. */
function stopFindings({ resource, name }: Datacenter): Finding[] {
  if (resource.flag('spec.stopped') !== true) return [];
  const message = `${name} is stopped: it has no pods`;
  return [{ rule: 'datacenter-stopped', urn: resource.urn, message, remedy: 'Set spec.stopped to false' }];
}

function nodeFindings(model: Model, datacenter: Datacenter): Finding[] {
  const { cluster, racks, resource, name } = datacenter;
  const sets = nodeSetsOf(model.inventory, cluster);
  if (sets === undefined || sets.length === 0) return [];
  const findings: Finding[] = [];
  const usable = new Set<NodeSet>();
  const perRack = nodesPerRack(datacenter);
  racks.forEach((rack, index) => {
    // A zone without any node stops the flows of its rack.
    const near = sets.filter(({ zones }) => rack.zone === undefined || zones.includes(rack.zone));
    if (near.length === 0) return;
    const fitting = near.filter((set) => untolerated(datacenter, set) === undefined && carries(datacenter, index, set));
    fitting.forEach((set) => usable.add(set));
    if (fitting.length === 0) findings.push(unfit(datacenter, rack, near));
    else if (perRack !== undefined && perRack > most(fitting, 'mostPerZone'))
      findings.push({
        rule: 'too-few-nodes',
        urn: resource.urn,
        message: `rack ${rack.name} of ${name} wants ${perRack} nodes, each on a machine of its own; ${namesOf(fitting)} has ${most(fitting, 'mostPerZone')} there at most`,
        remedy: 'Raise the largest size of the group, or lower spec.size',
      });
  });
  const total = most([...usable], 'most');
  if (findings.length === 0 && usable.size > 0 && perRack !== undefined && perRack * racks.length > total) {
    const message = `${name} wants ${perRack * racks.length} nodes, each on a machine of its own; ${namesOf([...usable])} has ${total} at most`;
    const remedy = 'Raise the largest size of the group, or lower spec.size';
    findings.push({ rule: 'too-few-nodes', urn: resource.urn, message, remedy });
  }
  return findings;
}

/** The operator keeps Cassandra pods on different machines unless `allowMultipleNodesPerWorker`. */
function nodesPerRack({ resource, racks }: Datacenter): number | undefined {
  const size = resource.number('spec.size');
  if (resource.flag('spec.allowMultipleNodesPerWorker') === true || typeof size !== 'number') return undefined;
  return Math.ceil(size / Math.max(racks.length, 1));
}

function most(sets: readonly NodeSet[], of: 'most' | 'mostPerZone'): number {
  return sets.reduce((sum, set) => sum + (set[of] ?? Infinity), 0);
}

function namesOf(sets: readonly NodeSet[]): string {
  return sets.map(({ resource }) => resource.name).join(', ');
}

function unfit(datacenter: Datacenter, rack: Rack, near: readonly NodeSet[]): Finding {
  const [first] = near;
  const tainted = near.find((set) => untolerated(datacenter, set) !== undefined) ?? first;
  const taint = tainted === undefined ? undefined : untolerated(datacenter, tainted);
  if (tainted !== undefined && taint !== undefined) {
    const message = `${tainted.resource.name} is tainted ${taint.key}=${taint.value}, which ${datacenter.name} does not tolerate: rack ${rack.name} has no node`;
    return {
      rule: 'taint-not-tolerated',
      urn: tainted.resource.urn,
      message,
      remedy: 'Tolerate it in spec.tolerations',
    };
  }
  const message = `no node for rack ${rack.name} of ${datacenter.name} carries the labels that it asks for: ${namesOf(near)}`;
  const remedy = 'Give the nodes these labels, or ask for others';
  return { rule: 'label-not-carried', urn: datacenter.resource.urn, message, remedy };
}

/** Kubernetes, "Taints and Tolerations": an empty key with Exists tolerates all, an empty effect every effect. */
function untolerated({ resource }: Datacenter, { taints }: NodeSet): Taint | undefined {
  if (resource.value('spec.tolerations') === UNKNOWN) return undefined;
  const tolerations = [
    ...objectsOf(resource.value('spec.tolerations')),
    ...objectsOf(resource.value('spec.podTemplateSpec.spec.tolerations')),
  ];
  return taints.find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates(toleration: Fields, { key, value, effect }: Taint): boolean {
  const text = (name: string): string => String(asText(toleration[name]) ?? '');
  if (text('effect') !== '' && text('effect') !== effect) return false;
  if (text('operator') === 'Exists') return text('key') === '' || text('key') === key;
  return text('key') === key && text('value') === value;
}

/** Labels under these domains may come from the kubelet or the cloud, unknown to the group. */
const GIVEN = /(^|\.)(kubernetes\.io|k8s\.io|amazonaws\.com|k8s\.aws|google\.com|gke\.io)\//;

function carries({ resource }: Datacenter, rack: number, { labels }: NodeSet): boolean {
  const wanted = [
    ...textMap(resource.value('spec.nodeSelector')),
    ...textMap(resource.value(`spec.racks.${rack}.nodeAffinityLabels`)),
  ].filter(([key]) => !key.startsWith('topology.') && !key.startsWith('failure-domain.'));
  return wanted.every(([key, value]) => (labels.has(key) ? labels.get(key) === value : GIVEN.test(key)));
}

/** Classes that a new cluster has (EKS and GKE documentation, "Storage classes"). */
const GIVEN_CLASSES = { aws: ['gp2'], gcp: ['standard', 'standard-rwo', 'premium-rwo'] };

function classFindings(datacenter: Datacenter): Finding[] {
  const { resource, cluster, name } = datacenter;
  const wanted = storageClassOf(datacenter);
  if (typeof wanted !== 'string' || wanted === '' || GIVEN_CLASSES[cluster.cloud].includes(wanted)) return [];
  const classes = cluster.objects.filter((object) => kindOf(object) === 'StorageClass');
  if (classes.some((object) => nameOf(object) === wanted)) return [];
  const message = `${name} wants volumes of the storage class ${wanted}, which is neither in the input nor made with the cluster`;
  const remedy = `Make it, or name another: ${[...classes.map(nameOf), ...GIVEN_CLASSES[cluster.cloud]].join(', ')}`;
  return [{ rule: 'no-storage-class', urn: resource.urn, message, remedy }];
}
