import assert from 'node:assert/strict';
import { defaultsOf, nameInTheWay, named } from '../../../sandbox/core/naming';
import type { ResourceType } from '../../../sandbox/core/resourceType';
import type { Props } from '../../../sandbox/core/values';

const type = { token: 't', immutable: [], create: () => ({ id: 'x', outputs: {} }) };
const bridged: ResourceType<unknown> = { ...type, autoName: { property: 'name', maxLength: 20 } };
const object: ResourceType<unknown> = { ...type, nameOf: (inputs) => inputs['name'] as string | undefined };
const subject = { urn: 'urn:pulumi:s::p::t::pool', name: 'pool' };

describe('names that a provider gives', () => {
  const checked = (given: Props, olds: Props = {}, seed = 'a'): Props => ({
    ...named(bridged, subject, olds, given, seed),
    ...defaultsOf(bridged, given),
  });

  it('end in what the engine draws, and stay while the resource does', () => {
    const first = checked({});
    assert.match(String(first['name']), /^pool-[0-9a-f]{7}$/);
    assert.notEqual(checked({}, {}, 'b')['name'], first['name']);
    assert.equal(checked({}, first, 'b')['name'], first['name']);
    assert.equal(checked({ name: 'mine' }, first)['name'], 'mine');
  });

  it('have room below the longest name', () => {
    const long = { ...subject, name: 'p'.repeat(30) };
    assert.equal(String(named(bridged, long, {}, {}, 'a')['name']).length, 20);
  });

  for (const { what, resource, olds, news, deletesFirst } of [
    { what: 'named by the provider', resource: bridged, olds: checked({}), news: checked({}), deletesFirst: false },
    {
      what: 'named by the program',
      resource: bridged,
      olds: checked({ name: 'mine' }),
      news: checked({ name: 'mine' }),
      deletesFirst: true,
    },
    {
      what: 'given another name by the program',
      resource: bridged,
      olds: checked({ name: 'mine' }),
      news: checked({ name: 'other' }),
      deletesFirst: true,
    },
    { what: 'without names', resource: type, olds: { name: 'mine' }, news: { name: 'mine' }, deletesFirst: false },
    {
      what: 'an object of the same name',
      resource: object,
      olds: { name: 'a' },
      news: { name: 'a' },
      deletesFirst: true,
    },
    {
      what: 'an object of another name',
      resource: object,
      olds: { name: 'a' },
      news: { name: 'b' },
      deletesFirst: false,
    },
  ]) {
    it(`${deletesFirst ? 'delete' : 'do not delete'} first: ${what}`, () => {
      assert.equal(nameInTheWay(resource, olds, news), deletesFirst);
    });
  }
});
