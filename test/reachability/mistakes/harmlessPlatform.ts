/** Changes of nodes, add-ons and certificates that break nothing. */
import type { Harmless } from './mistake';
import * as n from './names';

export const HARMLESS_PLATFORM: readonly Harmless[] = [
  {
    name: 'a tainted node group that the datacenter tolerates',
    change: (s) =>
      s
        .set(n.nodeGroup('eu-west-1a'), 'taints', [{ key: 'dedicated', value: 'db', effect: 'NO_SCHEDULE' }])
        .set(n.DC1, 'spec.tolerations', [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }]),
  },
  {
    name: 'a taint that is a preference only',
    change: (s) =>
      s.set(n.nodeGroup('eu-west-1a'), 'taints', [{ key: 'spot', value: 'true', effect: 'PREFER_NO_SCHEDULE' }]),
  },
  {
    name: 'the datacenter asks for the machine type that its nodes are of',
    change: (s) => s.set(n.DC1, 'spec.nodeSelector', { 'node.kubernetes.io/instance-type': 'm6i.2xlarge' }),
  },
  {
    name: 'several Cassandra nodes share a machine',
    change: (s) => s.set(n.DC1, 'spec.size', 9).set(n.DC1, 'spec.allowMultipleNodesPerWorker', true),
  },
  {
    name: 'a storage class that GKE makes',
    change: (s) => s.set(n.DC2, 'spec.storageConfig.cassandraDataVolumeClaimSpec.storageClassName', 'premium-rwo'),
  },
  {
    name: "the nodes' role lists its policies itself",
    change: (s) => {
      for (const policy of ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'])
        s.remove(`RolePolicyAttachment::${n.AWS}-nodes-role-${policy}`);
      s.set(`Role::${n.AWS}-nodes-role`, 'managedPolicyArns', [
        'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy',
        'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly',
      ]);
    },
  },
  {
    name: 'the network plugin works with the role of its nodes',
    change: (s) => {
      s.set(n.CNI, 'podIdentityAssociations', undefined).setSources(n.CNI, 'podIdentityAssociations', []);
      s.set(`Role::${n.AWS}-nodes-role`, 'managedPolicyArns', ['arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy']);
    },
  },
  {
    name: 'the EBS driver is installed by a chart',
    change: (s) => {
      s.remove(`Addon::${n.AWS}-storage-driver`);
      const chart = s.addLike(`Release::${n.AWS}-lbc-release`, 'ebs');
      s.set(chart, 'chart', 'aws-ebs-csi-driver').set(chart, 'values', {});
    },
  },
  {
    name: "the CNI's role has a policy of somebody's own",
    change: (s) =>
      s.set(
        `RolePolicyAttachment::${n.AWS}-pods-cni-role-AmazonEKS_CNI_Policy`,
        'policyArn',
        'arn:aws:iam::123456789012:policy/cni',
      ),
  },
  {
    name: 'a certificate lists no usages',
    change: (s) => s.set(`Certificate::xcloud-${n.AWS}-certificates-certificate`, 'spec.usages', undefined),
  },
  {
    name: 'certificates are issued by a ClusterIssuer of an authority outside',
    change: (s) => {
      for (const site of [n.AWS, n.GCP]) {
        const issuer = s.addBeside(
          `Issuer::xcloud-${site}-certificates-issuer`,
          'kubernetes:cert-manager.io/v1:ClusterIssuer',
          `${site}-vault`,
          {
            metadata: { name: 'vault' },
            spec: { vault: { server: 'https://vault.example', path: 'pki/sign/internode' } },
          },
        );
        s.set(`Certificate::xcloud-${site}-certificates-certificate`, 'spec.issuerRef', {
          kind: 'ClusterIssuer',
          name: String(s.get(issuer, 'metadata.name')),
        });
      }
    },
  },
  {
    name: 'a VPC without a way out has endpoints for the APIs instead',
    change: (s) => {
      for (const zone of n.ZONES) s.remove(`Route::${n.AWS}-network-${zone}-default-route`);
      const endpoint = s.addLike(`VpcEndpoint::${n.AWS}-network-s3-endpoint`, 'ec2');
      s.set(endpoint, 'serviceName', 'com.amazonaws.eu-west-1.ec2').set(endpoint, 'vpcEndpointType', 'Interface');
    },
  },
  {
    name: 'cert-manager brings its definitions by the older value',
    change: (s) => s.set(n.release(n.AWS, 'cert-manager'), 'values', { installCRDs: true }),
  },
  {
    name: 'a datacenter is a patch version behind',
    change: (s) => s.set(n.DC2, 'spec.serverVersion', '5.0.6'),
  },
];
