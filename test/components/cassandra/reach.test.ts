import assert from 'node:assert/strict';
import { ingressRules } from '../../../components/cassandra/networkPolicy';
import { awsPlan } from '../fixtures';
import { gcpPlan } from '../fixturesGcp';
import type { Recording } from '../recorder';
import { ENDPOINTS, SERVICE, asObject, clusterOverTwoSites } from './sites';

describe('how datacenters reach each other', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });
  const gateway = (datacenter: string) => asObject(recording.one(SERVICE, `xcloud-${datacenter}-gateway-service`));

  describe('a gateway', () => {
    it('stands at the planned addresses', () => {
      assert.equal(gateway('dc1').metadata.annotations?.addresses, awsPlan.gateway.addresses.join());
      assert.equal(gateway('dc1').spec.loadBalancerClass, 'nlb');
      assert.equal(gateway('dc2').spec.loadBalancerIP, gcpPlan.gateway.addresses[0]);
    });

    it('has the planned name, in the site’s namespace', () => {
      assert.deepEqual(
        [gateway('dc1').metadata.name, gateway('dc1').metadata.namespace],
        [awsPlan.gateway.service, awsPlan.namespace],
      );
    });

    it('leads to the seeds of its own datacenter, ready or not, on the internode port', () => {
      const { spec } = gateway('dc1');
      assert.deepEqual(spec.selector, {
        'cassandra.datastax.com/cluster': 'xcloud',
        'cassandra.datastax.com/datacenter': 'dc1',
        'cassandra.datastax.com/seed-node': 'true',
      });
      assert.equal(spec.publishNotReadyAddresses, true);
      assert.deepEqual(spec.ports, [{ name: 'internode', protocol: 'TCP', port: 7000, targetPort: 7000 }]);
    });

    it('admits the linked sites alone', () => {
      assert.deepEqual(gateway('dc1').spec.loadBalancerSourceRanges, awsPlan.firewallSources);
      assert.deepEqual(gateway('dc2').spec.loadBalancerSourceRanges, gcpPlan.firewallSources);
    });
  });

  describe('seeds of the other datacenter', () => {
    const endpoints = (datacenter: string) =>
      asObject(recording.one(ENDPOINTS, `xcloud-${datacenter}-remote-seeds-endpoints`));
    const addresses = (datacenter: string) =>
      (recording.one(ENDPOINTS, `xcloud-${datacenter}-remote-seeds-endpoints`).inputs.subsets as Subset[]).flatMap(
        (subset) => subset.addresses.map(({ ip }) => ip),
      );

    it('are its planned gateway addresses, never pods', () => {
      assert.deepEqual(addresses('dc1'), awsPlan.remoteSeeds);
      assert.deepEqual(addresses('dc2'), gcpPlan.remoteSeeds);
    });

    it('stand under the service that the operator makes for them', () => {
      assert.equal(endpoints('dc1').metadata.name, 'xcloud-dc1-additional-seed-service');
      assert.equal(endpoints('dc2').metadata.name, 'xcloud-dc2-additional-seed-service');
    });

    it('carry no label by which the operator would take them for its own and delete them', () => {
      assert.equal(endpoints('dc1').metadata.labels, undefined);
    });
  });
});

describe('network policies', () => {
  it('admit nothing to the namespace but what a rule admits', async () => {
    const recording = await clusterOverTwoSites();
    for (const site of ['aws-eu-west-1', 'gcp-europe-west4']) {
      const deny = recording.one('kubernetes:networking.k8s.io/v1:NetworkPolicy', `xcloud-${site}-policies-deny`);
      assert.deepEqual(asObject(deny).spec, { podSelector: {}, policyTypes: ['Ingress'] });
    }
  });

  for (const plan of [awsPlan, gcpPlan]) {
    describe(`of ${plan.name}`, () => {
      const rules = ingressRules(plan, 'xcloud') as unknown as Rule[];
      const sources = (port: number) =>
        rules.filter(({ ports }) => ports.some((open) => open.port === port)).flatMap(({ from }) => from);
      const ranges = (port: number) => sources(port).flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr] : []));

      it('admit internode traffic from the peers’ nodes and pods and from own load balancers', () => {
        const own = plan.cloud === 'aws' ? plan.zones.map(({ loadBalancerSubnet }) => loadBalancerSubnet) : [];
        assert.deepEqual(ranges(7000), [...plan.firewallSources, ...own]);
      });

      it('admit internode traffic from Cassandra pods only within the namespace', () => {
        const pods = sources(7000).flatMap(({ podSelector, namespaceSelector }) => {
          assert.equal(namespaceSelector, undefined);
          return podSelector ? [podSelector] : [];
        });
        assert.deepEqual(pods, [{ matchLabels: { 'cassandra.datastax.com/cluster': 'xcloud' } }]);
      });

      it('admit clients from the pods of either site', () => {
        const expected = [{ namespaceSelector: {} }, ...plan.peers.map(({ pods }) => ({ ipBlock: { cidr: pods } }))];
        assert.deepEqual(sources(9042), expected);
        assert.deepEqual(sources(9142), expected);
      });

      it('admit the management API from the operator alone', () => {
        assert.deepEqual(sources(8080), [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cass-operator' } } },
        ]);
      });

      it('open no remote JMX', () => {
        assert.deepEqual(sources(7199), []);
      });

      it('admit the cloud’s scraper to the metrics', () => {
        const expected =
          plan.cloud === 'aws'
            ? plan.zones.map(({ nodeSubnet }) => ({ ipBlock: { cidr: nodeSubnet } }))
            : [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gmp-system' } } }];
        assert.deepEqual(sources(9000), expected);
        assert.deepEqual(sources(9103), expected);
      });

      it('admit no whole internet and never the peers’ service ranges', () => {
        const admitted = rules.flatMap(({ ports }) => ports.flatMap(({ port }) => ranges(port)));
        assert.ok(admitted.every((cidr) => !cidr.startsWith('0.0.0.0') && !cidr.startsWith('172.')));
      });
    });
  }
});

interface Subset {
  readonly addresses: readonly { readonly ip: string }[];
}

interface Rule {
  readonly from: readonly {
    readonly ipBlock?: { readonly cidr: string };
    readonly podSelector?: unknown;
    readonly namespaceSelector?: unknown;
  }[];
  readonly ports: readonly { readonly port: number }[];
}
