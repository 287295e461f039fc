import { type Range, contains, covered, formatRange } from '../../reachability/ip';
import type { Cluster, GkeCluster } from '../../reachability/model/kubernetes/cluster';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { networkCrossings, vpcCrossings } from '../crossings';
import { textAt } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

const NAT = 'gcp:compute/routerNat:RouterNat';

/**
 * Pods keep their own address towards the other cloud. With their node's, the other side's firewalls and network
 * policies judge another source, and Cassandra's nodes are met at addresses that are not theirs (amazon-vpc-cni-k8s,
 * "CNI Configuration Variables"; GKE, "IP masquerade agent").
 */
export const snatPreserved: Rule = {
  name: 'snat-preserved',
  description: 'Pods keep their own source address towards every range of the other cloud.',
  level: 'mandatory',
  judge: (stack) =>
    stack.model.clusters.all.flatMap((cluster) => {
      const peers = peersOf(stack, cluster);
      if (peers.length === 0) return [];
      return [...rewritten(stack, cluster, peers), ...(cluster.cloud === 'gcp' ? withoutNat(stack, cluster) : [])];
    }),
};

/** Ranges that the cluster's network hears from the other cloud. */
function peersOf(stack: Stack, cluster: Cluster): readonly Range[] {
  const crossings =
    cluster.cloud === 'aws'
      ? vpcCrossings(stack).filter(({ vpc }) => vpc === cluster.vpc)
      : networkCrossings(stack).filter(({ network }) => network === cluster.network);
  // A Cloud Router that advertises every subnet advertises service ranges, too, to which nobody sends from elsewhere.
  const services = stack.model.clusters.all.map((other) => other.services).filter((range) => range !== undefined);
  return crossings
    .flatMap(({ heard }) => heard)
    .filter((range) => !services.some((service) => contains(service, range)));
}

function rewritten({ inventory }: Stack, { resource, snat }: Cluster, peers: readonly Range[]): Finding[] {
  const holder = inventory.get(snat.urn) ?? resource;
  if (snat.unknown !== undefined) return [undecided(holder, snat.unknown, 'what keeps its source')];
  if (snat.off) return [];
  return peers
    .filter((range) => !covered(range, snat.kept))
    .map((range) => {
      const message = `pods of ${resource.name} reach ${formatRange(range)} with their node's address: ${snat.why}`;
      return broken(holder, message, 'exclude the other cloud from source NAT', { value: formatRange(range) });
    });
}

/** Without masquerading a pod reaches the Internet only if Cloud NAT serves the secondary ranges. */
function withoutNat({ inventory, model }: Stack, cluster: GkeCluster): Finding[] {
  if (!cluster.snat.off) return [];
  const own = inventory.all(NAT).filter((nat) => {
    const router = inventory.find(nat, 'router', 'gcp:compute/router:Router');
    return router !== undefined && model.routers.routers.get(router)?.network === cluster.network;
  });
  return own.flatMap((nat) => {
    const mode = textAt(nat, 'sourceSubnetworkIpRangesToNat');
    if (mode === UNKNOWN) return [undecided(nat, 'sourceSubnetworkIpRangesToNat', 'what it serves')];
    if (mode === 'ALL_SUBNETWORKS_ALL_IP_RANGES' || listsPods(nat)) return [];
    const message = `${nat.name} does not serve the pods of ${cluster.resource.name}, whose source NAT is off`;
    return [broken(nat, message, 'set ALL_SUBNETWORKS_ALL_IP_RANGES', { property: 'sourceSubnetworkIpRangesToNat' })];
  });
}

function listsPods(nat: Resource): boolean {
  return nat
    .objects('subnetworks')
    .some((_, index) =>
      nat
        .knownTexts(`subnetworks.${index}.sourceIpRangesToNats`)
        .some((kind) => kind === 'ALL_IP_RANGES' || kind === 'LIST_OF_SECONDARY_IP_RANGES'),
    );
}
