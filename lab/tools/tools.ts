import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { must } from '../core/run';
import { once } from './cache';
import { goProgram, moduleFolder, type GoProgram } from './goProgram';

/** Everything the lab runs that no Debian package brings. */
export interface Tools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly cassOperator: string;
  /** Folder `config` of cass-operator's module: its CRDs and RBAC. */
  readonly cassOperatorConfig: string;
  readonly coredns: string;
  /** Folder with Cassandra's jars. */
  readonly cassandra: string;
  /** Folder with the classes of the lab's management API. */
  readonly managementApi: string;
  /** Folder with `cqlsh`, the real one. */
  readonly cqlsh: string;
}

const CASS_OPERATOR_MODULE = 'github.com/k8ssandra/cass-operator';
const KUBERNETES_VERSION = '1.35.4';

const PROGRAMS = {
  etcd: { name: 'etcd', version: '3.6.8', module: 'etcd', packageName: 'go.etcd.io/etcd/server/v3' },
  apiServer: {
    name: 'kube-apiserver',
    version: KUBERNETES_VERSION,
    module: 'kubernetes',
    packageName: 'k8s.io/kubernetes/cmd/kube-apiserver',
  },
  controllerManager: {
    name: 'kube-controller-manager',
    version: KUBERNETES_VERSION,
    module: 'kubernetes',
    packageName: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  cassOperator: {
    name: 'cass-operator',
    version: '1.28.0',
    module: 'cass-operator',
    packageName: `${CASS_OPERATOR_MODULE}/cmd`,
  },
  coredns: { name: 'coredns', version: '1.12.1', module: 'coredns', packageName: 'github.com/coredns/coredns' },
} satisfies Record<string, GoProgram>;

/** Cassandra as `cassandra/pom.xml` pins it. */
export const CASSANDRA_VERSION = '5.0.9';
const CQLSH_VERSION = '6.2.0';

/** Builds or fetches whatever is not in the cache yet, one after another. */
export async function provideTools(say: (line: string) => void): Promise<Tools> {
  const etcd = await goProgram(PROGRAMS.etcd, say);
  const apiServer = await goProgram(PROGRAMS.apiServer, say);
  const controllerManager = await goProgram(PROGRAMS.controllerManager, say);
  const cassOperator = await goProgram(PROGRAMS.cassOperator, say);
  const coredns = await goProgram(PROGRAMS.coredns, say);
  const cassOperatorConfig = await operatorConfig();
  const cassandra = await cassandraJars(say);
  return {
    ...{ etcd, apiServer, controllerManager, cassOperator, cassOperatorConfig, coredns, cassandra },
    managementApi: await managementApi(cassandra),
    cqlsh: await cqlsh(say),
  };
}

/** A copy, so that a complete cache is all that the lab needs. */
function operatorConfig(): Promise<string> {
  const { name, version, module } = PROGRAMS.cassOperator;
  return once(`${name}-config`, version, async (work) => {
    const source = path.join(await moduleFolder(module, CASS_OPERATOR_MODULE), 'config');
    // Go keeps modules read-only; a copy that is could not be removed.
    await must('cp', ['-r', '--no-preserve=mode', `${source}/.`, work]);
  });
}

function cassandraJars(say: (line: string) => void): Promise<string> {
  return once('cassandra', CASSANDRA_VERSION, async (work) => {
    say(`tools: fetching Cassandra ${CASSANDRA_VERSION} with Maven (once)`);
    const pom = path.join(__dirname, 'cassandra', 'pom.xml');
    await must('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${work}`]);
  });
}

/** Compiled against Cassandra's jars; kept under the hash of its source. */
function managementApi(cassandra: string): Promise<string> {
  const source = path.join(__dirname, '..', 'agent', 'java', 'ManagementApi.java');
  const hash = createHash('sha256').update(fs.readFileSync(source)).digest('hex').slice(0, 12);
  return once('management-api', `${CASSANDRA_VERSION}-${hash}`, async (work) => {
    await must('javac', ['-nowarn', '-cp', `${cassandra}/*`, '-d', work, source]);
  });
}

/** Beside a launcher that finds its libraries, wherever the folder is renamed to. */
async function cqlsh(say: (line: string) => void): Promise<string> {
  const folder = await once('cqlsh', CQLSH_VERSION, async (work) => {
    say(`tools: fetching cqlsh ${CQLSH_VERSION} with pip (once)`);
    await must('python3', [
      '-m',
      'pip',
      'install',
      '-q',
      '--target',
      path.join(work, 'lib'),
      `cqlsh==${CQLSH_VERSION}`,
    ]);
    const script = path.join(work, 'cqlsh');
    fs.writeFileSync(script, CQLSH_SCRIPT, { mode: 0o755 });
  });
  return folder;
}

const CQLSH_SCRIPT = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export PYTHONPATH="$here/lib"
exec python3 "$here/lib/bin/cqlsh" "$@"
`;
