/** Command line of `npm run pull-request`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../reachability/arguments';

export { UsageError };

export const USAGE = `Usage: npm run --silent pull-request -- --base base.json --head head.json [--config policies.json]

Turns two previews into one Markdown comment: what a pull request changes. Make both with
\`pulumi preview --json --show-sames\`, on the target branch and on the pull request's.

  --base FILE    preview of the target branch
  --head FILE    preview of the pull request
  --config FILE  levels and settings of rules, as \`pulumi preview --policy-pack-config\` takes them
  --help         print this

Exit code: 0 the comment is on standard output, 2 unusable input. What the update may do is the policy pack's to say.`;

export interface Arguments {
  readonly help: boolean;
  readonly base: string;
  readonly head: string;
  readonly config: string | undefined;
}

/** @throws UsageError for what is no argument, or a preview that is not named. */
export function readArguments(argv: readonly string[]): Arguments {
  const { help = false, base = '', head = '', config } = parse(argv).values;
  const missing = [base === '' && '--base', head === '' && '--head'].filter((flag) => flag !== false);
  if (!help && missing.length > 0) throw new UsageError(`${missing.join(' and ')} must name a preview`);
  return { help, base, head, config };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        base: { type: 'string' },
        head: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: false,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
