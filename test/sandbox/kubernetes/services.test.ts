import * as assert from 'node:assert/strict';
import { at, type Props } from '../../../sandbox/core/values';
import {
  CONTROLLER_VALUES,
  EKS_SERVER,
  TOKENS,
  installController,
  namespace,
  refusal,
  setting,
  type Driver,
} from './harness';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
const GCP = 'networking.gke.io/';

function runPods(driver: Driver): Promise<unknown> {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template };
  return driver.create(TOKENS.deployment, 'web', { metadata: { name: 'web' }, spec });
}

function onEks(annotations: Props = {}, spec: Props = {}): Props {
  return {
    metadata: {
      name: 'gateway',
      annotations: {
        [`${AWS}scheme`]: 'internal',
        [`${AWS}nlb-target-type`]: 'ip',
        [`${AWS}subnets`]: 'lb-a, lb-b',
        [`${AWS}private-ipv4-addresses`]: '10.100.9.10, 10.100.9.26',
        ...annotations,
      },
    },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      selector: { app: 'web' },
      ports: [{ port: 7000, name: 'internode' }],
      ...spec,
    },
  };
}

/** Without the class that names the controller. */
function classless(): Props {
  const { loadBalancerClass: _none, ...spec } = onEks().spec as Props;
  return { ...onEks(), spec };
}

function onGke(annotations: Props = {}, spec: Props = {}): Props {
  return {
    metadata: { name: 'gateway', annotations: { [`${GCP}load-balancer-type`]: 'Internal', ...annotations } },
    spec: {
      type: 'LoadBalancer',
      loadBalancerIP: '10.150.9.9',
      selector: { app: 'web' },
      ports: [{ port: 7000 }],
      ...spec,
    },
  };
}

describe('a Service', () => {
  it('waits for pods to send to', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
    assert.match(await refusal(eks.create(TOKENS.service, 's', given)), /Service does not target any Pods/);
    await runPods(eks);
    const made = await eks.create(TOKENS.service, 't', { ...given, metadata: { name: 't' } });
    assert.equal(at(made.outputs, 'spec', 'clusterIP'), '172.20.0.17');
  });

  it('finds no address in a range that is full', async () => {
    const { eks, clouds } = setting();
    if (clouds.eks) clouds.eks.serviceCidr = '172.20.0.0/28';
    await runPods(eks);
    const given = { metadata: { name: 's' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
    assert.match(
      await refusal(eks.create(TOKENS.service, 's', given)),
      /failed to allocate a serviceIP: range is full/,
    );
  });

  it('waits for no pods when it is headless or a name', async () => {
    const { eks } = setting();
    await eks.create(TOKENS.service, 'a', {
      metadata: { name: 'a' },
      spec: { clusterIP: 'None', selector: { app: 'x' }, ports: [{ port: 80 }] },
    });
    await eks.create(TOKENS.service, 'b', {
      metadata: { name: 'b' },
      spec: { type: 'ExternalName', externalName: 'x.example' },
    });
  });

  it('without a selector waits for Endpoints of its name', async () => {
    const { eks } = setting();
    const given = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } };
    assert.match(await refusal(eks.create(TOKENS.service, 's', given)), /does not target any Pods/);
    await eks.create(TOKENS.endpoints, 'e', {
      metadata: { name: 't' },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
    });
    await eks.create(TOKENS.service, 't', { ...given, metadata: { name: 't' } });
  });

  it('is replaced by another cluster address, and may not change its class', async () => {
    const { eks } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    assert.deepEqual(eks.diff(made, onEks({}, { clusterIP: '172.20.1.1' })).replaces, ['spec']);
    assert.match(
      await refusal(eks.update(made, onEks({}, { loadBalancerClass: 'other/class' }))),
      /loadBalancerClass: Invalid value: "other\/class": may not change once set/,
    );
  });
});

