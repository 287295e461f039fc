/** `npm run local`: the unmodified program under the real engine against the local clouds. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ensureEngine, type Engine } from '../engine/engine';
import { run } from '../engine/run';
import { UsageError, parseArguments, type LocalArguments } from './arguments';
import { mendCheckpoint } from './checkpoint';
import { startClouds } from './clouds';
import { releaseDeadLocks } from './engineLock';
import { prepareStack, projectDirectory, type LocalStack } from './stack';

const HELP = `Usage: npm run local                                   bring the whole stack up on the local clouds
       npm run --silent local -- <pulumi arguments>    any Pulumi command on the same local stack

Without arguments: finds or builds the engine, starts the local clouds, runs pulumi up with the policy pack, and
prints the address plan and the verdict of every flow.

Options
  --stack NAME         local stack and stack file Pulumi.NAME.yaml (default: dev)
  --config-file FILE   another stack file
  --help               this text

Environment
  SANDBOX_TIME_SCALE   wait the clouds' published create times, scaled: 0 (default) to 1
  SANDBOX_FAULTS       file with a JSON list of faults to inject (docs/local-clouds.md)

State is kept in .local/; remove that folder to forget everything.
Exit code: 0 done, 1 the engine or the program refused, 2 wrong arguments.`;

/** Commands that talk to providers. */
const WITH_CLOUDS = ['up', 'update', 'preview', 'pre', 'refresh', 'destroy', 'down', 'dn', 'import', 'watch'];
/** Commands that read the stack file and take `--config-file`. */
const WITH_CONFIG = [...WITH_CLOUDS, 'config', 'logs'];
/** Commands that the policy pack judges. */
const WITH_POLICIES = ['up', 'update', 'preview', 'pre'];

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const engine = await ensureEngine(say);
  const stack = await prepareStack(engine, args.stack, args.configFile);
  return args.pulumi.length > 0 ? passThrough(engine, stack, args) : bringUp(engine, stack);
}

async function passThrough(engine: Engine, stack: LocalStack, args: LocalArguments): Promise<number> {
  const code = await pulumi(engine, stack, args.pulumi);
  if (WITH_CLOUDS.includes(args.pulumi[0] ?? '')) await exportState(engine, stack);
  return code === 0 ? 0 : 1;
}

async function bringUp(engine: Engine, stack: LocalStack): Promise<number> {
  say(`engine: Pulumi ${engine.version} (${engine.source})`);
  const code = await pulumi(engine, stack, ['up', '--yes', '--skip-preview']);
  await exportState(engine, stack);
  if (code !== 0) return 1;
  await show('plan', ['--file', stack.configFile]);
  const proved = await show('reach', ['--state', stack.exportFile]);
  return proved === 0 ? 0 : 1;
}

async function pulumi(engine: Engine, stack: LocalStack, args: readonly string[]): Promise<number> {
  const command = args[0] ?? '';
  const extra: string[] = [];
  if (WITH_CONFIG.includes(command)) extra.push('--config-file', stack.configFile);
  if (WITH_POLICIES.includes(command) && !args.some((arg) => arg.startsWith('--policy-pack'))) {
    extra.push('--policy-pack', path.join(projectDirectory, 'policy'));
  }
  const clouds = WITH_CLOUDS.includes(command) ? await startClouds(stack.cloudsDirectory) : undefined;
  try {
    // Whoever holds the clouds is the only one to work on the stack.
    if (clouds) {
      releaseDeadLocks(stack.locksDirectory, say);
      mendCheckpoint(stack.checkpointFile, say);
    }
    const env = { ...stack.env, ...(clouds ? { PULUMI_DEBUG_PROVIDERS: clouds.providers } : {}) };
    return await attached(path.join(engine.binDirectory, 'pulumi'), [...args, ...extra], env, clouds?.watch);
  } finally {
    await clouds?.stop();
  }
}

/** The state as reach, the lab and pull requests read it. */
async function exportState(engine: Engine, stack: LocalStack): Promise<void> {
  const exported = await run(path.join(engine.binDirectory, 'pulumi'), ['stack', 'export', '--stack', stack.name], {
    cwd: projectDirectory,
    env: stack.env,
  });
  if (exported.code !== 0) throw new Error(`pulumi stack export: ${exported.stderr.trim()}`);
  fs.writeFileSync(stack.exportFile, exported.stdout, { mode: 0o600 });
}

function show(script: string, args: string[]): Promise<number> {
  return attached('npm', ['run', '--silent', script, '--', ...args], process.env);
}

/** Runs a program with this process's terminal; an interrupt reaches it directly and is left to it. */
function attached(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  watch: (pid: number | undefined) => void = () => undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectDirectory, env, stdio: 'inherit' });
    const ignore = () => undefined;
    watch(child.pid);
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', ignore);
      watch(undefined);
      resolve(code ?? 1);
    });
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    say(`local: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
