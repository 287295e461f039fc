import type * as pulumi from '@pulumi/pulumi';
import { bytesOf } from '../../plan/parse/values';
import { KEYSTORE_PATH } from './names';

export interface ServerConfigArgs {
  /** Replicas in this datacenter. */
  readonly replication: number;
  readonly phiConvictThreshold: number;
  /** Kubernetes quantity. */
  readonly heap: string;
  /** Secret. */
  readonly keystorePassword: pulumi.Input<string>;
  /** Set on the datacenter that starts the cluster. */
  readonly first?: FirstDatacenter;
}

/** The datacenter that exists alone while the cluster's system keyspaces are made. */
export interface FirstDatacenter {
  readonly datacenter: string;
}

/**
 * Configuration as the operator's config builder takes it: `cassandra-yaml` and `jvm-server-options`.
 *
 * The builder sets `listen_address`, the snitch and the seed provider itself and drops
 * `broadcast_address`, so none of them stands here. `jvm-options` is refused from 4.0 on.
 */
export function serverConfig(args: ServerConfigArgs): Record<string, unknown> {
  const heap = jvmHeap(args.heap);
  return {
    'cassandra-yaml': {
      num_tokens: 16,
      allocate_tokens_for_local_replication_factor: args.replication,
      authenticator: 'PasswordAuthenticator',
      authorizer: 'CassandraAuthorizer',
      role_manager: 'CassandraRoleManager',
      // A WAN hiccup is not a dead node; the default of 8 convicts too soon across regions.
      phi_convict_threshold: args.phiConvictThreshold,
      // Compress what crosses the VPN, not what stays in the datacenter.
      internode_compression: 'dc',
      // Per node; what all nodes of a rebuild stream together must leave room for live traffic in the tunnels.
      inter_dc_stream_throughput_outbound: '24MiB/s',
      server_encryption_options: {
        internode_encryption: 'all',
        optional: false,
        require_client_auth: true,
        // Nodes share their datacenter's certificate, which names no single node; and nodes of other
        // datacenters are met by gateway addresses. Trust comes from the CA, which signs for nothing else.
        require_endpoint_verification: false,
        ...stores(args.keystorePassword),
      },
      client_encryption_options: {
        enabled: true,
        optional: false,
        // Clients prove themselves with a password; their certificates would need an issuer of their own.
        require_client_auth: false,
        ...stores(args.keystorePassword),
      },
    },
    'jvm-server-options': {
      initial_heap_size: heap,
      max_heap_size: heap,
      ...(args.first === undefined
        ? {}
        : {
            // Read by the management API's agent when the first node makes the system keyspaces. Only the
            // datacenter that exists may stand here: since 4.0 naming an absent one is refused.
            'additional-jvm-opts': [
              `-Dcassandra.system_distributed_replication=${args.first.datacenter}:${args.replication}`,
            ],
          }),
    },
  };
}

function stores(password: pulumi.Input<string>) {
  return {
    keystore: `${KEYSTORE_PATH}/keystore.p12`,
    keystore_password: password,
    truststore: `${KEYSTORE_PATH}/truststore.p12`,
    truststore_password: password,
    store_type: 'PKCS12',
  };
}

/**
 * A Kubernetes quantity as the JVM's `-Xmx` takes it, in whole MiB. The JVM reads `8G` as 8 GiB, so a
 * quantity cannot be handed over as it is.
 */
export function jvmHeap(quantity: string): string {
  return `${Math.floor(bytesOf(quantity) / 2 ** 20)}M`;
}