describe('a load balancer on EKS', () => {
  it('gets its addresses from the controller, and goes with its Service', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    assert.match(
      String(at(made.outputs, 'status', 'loadBalancer', 'ingress', 0, 'hostname')),
      /\.elb\.eu-west-1\.amazonaws\.com$/,
    );
    assert.deepEqual(at(made.outputs, 'metadata', 'finalizers'), ['service.k8s.aws/resources']);
    assert.deepEqual([...clouds.loadBalancers.values()], [['10.100.9.10', '10.100.9.26']]);
    await eks.delete(made);
    assert.equal(clouds.loadBalancers.size, 0);
  });

  it('is made anew for other addresses, and kept for other labels', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    const [first] = clouds.loadBalancers.keys();
    const labelled = onEks();
    const kept = await eks.update(made, {
      ...labelled,
      metadata: { ...(labelled.metadata as Props), labels: { a: 'b' } },
    });
    assert.deepEqual([...clouds.loadBalancers.keys()], [first]);
    await eks.update(kept, onEks({ [`${AWS}private-ipv4-addresses`]: '10.100.9.11, 10.100.9.27' }));
    assert.deepEqual([...clouds.loadBalancers.values()], [['10.100.9.11', '10.100.9.27']]);
  });

  it('waits in vain without the controller, and is made once it runs', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    assert.match(await refusal(eks.create(TOKENS.service, 's', onEks())), /Service was not allocated an IP address/);
    await installController(eks);
    const inputs = eks.check(TOKENS.service, 's', onEks());
    const kept = {
      urn: 'urn:pulumi:dev::it::kubernetes:core/v1:Service::s',
      id: 'default/gateway',
      inputs,
      outputs: {},
    };
    await eks.read(kept);
    assert.equal(clouds.loadBalancers.size, 1);
  });

  it('cannot be deleted when its controller has gone first', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    const controller = await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    await eks.delete(controller);
    assert.match(
      await refusal(eks.delete(made)),
      /timed out waiting for object to be deleted: Service "default\/gateway": finalizers might be preventing deletion \(service\.k8s\.aws\/resources\)/,
    );
    assert.equal(clouds.loadBalancers.size, 1);
  });

  for (const [what, given, complaint] of [
    [
      'counts of addresses and subnets that differ',
      onEks({ [`${AWS}subnets`]: 'lb-a' }),
      /count of private ipv4 addresses \(2\) and subnets \(1\) must match/,
    ],
    [
      'planned addresses on the internet',
      onEks({ [`${AWS}scheme`]: 'internet-facing' }),
      /only be set for internal load balancers/,
    ],
    [
      'an address that AWS refuses',
      onEks({ [`${AWS}private-ipv4-addresses`]: '10.100.9.1,10.100.9.26' }),
      /Failed deploy model due to Address 10\.100\.9\.1 is reserved/,
    ],
    [
      'no subnets and no tags to find some by',
      onEks({ [`${AWS}subnets`]: '', [`${AWS}private-ipv4-addresses`]: '' }),
      /unable to resolve at least one subnet/,
    ],
    ['attributes that are none', onEks({ [`${AWS}attributes`]: 'cross-zone' }), /failed to parse stringMap annotation/],
    ['a name that is too long', onEks({ [`${AWS}name`]: 'a'.repeat(33) }), /cannot be longer than 32 characters/],
    [
      'TCP and UDP on one port without being told',
      onEks(
        {},
        {
          ports: [
            { name: 'a', port: 53, protocol: 'UDP' },
            { name: 'b', port: 53, protocol: 'TCP' },
          ],
        },
      ),
      /DuplicateListener: A listener already exists on this port \(53\)/,
    ],
    ['no class', classless(), /the local cloud does not play/],
    [
      'a class that nobody serves',
      onEks({}, { loadBalancerClass: 'example.com/lb' }),
      /no controller serves loadBalancerClass example\.com\/lb/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`fails with ${what}`, async () => {
      const { eks, clouds } = setting();
      await runPods(eks);
      await installController(eks);
      assert.match(await refusal(eks.create(TOKENS.service, 's', given)), complaint);
      assert.equal(clouds.loadBalancers.size, 0);
    });
  }

  it('takes TCP and UDP on one port when told', async () => {
    const { eks } = setting();
    await runPods(eks);
    await installController(eks);
    const ports = [
      { name: 'a', port: 53, protocol: 'UDP' },
      { name: 'b', port: 53, protocol: 'TCP' },
    ];
    await eks.create(TOKENS.service, 's', onEks({ [`${AWS}enable-tcp-udp-listener`]: 'true' }, { ports }));
  });

  it('gets the class of the controller by its webhook, which fails every Service until it runs', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    const groups = clouds.eks?.nodeGroups ?? [];
    if (clouds.eks) clouds.eks.nodeGroups = [];
    const { enableServiceMutatorWebhook: _off, ...values } = CONTROLLER_VALUES;
    assert.match(await refusal(installController(eks, values)), /failed to initialize completely/);
    const plain = { metadata: { name: 'p' }, spec: { clusterIP: 'None', ports: [{ port: 1 }] } };
    assert.match(
      await refusal(eks.create(TOKENS.service, 'p', plain)),
      /failed calling webhook "mservice\.elbv2\.k8s\.aws".*no endpoints available/,
    );
    if (clouds.eks) clouds.eks.nodeGroups = groups;
    const release = {
      urn: 'urn:pulumi:dev::it::kubernetes:helm.sh/v3:Release::controller',
      id: 'kube-system/aws-load-balancer-controller',
    };
    await eks.delete(release);
    await installController(eks, values);
    const made = await eks.create(TOKENS.service, 's', classless());
    assert.equal(at(made.outputs, 'spec', 'loadBalancerClass'), 'service.k8s.aws/nlb');
  });
});

