/**
 * Nodes without a way to the Internet, from where they take their images and, in AWS, where the APIs are that give pods
 * their addresses (Amazon EKS User Guide, "Deploy private clusters with limited internet access"; Cloud NAT, "GKE interaction").
 */
import { mustRange } from '../ip';
import type { RouteTable } from '../model/aws/network';
import { SUBNET_TYPES, VPC_TYPES } from '../model/aws/network';
import { ROUTER } from '../model/gcp/router';
import type { EksCluster, GkeCluster } from '../model/kubernetes/cluster';
import type { Model } from '../model/model';
import { UNKNOWN } from '../resources/value';
import type { Finding } from '../verdict';

/** Some address of the Internet. */
const OUTSIDE = mustRange('1.1.1.1/32').first;

export function wayOutFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster) =>
    cluster.cloud === 'aws' ? vpcFindings(model, cluster) : networkFindings(model, cluster),
  );
}

function vpcFindings(model: Model, { vpc, zones, resource }: EksCluster): Finding[] {
  if (endpointsServe(model, vpc.resource.urn)) return [];
  const tables = [...new Set(zones.map(({ nodeSubnet }) => nodeSubnet.routeTable))];
  // Where no zone has a default route, images may come another way.
  if (tables.every((table) => model.staticRoutesOf(table).longest(OUTSIDE) === undefined)) return [];
  const findings = new Map<string, Finding>();
  for (const table of tables) {
    const blind = blindTable(model, table);
    if (blind === undefined) continue;
    const message = `nodes of ${resource.name} have no way to the Internet: ${blind.why}`;
    findings.set(blind.urn, { rule: 'no-way-out', urn: blind.urn, message, remedy: blind.remedy });
  }
  return [...findings.values()];
}

/** A VPC with an endpoint for the EC2 API is made to do without the Internet. */
function endpointsServe(model: Model, vpc: string): boolean {
  return model.inventory.all('aws:ec2/vpcEndpoint:VpcEndpoint').some((endpoint) => {
    const service = endpoint.text('serviceName');
    const isApi = service === UNKNOWN || /\.ec2$/.test(service ?? '');
    return isApi && model.inventory.find(endpoint, 'vpcId', ...VPC_TYPES)?.urn === vpc;
  });
}

interface Blind {
  readonly urn: string;
  readonly why: string;
  readonly remedy: string;
}

/** The table that lacks a default route: the nodes' own, or that of the NAT gateway it leads to. Undefined where none does. */
function blindTable(model: Model, table: RouteTable): Blind | undefined {
  if (table.routes.some(({ range }) => range === UNKNOWN)) return undefined;
  const name = model.inventory.get(table.urn)?.name ?? table.urn;
  const target = model.staticRoutesOf(table).longest(OUTSIDE)?.values[0]?.target;
  if (target === undefined) {
    if (table.propagating.length > 0 && teachesDefault(model)) return undefined;
    const remedy = 'Add a route for 0.0.0.0/0 to a NAT gateway';
    return { urn: table.urn, why: `${name} has no default route`, remedy };
  }
  if (!('resource' in target) || target.kind !== 'nat') return undefined;
  const owner = model.inventory.find(target.resource, 'subnetId', ...SUBNET_TYPES);
  const subnet = owner === undefined ? undefined : model.aws.subnets.get(owner.urn);
  if (subnet === undefined || target.resource.knownText('connectivityType') === 'private') return undefined;
  const outer = subnet.routeTable;
  if (outer.routes.some(({ range }) => range === UNKNOWN)) return undefined;
  const next = model.staticRoutesOf(outer).longest(OUTSIDE)?.values[0]?.target;
  if (next !== undefined && next.kind !== 'nat') return undefined;
  const outerName = model.inventory.get(outer.urn)?.name ?? outer.urn;
  const why = `${outerName}, which serves ${target.resource.name}, has no default route to an internet gateway`;
  return { urn: outer.urn, why, remedy: 'Add a route for 0.0.0.0/0 to the internet gateway, or move the NAT gateway' };
}

/** Whether a Cloud Router of the input advertises a default route, which propagates where its gateway does. */
function teachesDefault(model: Model): boolean {
  return model.inventory
    .all(ROUTER, 'gcp:compute/routerPeer:RouterPeer')
    .some((router) =>
      ['bgp.advertisedIpRanges', 'advertisedIpRanges'].some((path) =>
        router.objects(path).some(({ range }) => range === '0.0.0.0/0'),
      ),
    );
}

/** Private nodes reach Google's own registries without NAT ("Private Google Access"), and nothing else. */
function networkFindings(model: Model, cluster: GkeCluster): Finding[] {
  const { network, resource } = cluster;
  const isPrivate = resource.flag('privateClusterConfig.enablePrivateNodes') === true;
  const images = model.datacenters
    .filter((datacenter) => datacenter.cluster === cluster)
    .map((datacenter) => datacenter.resource.knownText('spec.serverImage'));
  const isMirrored = images.every((image) => image !== undefined && /^[^/]*(pkg\.dev|gcr\.io)\//.test(image));
  const ownDefault = network.routes.some(({ range, nextHop }) => range.prefix === 0 && nextHop.kind !== 'internet');
  if (!isPrivate || isMirrored || ownDefault) return [];
  const nats = model.inventory.all('gcp:compute/routerNat:RouterNat').filter((nat) => {
    const router = model.inventory.find(nat, 'router', ROUTER);
    return router === undefined || model.routers.routers.get(router)?.network === network;
  });
  if (nats.length > 0) return [];
  const message = `private nodes of ${resource.name} have no way to the Internet: ${network.resource.name} has no Cloud NAT`;
  return [{ rule: 'no-way-out', urn: resource.urn, message, remedy: 'Add a RouterNat, or mirror every image' }];
}
