/** `npm run plan`: the address plan of a stack file, without the engine. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from './configuration';
import { SettingsError } from './problem';
import { jsonReport, problemLines, textReport } from './report';
import { StackFileError, readStackFile } from './stackFile';
import { unsupported } from './unsupported';

const USAGE = `Prints the address plan of a stack: every range, address and name, and how much fits.

usage: npm run --silent plan -- [--stack NAME | --file FILE] [--json]

  --stack NAME  read Pulumi.NAME.yaml (default: dev)
  --file FILE   read this stack file instead
  --json        print the whole plan as JSON
  --help        print this

exit status: 0 planned, 1 the settings have problems (all are on standard error), 2 unusable arguments or file
`;

/** What a run prints, and its exit status. */
export interface Outcome {
  readonly status: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly file: string;
  readonly json: boolean;
}

/** Runs the command; paths are relative to `cwd`, stack files are also looked for in the project's folder. */
export function run(args: readonly string[], cwd: string): Outcome {
  try {
    const options = readOptions(args, cwd);
    return options === 'help' ? { status: 0, stdout: USAGE, stderr: '' } : report(options);
  } catch (error) {
    if (error instanceof SettingsError) {
      return { status: 1, stdout: '', stderr: problemLines(error.problems, 'error') };
    }
    if (error instanceof StackFileError || error instanceof UsageError) {
      return { status: 2, stdout: '', stderr: `error: ${error.message}\n` };
    }
    throw error;
  }
}

/** Arguments that make no sense. */
class UsageError extends Error {}

function readOptions(args: readonly string[], cwd: string): Options | 'help' {
  const { stack, file, json, help } = parseOptions(args);
  if (help) {
    return 'help';
  }
  if (stack !== undefined && file !== undefined) {
    throw new UsageError('--stack and --file exclude each other; give one of them');
  }
  if (file !== undefined) {
    return { file: find(file, cwd), json };
  }
  // A fully qualified stack name is organization/project/stack; the file is named after the last part.
  const name = (stack ?? 'dev').split('/').at(-1) ?? '';
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    throw new UsageError(`--stack ${JSON.stringify(stack)} is not the name of a stack`);
  }
  return { file: find(`Pulumi.${name}.yaml`, cwd), json };
}

function parseOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stack: { type: 'string' },
        file: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    // parseArgs throws a TypeError that says which argument it does not know.
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function find(path: string, cwd: string): string {
  const candidates = [resolve(cwd, path), resolve(__dirname, '..', path)];
  return candidates.find((candidate) => existsSync(candidate)) ?? path;
}

function report({ file, json }: Options): Outcome {
  const loaded = loadConfiguration(readStackFile(file));
  return {
    status: 0,
    stdout: json ? jsonReport(loaded) : textReport(loaded),
    stderr: problemLines([...loaded.warnings, ...unsupported(loaded.settings)], 'warning'),
  };
}

if (require.main === module) {
  // Whoever reads the plan through `head` closes the pipe early, which is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  // npm changes to the project's folder and keeps the one it was called in.
  const { status, stdout, stderr } = run(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
