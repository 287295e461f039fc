import { text, type Props } from '../core/values';
import type { Cause } from './apiErrors';
import type { EksCluster } from './cluster';
import { loadBalancerController } from './helm/loadBalancerController';
import { portsByProtocol, type BalancerController } from './balancerController';
import { annotationsOf, namespaceOf, nameOf } from './meta';
import { digest } from './digest';
import { uidOf, type ClusterState } from './state';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const CLASS = 'service.k8s.aws/nlb';
export const EKS_FINALIZER = 'service.k8s.aws/resources';

/** Annotations of a Service that AWS Load Balancer Controller reads ("Network Load Balancer" guide, annotations). */
const KNOWN = [
  'type',
  'nlb-target-type',
  'name',
  'internal',
  'scheme',
  'proxy-protocol',
  'ip-address-type',
  'access-log-enabled',
  'access-log-s3-bucket-name',
  'access-log-s3-bucket-prefix',
  'cross-zone-load-balancing-enabled',
  'ssl-cert',
  'ssl-ports',
  'ssl-negotiation-policy',
  'backend-protocol',
  'additional-resource-tags',
  'healthcheck-healthy-threshold',
  'healthcheck-unhealthy-threshold',
  'healthcheck-timeout',
  'healthcheck-interval',
  'healthcheck-protocol',
  'healthcheck-port',
  'healthcheck-path',
  'healthcheck-success-codes',
  'eip-allocations',
  'private-ipv4-addresses',
  'ipv6-addresses',
  'target-group-attributes',
  'subnets',
  'alpn-policy',
  'target-node-labels',
  'attributes',
  'security-groups',
  'manage-backend-security-group-rules',
  'inbound-sg-rules-on-private-link-traffic',
  'listener-attributes',
  'multi-cluster-target-group',
  'enable-prefix-for-ipv6-source-nat',
  'source-nat-ipv6-prefixes',
  'minimum-load-balancer-capacity',
  'enable-icmp-for-path-mtu-discovery',
  'enable-tcp-udp-listener',
  'disable-nlb-sg',
];

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'nlb-target-type': ['ip', 'instance'],
  scheme: ['internal', 'internet-facing'],
  'healthcheck-protocol': ['tcp', 'http', 'https', 'TCP', 'HTTP', 'HTTPS'],
};

/**
 * Annotations the controller would not understand. The real controller passes over names it does not know; here
 * they are refused, because a misspelt one is a load balancer other than the one asked for.
 */
export function eksCauses(live: Props): Cause[] {
  return Object.entries(annotationsOf(live)).flatMap(([annotation, value]) => {
    if (!annotation.startsWith(PREFIX)) return [];
    const name = annotation.slice(PREFIX.length);
    const field = `metadata.annotations[${annotation}]`;
    // Listener attributes are given per protocol and port.
    const known = KNOWN.includes(name) || /^listener-attributes\.(TCP|UDP|TLS|TCP_UDP)-\d+$/.test(name);
    if (!known) return [{ field, detail: 'Invalid value: not an annotation of AWS Load Balancer Controller' }];
    const allowed = ALLOWED[name];
    if (allowed && !allowed.includes(value)) {
      const values = allowed.map((one) => `"${one}"`).join(', ');
      return [{ field, detail: `Unsupported value: "${value}": supported values: ${values}` }];
    }
    return [];
  });
}

/** AWS Load Balancer Controller takes Services of its class, or with the `external` type annotation. */
export function eksBalancer(live: Props, state: ClusterState, cluster: EksCluster): BalancerController | string {
  const annotations = annotationsOf(live);
  const read = (name: string) => annotations[PREFIX + name];
  const given = text(live, 'spec', 'loadBalancerClass');
  const taken = given === CLASS || (given === undefined && ['external', 'nlb-ip'].includes(read('type') ?? ''));
  if (!taken) {
    return given === undefined
      ? 'without a loadBalancerClass the in-tree controller would make a Classic Load Balancer, which the local cloud does not play'
      : `no controller serves loadBalancerClass ${given}`;
  }
  const subnets = words(read('subnets'));
  const privateAddresses = words(read('private-ipv4-addresses'));
  const open = read('scheme') === 'internet-facing' || (read('scheme') === undefined && read('internal') === 'false');
  const scheme = open ? 'internet-facing' : 'internal';
  const name = read('name') ?? defaultName(live);
  const asked = {
    name,
    scheme,
    subnets,
    privateAddresses,
    problem: modelProblem(live, read, scheme, subnets, privateAddresses),
  };
  return {
    finalizer: EKS_FINALIZER,
    request: asked,
    create: () => {
      if (asked.problem) throw loadBalancerController.modelError(asked.problem);
      const made = state.clouds.createNetworkLoadBalancer(state.world, {
        clusterName: cluster.name,
        name,
        scheme,
        subnets: subnets.length > 0 ? subnets : discoveredSubnets(state, cluster, scheme),
        ...(privateAddresses.length > 0 ? { privateAddresses } : {}),
      });
      return { handle: made.arn, addresses: made.addresses, ingress: { hostname: made.dnsName } };
    },
  };
}

/** What the controller itself refuses before it calls AWS. */
function modelProblem(
  live: Props,
  read: (name: string) => string | undefined,
  scheme: string,
  subnets: readonly string[],
  addresses: readonly string[],
): string {
  if (addresses.length > 0 && scheme !== 'internal')
    return 'private IPv4 addresses can only be set for internal load balancers';
  if (addresses.length > 0 && addresses.length !== subnets.length) {
    return `count of private ipv4 addresses (${addresses.length}) and subnets (${subnets.length}) must match`;
  }
  const ports = portsByProtocol(live);
  const mixed = ports.get('TCP')?.find((port) => ports.get('UDP')?.includes(port));
  if (mixed && read('enable-tcp-udp-listener') !== 'true') {
    return (
      'operation error Elastic Load Balancing v2: CreateListener, https response error StatusCode: 400, api error ' +
      `DuplicateListener: A listener already exists on this port (${mixed}) for this load balancer`
    );
  }
  if ((read('name') ?? '').length > 32)
    return `load balancer name cannot be longer than 32 characters: ${read('name')}`;
  const bad = words(read('attributes')).find((pair) => !/^[a-z_.0-9]+=[^=]+$/.test(pair));
  return bad ? `failed to parse stringMap annotation, ${PREFIX}attributes: ${bad}` : '';
}

/** Subnets with the role tag, as the controller finds them ("Subnet Auto Discovery"). */
function discoveredSubnets(state: ClusterState, cluster: EksCluster, scheme: string): string[] {
  const tag = scheme === 'internal' ? 'kubernetes.io/role/internal-elb' : 'kubernetes.io/role/elb';
  const found = state.world.aws
    .all('aws:ec2/subnet:Subnet')
    .filter(({ outputs }) => text(outputs, 'vpcId') === cluster.cloud.vpcId)
    .filter(({ outputs }) => ['1', ''].includes(text(outputs, 'tags', tag) ?? text(outputs, 'tagsAll', tag) ?? 'none'));
  if (found.length === 0)
    throw loadBalancerController.modelError('unable to resolve at least one subnet (0 match VPC and tags)');
  return found.map(({ id }) => id);
}

function defaultName(live: Props): string {
  const short = (value: string | undefined) => (value ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 8);
  return `k8s-${short(namespaceOf(live))}-${short(nameOf(live))}-${digest(uidOf(live))}${digest(nameOf(live)).slice(0, 2)}`;
}

function words(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
