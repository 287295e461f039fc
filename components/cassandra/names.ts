/**
 * Names, labels and ports that cass-operator derives from a datacenter, and the names of the objects
 * that this program puts beside them.
 *
 * Source: cass-operator v1.28, `apis/cassandra/v1beta1` (labels, service names) and
 * `pkg/reconciliation/construct_service.go`.
 */

export const CLUSTER_LABEL = 'cassandra.datastax.com/cluster';
export const DATACENTER_LABEL = 'cassandra.datastax.com/datacenter';
export const SEED_LABEL = 'cassandra.datastax.com/seed-node';

/** Plain and TLS internode traffic share one port since Cassandra 4.0. */
export const INTERNODE_PORT = 7000;
export const NATIVE_PORT = 9042;
/** Dedicated TLS port for clients; declared by the operator's pods beside the native port. */
export const NATIVE_TLS_PORT = 9142;
export const MANAGEMENT_API_PORT = 8080;
/** Metrics of the management API agent, and of the older Prometheus exporter. */
export const METRICS_PORT = 9000;
export const EXPORTER_PORT = 9103;

/** Namespace of cass-operator on every site. */
export const OPERATOR_NAMESPACE = 'cass-operator';
/** Namespace of cert-manager on every site. */
export const CERT_MANAGER_NAMESPACE = 'cert-manager';

/** Where the internode certificate is mounted in the Cassandra container. */
export const KEYSTORE_PATH = '/etc/internode-tls';

/** Labels that select every Cassandra pod of the cluster in its namespace. */
export function clusterLabels(cluster: string): Record<string, string> {
  return { [CLUSTER_LABEL]: cluster };
}

/** Labels that select the seeds of one datacenter. */
export function seedLabels(cluster: string, datacenter: string): Record<string, string> {
  return { [CLUSTER_LABEL]: cluster, [DATACENTER_LABEL]: datacenter, [SEED_LABEL]: 'true' };
}

/** Services that cass-operator makes for a datacenter. */
export interface DatacenterServices {
  /** Headless, the seeds of the cluster in this namespace. */
  readonly seeds: string;
  /** Headless and without selector: where seeds of other datacenters are listed. */
  readonly additionalSeeds: string;
  /** Headless, every pod whether ready or not; gives the pods their names. */
  readonly allPods: string;
  /** Headless, ready pods, for clients. */
  readonly clients: string;
}

export function datacenterServices(cluster: string, datacenter: string): DatacenterServices {
  return {
    seeds: `${cluster}-seed-service`,
    additionalSeeds: `${cluster}-${datacenter}-additional-seed-service`,
    allPods: `${cluster}-${datacenter}-all-pods-service`,
    clients: `${cluster}-${datacenter}-service`,
  };
}

/** Secrets of this program in a site's namespace. */
export interface DatacenterSecrets {
  /** CA certificate and key that the site's issuer signs with. */
  readonly certificateAuthority: string;
  /** Node certificate with its PKCS#12 stores, written by cert-manager. */
  readonly internodeTls: string;
  /** Password of those stores. */
  readonly keystorePassword: string;
  /** User name and password of the first role, the same on every site. */
  readonly superuser: string;
  /**
   * The configuration given to the operator. Not `<cluster>-<datacenter>-config`: the operator keeps its
   * own rendering under that name.
   */
  readonly settings: string;
}

export function datacenterSecrets(cluster: string, datacenter: string): DatacenterSecrets {
  return {
    certificateAuthority: `${cluster}-internode-ca`,
    internodeTls: `${cluster}-${datacenter}-internode-tls`,
    keystorePassword: `${cluster}-${datacenter}-keystore-password`,
    superuser: `${cluster}-superuser`,
    settings: `${cluster}-${datacenter}-settings`,
  };
}

/** The Cassandra image that cass-operator's image configuration picks for a version. */
export function cassandraImage(version: string): string {
  return `docker.io/k8ssandra/cass-management-api:${version}-ubi`;
}
