/** Source addresses of pods. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const ADDON = 'aws:eks/addon:Addon';
const CLUSTER = 'gcp:container/cluster:Cluster';
const CNI = 'amazon-vpc-cni-k8s, "CNI Configuration Variables"';

function cni(state: State, settings: Readonly<Record<string, string>>): void {
  state.edit(ADDON, /vpc-cni$/, (properties) => {
    const values = JSON.parse(String(properties['configurationValues'])) as { env: Record<string, string> };
    Object.assign(values.env, settings);
    properties['configurationValues'] = JSON.stringify(values);
  });
}

export const SOURCES: readonly Mistake[] = [
  {
    id: 'snat-none-excluded',
    what: 'EKS rewrites the sources of everything that leaves the VPC',
    source: CNI,
    make: (state) => cni(state, { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '' }),
  },
  {
    id: 'snat-pods-forgotten',
    what: 'EKS rewrites the sources of what goes to the peer’s pods',
    source: CNI,
    make: (state) => cni(state, { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '10.150.0.0/16' }),
  },
  {
    id: 'snat-external',
    what: 'EKS rewrites no source, in place of the list',
    source: CNI,
    make: (state) => cni(state, { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true', AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '' }),
  },
  {
    id: 'masquerade-default',
    what: 'GKE’s default masquerading is on, without a list',
    source: 'GKE, "IP masquerade agent"',
    make: (state) =>
      state.edit(CLUSTER, /./, (properties) => ((properties['defaultSnatStatus'] as Properties)['disabled'] = false)),
  },
];
