/** Health checks of the load balancers. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const FIREWALL = 'gcp:compute/firewall:Firewall';
const SERVICE = 'kubernetes:core/v1:Service';
const NLB = 'Network Load Balancer guide, "Health checks for target groups"';
const PROBES = 'Cloud Load Balancing, "Health checks overview"';
const AUTOMATIC = 'GKE, "Automatically created firewall rules"';

/** A rule before the one that admits probes denies what that admits, or a part of it. */
function denyProbes(state: State, part: Properties): void {
  state.copy(FIREWALL, /admit-health-checks$/, '-deny', (properties) => {
    Object.assign(properties, { priority: 900, denies: [{ protocol: 'tcp' }], allows: [], ...part });
  });
}

export const HEALTH: readonly Mistake[] = [
  {
    id: 'health-aws-internode',
    what: 'the security group does not admit the gateway’s own addresses',
    source: NLB,
    make: (state) => state.remove(INGRESS, /load-balancer-[^-]+-[^-]+-[^-]+-internode$/),
  },
  {
    id: 'health-aws-dns',
    what: 'the security group does not admit the health checks of DNS',
    source: NLB,
    make: (state) => state.remove(INGRESS, /load-balancer-.*-dns-health$/),
  },
  {
    id: 'health-aws-port',
    what: 'the health checks of DNS ask a port that the security group does not open',
    source: NLB,
    make: (state) =>
      state.edit(SERVICE, /eu-west-1-dns-service$/, (properties) => {
        const metadata = properties['metadata'] as Properties;
        const name = 'service.beta.kubernetes.io/aws-load-balancer-healthcheck-port';
        (metadata['annotations'] as Properties)[name] = '8080';
      }),
  },
  {
    id: 'health-gcp-denied',
    what: 'a rule of higher priority denies Google’s probes',
    source: PROBES,
    make: (state) => denyProbes(state, {}),
  },
  {
    id: 'health-gcp-range',
    what: 'a rule of higher priority denies one of the ranges of Google’s probes',
    source: PROBES,
    make: (state) => denyProbes(state, { sourceRanges: ['130.211.0.0/22'] }),
  },
  {
    id: 'health-gcp-automatic',
    what: 'the firewall does not admit Google’s probes, and GKE’s own rule does',
    source: AUTOMATIC,
    make: (state) => state.remove(FIREWALL, /admit-health-checks$/),
  },
];
