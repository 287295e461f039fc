import * as assert from 'node:assert/strict';
import type { Props } from '../../../sandbox/core/values';
import { TOKENS, refusal, setting } from './harness';

const RBAC = 'kubernetes:rbac.authorization.k8s.io/v1';
const POLICY = 'kubernetes:networking.k8s.io/v1:NetworkPolicy';
const PDB = 'kubernetes:policy/v1:PodDisruptionBudget';
const ROLE_REF = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };

function workload(template: Props, spec: Props = {}): Props {
  return {
    spec: {
      selector: { matchLabels: { app: 'a' } },
      template: { metadata: { labels: { app: 'a' } }, ...template },
      ...spec,
    },
  };
}

function pod(container: Props, spec: Props = {}): Props {
  return { spec: { containers: [{ name: 'c', image: 'i:1', ...container }], ...spec } };
}

function policy(rule: Props): Props {
  return { spec: { podSelector: {}, ingress: [rule] } };
}

/** What the API server refuses: token, object, its complaint. */
const cases: [string, string, Props, RegExp][] = [
  [
    'a ConfigMap key with a slash',
    TOKENS.configMap,
    { data: { 'a/b': '1' } },
    /data\[a\/b\]: Invalid value: "a\/b": a valid config key/,
  ],
  [
    'a ConfigMap over 1 MiB',
    TOKENS.configMap,
    { data: { a: 'x'.repeat(1048577) } },
    /Too long: may not be more than 1048576 bytes/,
  ],
  [
    'a ConfigMap key twice',
    TOKENS.configMap,
    { data: { a: '1' }, binaryData: { a: 'MQ==' } },
    /duplicate of key present in data/,
  ],
  ['a Secret that is not base64', TOKENS.secret, { data: { a: 'not base64!' } }, /data\[a\]: .*illegal base64 data/],
  [
    'a TLS Secret without its key',
    TOKENS.secret,
    { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x' } },
    /data\[tls\.key\]: Required value/,
  ],
  [
    'a StorageClass of an unknown reclaim policy',
    TOKENS.storageClass,
    { provisioner: 'p', reclaimPolicy: 'Recycle' },
    /reclaimPolicy: Unsupported value: "Recycle"/,
  ],
  [
    'a StorageClass of an unknown binding mode',
    TOKENS.storageClass,
    { provisioner: 'p', volumeBindingMode: 'Late' },
    /volumeBindingMode: Unsupported value: "Late"/,
  ],
  [
    'Endpoints without addresses',
    TOKENS.endpoints,
    { subsets: [{ ports: [{ port: 1 }] }] },
    /subsets\[0\]: Required value/,
  ],
  [
    'Endpoints at the loopback address',
    TOKENS.endpoints,
    { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
    /may not be in the loopback range/,
  ],
  [
    'Endpoints at a link-local address',
    TOKENS.endpoints,
    { subsets: [{ addresses: [{ ip: '169.254.1.1' }] }] },
    /may not be in the link-local range/,
  ],
  [
    'Endpoints at a name',
    TOKENS.endpoints,
    { subsets: [{ addresses: [{ ip: 'seed.example' }] }] },
    /must be a valid IP address/,
  ],
  [
    'Endpoints with two nameless ports',
    TOKENS.endpoints,
    { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 1 }, { port: 2 }] }] },
    /ports\[0\]\.name: Required value/,
  ],
  [
    'a budget with both bounds',
    PDB,
    { spec: { minAvailable: 1, maxUnavailable: 1 } },
    /minAvailable and maxUnavailable cannot be both set/,
  ],
  [
    'a Role rule without verbs',
    `${RBAC}:Role`,
    { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] },
    /rules\[0\]\.verbs: Required value/,
  ],
  [
    'a Role rule without resources',
    `${RBAC}:Role`,
    { rules: [{ apiGroups: [''], verbs: ['get'] }] },
    /rules\[0\]\.resources: Required value/,
  ],
  [
    'a Role rule about URLs',
    `${RBAC}:Role`,
    { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
    /namespaced rules cannot apply to non-resource URLs/,
  ],
  [
    'a binding to no role',
    `${RBAC}:RoleBinding`,
    { roleRef: { ...ROLE_REF, kind: 'Group' } },
    /roleRef\.kind: Unsupported value: "Group"/,
  ],
  [
    'a cluster binding to a Role',
    `${RBAC}:ClusterRoleBinding`,
    { roleRef: ROLE_REF },
    /roleRef\.kind: Unsupported value: "Role": supported values: "ClusterRole"/,
  ],
  [
    'a binding of an account without namespace',
    `${RBAC}:RoleBinding`,
    { roleRef: ROLE_REF, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
    /subjects\[0\]\.namespace: Required value/,
  ],
  [
    'a policy with a wrong type',
    POLICY,
    { spec: { podSelector: {}, policyTypes: ['ingress'] } },
    /spec\.policyTypes: Unsupported value: "ingress"/,
  ],
  [
    'a policy with a wrong CIDR',
    POLICY,
    policy({ from: [{ ipBlock: { cidr: '10.0.0.0/33' } }] }),
    /ipBlock\.cidr: Invalid value: "10\.0\.0\.0\/33"/,
  ],
  [
    'a policy with an exception outside its block',
    POLICY,
    policy({ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] } }] }),
    /must be a strict subset of `cidr`/,
  ],
  [
    'a policy with a block and a selector',
    POLICY,
    policy({ from: [{ ipBlock: { cidr: '10.0.0.0/16' }, podSelector: {} }] }),
    /may not specify both ipBlock and another peer/,
  ],
  ['a policy with an empty peer', POLICY, policy({ from: [{}] }), /must specify a peer/],
  [
    'a policy with a port range upside down',
    POLICY,
    policy({ ports: [{ port: 20, endPort: 10 }] }),
    /endPort: Invalid value: 10/,
  ],
  [
    'a policy with an unknown protocol',
    POLICY,
    policy({ ports: [{ port: 20, protocol: 'ICMP' }] }),
    /protocol: Unsupported value: "ICMP"/,
  ],
  [
    'a Deployment whose selector misses its pods',
    TOKENS.deployment,
    workload(pod({}), { selector: { matchLabels: { app: 'b' } } }),
    /`selector` does not match template `labels`/,
  ],
  [
    'a Deployment without containers',
    TOKENS.deployment,
    workload({ spec: { containers: [] } }),
    /spec\.template\.spec\.containers: Required value/,
  ],
  [
    'a Deployment that never restarts',
    TOKENS.deployment,
    workload(pod({}, { restartPolicy: 'Never' })),
    /restartPolicy: Unsupported value: "Never": supported values: "Always"/,
  ],
  [
    'two containers of one name',
    TOKENS.deployment,
    workload({
      spec: {
        containers: [
          { name: 'c', image: 'i' },
          { name: 'c', image: 'i' },
        ],
      },
    }),
    /containers\[1\]\.name: Duplicate value: "c"/,
  ],
  [
    'a container without image',
    TOKENS.deployment,
    workload({ spec: { containers: [{ name: 'c' }] } }),
    /containers\[0\]\.image: Required value/,
  ],
  [
    'a mount of no volume',
    TOKENS.deployment,
    workload(pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })),
    /volumeMounts\[0\]\.name: Not found: "v"/,
  ],
  [
    'a container port out of range',
    TOKENS.deployment,
    workload(pod({ ports: [{ containerPort: 70000 }] })),
    /containerPort: Invalid value: 70000/,
  ],
  [
    'an amount that is none',
    TOKENS.deployment,
    workload(pod({ resources: { requests: { cpu: 'two' } } })),
    /resources\.requests\[cpu\]: Invalid value: "two": quantities must match/,
  ],
  [
    'a request above its limit',
    TOKENS.deployment,
    workload(pod({ resources: { requests: { memory: '2Gi' }, limits: { memory: '1G' } } })),
    /must be less than or equal to memory limit of 1G/,
  ],
  [
    'a spread constraint of no effect',
    TOKENS.deployment,
    workload(pod({}, { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'Never' }] })),
    /whenUnsatisfiable: Unsupported value: "Never"/,
  ],
  [
    'a Job that always restarts',
    TOKENS.job,
    { spec: { template: pod({}, { restartPolicy: 'Always' }) } },
    /restartPolicy: Required value: valid values: "OnFailure", "Never"/,
  ],
  ['a Job without restart policy', TOKENS.job, { spec: { template: pod({}) } }, /restartPolicy: Required value/],
  ['a Service without ports', TOKENS.service, { spec: {} }, /spec\.ports: Required value/],
  [
    'a Service port out of range',
    TOKENS.service,
    { spec: { ports: [{ port: 65536 }] } },
    /spec\.ports\[0\]\.port: Invalid value: 65536/,
  ],
  [
    'a Service with nameless ports',
    TOKENS.service,
    { spec: { ports: [{ port: 1 }, { port: 2, name: 'b' }] } },
    /spec\.ports\[0\]\.name: Required value/,
  ],
  [
    'a Service with a port twice',
    TOKENS.service,
    {
      spec: {
        ports: [
          { port: 1, name: 'a' },
          { port: 1, name: 'b' },
        ],
      },
    },
    /spec\.ports\[1\]: Duplicate value/,
  ],
  [
    'a Service of an unknown type',
    TOKENS.service,
    { spec: { type: 'Balancer', ports: [{ port: 1 }] } },
    /spec\.type: Unsupported value: "Balancer"/,
  ],
  [
    'a Service of an unknown protocol',
    TOKENS.service,
    { spec: { ports: [{ port: 1, protocol: 'ICMP' }] } },
    /protocol: Unsupported value: "ICMP"/,
  ],
  [
    'a Service at an address outside the range',
    TOKENS.service,
    { spec: { clusterIP: '172.30.0.1', ports: [{ port: 1 }] } },
    /the provided IP \(172\.30\.0\.1\) is not in the valid range\. The range of valid IPs is 172\.20\.0\.0\/16/,
  ],
  [
    'a Service at an address that is taken',
    TOKENS.service,
    { spec: { clusterIP: '172.20.0.10', ports: [{ port: 1 }] } },
    /provided IP is already allocated/,
  ],
  [
    'a load balancer without cluster address',
    TOKENS.service,
    { spec: { type: 'LoadBalancer', clusterIP: 'None', ports: [{ port: 1 }] } },
    /may not be set to 'None' for LoadBalancer services/,
  ],
  [
    'a load balancer class without one',
    TOKENS.service,
    { spec: { loadBalancerClass: 'service.k8s.aws/nlb', ports: [{ port: 1 }] } },
    /may only be used when `type` is 'LoadBalancer'/,
  ],
  [
    'source ranges that are none',
    TOKENS.service,
    { spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'], ports: [{ port: 1 }] } },
    /must be a list of IP ranges/,
  ],
  [
    'an external name without name',
    TOKENS.service,
    { spec: { type: 'ExternalName' } },
    /spec\.externalName: Required value/,
  ],
  [
    'a wait for nothing known',
    TOKENS.configMap,
    { metadata: { annotations: { 'pulumi.com/waitFor': 'Ready' } } },
    /expected a "jsonpath=" or "condition=" prefix/,
  ],
  [
    'a wait for broken JSON',
    TOKENS.configMap,
    { metadata: { annotations: { 'pulumi.com/waitFor': '["condition=Ready"' } } },
    /expected a "jsonpath=" or "condition=" prefix/,
  ],
  [
    'a misspelt annotation of the AWS controller',
    TOKENS.service,
    {
      metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-subnet': 'a' } },
      spec: { type: 'LoadBalancer', ports: [{ port: 1 }] },
    },
    /not an annotation of AWS Load Balancer Controller/,
  ],
  [
    'an annotation of the AWS controller with a wrong value',
    TOKENS.service,
    {
      metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'private' } },
      spec: { type: 'LoadBalancer', ports: [{ port: 1 }] },
    },
    /Unsupported value: "private": supported values: "internal", "internet-facing"/,
  ],
  [
    'an ENIConfig with an unknown field',
    'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig',
    { metadata: { name: 'eu-west-1a' }, spec: { subnetId: 'subnet-1' } },
    /failed to create typed patch object \(eu-west-1a; crd\.k8s\.amazonaws\.com\/v1alpha1, Kind=ENIConfig\): \.spec\.subnetId: field not declared in schema/,
  ],
  [
    'an ENIConfig of a foreign subnet',
    'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig',
    { metadata: { name: 'eu-west-1a' }, spec: { subnet: 'subnet-1' } },
    /not a subnet of the cluster's VPC vpc-1/,
  ],
  [
    'a PodMonitoring on a cluster without it',
    'kubernetes:monitoring.googleapis.com/v1:PodMonitoring',
    { spec: {} },
    /no matches for kind "PodMonitoring" in version "monitoring\.googleapis\.com\/v1"$/,
  ],
];

