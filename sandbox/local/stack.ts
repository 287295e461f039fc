import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from '../engine/run';
import type { Engine } from '../engine/engine';
import { readStackFile, withSalt } from './stackFile';

/** The project: where Pulumi.yaml is. */
export const projectDirectory = path.resolve(__dirname, '../..');

/** The project's name in Pulumi.yaml. */
const PROJECT = 'multicloud-cassandra';

/** Encrypts the local state only: nothing in it gives access to anything. */
const LOCAL_PASSPHRASE = 'local clouds';

/** Where one local stack keeps its state, and the environment that makes the engine use it. */
export interface LocalStack {
  readonly name: string;
  readonly cloudsDirectory: string;
  /** The stack file with the salt of the local state's encryption. */
  readonly configFile: string;
  readonly exportFile: string;
  /** The engine's state of the stack. */
  readonly checkpointFile: string;
  /** Where the engine locks the stack while it works on it. */
  readonly locksDirectory: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes sure the stack exists in the local backend. */
export async function prepareStack(engine: Engine, name: string, configFile: string | undefined): Promise<LocalStack> {
  const root = path.join(projectDirectory, '.local');
  const directory = path.join(root, name);
  const backend = path.join(root, 'backend');
  const copy = path.join(directory, `Pulumi.${name}.yaml`);
  // A stack that came up from a file given once goes on from that one.
  const own = readStackFile(configFile, [path.join(projectDirectory, `Pulumi.${name}.yaml`), copy]);
  fs.mkdirSync(directory, { recursive: true });
  fs.mkdirSync(backend, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${engine.binDirectory}${path.delimiter}${process.env['PATH'] ?? ''}`,
    PULUMI_HOME: path.join(root, 'pulumi-home'),
    // Not a selected stack, which is one per checkout: two commands on two stacks may run at once.
    PULUMI_STACK: name,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: process.env['PULUMI_CONFIG_PASSPHRASE'] ?? LOCAL_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  };
  fs.writeFileSync(copy, withSalt(own, await initialize(engine, name, directory, env)));
  return {
    name,
    cloudsDirectory: path.join(directory, 'clouds'),
    configFile: copy,
    exportFile: path.join(directory, 'export.json'),
    checkpointFile: path.join(backend, '.pulumi', 'stacks', PROJECT, `${name}.json`),
    locksDirectory: path.join(backend, '.pulumi', 'locks', 'organization', PROJECT, name),
    env,
  };
}

/**
 * Creates the stack from a folder of its own: `stack init` writes the salt of the state's encryption into the
 * stack file beside Pulumi.yaml, and the project's own stack files are the user's.
 */
async function initialize(engine: Engine, name: string, directory: string, env: NodeJS.ProcessEnv): Promise<string> {
  const saltFile = path.join(directory, 'salt.yaml');
  if (fs.existsSync(saltFile)) return fs.readFileSync(saltFile, 'utf8');
  const project = path.join(directory, 'init');
  fs.rmSync(project, { recursive: true, force: true });
  fs.mkdirSync(project);
  fs.copyFileSync(path.join(projectDirectory, 'Pulumi.yaml'), path.join(project, 'Pulumi.yaml'));
  await pulumi(engine, ['stack', 'rm', name, '--yes', '--force', '--preserve-config'], { env, cwd: project }).catch(
    (error: Error) => {
      if (!error.message.includes('no stack named')) throw error;
    },
  );
  await pulumi(engine, ['stack', 'init', name, '--non-interactive'], { env, cwd: project });
  const salt = fs.readFileSync(path.join(project, `Pulumi.${name}.yaml`), 'utf8');
  fs.rmSync(project, { recursive: true });
  fs.writeFileSync(saltFile, salt);
  return salt;
}

async function pulumi(engine: Engine, args: string[], options: { env: NodeJS.ProcessEnv; cwd: string }): Promise<void> {
  const { code, stderr } = await run(path.join(engine.binDirectory, 'pulumi'), args, options);
  if (code !== 0) throw new Error(`pulumi ${args.join(' ')}: ${stderr.trim()}`);
}
