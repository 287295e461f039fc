import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as YAML from 'yaml';

export const project = path.resolve(__dirname, '../..');

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

/** A local stack of its own for one test, from a stack file that may differ from the reference one. */
export class TestStack {
  private readonly name = `test-${process.pid}-${(TestStack.count += 1)}`;
  private static count = 0;
  private readonly directory = path.join(project, '.local', this.name);
  readonly configFile = path.join(this.directory, 'stack.yaml');

  /** @param change edits the parsed reference configuration in place, by key without the project's prefix */
  constructor(change: (config: Config) => void = () => undefined) {
    fs.mkdirSync(this.directory, { recursive: true });
    this.configure(change);
  }

  /** Writes the stack file anew: the reference configuration with other changes. */
  configure(change: (config: Config) => void = () => undefined): void {
    const file = YAML.parse(fs.readFileSync(path.join(project, 'Pulumi.dev.yaml'), 'utf8')) as { config: Config };
    const config = byShortKey(file.config);
    change(config);
    const prefixed = Object.entries(config).map(([key, value]) => [`multicloud-cassandra:${key}`, value]);
    fs.writeFileSync(this.configFile, YAML.stringify({ config: Object.fromEntries(prefixed) }));
  }

  /** A Pulumi command on this stack, as a user gives it. */
  pulumi(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
    return tsx(['sandbox/local/cli.ts', ...args, '--stack', this.name, '--config-file', this.configFile], env);
  }

  up(env: NodeJS.ProcessEnv = {}): Promise<Result> {
    return this.pulumi(['up', '--yes', '--skip-preview', '--non-interactive'], env);
  }

  /** Ends the engine that works on the stack as a machine does that goes down: by its process id, at once. */
  killEngine(): void {
    const locks = path.join(project, '.local/backend/.pulumi/locks/organization/multicloud-cassandra', this.name);
    const [lock] = fs.readdirSync(locks);
    const { pid } = JSON.parse(fs.readFileSync(path.join(locks, lock ?? ''), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
  }

  exported(): ExportedResource[] {
    const text = fs.readFileSync(path.join(this.directory, 'export.json'), 'utf8');
    return (JSON.parse(text) as { deployment: { resources?: ExportedResource[] } }).deployment.resources ?? [];
  }

  clouds(args: readonly string[]): Promise<Result> {
    return tsx(['sandbox/clouds.ts', ...args, '--stack', this.name], {});
  }

  file(name: string, content: unknown): string {
    const file = path.join(this.directory, name);
    fs.writeFileSync(file, JSON.stringify(content));
    return file;
  }

  async remove(): Promise<void> {
    await this.pulumi(['stack', 'rm', this.name, '--yes', '--force', '--preserve-config']);
    fs.rmSync(this.directory, { recursive: true });
  }
}

// A stack file's values are as free as YAML is; a test changes one of them by name.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Config = Record<string, any>;

function byShortKey(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace('multicloud-cassandra:', ''), value]),
  );
}

function tsx(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', ...args], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

export interface Operation {
  readonly op: string;
  readonly urn: string;
  /** Components are not custom: nothing in a cloud. */
  readonly newState?: { readonly custom: boolean };
}

/** The operations of a `preview --json`, but for the stack itself. */
export function operations(preview: Result): Operation[] {
  const { steps } = JSON.parse(preview.stdout) as { steps: Operation[] };
  return steps;
}

/** The operations of an `up --json`, in the order in which the engine began them, as `op type`. */
export function operationsDone(up: Result): string[] {
  return up.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { resourcePreEvent?: { metadata: { op: string; type: string } } })
    .flatMap(({ resourcePreEvent: event }) =>
      event === undefined ? [] : [`${event.metadata.op} ${event.metadata.type}`],
    );
}
