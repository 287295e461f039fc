/** Services of type LoadBalancer and the addresses they answer at. */
import { type Address, type Range, holds, parseAddress } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asNumber, asText } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import type { AwsNetworks, Subnet } from '../aws/network';
import { type GcpNetworks, type GcpSubnet, SUBNETWORK } from '../gcp/network';
import type { Service } from '../ports';
import { rangesOfTexts } from '../ranges';
import type { EksCluster, GkeCluster } from './cluster';
import type { Clusters } from './clusters';
import { PORT_NAMES } from './portNames';
import { type Labels, annotationsOf, kindOf, nameOf, namespaceOf, objectsOf, textMap } from './objects';

interface LoadBalancerBase {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
  readonly annotations: ReadonlyMap<string, string>;
  readonly ports: readonly ServicePort[];
  readonly selector: Labels;
  /** `loadBalancerSourceRanges`, or what the annotation says; undefined when neither is given. */
  readonly sourceRanges: readonly Range[] | undefined;
  /** Only inside the network. */
  readonly internal: boolean;
  /** Only nodes with a pod of their own take part, and the client's address is kept. */
  readonly localTraffic: boolean;
  readonly publishesNotReady: boolean;
}

export interface ServicePort {
  readonly protocol: Service['protocol'];
  readonly port: number;
  readonly targetPort: number;
  /** Name of the target port, where no pod that operators make has one of that name. */
  readonly unknownName?: string;
}

/** A network load balancer that the AWS Load Balancer Controller makes. */
export interface NetworkLoadBalancer extends LoadBalancerBase {
  readonly cloud: 'aws';
  readonly cluster: EksCluster;
  /** Pinned addresses, each with the subnet of the load balancer that holds it: the order does not matter. */
  readonly addresses: readonly { readonly address: Address; readonly subnet: Subnet | undefined }[];
  /** Subnets by the names or ids that the annotation gives; a subnet that the VPC does not have is undefined. */
  readonly subnets: readonly { readonly name: string; readonly subnet: Subnet | undefined }[];
  readonly crossZone: boolean;
  readonly ipTargets: boolean;
  /** `preserve_client_ip.enabled`; undefined when not said. */
  readonly preservesClient: boolean | undefined;
}

/** An internal passthrough load balancer that GKE makes. */
export interface PassthroughLoadBalancer extends LoadBalancerBase {
  readonly cloud: 'gcp';
  readonly cluster: GkeCluster;
  readonly address: Address | undefined;
  readonly globalAccess: boolean;
  /** The reservation of the address, if the input has one. */
  readonly reservation: Resource | undefined;
}

export type LoadBalancer = NetworkLoadBalancer | PassthroughLoadBalancer;

const AWS = 'service.beta.kubernetes.io/';
export const ADDRESS = 'gcp:compute/address:Address';

export function readLoadBalancers(
  inventory: Inventory,
  clusters: Clusters,
  aws: AwsNetworks,
  gcp: GcpNetworks,
): LoadBalancer[] {
  const found: LoadBalancer[] = [];
  for (const [object, cluster] of clusters.byObject) {
    if (kindOf(object) !== 'Service' || object.knownText('spec.type') !== 'LoadBalancer') continue;
    found.push(
      cluster.cloud === 'aws' ? readNlb(aws, object, cluster) : readPassthrough(inventory, gcp, object, cluster),
    );
  }
  return found;
}

function readBase(object: Resource, annotations: ReadonlyMap<string, string>, internal: boolean): LoadBalancerBase {
  const written = object.knownTexts('spec.loadBalancerSourceRanges');
  const annotated = list(annotations.get(`${AWS}load-balancer-source-ranges`));
  const ranges = written.length > 0 ? written : annotated;
  return {
    resource: object,
    name: nameOf(object),
    namespace: namespaceOf(object),
    annotations,
    ports: portsOf(object),
    selector: textMap(object.value('spec.selector')),
    sourceRanges: ranges.length > 0 ? rangesOfTexts(ranges) : undefined,
    internal,
    localTraffic: object.knownText('spec.externalTrafficPolicy') === 'Local',
    publishesNotReady: object.flag('spec.publishNotReadyAddresses') === true,
  };
}

function portsOf(object: Resource): ServicePort[] {
  return objectsOf(object.value('spec.ports')).flatMap((entry) => {
    const port = asNumber(entry['port']);
    if (typeof port !== 'number') return [];
    const written = asText(entry['targetPort']);
    const target = asNumber(entry['targetPort']) ?? PORT_NAMES[String(written)];
    const protocol = (asText(entry['protocol']) ?? 'TCP') === 'UDP' ? 'udp' : 'tcp';
    if (typeof target === 'number') return [{ protocol, port, targetPort: target }] as const;
    // Another name says nothing of the number: it is taken for the port itself.
    const unknownName = typeof written === 'string' ? { unknownName: written } : {};
    return [{ protocol, port, targetPort: port, ...unknownName }] as const;
  });
}

