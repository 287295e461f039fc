import assert from 'node:assert/strict';
import { originOf, settingsOf } from '../../../policy/sarif/stackFile';

const TEXT = `# comment
encryptionsalt: v1:abc
config:
  shop:region: eu-west-1
  shop:sites:
    - name: a
      ranges: { nodes: 10.0.0.0/16, pods: 10.0.128.0/17 }
    - name: b
`;

describe('the settings of a stack file', () => {
  it('have the key and the place of each value', () => {
    assert.deepEqual(
      settingsOf(TEXT).map(({ key, text, line, column }) => `${line}:${column} ${key}=${text}`),
      [
        '4:16 shop:region=eu-west-1',
        '6:13 shop:sites[0].name=a',
        '7:24 shop:sites[0].ranges.nodes=10.0.0.0/16',
        '7:43 shop:sites[0].ranges.pods=10.0.128.0/17',
        '8:13 shop:sites[1].name=b',
      ],
    );
  });

  it('are none where the text is no YAML', () => {
    assert.deepEqual(settingsOf('config: [unclosed'), []);
  });

  it('hold a part of a range in the narrowest one', () => {
    const key = (value: string) => originOf(settingsOf(TEXT), value)?.key;
    assert.equal(key('10.0.130.0/24'), 'shop:sites[0].ranges.pods');
    assert.equal(key('10.0.1.0/24'), 'shop:sites[0].ranges.nodes');
    assert.equal(key('10.9.0.0/24'), undefined);
    assert.equal(key('eu-west-1'), 'shop:region');
  });
});
