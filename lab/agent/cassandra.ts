/** What the Cassandra pod's image does: the config builder's rendering, and the server's command. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import type { Json } from '../kubernetes/objects';
import type { Tools } from '../tools/tools';

/** Where the pod's containers see what the config builder wrote. */
const CONFIG_PATH = '/config';
const DATA_PATH = '/var/lib/cassandra';
export const MANAGEMENT_PORT = 8080;

/**
 * cass-config-builder's work: `cassandra.yaml`, `cassandra-rackdc.properties` and the JVM's options from
 * CONFIG_FILE_DATA. It sets addresses, snitch and seeds itself, whatever the configuration says.
 *
 * @param env of the init container `server-config-init`
 * @param heap MiB
 */
export function renderConfiguration(env: Readonly<Record<string, string>>, folder: string, heap: number): void {
  const data = JSON.parse(need(env, 'CONFIG_FILE_DATA')) as Json;
  const address = need(env, 'POD_IP');
  const given = { ...data['cassandra-yaml'] };
  delete given.broadcast_address;
  const yaml = {
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    commitlog_sync: 'periodic',
    commitlog_sync_period: '10000ms',
    ...given,
    cluster_name: data['cluster-info'].name,
    data_file_directories: [`${DATA_PATH}/data`],
    commitlog_directory: `${DATA_PATH}/commitlog`,
    saved_caches_directory: `${DATA_PATH}/saved_caches`,
    hints_directory: `${DATA_PATH}/hints`,
    cdc_raw_directory: `${DATA_PATH}/cdc_raw`,
    listen_address: address,
    rpc_address: address,
    endpoint_snitch: 'org.apache.cassandra.locator.GossipingPropertyFileSnitch',
    seed_provider: [
      {
        class_name: 'org.apache.cassandra.locator.SimpleSeedProvider',
        // As the operator's own seed provider: every address of each name.
        parameters: [{ seeds: data['cluster-info'].seeds, resolve_multiple_ip_addresses_per_dns_record: 'true' }],
      },
    ],
  };
  fs.writeFileSync(path.join(folder, 'cassandra.yaml'), JSON.stringify(yaml, undefined, 2), { mode: 0o600 });
  fs.writeFileSync(
    path.join(folder, 'cassandra-rackdc.properties'),
    `dc=${data['datacenter-info'].name}\nrack=${need(env, 'RACK_NAME')}\n`,
  );
  fs.writeFileSync(path.join(folder, 'jvm.options'), jvmOptions(data['jvm-server-options'] ?? {}, heap).join('\n'));
}

/** The heap is the lab's own: the stack's would not fit the machine. */
function jvmOptions(options: Json, heap: number): string[] {
  return [`-Xms${heap}M`, `-Xmx${heap}M`, ...((options['additional-jvm-opts'] ?? []) as string[])];
}

/** The server's command, once the configuration is rendered. */
export function cassandraCommand(tools: Tools, configFolder: string): string[] {
  const options = fs.readFileSync(path.join(configFolder, 'jvm.options'), 'utf8').split('\n').filter(Boolean);
  const logback = path.join(__dirname, 'java', 'logback.xml');
  return [
    'java',
    ...options,
    ...MODULE_OPTIONS,
    // Nothing of the data is worth more than the machine's second core.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:+ExitOnOutOfMemoryError',
    `-Dlogback.configurationFile=${logback}`,
    `-Dcassandra.config=file://${CONFIG_PATH}/cassandra.yaml`,
    `-Dcassandra-rackdc.properties=file://${CONFIG_PATH}/cassandra-rackdc.properties`,
    `-Dcassandra.storagedir=${DATA_PATH}`,
    '-Dcassandra.jmx.local.port=7199',
    // Otherwise Cassandra closes its standard output, and the management API's with it.
    '-Dcassandra-foreground=yes',
    '-Djava.net.preferIPv4Stack=true',
    // Names behind headless services change; the JVM would keep an answer for 30 seconds.
    '-Dsun.net.inetaddr.ttl=5',
    '-cp',
    `${tools.managementApi}:${tools.cassandra}/*`,
    ...['ManagementApi', '0.0.0.0', String(MANAGEMENT_PORT)],
  ];
}

/** `nodetool` for a process in the pod's namespace. */
export function nodetoolCommand(tools: Tools, args: readonly string[]): string[] {
  const logback = path.join(__dirname, 'java', 'logback.xml');
  return [
    ...[
      'java',
      '-Xmx64M',
      '-XX:TieredStopAtLevel=1',
      '-XX:-UsePerfData',
      ...MODULE_OPTIONS,
      `-Dlogback.configurationFile=${logback}`,
    ],
    ...['-cp', `${tools.cassandra}/*`, 'org.apache.cassandra.tools.NodeTool', '-h', '127.0.0.1', '-p', '7199', ...args],
  ];
}

function need(env: Readonly<Record<string, string>>, name: string): string {
  const value = env[name];
  if (value === undefined) throw new LabError(`the operator gave server-config-init no ${name}`);
  return value;
}

/** Cassandra's `conf/jvm17-server.options`. */
const MODULE_OPTIONS = [
  '-Djdk.attach.allowAttachSelf=true',
  ...[
    'java.base/jdk.internal.misc',
    'java.base/java.lang.ref',
    'java.base/sun.nio.ch',
    'java.management.rmi/com.sun.jmx.remote.internal.rmi',
    'java.rmi/sun.rmi.registry',
    'java.rmi/sun.rmi.server',
    'java.rmi/sun.rmi.transport.tcp',
    'java.sql/java.sql',
    'jdk.unsupported/sun.misc',
    'jdk.compiler/com.sun.tools.javac.file',
    'jdk.compiler/com.sun.tools.javac.api',
    'jdk.compiler/com.sun.tools.javac.tree',
    'jdk.compiler/com.sun.tools.javac.util',
  ].map((module) => `--add-exports=${module}=ALL-UNNAMED`),
  ...[
    'java.base/java.lang.module',
    'java.base/java.lang',
    'java.base/java.lang.reflect',
    'java.base/java.io',
    'java.base/java.net',
    'java.base/java.nio',
    'java.base/java.util',
    'java.base/java.util.concurrent',
    'java.base/java.util.concurrent.atomic',
    'java.base/jdk.internal.loader',
    'java.base/jdk.internal.ref',
    'java.base/jdk.internal.reflect',
    'java.base/jdk.internal.math',
    'java.base/jdk.internal.module',
    'java.base/jdk.internal.util.jar',
    'java.base/jdk.internal.vm',
    'java.base/sun.nio.ch',
    'jdk.management/com.sun.management.internal',
    'jdk.naming.dns/com.sun.jndi.dns',
  ].map((module) => `--add-opens=${module}=ALL-UNNAMED`),
];
