/** Command line of `npm run reach`. */
import { parseArgs } from 'node:util';
import { parseAddress } from './ip';
import type { Flow } from './verdict';

/** The arguments cannot be used; the message says which and why. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'UsageError';
  }
}

export interface Arguments {
  readonly help: boolean;
  readonly json: boolean;
  /** Path of a stack export; standard input or the local stack's export when undefined. */
  readonly state: string | undefined;
  /** Undefined when no `--flow` was given. */
  readonly flows: readonly Flow[] | undefined;
}

export const USAGE = `Usage: npm run --silent reach -- [--state export.json] [--flow SRC,DST,PORT/PROTO ...] [--json]

Proves from a stack export or a preview whether flows get through, request and reply.

  --state FILE   output of \`pulumi stack export\` or \`pulumi preview --json --show-sames\`; \`-\` or a pipe for standard input;
                 without it the export of the local stack
  --flow FLOW    a flow to judge, e.g. 10.100.1.5,10.150.0.9,7000/tcp, or 10.100.1.5,10.150.0.9,icmp; repeatable;
                 without it every flow that the Cassandra resources need
  --json         print the report as JSON on standard output
  --help         print this

Exit code: 0 all reachable, 1 some blocked or undetermined, 2 unusable input.`;

/** @throws UsageError with every problem of the arguments. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parse(argv);
  const problems: string[] = [];
  const flows = values.flow?.map((text) => {
    const flow = parseFlow(text);
    if (typeof flow === 'string') problems.push(`--flow ${text}: ${flow}`);
    return flow;
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return {
    help: values.help === true,
    json: values.json === true,
    state: values.state,
    flows: flows?.filter((flow) => typeof flow !== 'string'),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        state: { type: 'string' },
        flow: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: false,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** The flow, or what is wrong with the text. */
export function parseFlow(text: string): Flow | string {
  const parts = text.split(',').map((part) => part.trim());
  const [source, destination, service] = parts;
  if (parts.length !== 3 || source === undefined || destination === undefined || service === undefined) {
    return 'write it as SRC,DST,PORT/PROTO';
  }
  for (const address of [source, destination]) {
    if (parseAddress(address) === undefined) return `"${address}" is not an IPv4 address`;
  }
  const parsed = /^(?:([0-9]{1,5})\/)?([A-Za-z]+)$/.exec(service);
  const protocol = parsed?.[2]?.toLowerCase();
  if (protocol === 'icmp') return { source, destination, port: 0, protocol };
  if (protocol !== 'tcp' && protocol !== 'udp') return `"${service}" is not PORT/tcp, PORT/udp or icmp`;
  const port = Number(parsed?.[1] ?? 0);
  if (port < 1 || port > 65535) return `the port of "${service}" is not from 1 to 65535`;
  return { source, destination, port, protocol };
}
