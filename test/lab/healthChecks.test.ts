import assert from 'node:assert/strict';
import { admissionRules } from '../../lab/agent/balancerRules';
import { probeKey, probesOf, served } from '../../lab/agent/healthChecks';
import { type Balancer, balancers } from '../../lab/agent/loadBalancers';
import type { Json } from '../../lab/kubernetes/objects';
import type { Cluster, FilterRule, Machine, VirtualNetwork } from '../../lab/network/model';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';
const ADDRESSES = ['10.0.9.250', '10.0.10.250'];
const TARGETS = [
  { address: '10.1.0.18', port: 7000 },
  { address: '10.1.1.18', port: 7000 },
];

const machine = (number: number): Machine => ({
  ...{ name: `m${number}`, zone: `z${number}`, address: `10.0.${number}.10`, podRange: `10.1.${number}.0/24` },
  ...{ podBlock: `10.1.${number}.16/28`, profile: 'p', podProfile: 'p', sourceNat: undefined },
});

const cluster = (cloud: 'aws' | 'gcp'): Cluster => ({
  ...{ name: 'c', cloud, urn: 'u', network: 'u', serviceRange: '172.20.0.0/16', controlPlane: '10.0.0.5' },
  ...{ controlPlaneProfile: 'p', machines: [machine(0), machine(1)], enforcesPolicies: false, subnets: [] },
  managedCorefile: undefined,
});

function balancer(cloud: 'aws' | 'gcp', annotations: Record<string, string> = {}, spec: Json = {}): Balancer {
  const service = {
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: { name: 's', annotations: { [`${AWS}-private-ipv4-addresses`]: ADDRESSES.join(), ...annotations } },
    spec: { type: 'LoadBalancer', loadBalancerIP: '10.0.9.250', ports: [{ protocol: 'TCP' }], ...spec },
  };
  const [found] = balancers(cluster(cloud), [{ service, protocol: 'tcp', port: 7000, targets: TARGETS }]);
  assert.ok(found !== undefined);
  return found;
}

const keys = (cloud: 'aws' | 'gcp', own: Balancer): string[] => probesOf(cluster(cloud), [own]).map(probeKey);

describe('health checks of AWS’s load balancers', () => {
  it('come from every address of the balancer, to every target, where it gets its connections', () => {
    assert.deepEqual(keys('aws', balancer('aws')), [
      '10.0.9.250>10.1.0.18:7000',
      '10.0.9.250>10.1.1.18:7000',
      '10.0.10.250>10.1.0.18:7000',
      '10.0.10.250>10.1.1.18:7000',
    ]);
  });

  it('ask the port and the page of the annotations', () => {
    const annotations = {
      ...{ [`${AWS}-healthcheck-port`]: '8181', [`${AWS}-healthcheck-protocol`]: 'http' },
      [`${AWS}-healthcheck-path`]: '/ready',
    };
    assert.equal(keys('aws', balancer('aws', annotations))[0], '10.0.9.250>10.1.0.18:8181/ready');
  });
});

describe('health checks of Google’s load balancers', () => {
  it('come from both of Google’s ranges, and ask kube-proxy on the targets’ nodes', () => {
    assert.deepEqual(keys('gcp', balancer('gcp')), [
      '35.191.0.10>10.0.0.10:10256/healthz',
      '130.211.0.10>10.0.0.10:10256/healthz',
      '35.191.0.10>10.0.1.10:10256/healthz',
      '130.211.0.10>10.0.1.10:10256/healthz',
    ]);
  });

  it('ask the Service’s own port where only nodes with a pod of it serve', () => {
    const local = balancer('gcp', {}, { externalTrafficPolicy: 'Local', healthCheckNodePort: 31_000 });
    assert.equal(keys('gcp', local)[0], '35.191.0.10>10.0.0.10:31000/healthz');
    assert.throws(() => keys('gcp', balancer('gcp', {}, { externalTrafficPolicy: 'Local' })), /healthCheckNodePort/);
  });

  it('pass the firewall by the rule that GKE makes, unless one before it denies them', () => {
    const deny: FilterRule = {
      ...{ action: 'drop', ranges: ['35.191.0.0/16'], sets: [], protocol: 'tcp', ports: [], priority: 900, urn: 'u' },
    };
    const network: VirtualNetwork = {
      ...{ name: 'n', cloud: 'gcp', urn: 'u', localRanges: [], routingTables: [], memberSets: [], acls: [] },
      ...{ tunnels: [], multipath: true, mtu: 1460 },
      profiles: [
        { name: 'p', memberOf: [], ingress: [deny], egress: [], otherwise: { ingress: 'drop', egress: 'accept' } },
      ],
    };
    const rules = admissionRules(network, cluster('gcp'), [balancer('gcp')]);
    assert.match(rules, /balanced ip saddr 35\.191\.0\.10 tcp dport 10256 jump probes/);
    assert.match(rules, /from_probes_p ip saddr \{ 35\.191\.0\.0\/16 \} ip protocol tcp drop/);
    assert.match(rules, /rule ip cloud probes accept/);
  });
});

describe('the targets of a load balancer', () => {
  const own = balancer('aws');
  const [port] = own.ports;
  assert.ok(port !== undefined);
  const at = (address: string, healthy: string[]) => served(cluster('aws'), own, address, port, new Set(healthy));

  it('are those that answered the checks from the same address', () => {
    const healthy = ['10.0.9.250>10.1.1.18:7000', '10.0.10.250>10.1.0.18:7000'];
    assert.deepEqual(at('10.0.9.250', healthy), { targets: [TARGETS[1]], lastResort: false });
    assert.deepEqual(at('10.0.10.250', healthy), { targets: [TARGETS[0]], lastResort: false });
  });

  it('are all of them, as a last resort, where none answered', () => {
    assert.deepEqual(at('10.0.9.250', []), { targets: TARGETS, lastResort: true });
  });
});
