import assert from 'node:assert/strict';
import { reachability } from '../../../policy/rules/reachability';
import { assertPasses, findingsOf } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('reachability', () => {
  it('names the culprit of many blocked flows once', () => {
    const blocked = findingsOf(reachability, set(shop(), 'admit-aws', 'sourceRanges', ['10.10.0.0/16'])).filter(
      ({ message }) => message.startsWith('blocked at firewall'),
    );
    assert.deepEqual(
      blocked.map(({ urn }) => urn.slice(urn.lastIndexOf('::') + 2)),
      ['admit-aws'],
    );
    assert.match(blocked[0]?.message ?? '', /7000\/tcp.* and \d+ more/);
  });

  it('says what is not known where a flow cannot be decided', () => {
    const findings = findingsOf(reachability, set(shop(), 'admit-aws', 'sourceRanges', ref('network')));
    assert.ok(findings.some(({ outcome, message }) => outcome === 'undetermined' && /sourceRanges/.test(message)));
  });

  it('reports what the proof noticed besides, unless it is told to ignore it', () => {
    const undeletable = set(shop(), 'gke', 'deletionProtection', undefined);
    assert.deepEqual(
      findingsOf(reachability, undeletable).map(({ message }) => message.split(':')[0]),
      ['deletion-protection-default'],
    );
    assertPasses(reachability, undeletable, { ignore: ['deletion-protection-default'] });
  });

  it('passes a stack without a database', () => {
    assertPasses(reachability, [res('aws:ec2/vpc:Vpc', 'vpc', { cidrBlock: '10.10.0.0/16' })]);
  });
});