describe('the API server refuses', () => {
  for (const [what, token, given, complaint] of cases) {
    it(what, async () => {
      const { eks } = setting();
      const object = { ...given, metadata: { name: 'it', ...(given.metadata as Props | undefined) } };
      assert.match(await refusal(eks.create(token, 'it', object)), complaint);
    });
  }

  it('a change of what an immutable ConfigMap holds', async () => {
    const { eks } = setting({ enableConfigMapMutable: 'true' });
    const made = await eks.create(TOKENS.configMap, 'c', {
      metadata: { name: 'c' },
      data: { a: '1' },
      immutable: true,
    });
    const changed = eks.update(made, { metadata: { name: 'c' }, data: { a: '2' }, immutable: true });
    assert.match(await refusal(changed), /data: Forbidden: field is immutable when `immutable` is set/);
  });

  it('a change of the role that a binding names', async () => {
    const { eks } = setting();
    const made = await eks.create(`${RBAC}:RoleBinding`, 'b', { metadata: { name: 'b' }, roleRef: ROLE_REF });
    const changed = { metadata: { name: 'b' }, roleRef: { ...ROLE_REF, name: 'other' } };
    assert.deepEqual(eks.diff(made, changed).replaces, ['roleRef']);
    assert.match(await refusal(eks.update(made, changed)), /cannot change roleRef/);
  });

  it('a PodMonitoring that times out after its interval', async () => {
    const { gke } = setting();
    const spec = { selector: {}, endpoints: [{ port: 9103, interval: '30s', timeout: '1m' }] };
    const made = gke.create('kubernetes:monitoring.googleapis.com/v1:PodMonitoring', 'm', {
      metadata: { name: 'm' },
      spec,
    });
    assert.match(await refusal(made), /scrape timeout must not be greater than scrape interval/);
  });
});