/** LBC, "Service annotations": internal unless `internet-facing` is said; instance targets unless `ip`. */
function readNlb(networks: AwsNetworks, object: Resource, cluster: EksCluster): NetworkLoadBalancer {
  const annotations = annotationsOf(object);
  const scheme = annotations.get(`${AWS}aws-load-balancer-scheme`);
  const base = readBase(object, annotations, scheme !== 'internet-facing');
  const addresses = list(annotations.get(`${AWS}aws-load-balancer-private-ipv4-addresses`));
  const subnets = list(annotations.get(`${AWS}aws-load-balancer-subnets`)).map((name) => ({
    name,
    subnet: subnetNamed(networks, cluster, name),
  }));
  const candidates = subnets.length > 0 ? subnets.map(({ subnet }) => subnet) : discovered(cluster, base.internal);
  const attributes = pairs(annotations.get(`${AWS}aws-load-balancer-attributes`));
  const target = pairs(annotations.get(`${AWS}aws-load-balancer-target-group-attributes`));
  const preserves = target.get('preserve_client_ip.enabled');
  return {
    ...base,
    cloud: 'aws',
    cluster,
    subnets,
    addresses: addresses.flatMap((text) => {
      const address = parseAddress(text);
      if (address === undefined) return [];
      return [{ address, subnet: candidates.find((subnet) => subnet !== undefined && holds(subnet.range, address)) }];
    }),
    crossZone: attributes.get('load_balancing.cross_zone.enabled') === 'true',
    ipTargets:
      annotations.get(`${AWS}aws-load-balancer-nlb-target-type`) === 'ip' ||
      annotations.get(`${AWS}aws-load-balancer-type`) === 'nlb-ip',
    preservesClient: preserves === undefined ? undefined : preserves === 'true',
  };
}

/** LBC, "Subnet auto-discovery": without names, the subnets of the VPC that carry the role's tag. */
function discovered(cluster: EksCluster, internal: boolean): Subnet[] {
  const role = internal ? 'kubernetes.io/role/internal-elb' : 'kubernetes.io/role/elb';
  return cluster.vpc.subnets.filter(({ resource }) =>
    ['1', ''].includes(textMap(resource.value('tags')).get(role) ?? '0'),
  );
}

/** A subnet is named by its id or by its Name tag. */
function subnetNamed(networks: AwsNetworks, cluster: EksCluster, name: string): Subnet | undefined {
  return [...networks.subnets.values()].find(
    (subnet) =>
      subnet.vpc === cluster.vpc &&
      (subnet.resource.id === name || textMap(subnet.resource.value('tags')).get('Name') === name),
  );
}

/** GKE, "LoadBalancer Service parameters". */
function readPassthrough(
  inventory: Inventory,
  networks: GcpNetworks,
  object: Resource,
  cluster: GkeCluster,
): PassthroughLoadBalancer {
  const annotations = annotationsOf(object);
  const type =
    annotations.get('networking.gke.io/load-balancer-type') ?? annotations.get('cloud.google.com/load-balancer-type');
  const reserved = inventory.all(ADDRESS);
  const named = annotations.get('networking.gke.io/load-balancer-ip-addresses');
  const byName = reserved.find((entry) => named !== undefined && entry.knownText('name') === named);
  const text = object.knownText('spec.loadBalancerIP') ?? byName?.knownText('address') ?? ingressAddress(object);
  const subnetOf = (entry: Resource): GcpSubnet | undefined => {
    const owner = inventory.find(entry, 'subnetwork', SUBNETWORK);
    return owner === undefined ? undefined : networks.subnets.get(owner.urn);
  };
  const reservation =
    byName ??
    reserved.find(
      (entry) =>
        entry.knownText('address') === text && (subnetOf(entry)?.network ?? cluster.network) === cluster.network,
    );
  return {
    ...readBase(object, annotations, isInternal(object, type)),
    cloud: 'gcp',
    cluster,
    address: text === undefined ? undefined : parseAddress(text),
    globalAccess: annotations.get('networking.gke.io/internal-load-balancer-allow-global-access') === 'true',
    reservation,
  };
}

/** By the class of newer versions, or by the annotation. */
function isInternal(object: Resource, type: string | undefined): boolean {
  const byClass = object.knownText('spec.loadBalancerClass');
  return byClass === undefined
    ? type?.toLowerCase() === 'internal'
    : byClass === 'networking.gke.io/l4-regional-internal';
}

/** The address in the Service's status, once the cloud has given one. */
function ingressAddress(object: Resource): string | undefined {
  const text = asText(objectsOf(object.value('status.loadBalancer.ingress'))[0]?.['ip']);
  return text === UNKNOWN ? undefined : text;
}

export function addressesOf(balancer: LoadBalancer): readonly Address[] {
  if (balancer.cloud === 'aws') return balancer.addresses.map(({ address }) => address);
  return balancer.address === undefined ? [] : [balancer.address];
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function pairs(text: string | undefined): ReadonlyMap<string, string> {
  return new Map(list(text).map((part) => part.split('=').map((side) => side.trim()) as [string, string]));
}
