/**
 * Serves the local clouds until its standard input ends, on which it is told the engine's process id: a process of its own, so that an injected crash takes
 * down what a crash of a provider plugin would take down and nothing else.
 *
 * Prints one line of JSON, the port of each provider, when all of them answer.
 */
import * as readline from 'node:readline';
import { awsProvider } from './aws/provider';
import type { Surroundings } from './core/engine';
import { Faults } from './core/faults';
import type { CloudSession, ProviderDefinition } from './core/resourceType';
import { serve } from './core/server';
import { World } from './core/world';
import { gcpProvider } from './gcp/provider';
import { kubernetesProvider } from './kubernetes/provider';
import { realClouds } from './kubernetes/realClouds';
import { forgetDeadClusters } from './kubernetes/session';
import { randomProvider } from './random/provider';
import { tlsProvider } from './tls/provider';

async function main(directory: string): Promise<void> {
  const world = new World(directory);
  const around: Surroundings = {
    faults: new Faults(process.env['SANDBOX_FAULTS']),
    timeScale: timeScale(process.env['SANDBOX_TIME_SCALE']),
  };
  const ports: Record<string, number> = {};
  const start = async <C extends CloudSession>(provider: ProviderDefinition<C>) => {
    ports[provider.name] = (await serve(provider, around)).port;
  };
  await start(awsProvider(world));
  await start(gcpProvider(world));
  await start(kubernetesProvider(world));
  await start(randomProvider(world));
  await start(tlsProvider(world));
  process.stdout.write(`${JSON.stringify(ports)}\n`);
  let engine: number | undefined;
  const input = readline.createInterface({ input: process.stdin });
  input.on('line', (line) => {
    engine = line === '' ? undefined : Number(line);
  });
  input.on('close', () => {
    if (engine !== undefined) endOrphan(engine);
    forgetDeadClusters(realClouds, world);
    process.exit(0);
  });
}

/** Whoever started the engine was killed: without clouds it would wait for them, and hold the stack, for ever. */
function endOrphan(engine: number): void {
  process.stderr.write(`local clouds: the run was killed: its engine, process ${engine}, is ended\n`);
  try {
    process.kill(engine, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function timeScale(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const scale = Number(text);
  if (scale >= 0 && scale <= 1) return scale;
  throw new Error(`SANDBOX_TIME_SCALE: ${text}: a factor on the clouds' create times from 0 to 1, e.g. 0.01`);
}

const directory = process.argv[2];
if (!directory) {
  process.stderr.write('usage: serve <state directory>\n');
  process.exit(2);
}
main(directory).catch((error: Error) => {
  process.stderr.write(`local clouds: ${error.message}\n`);
  process.exit(1);
});
