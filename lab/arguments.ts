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
  status   BGP sessions, machines, pods and the ring, as they are
  verify   sessions, names, ring, data and every flow of the proof, each tried for real
             --faults        restarts datacenters, with the link up and cut, and looks again (some minutes)
  mistakes proof against packets under seeded mistakes, each on a network built for it; the lab must be down
             --state FILE    stack export (default: the local stack's); words name single mistakes
  fault    cut-link | restore-link: drops or passes everything between the clouds
           restart-datacenter NAME: ends all pods of a Cassandra datacenter at once
  down     ends every process and removes every namespace and file of the lab

It needs Linux and the Debian packages that lab/install.sh installs; no root where ordinary users may make namespaces.`;

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
    if (!['--state', '--nodes', '--heap', '--until'].includes(word)) throw new UsageError(`there is no option ${word}`);
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
  return { command, state: options.get('--state'), nodes, heap, until, faults, rest: more };
}

function help(rest: readonly string[]): LabArguments {
  return { command: 'help', state: undefined, nodes: 2, heap: undefined, until: 'all', faults: false, rest };
}

export class UsageError extends LabError {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
  }
}

function isCommand(word: string): word is LabArguments['command'] {
  return ['up', 'status', 'verify', 'mistakes', 'fault', 'down', 'help'].includes(word);
}
