import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gcpLabels, gcpName, namesOf } from '../../../components/gcp/names';

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/);

describe('names on Google Cloud', () => {
  it('are cluster, site and role where that fits', () => {
    assert.equal(namesOf('xcloud', 'gcp-europe-west4')('nodes'), 'xcloud-gcp-europe-west4-nodes');
  });

  it('are valid RFC 1035 labels within the limit, whatever the settings', () => {
    fc.assert(
      fc.property(label, label, label, fc.integer({ min: 20, max: 63 }), (cluster, site, role, limit) => {
        const name = namesOf(cluster, site)(role, limit);
        assert.match(name, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        assert.ok(name.length <= limit, `${name} is longer than ${limit}`);
      }),
    );
  });

  it('stay different when long names that begin alike are cut', () => {
    const long = 'a'.repeat(60);
    assert.notEqual(gcpName(['xcloud', long, 'one'], 30), gcpName(['xcloud', long, 'two'], 30));
  });

  it('begin with a letter for a cluster whose name begins with a digit', () => {
    assert.equal(gcpName(['4clouds', 'site', 'pool']), 'n-4clouds-site-pool');
  });
});

describe('labels on Google Cloud', () => {
  it('leave valid tags alone', () => {
    assert.deepEqual(gcpLabels({ team: 'data', cost_centre: '42' }), { team: 'data', cost_centre: '42' });
  });

  it('rewrite what Google Cloud refuses', () => {
    assert.deepEqual(gcpLabels({ Owner: 'Team A', '9lives': 'Yes', '/x': 'a@b' }), {
      owner: 'team-a',
      'tag-9lives': 'yes',
      'tag--x': 'a-b',
    });
  });

  it('are at most 63 characters, key and value', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 128 }), fc.string({ maxLength: 256 }), (key, value) => {
        for (const [labelKey, labelValue] of Object.entries(gcpLabels({ [key]: value }))) {
          assert.match(labelKey, /^[a-z][a-z0-9_-]{0,62}$/);
          assert.match(labelValue, /^[a-z0-9_-]{0,63}$/);
        }
      }),
    );
  });
});
