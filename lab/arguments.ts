import { LabError } from './core/errors';

export interface LabArguments {
  readonly command: 'up' | 'status' | 'verify' | 'mistakes' | 'fault' | 'down' | 'help';
  /** Stack export; the local stack's unless given. */
  readonly state: string | undefined;
  /** Cassandra nodes in all. */
  readonly nodes: number;
  /** Heap of each Cassandra node, MiB; undefined means that the machine's memory decides. */
  readonly heap: number | undefined;
  /** `up` ends after this part. */
  readonly until: Part;
  /** Milliseconds that a packet takes from one cloud to the other, if the kernel is to delay it. */
  readonly delay: number | undefined;
  /** `verify` brings faults about, too. */
  readonly faults: boolean;
  readonly rest: readonly string[];
}

export type Part = 'network' | 'kubernetes' | 'all';

export const USAGE = `npm run lab -- <command>

  up       builds what the stack's resources describe and brings Cassandra up
             --state FILE    stack export (default: the local stack's)
             --nodes N       Cassandra nodes in all, half of them on each side (default 2, full form 6)
             --heap MIB      heap of each Cassandra node (default 512, or less where memory is short)
             --until PART    network or kubernetes: ends there
             --delay TIME    between the clouds, one way, e.g. 20ms; needs a kernel with netem
  status   BGP sessions, machines, pods and the ring, as they are
  verify   sessions, names, ring, data and every flow of the proof, each tried for real
             --faults        restarts datacenters, with the link up and cut, and looks again (some minutes)
  mistakes proof against packets under seeded mistakes, each on a network built for it; the lab must be down
             --state FILE    stack export (default: the local stack's); words name single mistakes
  fault    cut-link | restore-link: drops or passes everything between the clouds
           restart-datacenter NAME: ends all pods of a Cassandra datacenter at once
  down     ends every process and removes every namespace and file of the lab

It needs Linux and the Debian packages that lab/install.sh installs; no root where ordinary users may make namespaces.
Exit code: 0 done, and everything as it should be; 1 not so; 2 arguments that it does not know.`;

/** Options that want a value. */
const VALUES = ['--state', '--nodes', '--heap', '--until', '--delay'];

export function readArguments(argv: readonly string[]): LabArguments {
  const rest: string[] = [];
  const options = new Map<string, string>();
  let faults = false;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--help' || word === '-h') return help(rest);
    if (!word.startsWith('--')) {
      rest.push(word);
      continue;
    }
    if (word === '--faults') {
      faults = true;
      continue;
    }
    const value = argv[++index];
    if (!VALUES.includes(word)) throw new UsageError(`there is no option ${word}`);
    if (value === undefined) throw new UsageError(`${word} wants a value`);
    options.set(word, value);
  }
  const [command = 'help', ...more] = rest;
  if (!isCommand(command)) throw new UsageError(`there is no command ${command}`);
  const nodes = Number(options.get('--nodes') ?? 2);
  if (!Number.isInteger(nodes) || nodes < 2 || nodes % 2 !== 0)
    throw new UsageError('--nodes wants an even number from 2 on');
  const heap = options.has('--heap') ? Number(options.get('--heap')) : undefined;
  if (heap !== undefined && !(Number.isInteger(heap) && heap > 0)) throw new UsageError('--heap wants whole MiB');
  const until = options.get('--until') ?? 'all';
  if (until !== 'network' && until !== 'kubernetes' && until !== 'all')
    throw new UsageError(`--until knows no ${until}`);
  const delay = readDelay(options.get('--delay'));
  return { command, state: options.get('--state'), nodes, heap, until, delay, faults, rest: more };
}

function help(rest: readonly string[]): LabArguments {
  const unset = { state: undefined, heap: undefined, delay: undefined };
  return { command: 'help', nodes: 2, until: 'all', faults: false, rest, ...unset };
}

/** `20ms` or `0.5s`, in milliseconds; with more than ten seconds BGP's sessions would not hold. */
function readDelay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^([0-9]+(?:\.[0-9]+)?)(ms|s)$/.exec(text) ?? [];
  const milliseconds = Number(number) * (unit === 's' ? 1000 : 1);
  if (!(milliseconds > 0 && milliseconds <= 10_000))
    throw new UsageError('--delay wants a time from above 0 to 10s, e.g. 20ms');
  return milliseconds;
}

/** The command is not one that there is; exit code 2. */
export class UsageError extends LabError {
  override readonly exitCode = 2;

  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
  }
}

function isCommand(word: string): word is LabArguments['command'] {
  return ['up', 'status', 'verify', 'mistakes', 'fault', 'down', 'help'].includes(word);
}
