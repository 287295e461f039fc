import assert from 'node:assert/strict';
import { readyTimeout } from '../../../components/cassandra/datacenter';
import { datacenterSize, effectiveReplication } from '../../../components/cassandra/datacenterSize';
import { awsPlan, awsSettings } from '../fixtures';
import type { Recording } from '../recorder';
import { CASSANDRA_DATACENTER, asObject, clusterOverTwoSites } from './sites';

describe('CassandraDatacenter', () => {
  let recording: Recording;
  before(async () => {
    recording = await clusterOverTwoSites();
  });
  const object = (datacenter: string) => asObject(recording.one(CASSANDRA_DATACENTER, `xcloud-${datacenter}`));

  it('has no additional seeds, with which its first node would be no seed and never see one', () => {
    for (const datacenter of ['dc1', 'dc2']) assert.equal('additionalSeeds' in object(datacenter).spec, false);
  });

  it('leaves making users to the first', () => {
    const annotation = 'cassandra.datastax.com/skip-user-creation';
    assert.equal(object('dc1').metadata.annotations?.[annotation], undefined);
    assert.equal(object('dc2').metadata.annotations?.[annotation], 'true');
  });

  it('shares the superuser secret by name', () => {
    assert.equal(object('dc1').spec.superuserSecretName, object('dc2').spec.superuserSecretName);
  });

  it('is a resource only when it is Ready', () => {
    for (const datacenter of ['dc1', 'dc2']) {
      assert.equal(object(datacenter).metadata.annotations?.['pulumi.com/waitFor'], 'condition=Ready');
    }
  });

  it('has a rack for each zone, held there by the zone label', () => {
    assert.deepEqual(
      object('dc1').spec.racks,
      awsPlan.zones.map(({ zone, rack }) => ({
        name: rack,
        nodeAffinityLabels: { 'topology.kubernetes.io/zone': zone },
      })),
    );
  });

  it('has its racks in the order in which their zones came, which the operator does not take in another', async () => {
    // Zone a came last: there were three by then.
    const { racks } = asObject(
      (
        await clusterOverTwoSites({
          ages: (name) => (name === 'xcloud-dc1-eu-west-1a-age' ? 3 : 2),
        })
      ).one(CASSANDRA_DATACENTER, 'xcloud-dc1'),
    ).spec as { racks: { name: string }[] };
    assert.deepEqual(
      racks.map(({ name }) => name),
      ['eu-west-1b', 'eu-west-1c', 'eu-west-1a'],
    );
  });

  it('lets the operator grow its volumes', () => {
    const { annotations } = object('dc1').metadata;
    assert.equal(annotations?.['cassandra.datastax.com/allow-storage-changes'], 'true');
  });

  it('keeps its pods on different nodes', () => {
    assert.equal(object('dc1').spec.allowMultipleNodesPerWorker, false);
  });

  it('takes its sizing from the site and its storage from the site’s class', () => {
    const { spec } = object('dc1');
    assert.equal(spec.size, 3);
    assert.deepEqual(spec.resources, { requests: { cpu: '4', memory: '16Gi' }, limits: { memory: '16Gi' } });
    const { cassandraDataVolumeClaimSpec: claim } = spec.storageConfig as {
      cassandraDataVolumeClaimSpec: { storageClassName: string; resources: unknown };
    };
    assert.equal(claim.storageClassName, 'cassandra-data');
    assert.deepEqual(claim.resources, { requests: { storage: '500Gi' } });
  });

  it('is configured by a secret, not in the open', () => {
    assert.equal('config' in object('dc1').spec, false);
    assert.equal(object('dc1').spec.configSecret, 'xcloud-dc1-settings');
  });

  it('does not name its configuration as the operator names its own rendering', () => {
    assert.notEqual(object('dc1').spec.configSecret, 'xcloud-dc1-config');
  });
});

describe('the size of a datacenter', () => {
  it('is nodes in each rack times racks', () => {
    const settings = { ...awsSettings, cassandra: { ...awsSettings.cassandra, nodesPerRack: 2 } };
    assert.equal(datacenterSize(awsPlan, settings), 6);
  });

  it('bounds its replicas', () => {
    assert.equal(effectiveReplication(3, 6), 3);
    assert.equal(effectiveReplication(3, 2), 2);
  });

  it('gives it time to start node after node', () => {
    assert.equal(readyTimeout(3), '50m');
    assert.equal(readyTimeout(6), '80m');
  });
});
