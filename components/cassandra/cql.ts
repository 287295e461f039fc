/** Replicas by datacenter name. */
export type Replication = Readonly<Record<string, number>>;

/** Keyspaces of Cassandra's own that must reach every datacenter: roles, repair history and traces. */
export const SYSTEM_KEYSPACES = ['system_auth', 'system_distributed', 'system_traces'] as const;

/**
 * The statements that give every datacenter its replicas, system keyspaces first. Safe to run again: they
 * say what is to be, not what to change.
 */
export function replicationStatements(replication: Replication, keyspaces: readonly string[]): string[] {
  const strategy = replicationMap(replication);
  return [
    ...SYSTEM_KEYSPACES.map((keyspace) => alter(keyspace, strategy)),
    ...keyspaces.flatMap((keyspace) => [
      `CREATE KEYSPACE IF NOT EXISTS ${quoted(keyspace)} WITH replication = ${strategy};`,
      alter(keyspace, strategy),
    ]),
  ];
}

function alter(keyspace: string, strategy: string): string {
  return `ALTER KEYSPACE ${quoted(keyspace)} WITH replication = ${strategy};`;
}

function replicationMap(replication: Replication): string {
  const entries = Object.entries(replication).map(([datacenter, replicas]) => `'${datacenter}': ${replicas}`);
  return `{${["'class': 'NetworkTopologyStrategy'", ...entries].join(', ')}}`;
}

/** Quoted, so that the name stays as the settings wrote it and may be a reserved word. */
function quoted(identifier: string): string {
  return `"${identifier}"`;
}