describe('the API server accepts', () => {
  const accepted: [string, string, Props][] = [
    ['a Role', `${RBAC}:Role`, { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }],
    ['a ClusterRole about URLs', `${RBAC}:ClusterRole`, { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }],
    ['a binding of a group', `${RBAC}:RoleBinding`, { roleRef: ROLE_REF, subjects: [{ kind: 'Group', name: 'g' }] }],
    [
      'a policy',
      POLICY,
      policy({ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } }], ports: [{ port: 7000 }] }),
    ],
    ['Endpoints', TOKENS.endpoints, { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 7000 }] }] }],
    ['a budget', PDB, { spec: { maxUnavailable: 1, selector: { matchLabels: { a: 'b' } } } }],
    ['a service account', 'kubernetes:core/v1:ServiceAccount', {}],
  ];
  for (const [what, token, given] of accepted) {
    it(what, async () => {
      const { eks } = setting();
      assert.match((await eks.create(token, 'it', { metadata: { name: 'it' }, ...given })).id, /it$/);
    });
  }

  it('text in a Secret, and keeps it encoded', async () => {
    const { eks } = setting();
    const made = await eks.create(TOKENS.secret, 's', { metadata: { name: 's' }, stringData: { user: 'cassandra' } });
    assert.deepEqual(made.outputs.data, { user: 'Y2Fzc2FuZHJh' });
    assert.equal(made.outputs.type, 'Opaque');
  });
});
