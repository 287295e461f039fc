/** What `npm run local -- …` was asked to do. */
export interface LocalArguments {
  readonly help: boolean;
  readonly stack: string;
  /** Stack file to use in place of `Pulumi.<stack>.yaml`. */
  readonly configFile: string | undefined;
  /** The Pulumi command and its arguments; empty for the whole bring-up. */
  readonly pulumi: readonly string[];
}

const DEFAULT_STACK = 'dev';

/** Takes `--stack` and `--config-file` out of the arguments: the local stack's own are put in their place. */
export function parseArguments(args: readonly string[]): LocalArguments {
  const rest: string[] = [];
  let stack = DEFAULT_STACK;
  let configFile: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const [flag = '', inline] = splitFlag(args[i] ?? '');
    if (flag === '--stack' || flag === '-s') stack = inline ?? args[(i += 1)] ?? missing(flag);
    else if (flag === '--config-file') configFile = inline ?? args[(i += 1)] ?? missing(flag);
    else rest.push(args[i] ?? '');
  }
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(stack)) {
    throw new UsageError(`--stack ${stack}: a stack name of letters, digits, '-', '_' and '.'`);
  }
  const help = rest[0] === '--help' || rest[0] === '-h';
  if (!help && rest[0]?.startsWith('-')) {
    throw new UsageError(`${rest[0]}: a Pulumi command comes first, such as up or preview; see --help`);
  }
  return { help, stack, configFile, pulumi: rest };
}

/** Wrong arguments: the message says what to write instead. */
export class UsageError extends Error {}

function splitFlag(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  return equals > 0 && argument.startsWith('--')
    ? [argument.slice(0, equals), argument.slice(equals + 1)]
    : [argument, undefined];
}

function missing(flag: string): never {
  throw new UsageError(`${flag} wants a value`);
}