describe('a load balancer that is none any more', () => {
  it('goes when its Service changes its type', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    const plain = { metadata: { name: 'gateway' }, spec: { selector: { app: 'web' }, ports: [{ port: 7000 }] } };
    const changed = await eks.update(made, plain);
    assert.equal(clouds.loadBalancers.size, 0);
    assert.equal(at(changed.outputs, 'metadata', 'finalizers'), undefined);
    assert.deepEqual(at(changed.outputs, 'status', 'loadBalancer'), {});
  });

  it('cannot go when the nodes of its controller have gone first', async () => {
    const { eks, clouds } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    if (clouds.eks) clouds.eks.nodeGroups = [];
    assert.match(await refusal(eks.delete(made)), /finalizers might be preventing deletion/);
  });
});

describe('a load balancer whose Service somebody took away', () => {
  it('goes with it, and comes back with it', async () => {
    const { eks, clouds, world } = setting();
    await runPods(eks);
    await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    world.kubernetes.remove(TOKENS.service, `${EKS_SERVER}|${made.id}`);
    assert.equal(await eks.read(made), undefined);
    assert.equal(clouds.loadBalancers.size, 0);
    await eks.create(TOKENS.service, 's', onEks());
    assert.equal(clouds.loadBalancers.size, 1);
  });

  it('stays while its controller does not run', async () => {
    const { eks, clouds, world } = setting();
    await runPods(eks);
    const controller = await installController(eks);
    const made = await eks.create(TOKENS.service, 's', onEks());
    await eks.delete(controller);
    world.kubernetes.remove(TOKENS.service, `${EKS_SERVER}|${made.id}`);
    assert.equal(await eks.read(made), undefined);
    assert.equal(clouds.loadBalancers.size, 1);
  });
});

