/** Command line of `npm run policy`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../reachability/arguments';

export { UsageError };

export interface Arguments {
  readonly help: boolean;
  readonly json: boolean;
  /** Print the rules instead of judging. */
  readonly list: boolean;
  /** Path of an export or a preview; a pipe or the local stack's export when undefined. */
  readonly state: string | undefined;
  readonly config: string | undefined;
  readonly sarif: string | undefined;
  readonly stackFile: string | undefined;
}

export const USAGE = `Usage: npm run --silent policy -- [--state export.json] [--config policies.json] [--sarif out.sarif] [--json]

Judges a stack export or a preview by the rules of the policy pack, without the engine.

  --state FILE       output of \`pulumi stack export\` or \`pulumi preview --json\`; \`-\` or a pipe for standard input;
                     without it the export of the local stack
  --config FILE      levels and settings of rules, as \`pulumi preview --policy-pack-config\` takes them
  --sarif FILE       also write the findings as SARIF 2.1.0; \`-\` for standard output
  --stack-file FILE  the stack's settings, for SARIF to point at (default: Pulumi.<stack>.yaml, if it is there)
  --json             print the findings as JSON on standard output
  --list             print every rule with its level and settings, as a Markdown table
  --help             print this

Exit code: 0 nothing that would stop an update, 1 findings that would, 2 unusable input.`;

/** @throws UsageError for what is no argument. */
export function readArguments(argv: readonly string[]): Arguments {
  const { help, json, list, state, config, sarif, 'stack-file': stackFile } = parse(argv).values;
  return { help: help === true, json: json === true, list: list === true, state, config, sarif, stackFile };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        state: { type: 'string' },
        config: { type: 'string' },
        sarif: { type: 'string' },
        'stack-file': { type: 'string' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: false,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
