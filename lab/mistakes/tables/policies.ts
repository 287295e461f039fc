/** NetworkPolicies. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const POLICY = 'kubernetes:networking.k8s.io/v1:NetworkPolicy';
const ADDON = 'aws:eks/addon:Addon';
const CLUSTER = 'gcp:container/cluster:Cluster';
const SOURCE = 'Kubernetes documentation, "Network Policies"';
const EKS = /aws-eu-west-1-policies-cassandra$/;
const GKE = /gcp-europe-west4-policies-cassandra$/;

interface Peer {
  readonly ipBlock?: { readonly cidr: string };
}

/** Takes peers of address ranges out of every rule of a policy. */
function forget(state: State, policy: RegExp, range: RegExp): void {
  state.edit(POLICY, policy, (properties) => {
    for (const rule of (properties['spec'] as Properties)['ingress'] as { from: Peer[] }[]) {
      rule.from = rule.from.filter(({ ipBlock }) => ipBlock === undefined || !range.test(ipBlock.cidr));
    }
  });
}

function enforce(state: State, value: boolean): void {
  state.edit(ADDON, /vpc-cni$/, (properties) => {
    const configuration = JSON.parse(String(properties['configurationValues'])) as Properties;
    properties['configurationValues'] = JSON.stringify({ ...configuration, enableNetworkPolicy: String(value) });
  });
}

export const POLICIES: readonly Mistake[] = [
  {
    id: 'policy-peer-eks',
    what: 'the policy in EKS does not admit the peer’s pods',
    source: SOURCE,
    make: (state) => forget(state, EKS, /^10\.250\./),
  },
  {
    id: 'policy-peer-gke',
    what: 'the policy in GKE does not admit the peer’s pods',
    source: SOURCE,
    make: (state) => forget(state, GKE, /^10\.200\./),
  },
  {
    id: 'policy-balancers',
    what: 'the policy in EKS does not admit the load balancers',
    source: SOURCE,
    make: (state) => forget(state, EKS, /^10\.100\.(16|48|80)\.0\/22$/),
  },
  {
    id: 'policy-port',
    what: 'the policy in EKS admits the port beside internode',
    source: SOURCE,
    make: (state) =>
      state.edit(POLICY, EKS, (properties) => {
        for (const rule of (properties['spec'] as Properties)['ingress'] as { ports: Properties[] }[]) {
          for (const port of rule.ports) if (port['port'] === 7000) port['port'] = 7001;
        }
      }),
  },
  {
    id: 'policy-operator',
    what: 'the policy in GKE admits another namespace than the operator’s',
    source: SOURCE,
    make: (state) =>
      state.edit(POLICY, GKE, (properties) => {
        for (const rule of (properties['spec'] as Properties)['ingress'] as { from: Properties[] }[]) {
          for (const peer of rule.from) {
            const labels = ((peer['namespaceSelector'] as Properties | undefined)?.['matchLabels'] ?? {}) as Properties;
            const name = 'kubernetes.io/metadata.name';
            if (labels[name] === 'cass-operator') labels[name] = 'k8ssandra-operator';
          }
        }
      }),
  },
  {
    id: 'policy-labels',
    what: 'the policy in EKS admits pods of another Cassandra cluster',
    source: SOURCE,
    make: (state) =>
      state.edit(POLICY, EKS, (properties) => {
        for (const rule of (properties['spec'] as Properties)['ingress'] as { from: Properties[] }[]) {
          for (const peer of rule.from) {
            const selector = peer['podSelector'] as Properties | undefined;
            if (selector !== undefined) selector['matchLabels'] = { 'cassandra.datastax.com/cluster': 'other' };
          }
        }
      }),
  },
  {
    id: 'policy-egress',
    what: 'the policy in GKE is about egress too, and lets nothing but DNS out',
    source: SOURCE,
    make: (state) =>
      state.edit(POLICY, GKE, (properties) => {
        const spec = properties['spec'] as Properties;
        spec['policyTypes'] = ['Ingress', 'Egress'];
        spec['egress'] = [{ ports: [{ port: 53, protocol: 'UDP' }] }];
      }),
  },
  {
    id: 'policy-exception',
    what: 'the policy in EKS admits the peer’s pods but for the part that they are in',
    source: SOURCE,
    make: (state) =>
      state.edit(POLICY, EKS, (properties) => {
        for (const rule of (properties['spec'] as Properties)['ingress'] as { from: Properties[] }[]) {
          for (const peer of rule.from) {
            const block = peer['ipBlock'] as Properties | undefined;
            if (block?.['cidr'] === '10.250.0.0/16') block['except'] = ['10.250.0.0/20'];
          }
        }
      }),
  },
  {
    id: 'policy-inert-eks',
    what: 'the policy in EKS does not admit the peer’s pods, and the CNI does not enforce it',
    source: 'Amazon EKS User Guide, "Limit Pod traffic with Kubernetes network policies"',
    make: (state) => {
      forget(state, EKS, /^10\.250\./);
      enforce(state, false);
    },
  },
  {
    id: 'policy-inert-gke',
    what: 'the policy in GKE does not admit the peer’s pods, and the cluster has no network policies',
    source: 'GKE, "Control communication between Pods and Services using network policies"',
    make: (state) => {
      forget(state, GKE, /^10\.200\./);
      state.edit(CLUSTER, /./, (properties) => (properties['datapathProvider'] = 'LEGACY_DATAPATH'));
    },
  },
];
