import { text, type Props } from '../../core/values';
import type { EksCluster } from '../cluster';
import { CONFIG_MAP, STORAGE_CLASS, storageClass, type Given } from './given';

const MANAGER = 'eks';

/** What EKS puts into a cluster: the `gp2` class (not the default one since 1.30), and what its add-ons bring. */
export function eksObjects({ cloud }: EksCluster): Given[] {
  const addon = (wanted: string) => cloud.addons.find(({ name }) => name === wanted);
  const coredns = addon('coredns');
  return [
    {
      token: STORAGE_CLASS,
      manager: 'kubectl-client-side-apply',
      object: storageClass('gp2', {
        provisioner: 'kubernetes.io/aws-ebs',
        parameters: { type: 'gp2', fsType: 'ext4' },
      }),
    },
    ...(coredns ? [corefile(coredns.configuration)] : []),
    ...(addon('vpc-cni') ? [vpcCni()] : []),
  ];
}

/** The Corefile of the add-on's configuration, or the default one; the add-on undoes edits of it. */
function corefile(configuration: Props): Given {
  return {
    token: CONFIG_MAP,
    manager: MANAGER,
    reconciled: true,
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'coredns',
        namespace: 'kube-system',
        labels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
      },
      data: { Corefile: text(configuration, 'corefile') ?? DEFAULT_COREFILE },
    },
  };
}

function vpcCni(): Given {
  return {
    token: CONFIG_MAP,
    manager: MANAGER,
    reconciled: true,
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' } },
      data: { 'enable-windows-ipam': 'false', 'enable-network-policy-controller': 'false' },
    },
  };
}

const DEFAULT_COREFILE = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;
