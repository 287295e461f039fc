/** Load balancers of the gateways and of DNS. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const SERVICE = 'kubernetes:core/v1:Service';
const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
const CONTROLLER = 'AWS Load Balancer Controller, "Service annotations"';
const INTERNAL = 'GKE, "LoadBalancer Service parameters"';

function spec(state: State, name: RegExp, change: (properties: Properties) => void): void {
  state.edit(SERVICE, name, (properties) => change(properties['spec'] as Properties));
}

function annotate(state: State, name: RegExp, annotation: string, value: string): void {
  state.edit(SERVICE, name, (properties) => {
    const metadata = properties['metadata'] as Properties;
    (metadata['annotations'] as Properties)[`${AWS}${annotation}`] = value;
  });
}

export const BALANCERS: readonly Mistake[] = [
  {
    id: 'balancer-sources-aws',
    what: 'the gateway in EKS admits the peer’s nodes, and not its pods',
    source: CONTROLLER,
    make: (state) =>
      spec(state, /dc1-gateway-service$/, (own) => (own['loadBalancerSourceRanges'] = ['10.150.0.0/16'])),
  },
  {
    id: 'balancer-sources-gcp',
    what: 'the gateway in GKE admits the peer’s nodes, and not its pods',
    source: INTERNAL,
    make: (state) =>
      spec(state, /dc2-gateway-service$/, (own) => (own['loadBalancerSourceRanges'] = ['10.100.0.0/16'])),
  },
  {
    id: 'balancer-sources-dns',
    what: 'DNS in EKS admits the peer’s nodes, and not its pods',
    source: CONTROLLER,
    make: (state) =>
      spec(state, /eu-west-1-dns-service$/, (own) => (own['loadBalancerSourceRanges'] = ['10.150.0.0/16'])),
  },
  {
    id: 'balancer-addresses-aws',
    what: 'the gateway in EKS has other addresses than planned',
    source: CONTROLLER,
    make: (state) =>
      annotate(state, /dc1-gateway-service$/, 'private-ipv4-addresses', '10.100.19.240,10.100.51.240,10.100.83.240'),
  },
  {
    id: 'balancer-address-gcp',
    what: 'the gateway in GKE has another address than planned',
    source: INTERNAL,
    make: (state) => spec(state, /dc2-gateway-service$/, (own) => (own['loadBalancerIP'] = '10.150.127.240')),
  },
  {
    id: 'balancer-port',
    what: 'the gateway in EKS listens on another port',
    source: CONTROLLER,
    make: (state) =>
      spec(state, /dc1-gateway-service$/, (own) => {
        for (const port of own['ports'] as Properties[]) port['port'] = 7001;
      }),
  },
  {
    id: 'balancer-preserves',
    what: 'the gateway in EKS keeps its clients’ addresses',
    source: CONTROLLER,
    make: (state) =>
      annotate(state, /dc1-gateway-service$/, 'target-group-attributes', 'preserve_client_ip.enabled=true'),
  },
];