describe('a load balancer on GKE', () => {
  it('gets the planned address, and goes with its Service', async () => {
    const { gke, clouds } = setting();
    await runPods(gke);
    const made = await gke.create(TOKENS.service, 's', onGke());
    assert.deepEqual(at(made.outputs, 'status', 'loadBalancer', 'ingress'), [{ ip: '10.150.9.9', ipMode: 'VIP' }]);
    await gke.delete(made);
    assert.equal(clouds.loadBalancers.size, 0);
  });

  it('finds its address by the name of a reserved one', async () => {
    const { gke, world } = setting();
    await runPods(gke);
    world.gcp.put('gcp:compute/address:Address', 'x', {}, { name: 'gateway-address', address: '10.150.9.77' });
    const { loadBalancerIP: _none, ...spec } = onGke().spec as Props;
    const given = { ...onGke({ [`${GCP}load-balancer-ip-addresses`]: 'gateway-address' }), spec };
    const made = await gke.create(TOKENS.service, 's', given);
    assert.equal(at(made.outputs, 'status', 'loadBalancer', 'ingress', 0, 'ip'), '10.150.9.77');
  });

  for (const [what, given, complaint] of [
    [
      'two protocols',
      onGke(
        {},
        {
          ports: [
            { name: 'a', port: 53, protocol: 'UDP' },
            { name: 'b', port: 53 },
          ],
        },
      ),
      /mixed protocol is not supported/,
    ],
    ['the internet', onGke({ [`${GCP}load-balancer-type`]: 'External' }), /plays internal ones only/],
    ['an unknown type', onGke({ [`${GCP}load-balancer-type`]: 'internal' }), /Unsupported value: "internal"/],
    [
      'a misspelt annotation',
      onGke({ [`${GCP}load-balancer-typo`]: 'x' }),
      /not an annotation of GKE LoadBalancer Services/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`fails with ${what}`, async () => {
      const { gke } = setting();
      await runPods(gke);
      assert.match(await refusal(gke.create(TOKENS.service, 's', given)), complaint);
    });
  }
});

describe('an object with a finalizer of its own', () => {
  it('cannot be deleted', async () => {
    const { eks } = setting();
    const metadata = { name: 'c', finalizers: ['example.com/hold'] };
    const made = await eks.create(TOKENS.configMap, 'c', { metadata });
    assert.match(await refusal(eks.delete(made)), /finalizers might be preventing deletion \(example\.com\/hold\)/);
  });
});

describe('a namespace', () => {
  it('takes its objects and their load balancers along', async () => {
    const { eks, clouds, world } = setting();
    const app = await namespace(eks, 'app');
    await installController(eks);
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
    await eks.create(TOKENS.deployment, 'w', {
      metadata: { name: 'web', namespace: 'app' },
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    });
    const given = onEks();
    await eks.create(TOKENS.service, 's', { ...given, metadata: { ...(given.metadata as Props), namespace: 'app' } });
    assert.equal(clouds.loadBalancers.size, 1);
    await eks.delete(app);
    assert.equal(clouds.loadBalancers.size, 0);
    assert.deepEqual(
      world.kubernetes.everything().filter(({ id }) => id.includes('|app/') || id.endsWith('|app')),
      [],
    );
  });

  it('hangs while something in it waits for its controller', async () => {
    const { eks } = setting();
    const app = await namespace(eks, 'app');
    const controller = await installController(eks);
    const given = onEks({}, { clusterIP: '172.20.3.3' });
    await refusal(
      eks.create(TOKENS.service, 's', { ...given, metadata: { ...(given.metadata as Props), namespace: 'app' } }),
    );
    await eks.delete(controller);
    assert.match(
      await refusal(eks.delete(app)),
      /Some content in the namespace has finalizers remaining: service\.k8s\.aws\/resources in 1 resource instances/,
    );
  });

  it('of the system stays', async () => {
    const { eks } = setting();
    await namespace(eks, 'app');
    const system = { urn: 'urn:pulumi:dev::it::kubernetes:core/v1:Namespace::s', id: 'kube-system' };
    assert.match(await refusal(eks.delete(system)), /this namespace may not be deleted/);
  });
});
