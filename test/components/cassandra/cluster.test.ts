import assert from 'node:assert/strict';
import { startOrder } from '../../../components/cassandra/cluster';
import { awsPlan } from '../fixtures';
import { gcpPlan } from '../fixturesGcp';
import type { Recording, Registered } from '../recorder';
import {
  CASSANDRA_DATACENTER,
  CASSANDRA_TASK,
  ENDPOINTS,
  JOB,
  RELEASE,
  SECRET,
  SERVICE,
  asObject,
  clusterOverTwoSites,
} from './sites';

const CERTIFICATE = 'kubernetes:cert-manager.io/v1:Certificate';
const NAMESPACE = 'kubernetes:core/v1:Namespace';
const STAGE = 'kubernetes:core/v1:ConfigMap';

describe('CassandraCluster', () => {
  let recording: Recording;
  let dc1: Registered;
  let dc2: Registered;

  before(async () => {
    recording = await clusterOverTwoSites({ settings: { keyspaces: ['orders'] } });
    dc1 = recording.one(CASSANDRA_DATACENTER, 'xcloud-dc1');
    dc2 = recording.one(CASSANDRA_DATACENTER, 'xcloud-dc2');
  });

  const comesAfter = (later: Registered, earlier: Registered) =>
    assert.ok(recording.waitsFor(later, earlier), `${later.name} waits for ${earlier.name}`);
  const doesNotWaitFor = (one: Registered, other: Registered) =>
    assert.ok(!recording.waitsFor(one, other), `${one.name} does not wait for ${other.name}`);
  const stage = (site: string, name: string) => recording.one(STAGE, `${site}-${name}`);
  const job = (prefix: string) => recording.ofType(JOB).find(({ inputs }) => nameOf(inputs).startsWith(prefix))!;
  const gateway = (datacenter: string) => recording.one(SERVICE, `xcloud-${datacenter}-gateway-service`);
  const seeds = (datacenter: string) => recording.one(ENDPOINTS, `xcloud-${datacenter}-remote-seeds-endpoints`);

  describe('starts', () => {
    it('one datacenter for each site, of one cluster', () => {
      const specs = recording.ofType(CASSANDRA_DATACENTER).map((resource) => asObject(resource).spec);
      assert.deepEqual(
        specs.map(({ clusterName }) => clusterName),
        ['xcloud', 'xcloud'],
      );
    });

    it('the second datacenter only when the first is ready, one bootstrap at a time', () => {
      comesAfter(dc2, dc1);
    });

    it('the first gateway when its datacenter is ready and load balancers are served', () => {
      comesAfter(gateway('dc1'), dc1);
      comesAfter(gateway('dc1'), stage('aws-eu-west-1', 'loadBalancers'));
    });

    it('a probe from the second site when the link and the first gateway exist', () => {
      const probe = job('link-probe-');
      assert.equal(asObject(probe).metadata.namespace, gcpPlan.namespace);
      comesAfter(probe, gateway('dc1'));
      comesAfter(probe, recording.one(STAGE, 'link'));
      comesAfter(probe, stage('gcp-europe-west4', 'nodes'));
    });

    it('the second datacenter only when packets cross', () => {
      comesAfter(dc2, job('link-probe-'));
    });

    it('the second datacenter when both know the other by its planned gateway', () => {
      comesAfter(dc2, seeds('dc1'));
      comesAfter(dc2, seeds('dc2'));
    });

    it('the first datacenter before it is told seeds that do not exist yet', () => {
      comesAfter(seeds('dc1'), dc1);
      doesNotWaitFor(dc1, seeds('dc1'));
    });

    it('the second gateway after the second datacenter', () => {
      comesAfter(gateway('dc2'), dc2);
    });

    it('replication when every datacenter is ready, and the rebuild after it', () => {
      const replication = job('replication-');
      const rebuild = recording.one(CASSANDRA_TASK);
      comesAfter(replication, dc1);
      comesAfter(replication, dc2);
      comesAfter(rebuild, replication);
    });

    for (const [site, datacenter] of [
      ['aws-eu-west-1', 'dc1'],
      ['gcp-europe-west4', 'dc2'],
    ] as const) {
      it(`${datacenter} on nodes with storage, under a running operator, with certificate, secrets and policies`, () => {
        const resource = recording.one(CASSANDRA_DATACENTER, `xcloud-${datacenter}`);
        comesAfter(resource, stage(site, 'nodes'));
        comesAfter(resource, stage(site, 'storage'));
        comesAfter(resource, recording.one(RELEASE, `xcloud-${site}-operators-cass-operator`));
        comesAfter(resource, recording.one(CERTIFICATE, `xcloud-${site}-certificates-certificate`));
        comesAfter(resource, recording.one(SECRET, `xcloud-${datacenter}-settings`));
        comesAfter(resource, recording.one(SECRET, `xcloud-${site}-secrets-superuser`));
        comesAfter(resource, recording.one(NAMESPACE, `xcloud-${site}-namespace`));
        comesAfter(
          resource,
          recording.one('kubernetes:networking.k8s.io/v1:NetworkPolicy', `xcloud-${site}-policies-deny`),
        );
      });

      it(`the operator of ${datacenter} after cert-manager and where its webhook is reached`, () => {
        const operator = recording.one(RELEASE, `xcloud-${site}-operators-cass-operator`);
        comesAfter(operator, recording.one(RELEASE, `xcloud-${site}-operators-cert-manager`));
        comesAfter(operator, stage(site, 'webhooks'));
        comesAfter(operator, stage(site, 'nodes'));
      });
    }
  });

  describe('waits for nothing it does not need', () => {
    it('prepares the second site while the first starts', () => {
      for (const name of ['operators-cass-operator', 'operators-cert-manager']) {
        doesNotWaitFor(recording.one(RELEASE, `xcloud-gcp-europe-west4-${name}`), dc1);
        doesNotWaitFor(recording.one(RELEASE, `xcloud-gcp-europe-west4-${name}`), stage('aws-eu-west-1', 'nodes'));
      }
      doesNotWaitFor(recording.one(SECRET, 'xcloud-dc2-settings'), dc1);
    });

    it('starts the first datacenter without the link, load balancers or the other site', () => {
      doesNotWaitFor(dc1, recording.one(STAGE, 'link'));
      doesNotWaitFor(dc1, stage('aws-eu-west-1', 'loadBalancers'));
      doesNotWaitFor(dc1, stage('gcp-europe-west4', 'nodes'));
    });

    it('makes namespaces and secrets before any operator runs', () => {
      for (const site of ['aws-eu-west-1', 'gcp-europe-west4']) {
        const secret = recording.one(SECRET, `xcloud-${site}-secrets-ca`);
        doesNotWaitFor(secret, recording.one(RELEASE, `xcloud-${site}-operators-cert-manager`));
        doesNotWaitFor(secret, stage(site, 'loadBalancers'));
      }
    });

    it('moves data without waiting for the second datacenter to be reached through its gateway', () => {
      doesNotWaitFor(job('replication-'), gateway('dc2'));
      doesNotWaitFor(recording.one(CASSANDRA_TASK), gateway('dc2'));
    });
  });

  it('takes a namespace away, and with it the last volume claims, before what deletes their disks', () => {
    for (const site of ['aws-eu-west-1', 'gcp-europe-west4']) {
      comesAfter(recording.one(NAMESPACE, `xcloud-${site}-namespace`), stage(site, 'storage'));
    }
  });

  it('puts every object of a site under that site’s provider', () => {
    for (const resource of recording.resources.filter(({ type }) => type.startsWith('kubernetes:'))) {
      const namespace = asObject(resource).metadata?.namespace;
      const site = [awsPlan, gcpPlan].find((plan) => plan.namespace === namespace);
      if (site !== undefined) assert.match(resource.provider, new RegExp(`::${site.name}-kubernetes::`), resource.name);
    }
  });

  it('starts the same way whatever order the sites come in', async () => {
    const other = await clusterOverTwoSites({ settings: { keyspaces: ['orders'] }, reversed: true });
    const facts = (one: Recording) =>
      one.resources.map(({ urn, inputs, dependencies }) => ({ urn, inputs, dependencies: [...dependencies].sort() }));
    const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);
    assert.deepEqual(facts(other).sort(byUrn), facts(recording).sort(byUrn));
  });

  it('starts at the site that the settings name', async () => {
    const other = await clusterOverTwoSites({ settings: { firstSite: 'gcp-europe-west4' } });
    const first = other.one(CASSANDRA_DATACENTER, 'xcloud-dc2');
    const second = other.one(CASSANDRA_DATACENTER, 'xcloud-dc1');
    assert.ok(other.waitsFor(second, first));
    const seedsOf = (datacenter: string) => other.one(ENDPOINTS, `xcloud-${datacenter}-remote-seeds-endpoints`);
    assert.ok(other.waitsFor(second, seedsOf('dc1')));
    assert.ok(other.waitsFor(seedsOf('dc2'), first));
  });

  it('is one datacenter without gateway, probe, seeds or rebuild where there is one site', async () => {
    const alone = await clusterOverTwoSites({ alone: true });
    assert.equal(alone.ofType(CASSANDRA_DATACENTER).length, 1);
    assert.deepEqual([alone.ofType(SERVICE), alone.ofType(ENDPOINTS), alone.ofType(CASSANDRA_TASK)], [[], [], []]);
    assert.deepEqual(
      alone.ofType(JOB).map(({ inputs }) => nameOf(inputs).replace(/-[0-9a-f]+$/, '')),
      ['replication'],
    );
  });

  it('registers the same resources, names and addresses at the first preview', async () => {
    const preview = await clusterOverTwoSites({ settings: { keyspaces: ['orders'] }, preview: true });
    const facts = (one: Recording) =>
      one.resources
        .filter(({ type }) => type !== SECRET)
        .map(({ urn, inputs }) => ({ urn, inputs }))
        .filter(({ urn }) => urn.includes('kubernetes:'))
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
    assert.deepEqual(facts(preview), facts(recording));
  });

  it('protects datacenters, and nothing smaller, where the stack is protected', async () => {
    const guarded = await clusterOverTwoSites({ protect: true });
    const protectedTypes = new Set(guarded.resources.filter((resource) => resource.protect).map(({ type }) => type));
    assert.deepEqual([...protectedTypes], [CASSANDRA_DATACENTER]);
    assert.ok(guarded.ofType(CASSANDRA_DATACENTER).every((resource) => resource.protect));
  });
});

describe('startOrder', () => {
  const sites = ['b', 'c', 'a'].map((name) => ({ plan: { ...awsPlan, name } }));
  const names = (firstSite?: string) => startOrder(sites, firstSite).map(({ plan }) => plan.name);

  it('is by name unless a site is named first', () => {
    assert.deepEqual(names(), ['a', 'b', 'c']);
    assert.deepEqual(names('c'), ['c', 'a', 'b']);
  });
});

function nameOf(inputs: Readonly<Record<string, unknown>>): string {
  return (inputs.metadata as { name: string }).name;
}
