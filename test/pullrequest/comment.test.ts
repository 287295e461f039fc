import assert from 'node:assert/strict';
import { MARKER, comment } from '../../pullrequest/comment';
import { res, secret, set } from '../policy/resources';
import { shop } from '../policy/shop';
import { preview } from './previews';

const same = preview(shop());

describe('the comment on a pull request', () => {
  it('is a few lines where nothing changes', () => {
    const text = comment(same, same, {});
    assert.match(text, new RegExp(`^${MARKER}\n### Preview\n\nNothing is replaced or deleted\\.\n`));
    assert.match(text, /Flows: \d+ reachable; no verdict changes\./);
    assert.match(text, /Policy: no new findings, 0 as before, 0 solved\./);
    assert.equal(text.split('\n').filter((line) => line !== '').length, 6);
  });

  it('begins with what is replaced and deleted, replacements first, and says for which property', () => {
    const head = preview(shop(), {
      gp3: { op: 'delete' },
      vpc: { op: 'replace', reasons: ['cidrBlock'] },
      pool: { op: 'update' },
    });
    const text = comment(same, head, {});
    const lines = text.split('\n').filter((line) => line.startsWith('- **'));
    assert.deepEqual(lines, ['- **replace** `Vpc` `vpc`, for `cidrBlock`', '- **delete** `StorageClass` `gp3`']);
    assert.ok(text.indexOf('#### 2 resources replaced or deleted') < text.indexOf('Flows:'));
    assert.match(text, /The rest of this change: 0 created, 1 updated\./);
  });

  it('leaves out what the target branch would do anyway', () => {
    const replacing = preview(shop(), { vpc: { op: 'replace' } });
    assert.match(comment(replacing, replacing, {}), /Nothing is replaced or deleted/);
  });

  it('has addresses before and after, once for all places', () => {
    const changed = ['eks.vpcConfig.publicAccessCidrs.0', 'gke.masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock'];
    const head = changed.reduce((all, place) => {
      const [name = '', ...path] = place.split('.');
      return set(all, name, path.join('.'), '198.51.100.0/24');
    }, shop());
    assert.match(
      comment(same, preview(head), {}),
      /\| `203\.0\.113\.0\/24` \| `198\.51\.100\.0\/24` \| `eks\.vpcConfig`, `gke\.masterAuthorizedNetworksConfig` \|/,
    );
  });

  it('has verdicts before and after, with the reason', () => {
    const head = set(shop(), 'admit-aws', 'sourceRanges', ['10.10.0.0/16']);
    const text = comment(same, preview(head), {});
    const row = text.split('\n').find((line) => line.startsWith('| internode') && line.includes('blocked'));
    assert.match(row ?? '', /\| \d+ reachable \| \d+ blocked \| no ingress rule .*`Firewall` `admit-aws`/);
  });

  it('has new findings, what stops the update first, and counts known and solved ones', () => {
    const known = set(shop(), 'west', 'spec.size', 4);
    const fresh = set(known, 'eks', 'vpcConfig.publicAccessCidrs', ['0.0.0.0/0']);
    assert.match(
      comment(preview(known), preview(fresh), {}),
      /#### Policy: 1 new finding, 1 as before, 0 solved\n\n- `control-plane-not-public` \*\*stops the update\*\*: the control plane/,
    );
    assert.match(comment(preview(known), same, {}), /Policy: no new findings, 0 as before, 1 solved\./);
    const advisory = comment(same, preview(known), { 'racks-over-zones': 'advisory' });
    assert.match(advisory, /`racks-over-zones` warns: /);
  });

  it('never shows outputs, or secrets by any name', () => {
    const leaky = (text: string) => [
      ...set(shop(), 'super-east', 'data.password', text),
      res('aws:ssm/parameter:Parameter', 'marked', { value: secret(`10.9.8.7 ${text}`) }),
    ];
    const base = preview(leaky('c2VjcmV0'));
    const head = {
      ...preview(leaky('hunter2')),
      resources: preview(leaky('hunter2')).resources.map((resource) => ({
        ...resource,
        outputs: { endpoint: '10.1.1.1' },
      })),
    };
    assert.doesNotMatch(comment(base, head, {}), /hunter2|10\.9\.8\.7|10\.1\.1\.1/);
  });

  it('lets no name break out of its place', () => {
    const evil = res('aws:ec2/vpc:Vpc', 'a|b`<img>@team', { cidrBlock: '10.50.0.0/16' });
    const text = comment(same, preview([...shop(), evil]), {});
    assert.doesNotMatch(text, /[^\\]<img>(?!@team`)|(^|[^`])@team/m);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    assert.ok(rows.every((row) => row.split(/(?<!\\)\|/).length - 2 >= 3));
  });

  it('stays short, whatever changes', () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      res('aws:ec2/vpc:Vpc', `vpc-${n}`, { cidrBlock: '10.10.0.0/16' }),
    );
    const text = comment(same, preview([...shop(), ...many]), {});
    assert.match(text, /- … and \d+ more/);
    assert.ok(text.split('\n').length < 60);
  });
});
