import { LabError } from './core/errors';

export interface LabArguments {
  readonly command: 'up' | 'status' | 'verify' | 'mistakes' | 'fault' | 'down' | 'help';
  /** Stack export; the local stack's unless given. */
  readonly state: string | undefined;
  /** Cassandra nodes in all. */
  readonly nodes: number;
  /** `up` ends after this part. */
  readonly until: Part;
  readonly rest: readonly string[];
}

export type Part = 'network' | 'kubernetes' | 'all';

export const USAGE = `npm run lab -- <command>

  up       builds what the stack's resources describe and brings Cassandra up
             --state FILE    stack export (default: the local stack's)
             --nodes N       Cassandra nodes in all, half of them on each side (default 2, full form 6)
             --until PART    network or kubernetes: ends there
  status   BGP sessions, machines, pods and the ring, as they are
  verify   sessions, names, ring, data and every flow of the proof, each tried for real
  mistakes proof against packets under seeded mistakes, each on a network built for it; the lab must be down
             --state FILE    stack export (default: the local stack's); words name single mistakes
  fault    cut-link | restore-link: drops or passes everything between the clouds
           restart-datacenter NAME: ends all pods of a Cassandra datacenter at once
  down     ends every process and removes every namespace and file of the lab

It needs root, Linux and the Debian packages that lab/install.sh installs.`;

export function readArguments(argv: readonly string[]): LabArguments {
  const rest: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--help' || word === '-h') return { command: 'help', state: undefined, nodes: 2, until: 'all', rest };
    if (!word.startsWith('--')) {
      rest.push(word);
      continue;
    }
    const value = argv[++index];
    if (!['--state', '--nodes', '--until'].includes(word)) throw new UsageError(`there is no option ${word}`);
    if (value === undefined) throw new UsageError(`${word} wants a value`);
    options.set(word, value);
  }
  const [command = 'help', ...more] = rest;
  if (!isCommand(command)) throw new UsageError(`there is no command ${command}`);
  const nodes = Number(options.get('--nodes') ?? 2);
  if (!Number.isInteger(nodes) || nodes < 2 || nodes % 2 !== 0)
    throw new UsageError('--nodes wants an even number from 2 on');
  const until = options.get('--until') ?? 'all';
  if (until !== 'network' && until !== 'kubernetes' && until !== 'all')
    throw new UsageError(`--until knows no ${until}`);
  return { command, state: options.get('--state'), nodes, until, rest: more };
}

export class UsageError extends LabError {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
  }
}

function isCommand(word: string): word is LabArguments['command'] {
  return ['up', 'status', 'verify', 'mistakes', 'fault', 'down', 'help'].includes(word);
}
