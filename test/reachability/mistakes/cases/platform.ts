/** Mistakes that break no flow, and that a rule of the policy pack names. */
import type { Mistake } from '../mistake';
import * as n from '../names';

export const platform: readonly Mistake[] = [
  {
    name: 'the control plane of EKS answers everybody',
    change: (s) => s.set(n.EKS, 'vpcConfig.publicAccessCidrs', ['0.0.0.0/0']),
    policy: [`control-plane-not-public ${n.EKS}`],
  },
  {
    name: 'the control plane of GKE has no authorised networks',
    change: (s) => s.set(n.GKE, 'masterAuthorizedNetworksConfig', undefined),
    policy: [`control-plane-not-public ${n.GKE}`],
  },
  {
    name: 'Secrets of EKS are not encrypted',
    change: (s) => s.set(n.EKS, 'encryptionConfig', undefined),
    policy: [`encryption-at-rest ${n.EKS}`],
  },
  {
    name: 'a pre-shared key stands in the state in the clear',
    change: (s) => {
      const key = s.get(n.tunnel(0), 'sharedSecret') as string;
      s.set(n.tunnel(0), 'sharedSecret', key).set(n.connection(0), 'tunnel1PresharedKey', key);
    },
    policy: [`secrets-secret ${n.connection(0)}`, `secrets-secret ${n.tunnel(0)}`],
    untold: 'the key, which is made during the update',
  },
  {
    name: 'a subnet is smaller than AWS allows',
    change: (s) => s.set(n.podSubnet('eu-west-1a'), 'cidrBlock', '10.200.0.0/29'),
    policy: [`cidr-size ${n.podSubnet('eu-west-1a')}`],
  },
];
