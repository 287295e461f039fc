/** Data written on one side and read on the other, and who holds the system keyspaces. */
import { until, NotYet } from '../core/wait';
import { LabError } from '../core/errors';
import type { Lab } from '../labState';
import { type Datacenter, cqlsh, firstPod } from './pods';
import { type Check, check } from './report';

const KEYSPACE = 'lab_verify';
const SYSTEM_KEYSPACES = ['system_auth', 'system_distributed', 'system_traces'];
/** Seconds for a row to be seen on the other side: LOCAL_QUORUM does not wait for it. */
const ARRIVAL = 30;

export async function verifyData(lab: Lab, datacenters: readonly Datacenter[]): Promise<Check[]> {
  const [first] = datacenters;
  if (first === undefined) return [check('data', false, 'there is no datacenter')];
  const replication = datacenters.map(({ name, pods }) => `'${name}': ${Math.min(3, pods.length)}`).join(', ');
  const made = await cqlsh(
    lab,
    first,
    firstPod(first),
    `CREATE KEYSPACE IF NOT EXISTS ${KEYSPACE} WITH replication = {'class': 'NetworkTopologyStrategy', ${replication}};
     CREATE TABLE IF NOT EXISTS ${KEYSPACE}.rows (id text PRIMARY KEY, value text);`,
  );
  if (made.code !== 0) return [check('keyspace over all datacenters', false, (made.stderr || made.stdout).trim())];
  const checks: Check[] = [];
  for (const writer of datacenters) {
    for (const reader of datacenters) {
      if (reader !== writer) checks.push(await crosses(lab, writer, reader));
    }
  }
  for (const datacenter of datacenters) checks.push(await systemKeyspaces(lab, datacenter, datacenters));
  return checks;
}

async function crosses(lab: Lab, writer: Datacenter, reader: Datacenter): Promise<Check> {
  const name = `written at LOCAL_QUORUM in ${writer.name}, read at LOCAL_QUORUM in ${reader.name}`;
  const value = `${Date.now()}`;
  const failure = await write(lab, writer, writer.name, value);
  if (failure !== undefined) return check(name, false, failure);
  const start = Date.now();
  try {
    await until(name, ARRIVAL, async () => {
      const missing = await whyUnread(lab, reader, writer.name, value);
      return missing === undefined ? true : new NotYet(missing);
    });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return check(name, false, error.message);
  }
  return check(name, true, `seen after ${((Date.now() - start) / 1000).toFixed(1)} s, with cqlsh's own start`);
}

/** @returns why not, if it was not written */
export async function write(lab: Lab, writer: Datacenter, id: string, value: string): Promise<string | undefined> {
  const insert = `CONSISTENCY LOCAL_QUORUM;\nINSERT INTO ${KEYSPACE}.rows (id, value) VALUES ('${id}', '${value}');`;
  const { code, stdout, stderr } = await cqlsh(lab, writer, firstPod(writer), insert);
  return code === 0 ? undefined : (stderr || stdout).trim();
}

/** @returns what was found instead, if the row does not have the value */
export async function whyUnread(lab: Lab, reader: Datacenter, id: string, value: string): Promise<string | undefined> {
  const select = `CONSISTENCY LOCAL_QUORUM;\nSELECT value FROM ${KEYSPACE}.rows WHERE id = '${id}';`;
  const { stdout, stderr } = await cqlsh(lab, reader, firstPod(reader), select);
  return stdout.includes(value) ? undefined : (stderr || stdout).trim().slice(0, 300);
}

async function systemKeyspaces(lab: Lab, from: Datacenter, all: readonly Datacenter[]): Promise<Check> {
  const name = `system keyspaces as ${from.name} knows them`;
  const { stdout, stderr } = await cqlsh(
    lab,
    from,
    firstPod(from),
    'SELECT JSON keyspace_name, replication FROM system_schema.keyspaces;',
  );
  const rows = stdout
    .split('\n')
    .filter((line) => line.trim().startsWith('{'))
    .map((line) => JSON.parse(line) as { keyspace_name: string; replication: Record<string, string> });
  const held = SYSTEM_KEYSPACES.map((keyspace) => {
    const replication = rows.find((row) => row.keyspace_name === keyspace)?.replication ?? {};
    const missing = all.filter(
      ({ name: datacenter, pods }) => replication[datacenter] !== String(Math.min(3, pods.length)),
    );
    return { keyspace, missing, replication };
  });
  const text = held
    .map(
      ({ keyspace, replication }) =>
        `${keyspace} ${all.map(({ name: dc }) => `${dc}:${replication[dc] ?? 0}`).join(' ')}`,
    )
    .join(', ');
  const ok = held.every(({ missing }) => missing.length === 0);
  return check(name, ok, rows.length === 0 ? (stderr || stdout).trim() : text);
}
