import assert from 'node:assert/strict';
import { dnsFor } from '../../../components/dns/dns';
import { asObject, standInAws, standInGcp } from '../cassandra/sites';
import { awsPlan } from '../fixtures';
import { gcpPlan } from '../fixturesGcp';
import { type Recording, type Registered, register } from '../recorder';

const SERVICE = 'kubernetes:core/v1:Service';
const STAGE = 'kubernetes:core/v1:ConfigMap';

interface Port {
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number;
}
const ports = (service: Registered) => asObject(service).spec.ports as Port[];

describe('DNS between sites', () => {
  describe('on EKS', () => {
    let recording: Recording;
    let service: Registered;
    before(async () => {
      recording = await register(() => dnsFor('forward', standInAws()));
      service = recording.one(SERVICE);
    });

    it('stands at the planned addresses in front of the add-on’s pods', () => {
      assert.equal(asObject(service).metadata.namespace, 'kube-system');
      assert.deepEqual(asObject(service).spec.selector, { 'k8s-app': 'kube-dns' });
      assert.equal(asObject(service).metadata.annotations?.addresses, awsPlan.dns.addresses.join());
    });

    it('answers UDP and TCP on one load balancer', () => {
      assert.deepEqual(
        ports(service).map(({ protocol, port, targetPort }) => [protocol, port, targetPort]),
        [
          ['UDP', 53, 53],
          ['TCP', 53, 53],
        ],
      );
    });

    it('admits the linked sites alone', () => {
      assert.deepEqual(asObject(service).spec.loadBalancerSourceRanges, awsPlan.firewallSources);
    });

    it('comes when load balancers are served and the add-on runs, and goes before them', () => {
      for (const stage of ['loadBalancers', 'nodes']) {
        assert.ok(recording.waitsFor(service, recording.one(STAGE, `aws-eu-west-1-${stage}`)), stage);
      }
    });
  });

  describe('on GKE', () => {
    let recording: Recording;
    before(async () => {
      recording = await register(() => dnsFor('forward', standInGcp()));
    });
    const deployment = () => recording.one('kubernetes:apps/v1:Deployment');

    it('answers UDP and TCP by two services that share the planned address', () => {
      const services = recording.ofType(SERVICE);
      assert.deepEqual(services.map((service) => ports(service).map(({ protocol }) => protocol)).sort(), [
        ['TCP'],
        ['UDP'],
      ]);
      for (const service of services) {
        assert.equal(asObject(service).spec.loadBalancerIP, gcpPlan.dns.addresses[0]);
        assert.deepEqual(asObject(service).spec.loadBalancerSourceRanges, gcpPlan.firewallSources);
      }
    });

    it('selects the pods of the site’s own CoreDNS', () => {
      const { template } = asObject(deployment()).spec as { template: { metadata: { labels: unknown } } };
      for (const service of recording.ofType(SERVICE)) {
        assert.deepEqual(asObject(service).spec.selector, template.metadata.labels);
        assert.equal(asObject(service).metadata.namespace, asObject(deployment()).metadata.namespace);
        assert.ok(recording.waitsFor(service, deployment()));
      }
    });

    it('runs two replicas over the zones, one of which an upgrade leaves alone', () => {
      const spec = asObject(deployment()).spec as {
        replicas: number;
        template: { spec: { topologySpreadConstraints: { topologyKey: string }[] } };
      };
      assert.equal(spec.replicas, 2);
      assert.equal(spec.template.spec.topologySpreadConstraints[0]?.topologyKey, 'topology.kubernetes.io/zone');
      assert.equal(asObject(recording.one('kubernetes:policy/v1:PodDisruptionBudget')).spec.minAvailable, 1);
    });

    it('runs as a user by number, without which the kubelet does not believe that it is not root', () => {
      const { template } = asObject(deployment()).spec as {
        template: { spec: { securityContext: { runAsNonRoot: boolean; runAsUser: number; runAsGroup: number } } };
      };
      const { runAsNonRoot, runAsUser, runAsGroup } = template.spec.securityContext;
      assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup], [true, 65532, 65532]);
    });

    it('may read what the kubernetes plugin watches and nothing else', () => {
      assert.deepEqual(recording.one('kubernetes:rbac.authorization.k8s.io/v1:ClusterRole').inputs.rules, [
        { apiGroups: [''], resources: ['services', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ]);
    });

    it('adds the peers’ zones to the ConfigMap that GKE has made, once GKE has made it', () => {
      const patch = recording.one('kubernetes:core/v1:ConfigMapPatch');
      assert.deepEqual(
        [asObject(patch).metadata.name, asObject(patch).metadata.namespace],
        ['kube-dns', 'kube-system'],
      );
      assert.deepEqual(patch.inputs.data, {
        stubDomains: JSON.stringify({ [awsPlan.dns.zone]: awsPlan.dns.addresses }),
      });
      assert.ok(recording.waitsFor(patch, recording.one(STAGE, 'gcp-europe-west4-nodes')));
    });

    it('has its access and its Corefile before its pods', () => {
      const config = recording.ofType(STAGE).find(({ inputs }) => 'data' in inputs);
      assert.ok(config);
      assert.ok(recording.waitsFor(deployment(), config));
      for (const type of ['ServiceAccount', 'Namespace']) {
        assert.ok(recording.waitsFor(deployment(), recording.one(`kubernetes:core/v1:${type}`)), type);
      }
      assert.ok(
        recording.waitsFor(deployment(), recording.one('kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding')),
      );
    });
  });
});
