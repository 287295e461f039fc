import { text, type Props } from '../core/values';
import type { Cause } from './apiErrors';
import type { GkeCluster } from './cluster';
import { portsByProtocol, type BalancerController } from './balancerController';
import { annotationsOf, idOf } from './meta';
import { digest } from './digest';
import { CloudError } from '../core/errors';
import type { ClusterState } from './state';

const TYPE = 'networking.gke.io/load-balancer-type';
const LEGACY_TYPE = 'cloud.google.com/load-balancer-type';
const ADDRESSES = 'networking.gke.io/load-balancer-ip-addresses';
export const GKE_FINALIZER = 'gke.networking.io/l4-ilb-v2';

/** Annotations of a LoadBalancer Service that GKE reads (GKE documentation, "LoadBalancer Service parameters"). */
const KNOWN = [
  TYPE,
  ADDRESSES,
  'networking.gke.io/internal-load-balancer-allow-global-access',
  'networking.gke.io/internal-load-balancer-subnet',
  'networking.gke.io/load-balancer-subnet',
  'networking.gke.io/weighted-load-balancing',
  'networking.gke.io/l4-logging-config-map',
];

/** Misspelt annotations make another load balancer than the one asked for: refused, although GKE passes over them. */
export function gkeCauses(live: Props): Cause[] {
  const annotations = annotationsOf(live);
  const causes = Object.keys(annotations)
    .filter((name) => name.startsWith('networking.gke.io/') && !KNOWN.includes(name))
    .map((name) => ({
      field: `metadata.annotations[${name}]`,
      detail: 'Invalid value: not an annotation of GKE LoadBalancer Services',
    }));
  const type = annotations[TYPE] ?? annotations[LEGACY_TYPE];
  if (type !== undefined && !['Internal', 'External'].includes(type)) {
    causes.push({
      field: `metadata.annotations[${TYPE}]`,
      detail: `Unsupported value: "${type}": supported values: "Internal", "External"`,
    });
  }
  return causes;
}

/** GKE's own controller makes internal passthrough load balancers as long as the control plane runs. */
export function gkeBalancer(live: Props, state: ClusterState, cluster: GkeCluster): BalancerController | string {
  const annotations = annotationsOf(live);
  const type = annotations[TYPE] ?? annotations[LEGACY_TYPE];
  if (type !== 'Internal') return 'an external load balancer: the local cloud plays internal ones only';
  const ports = portsByProtocol(live);
  const [protocol = 'TCP'] = ports.keys();
  const name = `k8s2-${protocol.toLowerCase()}-${digest(cluster.key)}-${digest(idOf(live))}`;
  const address = text(live, 'spec', 'loadBalancerIP') ?? reservedAddress(state, annotations[ADDRESSES]);
  const request: Props = { name, protocol, ports: ports.get(protocol) ?? [], ...(address ? { address } : {}) };
  return {
    finalizer: GKE_FINALIZER,
    request,
    create: () => {
      if (ports.size > 1) throw new CloudError('mixedProtocol', 'mixed protocol is not supported for LoadBalancer');
      const { ip, name: rule } = state.clouds.createForwardingRule(state.world, {
        clusterName: cluster.name,
        name,
        protocol,
        ports: ports.get(protocol) ?? [],
        sharedVip: address !== undefined && sharesAddress(state, live, address),
        ...(address ? { address } : {}),
      });
      return { handle: rule, addresses: [ip], ingress: { ip, ipMode: 'VIP' } };
    },
  };
}

/** Whether another Service of the cluster asks for the same address, for another protocol. */
function sharesAddress(state: ClusterState, live: Props, address: string): boolean {
  return state
    .all('kubernetes:core/v1:Service')
    .some((other) => idOf(other) !== idOf(live) && text(other, 'spec', 'loadBalancerIP') === address);
}

/** The address behind the name of a reserved one, where the annotation names one. */
function reservedAddress(state: ClusterState, name: string | undefined): string | undefined {
  if (!name) return undefined;
  const reserved = state.world.gcp.find('gcp:compute/address:Address', ({ outputs }) => text(outputs, 'name') === name);
  return text(reserved?.outputs, 'address');
}
