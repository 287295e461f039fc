import { cassandraConfig } from '../../../policy/rules/cassandraConfig';
import { assertFails, assertPasses } from '../judging';
import { set } from '../resources';
import { shop } from '../shop';

describe('cassandra-config', () => {
  it('finds settings that the operator overwrites', () => {
    assertFails(cassandraConfig, set(shop(), 'east', 'spec.config.cassandra-yaml.broadcast_address', '10.1.2.3'), [
      ['east', /sets broadcast_address/],
    ]);
  });

  it('finds options that the operator refuses', () => {
    assertFails(cassandraConfig, set(shop(), 'west', 'spec.config.jvm-options', {}), [['west', /sets jvm-options/]]);
  });

  it('passes what is for the node itself', () => {
    assertPasses(cassandraConfig, set(shop(), 'west', 'spec.config.jvm-server-options', { max_heap_size: '8192M' }));
  });
});
