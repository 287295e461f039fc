import assert from 'node:assert/strict';
import { type ServerConfigArgs, jvmHeap, serverConfig } from '../../../components/cassandra/serverConfig';

const args: ServerConfigArgs = {
  replication: 3,
  phiConvictThreshold: 12,
  heap: '8Gi',
  keystorePassword: 'password',
};

describe('the server configuration', () => {
  const yaml = (given: ServerConfigArgs = args) => serverConfig(given)['cassandra-yaml'] as Record<string, unknown>;
  const jvm = (given: ServerConfigArgs = args) => serverConfig(given)['jvm-server-options'] as Record<string, unknown>;

  it('encrypts all traffic between nodes and demands a certificate of either end', () => {
    const options = yaml().server_encryption_options as Record<string, unknown>;
    assert.equal(options.internode_encryption, 'all');
    assert.equal(options.require_client_auth, true);
    assert.equal(options.optional, false);
  });

  it('admits clients over TLS alone', () => {
    const options = yaml().client_encryption_options as Record<string, unknown>;
    assert.deepEqual([options.enabled, options.optional], [true, false]);
  });

  it('asks for a password and for permissions', () => {
    assert.deepEqual(
      [yaml().authenticator, yaml().authorizer, yaml().role_manager],
      ['PasswordAuthenticator', 'CassandraAuthorizer', 'CassandraRoleManager'],
    );
  });

  it('is patient with the WAN and compresses what crosses it', () => {
    assert.deepEqual([yaml().phi_convict_threshold, yaml().internode_compression], [12, 'dc']);
  });

  it('leaves to the operator what the operator sets itself', () => {
    const forbidden = ['listen_address', 'broadcast_address', 'endpoint_snitch', 'seed_provider', 'cluster_name'];
    assert.deepEqual(
      Object.keys(yaml()).filter((key) => forbidden.includes(key)),
      [],
    );
    assert.deepEqual(Object.keys(serverConfig(args)), ['cassandra-yaml', 'jvm-server-options']);
  });

  it('names the first datacenter alone as the place of the system keyspaces, while it is alone', () => {
    assert.deepEqual(jvm({ ...args, first: { datacenter: 'dc1' } })['additional-jvm-opts'], [
      '-Dcassandra.system_distributed_replication=dc1:3',
    ]);
    assert.equal(jvm()['additional-jvm-opts'], undefined);
  });

  it('has a heap of one size', () => {
    assert.deepEqual([jvm().initial_heap_size, jvm().max_heap_size], ['8192M', '8192M']);
  });
});

describe('jvmHeap', () => {
  for (const [quantity, heap] of [
    ['8Gi', '8192M'],
    ['512Mi', '512M'],
    ['1.5Gi', '1536M'],
    // Decimal units are smaller than what the JVM would take the same letters for.
    ['8G', '7629M'],
    ['1000M', '953M'],
  ] as const) {
    it(`reads ${quantity} as ${heap}`, () => assert.equal(jvmHeap(quantity), heap));
  }
});
