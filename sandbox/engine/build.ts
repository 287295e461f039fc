import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from './run';
import { ENGINE_VERSION } from './versions';

const ENGINE_PACKAGE = 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi';
const SDK_MODULE = 'github.com/pulumi/pulumi/sdk/v3';
const HOST_PACKAGE = `${SDK_MODULE}/nodejs/cmd/pulumi-language-nodejs`;
/** Shell launchers in the language host's module that find the SDK of the program. */
const LAUNCHERS = ['pulumi-analyzer-policy', 'pulumi-resource-pulumi-nodejs'];
/** Seconds between two lines of progress. */
const PROGRESS_INTERVAL = 5;

/** Builds the engine and the Node language host from their Go modules into `work/bin`. */
export async function buildEngine(work: string, say: (line: string) => void): Promise<void> {
  const bin = path.join(work, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  const engine = path.join(__dirname, 'pulumi');
  const host = path.join(__dirname, 'language-host');
  say(`engine: building Pulumi ${ENGINE_VERSION} from its Go modules (once, a few minutes)`);
  await goBuild(engine, ENGINE_PACKAGE, path.join(bin, 'pulumi'), say);
  await goBuild(host, HOST_PACKAGE, path.join(bin, 'pulumi-language-nodejs'), say);
  const { stdout } = await go(host, ['list', '-m', '-f', '{{.Dir}}', SDK_MODULE]);
  for (const launcher of LAUNCHERS) {
    fs.copyFileSync(path.join(stdout.trim(), 'nodejs', 'dist', launcher), path.join(bin, launcher));
    fs.chmodSync(path.join(bin, launcher), 0o755);
  }
}

async function goBuild(module: string, target: string, output: string, say: (line: string) => void): Promise<void> {
  const name = path.basename(output);
  const total = (await go(module, ['list', '-deps', target])).stdout.split('\n').length;
  const version = `${SDK_MODULE}/go/common/version.Version=v${ENGINE_VERSION}`;
  let compiled = 0;
  let last = Date.now();
  const count = () => {
    compiled += 1;
    if (Date.now() - last < PROGRESS_INTERVAL * 1000) return;
    last = Date.now();
    say(`engine: ${name} ${Math.min(99, Math.round((100 * compiled) / total))} %`);
  };
  await go(module, ['build', '-v', '-trimpath', '-ldflags', `-s -w -X ${version}`, '-o', output, target], count);
  say(`engine: ${name} built`);
}

async function go(module: string, args: string[], onLine?: (line: string) => void) {
  const outcome = await run('go', args, { cwd: module, onLine }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('Go is not on PATH; install Go 1.24 or newer, or Pulumi itself');
    throw error;
  });
  if (outcome.code === 0) return outcome;
  const tail = outcome.stderr.trim().split('\n').slice(-5).join('\n');
  throw new Error(`go ${args[0]} ended with exit code ${outcome.code}:\n${tail}`);
}
